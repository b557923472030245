/* Case folding for searches.  SPDX-License-Identifier: ISC */

#ifndef CHARSET_UCASE_H
#define CHARSET_UCASE_H

struct str;

/* Lower or upper case of one code point (ASCII only without libunistring). */
u32	ucase_lower(u32 cp);
u32	ucase_upper(u32 cp);

/* Appends n bytes of UTF-8 in lower case; invalid bytes become U+FFFD. */
void	ucase_fold(const char *utf8, size_t n, struct str *out);

#endif
