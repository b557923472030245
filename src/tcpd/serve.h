/* Accepting connections (daemons.md 2.4).  SPDX-License-Identifier: ISC */

#ifndef TCPD_SERVE_H
#define TCPD_SERVE_H

#include "tcpd/peer.h"

struct dnslist;
struct guess;
struct vec;

struct tcpd_opts {
	u32		maxprocs;	/* connections at a time */
	u32		maxperip;	/* of them, from one address */
	u32		maxperc;	/* from one network (/24, IPv6 /64) */
	u32		warn;		/* a warning from this number on */
	u32		penalty;	/* longest delay after failed logins
					   in seconds, 0: none */
	const char	*access;	/* database, NULL: none */
	int		accesslocal;	/* look the local end up too */
	const char	*denymsg;	/* sent to those the database refuses */
	const char	*refuse;	/* begins the line for all others who
					   are turned away ("* BYE "), NULL:
					   none */
	int		refuse_tls;	/* they get an alert of TLS instead */
	int		names;		/* look up host names */
	int		ident;		/* ask who the user is */
	const char	*haproxy;	/* option's value; NULL: none */
	struct dnslist	*lists;		/* -block and -allow, in order */
	size_t		nlists;
	const char	*drop;		/* names of variables, NULL: none */
	int		err_socket;	/* the program's stderr is the client */
	int		prestart;	/* the program is started ahead of need */
	char		**argv;		/* program and its arguments */
};

/* A connection that was accepted, and what is known of it. */
struct tcpd_conn {
	int		fd;
	struct peer	remote, local;
	int		proxied;	/* a proxy named the addresses */
	struct peer	via;		/* then: where the proxy came in */
	char		*entry[2];	/* of the database, NULL: none; for
					   the local and the remote end */
	const struct guess *guess;	/* for its program; NULL: none */
	u32		slot;
};

/* Serves until TERM or INT, then tells all its sessions to end. */
void	serve(const struct tcpd_opts *, const int *fds, size_t n);

/* child.c: what the program has to know (conf/env.h); may wait for answers to
   what the options have looked up. */
void	tcpd_vars(const struct tcpd_opts *, const struct tcpd_conn *,
	    struct vec *);

/* child.c: becomes the program. Runs in the process that was forked. */
void	tcpd_child(const struct tcpd_opts *, const struct tcpd_conn *)
	    NORETURN;

#endif
