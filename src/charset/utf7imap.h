/* Modified UTF-7 of mailbox names.  SPDX-License-Identifier: ISC */

#ifndef CHARSET_UTF7IMAP_H
#define CHARSET_UTF7IMAP_H

struct str;

/* RFC 3501 5.1.3. Appends the encoding of n bytes of UTF-8 to out;
   E_SYNTAX if they are not UTF-8 (out is then as before). */
int	utf7imap_encode(const char *utf8, size_t n, struct str *out);

/* Appends UTF-8. Accepts spellings that are not the shortest; E_SYNTAX for
   8-bit bytes, bad base64, an open shift, a lone surrogate or a NUL. */
int	utf7imap_decode(const char *, size_t n, struct str *out);

#endif
