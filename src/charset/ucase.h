/* Case folding for searches.  SPDX-License-Identifier: ISC */

#ifndef CHARSET_UCASE_H
#define CHARSET_UCASE_H

struct str;

/* Lower or upper case of one code point (ASCII only without libunistring). */
u32	ucase_lower(u32 cp);
u32	ucase_upper(u32 cp);

/* Appends n bytes of UTF-8 in lower case; invalid bytes become U+FFFD. */
void	ucase_fold(const char *utf8, size_t n, struct str *out);

/*
 * Appends what i;unicode-casemap (RFC 5051) compares: each code point in title
 * case, taken apart as far as it goes. Bytes that are not UTF-8 are appended as
 * they are, all of them. Compare two such strings as octets. Without
 * libunistring only ASCII letters change.
 */
void	ucase_casemap(const char *, size_t n, struct str *out);

#endif
