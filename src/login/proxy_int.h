/* The parts of the proxy, for each other.  SPDX-License-Identifier: ISC */

#ifndef LOGIN_PROXY_INT_H
#define LOGIN_PROXY_INT_H

struct proxy;
struct proxy_talk;
struct str;
struct vec;

/* What the connection to a back end is (CHAPAR_PROXY_TLS). */
enum { PROXY_TLS_NO, PROXY_TLS_MAY, PROXY_TLS_STARTTLS, PROXY_TLS_TLS };

/*
 * A protocol. To add one: its functions and a row in proxytalk.c. greeting,
 * offers (is STARTTLS offered?), starttls and login speak with the back end
 * and return E_OK; E_PERM: it says no; else the connection is of no more use.
 */
struct proxy_proto {
	const char	*name;
	const char	*logged;	/* in the log line: protocol=... */
	const char	*service[2];	/* by name, else by number */
	const char	*tls_service[2];
	int		(*greeting)(struct proxy_talk *);
	int		(*offers)(struct proxy_talk *);
	int		(*starttls)(struct proxy_talk *);
	int		(*login)(struct proxy_talk *);
	const char	*done;		/* what the client is told */
	int		tagged;		/* behind its tag */
};

/* A line of the trace; DEBUG_LOGIN switches it on. */
void	proxy_trace(const struct proxy *, const char *, ...)
	    PRINTFLIKE(2, 3);

/* The earlier one of the login's deadline and PROXY_SECS from now. */
u64	proxy_deadline(const struct proxy *);

/*
 * proxyhost.c. The hosts of an account's options, in order (char *, the
 * caller's to free). TRUE if a mailhost is named at all.
 */
int	proxy_hosts(const char *options, struct vec *out);

/* HOST, HOST:PORT, [ADDRESS]:PORT or ADDRESS. *out_port: NULL for none; it
   points into host. */
void	proxy_host_split(const char *host, struct str *out_name,
	    const char **out_port);

/* TRUE if that host is this machine (PROXY_HOSTNAME, hostname). */
int	proxy_host_mine(const struct proxy *, const char *host);

/* The parts' messages; those to the connector are answered by OK or NO. */
enum {
	PROXY_HOST,		/* to the connector: host, service, number;
				   its first address */
	PROXY_NEXT,		/* the next address of that host */
	PROXY_AGAIN,		/* the same address once more */
	PROXY_TLS,		/* TLS on that connection from now on */
	PROXY_OK,		/* with a descriptor; from the talker to the
				   program: also what was read too much */
	PROXY_NO,		/* no (more) */
	PROXY_LOCAL,		/* the talker: this machine's account */
	PROXY_AWAY		/* the talker: nobody could be asked */
};

/* proxyreach.c: the connector. Serves the talker until that has ended. */
void	proxy_reach(const struct proxy *, int talker) NORETURN;

/* proxytalk.c: the talker. Tries all hosts; tells the program what came of
   it. */
void	proxy_talk(const struct proxy *, const struct vec *hosts, int program,
	    int connector) NORETURN;

#endif
