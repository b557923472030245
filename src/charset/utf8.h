/* UTF-8, one code point at a time.  SPDX-License-Identifier: ISC */

#ifndef CHARSET_UTF8_H
#define CHARSET_UTF8_H

struct str;

#define UTF8_MAX	4		/* bytes of the longest code point */
#define UTF8_REPLACEMENT ((u32)0xfffd)

/* Reads one code point of the n bytes at s. Returns the bytes used, or 0 for
   an empty, overlong, surrogate, out of range or cut-off sequence. */
size_t	utf8_decode(const char *s, size_t n, u32 *out_cp);

/* Writes cp to buf (UTF8_MAX bytes); returns the length, 0 if cp is none. */
size_t	utf8_encode(char *buf, u32 cp);

/* Appends cp, or the replacement character if it is none. */
int	utf8_cat(struct str *, u32 cp);

/* TRUE if all n bytes are well-formed UTF-8 / below 0x80. */
int	utf8_valid(const char *, size_t n);
int	utf8_is_ascii(const char *, size_t n);

#endif
