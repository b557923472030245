/* The data of ENVELOPE.  SPDX-License-Identifier: ISC */

#ifndef MAIL_ENVELOPE_H
#define MAIL_ENVELOPE_H

struct pool;
struct addr;

#define ENVELOPE_VALUE_MAX	8192	/* longer strings are cut; lists are not */

/*
 * RFC 3501 7.4.2. Strings are unfolded and trimmed, not decoded; NULL for an
 * absent or empty field. sender and reply_to default to from. Repeated fields
 * are joined with ", ".
 */
struct envelope {
	const char	*date;
	const char	*subject;
	struct addr	*from;
	struct addr	*sender;
	struct addr	*reply_to;
	struct addr	*to;
	struct addr	*cc;
	struct addr	*bcc;
	const char	*in_reply_to;
	const char	*message_id;
};

/* Fills *out from a header of n bytes; what it points to is in the pool. */
void	envelope_parse(struct pool *, const char *header, size_t n,
	    struct envelope *out);

#endif
