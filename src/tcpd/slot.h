/* The places of connections.  SPDX-License-Identifier: ISC */

#ifndef TCPD_SLOT_H
#define TCPD_SLOT_H

#include "tcpd/serve.h"

struct prestart_report;

#define SLOT_HOLDS	4	/* programs that may have a connection at once */

/*
 * A connection has its place as long as one of its processes lives: the one
 * that was forked here (pid), or those of started programs (conf/prestart.h),
 * which are known by the processes they were forked from (hold).
 */
struct slot {
	int	used;
	pid_t	pid;		/* 0: none */
	pid_t	hold[SLOT_HOLDS];	/* 0: free */
	u32	serial;		/* of the connection, to tell it from the
				   ones before */
	int	reading;	/* its process reads a proxy's header */
	int	pipe;		/* then: and writes here what it says */
	struct tcpd_conn conn;	/* fd is open only while reading */
};

struct slots {
	struct slot	*v;
	u32		n, used;
	u32		high;		/* all from here on are free */
	u32		serial;
};

/* Room for n. slots_free gives the memory back. */
void	slots_init(struct slots *, u32 n);
void	slots_free(struct slots *);

/* The first free one, now used; NULL: there is none. slot_drop gives it back. */
struct slot *slot_take(struct slots *);
void	slot_drop(struct slots *, struct slot *);

/* Connections whose address begins with the same n bytes. */
u32	slots_count(const struct slots *, const struct peer *, size_t n);

/* The one that was forked for this process, and does not read a header; NULL:
   there is none. */
struct slot *slot_of_pid(struct slots *, pid_t);

/* One more program has it. E_TOOBIG: it has too many. */
int	slot_hold(struct slot *, pid_t);

/* Takes a report that is not PRESTART_LOST; then, or after slot_lost, TRUE if
   no process has the connection any more. */
int	slot_report(struct slots *, const struct prestart_report *);
int	slot_lost(struct slot *, pid_t);

#endif
