/* A session that goes on at another server.  SPDX-License-Identifier: ISC */

#ifndef LOGIN_PROXY_H
#define LOGIN_PROXY_H

struct conf;
struct proxy_proto;
struct str;

/*
 * The mailbox of an account with the option mailhost=HOST lives on another
 * server: we log in there and are a cable from then on (daemons.md 6).
 *
 *	this process (root)   talker (jailed)	  connector (nobody)
 *	   |-- fork ------------->|<---- wall ------>| finds and calls hosts,
 *	   |-- fork --------------|----------------->| starts couriertls
 *	   |<-- logged in --------| speaks with them
 *	jailed: bytes both ways
 *
 * What a back end says is read by nobody but the talker, which has no rights.
 */
struct proxy {
	const struct conf *conf;
	const struct proxy_proto *proto;
	const char	*user;		/* the account's address */
	char		**password;	/* in clear; *password NULL: not known.
					   Wiped before the relay begins */
	const char	*options;	/* the account's; may be NULL */
	const char	*tag;		/* of the command that logs in (IMAP) */
	int		utf8;		/* the client has said UTF8 (POP3) */
	const char	*ip, *port;	/* the client's, for log lines */
	u64		deadline;	/* of the login */
	int		(*stop)(void);	/* as in sig.h; NULL: none */
};

#define PROXY_SECS	30	/* to connect, and for each answer */

/* "IMAP", "SMAP1" or "POP3"; NULL if there is none. */
const struct proxy_proto *proxy_proto(const char *name);

/*
 * Logs in at the first host that takes the account. What goes wrong is logged.
 *	E_OK	 *out_fd is the connection; to_client (empty before) is what
 *		 the client has to be told first
 *	E_NOENT	 a local login: no host is named, or this one
 *	E_PERM	 refused by a host, or no password or no host to try
 *	E_TEMP	 no host could be reached (errno)
 *	E_TIMEOUT, E_EOF  the deadline; told to stop
 */
int	proxy_login(const struct proxy *, int *out_fd, struct str *to_client);

/*
 * Logs that the account is in, gives up all rights, and moves bytes between
 * the client (0 and 1) and the back end until one of them has ended; the
 * process ends then. input: what was read of the client and not used.
 */
void	proxy_carry(const struct proxy *, int fd, const struct str *to_client,
	    const struct str *input) NORETURN;

#endif
