/* Encoded words.  SPDX-License-Identifier: ISC */

#ifndef MAIL_RFC2047_H
#define MAIL_RFC2047_H

struct str;

/* Appends an unfolded value as UTF-8: words decoded, space between adjacent
   words dropped, raw 8-bit text read as UTF-8 or else ISO-8859-1. */
void	rfc2047_decode(const char *, size_t n, struct str *out);

/* Appends a value for clients without UTF-8: each blank-separated word with
   8-bit bytes becomes `=?utf-8?B?...?=`, bytes that are not UTF-8 dropped. */
void	rfc2047_encode_8bit(const char *, size_t n, struct str *out);

/* Appends a value for clients with UTF-8, undecoded: a value that is not UTF-8
   is read as ISO-8859-1 (RFC 6855 3 allows no other bytes). */
void	rfc2047_utf8(const char *, size_t n, struct str *out);

#endif
