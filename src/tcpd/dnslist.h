/* DNS lists: -block and -allow (daemons.md 2.7).
   SPDX-License-Identifier: ISC */

#ifndef TCPD_DNSLIST_H
#define TCPD_DNSLIST_H

struct peer;

#define DNSLIST_VAR	"BLOCK"		/* unless the option names another */
#define DNSLIST_ADDRS	16		/* looked at of one answer */

/* One option. The strings are owned. */
struct dnslist {
	int	allow;
	char	*zone;
	char	*shown;		/* the name in VAR_ZONE */
	char	*var;
	char	*want;		/* this address only; NULL: any */
	char	*msg;		/* NULL: the usual text */
};

/* ZONE[=SHOWN][,VAR[/A.B.C.D][,MSG]]; E_SYNTAX without a zone. */
int	dnslist_parse(const char *, int allow, struct dnslist *out);
void	dnslist_free(struct dnslist *);

/*
 * Asks the lists in their order and sets the variables of those that the peer
 * is on. A list whose variable is there already is not asked. Only addresses
 * are asked for, through the C library; a message of "*" (the TXT record)
 * stands for the usual text.
 */
void	dnslist_run(const struct dnslist *, size_t n, const struct peer *);

/* For tests: called instead of the C library. Puts up to DNSLIST_ADDRS IPv4
   addresses (dotted, 16 bytes each) and returns how many. */
typedef size_t dnslist_resolve_fn(const char *name, char (*out)[16]);
void	dnslist_set_resolver(dnslist_resolve_fn *);

#endif
