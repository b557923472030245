/* Line ends as on the wire.  SPDX-License-Identifier: ISC */

#ifndef MAIL_CRLF_H
#define MAIL_CRLF_H

struct str;

/* Appends n bytes, each LF without a CR before it as CRLF. *last is the byte
   before these (0 at the start of the extent) and is carried on. */
int	crlf_cat(int *last, const char *, size_t n, struct str *out);

/* The size crlf_cat would give. */
u64	crlf_size(int *last, const char *, size_t n);

#endif
