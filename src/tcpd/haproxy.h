/* The PROXY protocol (daemons.md 2.8).  SPDX-License-Identifier: ISC */

#ifndef TCPD_HAPROXY_H
#define TCPD_HAPROXY_H

struct peer;
struct str;

#define HAPROXY_SECS		15	/* for the header, unless told */
#define HAPROXY_LINE_MAX	255	/* of version 1, with its line end */
#define HAPROXY_V2_MAX		4096	/* of version 2 behind its 16 bytes */

/*
 * The seconds that the option's value (ITEM[,ITEM...], ITEM =
 * [SECONDS][/port=[IP.]PORT]) gives a connection to this local end; 0: it is
 * no proxy's. E_SYNTAX: told on standard error (haproxy_check).
 */
u32	haproxy_wants(const char *value, const struct peer *local);
int	haproxy_check(const char *value);

/*
 * Reads the header and not a byte more, and puts the client's and the
 * server's address that it names in place. Both stay as they are when the
 * proxy speaks for itself (UNKNOWN, LOCAL). Complains on standard error.
 */
int	haproxy_read(int fd, u32 secs, struct peer *remote,
	    struct peer *local);

/* One complete header. Returns E_OK, or E_SYNTAX: why is the complaint. */
int	haproxy_v1(const char *line, struct peer *remote, struct peer *local,
	    struct str *why);
int	haproxy_v2(const u8 *, size_t, struct peer *remote,
	    struct peer *local, struct str *why);

#endif
