/* Writing IMAP tokens.  SPDX-License-Identifier: ISC */

#ifndef WIRE_IMAPOUT_H
#define WIRE_IMAPOUT_H

struct io;

/*
 * The only code that quotes and counts literals. Errors stick to the stream
 * (io_error), so nothing is returned here.
 */

/* "..." with \ before " and \ ; CR, LF and NUL inside become blanks. For what
   is always quoted in Courier's answers (mailbox names, ENVELOPE). */
void	imapout_quoted(struct io *, const char *, size_t);
void	imapout_quoteds(struct io *, const char *);

/* string: quoted where RFC 3501 allows it, else a literal. utf8: quoted
   strings may hold UTF-8 (RFC 6855). */
void	imapout_string(struct io *, const char *, size_t, int utf8);

/* nstring: NIL for NULL, else quoted. */
void	imapout_nquoted(struct io *, const char *);

/* astring: an atom where possible. */
void	imapout_astring(struct io *, const char *, size_t);

/* {n} and the line end; the caller writes the n octets. */
void	imapout_literal(struct io *, u64 n);

/* A whole literal. */
void	imapout_literal_bytes(struct io *, const char *, size_t);

#endif
