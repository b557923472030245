/* The program that is started ahead of need.  SPDX-License-Identifier: ISC */

#ifndef TCPD_STARTED_H
#define TCPD_STARTED_H

#include "tcpd/slot.h"

struct pollfd;
struct started;

#define STARTED_POLL	2	/* entries for poll */

/* NULL if it is not wanted, or what the options have looked up would keep
   everybody waiting. The program and its successors report to the pipe. */
struct started *started_new(const struct tcpd_opts *, const struct guess *);
void	started_free(struct started **);

/* Gives it the connection of the slot: E_OK, else there has to be a process. */
int	started_take(struct started *, struct slot *, const struct tcpd_conn *);

/* Fills in STARTED_POLL entries; looks at them, calls fn for each report. */
void	started_poll(const struct started *, struct pollfd *);
void	started_work(struct started *, const struct pollfd *,
	    void (*fn)(void *ctx, const struct prestart_report *), void *ctx);

/* A child that has no slot has ended. */
void	started_died(struct started *, pid_t);

#endif
