/* Who the peer's system says is connected (RFC 1413).
   SPDX-License-Identifier: ISC */

#ifndef TCPD_IDENT_H
#define TCPD_IDENT_H

struct peer;
struct str;

#define IDENT_SECS	30	/* for the whole exchange */
#define IDENT_MAX	512	/* bytes of the answer that are looked at */

/*
 * Asks port 113 of the remote end, from the local address. E_OK: the user-id
 * is appended, with '?' for bytes outside printable ASCII. The answer is
 * what somebody else's system claims, nothing more.
 */
int	ident_ask(const struct peer *remote, const struct peer *local,
	    struct str *out);

/* The user-id in an answer for this pair of ports. E_SYNTAX: anything else,
   an ERROR answer among it. */
int	ident_parse(const char *line, u32 remote, u32 local,
	    struct str *out);

#endif
