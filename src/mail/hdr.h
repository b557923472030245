/* Header fields.  SPDX-License-Identifier: ISC */

#ifndef MAIL_HDR_H
#define MAIL_HDR_H

struct str;
struct pool;

/*
 * One field as it stands in the message: `raw` is all of it with its line
 * ends; `name` is the text before the colon exactly (RFC 3501 matches on it);
 * `value` follows the colon, without the last line end, still folded. A line
 * that is no field has namelen 0 and all of it as value.
 */
struct hdr_field {
	const char	*raw;
	size_t		rawlen;
	const char	*name;
	size_t		namelen;
	const char	*value;
	size_t		valuelen;
};

/* Reads the field at *pos of a header and moves *pos behind it. FALSE at the
   blank line or at the end; the blank line is not consumed. */
int	hdr_next(const char *header, size_t n, size_t *pos,
	    struct hdr_field *out_field);

/* TRUE if the field has this name, without regard to case. */
int	hdr_is(const struct hdr_field *, const char *name);

/* Appends the value without line breaks (folding white space stays; a CR that
   ends no line becomes a space), without NULs, and without white space at both
   ends. */
int	hdr_unfold(const char *value, size_t n, struct str *out);

/* First field of that name, unfolded, in the pool; NULL if there is none. */
char	*hdr_get(struct pool *, const char *header, size_t n,
	    const char *name);

#endif
