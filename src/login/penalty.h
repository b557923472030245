/* What failed logins cost an address: told to couriertcpd, and asked of it.
   SPDX-License-Identifier: ISC */

#ifndef LOGIN_PENALTY_H
#define LOGIN_PENALTY_H

/*
 * couriertcpd -penalty counts the failed logins of each address (12.2 #10 of
 * daemons.md; src/tcpd/guess.h has the rules and the format). Without it, and
 * under Courier's own listener, nothing is told and no delay is added.
 */

/* At the start: takes CHAPAR_PENALTY out of the environment. Its descriptors
   are closed when imapd starts. */
void	penalty_init(void);

/* TRUE if it is told at all. */
int	penalty_is_on(void);

/* A login succeeded, or failed; at once, not after the delay. Never waits. */
void	penalty_report(int passed);

/* Seconds to add before a refusal is answered. Best asked when the usual delay
   is over: then the failures of all connections of the address count. */
u32	penalty_seconds(void);

#endif
