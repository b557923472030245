/* Writing SMAP1 data (imap-wire.md 14).  SPDX-License-Identifier: ISC */

#ifndef WIRE_SMAPOUT_H
#define WIRE_SMAPOUT_H

struct io;

#define SMAPOUT_RANGES	101	/* of one EXPUNGE or SEARCH line */

/* The only code that quotes. Errors stick to the stream. CR, LF and NUL become
   blanks. */
void	smapout_quoted(struct io *, const char *);	/* "text" */
void	smapout_pair(struct io *, const char *name, const char *value);

/* A list of numbers, ranges joined: " 1-10 20". */
struct smapout_set {
	struct io	*io;
	u32		lo, hi;		/* the range under way; 0: none */
	u32		n;		/* ranges written */
};
void	smapout_set_add(struct smapout_set *, u32);
void	smapout_set_end(struct smapout_set *);

/* Lines up to "." : bol is TRUE before the first byte. */
struct smapout_dots {
	struct io	*io;
	int		bol;
};
void	smapout_dots(struct smapout_dots *, const char *, size_t);
void	smapout_dots_end(struct smapout_dots *);

#endif
