/* Base64, RFC 4648 section 4.  SPDX-License-Identifier: ISC */

#ifndef BASE_BASE64_H
#define BASE_BASE64_H

struct str;

/* Appends the encoding of n bytes, padded, without line breaks. */
int	base64_encode(const void *, size_t n, struct str *out);

/* Strict: appends the bytes of the n characters, or E_SYNTAX. */
int	base64_decode(const char *, size_t n, struct str *out);

/* Value of one character of the alphabet, or -1. */
int	base64_value(int);

#endif
