/* What the parts of the listener share.  SPDX-License-Identifier: ISC */

#ifndef TCPD_SERVE_INT_H
#define TCPD_SERVE_INT_H

#include "tcpd/slot.h"

struct access;
struct guess;
struct started;

#define TRY_LATER	"Temporary problem, please try again later"

struct server {
	const struct tcpd_opts	*opts;
	struct access		*access;
	struct guess		*guess;		/* NULL: no -penalty */
	struct started		*started;	/* NULL: no -prestart */
	struct slots		slots;
	u64			warned, alerted, starved;
};

/* limits.c. Says why and gives the connection up. denymsg, if any, is said
   instead. */
void	tcpd_refuse(const struct server *, int fd, const char *reason,
	    const char *denymsg);

/* The rest of limits.c: TRUE, refused and logged, or FALSE. tcpd_denied looks
   one end up in the access database (remote is 0 or 1); its entry may set
   MAXCPERIP, by which tcpd_over_limit goes. */
int	tcpd_denied(struct server *, struct tcpd_conn *, int remote);
int	tcpd_over_limit(struct server *, const struct tcpd_conn *);

/* No slot is left for it: refused and logged. */
void	tcpd_full(const struct server *, const struct tcpd_conn *);

#endif
