/* Who is at the other end (daemons.md 2.6).  SPDX-License-Identifier: ISC */

#ifndef TCPD_PEER_H
#define TCPD_PEER_H

#include <sys/socket.h>
#include <netinet/in.h>

struct vec;

#define PEER_TEXT	64	/* an address as text */

/* IPv4 always stands as IPv6-mapped bytes. */
struct peer {
	u8	addr[16];
	u32	port;
};

union peer_sa {
	struct sockaddr		sa;
	struct sockaddr_in	v4;
	struct sockaddr_in6	v6;
};

/* TRUE for an address that was IPv4 before it was mapped. */
int	peer_is_v4(const struct peer *);

/* As an address to connect or bind to; returns its length. */
socklen_t peer_sockaddr(const struct peer *, u32 port, union peer_sa *out);

/* Of text, IPv4 or IPv6, without a port. E_SYNTAX. */
int	peer_parse(const char *, struct peer *out);

/* Of a connected socket: the remote or the local end. E_EOF: gone already. */
int	peer_remote(int fd, struct peer *out);
int	peer_local(int fd, struct peer *out);

/* "::ffff:192.0.2.1" or canonical IPv6; buf has PEER_TEXT bytes. */
void	peer_text(const struct peer *, char *buf);

/* Adds TCPREMOTEIP and the rest (conf/env.h); with `names` also TCPREMOTEHOST, TCPLOCALHOST. */
void	peer_vars(const struct peer *remote, const struct peer *local,
	    int names, struct vec *);

#endif
