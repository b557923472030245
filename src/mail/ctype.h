/* Content-* fields.  SPDX-License-Identifier: ISC */

#ifndef MAIL_CTYPE_H
#define MAIL_CTYPE_H

struct pool;
struct param;

struct lang {
	struct lang	*next;
	const char	*tag;
};

/*
 * Everything BODYSTRUCTURE says of one part but sizes. type, subtype,
 * encoding and disposition are in lower case. NULL means absent.
 */
struct ctype {
	const char	*type;		/* never NULL; "text" by default */
	const char	*subtype;	/* never NULL; may be "" */
	struct param	*params;
	const char	*id;		/* with angle brackets */
	const char	*description;	/* unfolded, undecoded */
	const char	*encoding;	/* never NULL; "7bit" by default */
	const char	*md5;
	const char	*disposition;	/* "" if the type is missing */
	struct param	*disp_params;
	struct lang	*lang;
	const char	*location;
	int		has_mime;	/* there was a MIME-Version: 1.0 */
	int		has_type;	/* there was a Content-Type field */
};

/*
 * Reads the fields of a header; of a field that is there twice the last one
 * counts, as with Courier. `dflt_message` makes the default type
 * message/rfc822 (RFC 2046 5.1.5); `need_version` ignores Content-Type and
 * -Disposition unless MIME-Version is there (for messages, not for parts).
 */
void	ctype_parse(struct pool *, const char *header, size_t n,
	    int dflt_message, int need_version, struct ctype *out);

/* TRUE if type (and subtype, unless NULL) are these lower-case words. */
int	ctype_is(const struct ctype *, const char *type, const char *subtype);

/* The charset parameter, RFC 2231 undone, or "us-ascii". May use the pool. */
const char *ctype_charset(struct pool *, const struct ctype *);

#endif
