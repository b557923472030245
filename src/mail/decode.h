/* Content transfer decoding of streams.  SPDX-License-Identifier: ISC */

#ifndef MAIL_DECODE_H
#define MAIL_DECODE_H

struct str;

enum decode_kind {
	DECODE_PLAIN,			/* 7bit 8bit binary and the unknown */
	DECODE_BASE64,
	DECODE_QP
};

/* Members are private. */
struct decode {
	enum decode_kind kind;
	u32		bits;
	int		nbits;
	int		state;		/* quoted-printable: after = */
	int		hi;
	size_t		blanks;		/* quoted-printable: held white space */
	char		held[80];
};

/* By the name in Content-Transfer-Encoding (lower case). */
void	decode_init(struct decode *, const char *encoding);
int	decode_known(const char *encoding);

/* Tolerant: bytes that do not belong are skipped (base64) or kept (qp). */
int	decode_feed(struct decode *, const char *, size_t n,
	    struct str *out);
int	decode_end(struct decode *, struct str *out);

#endif
