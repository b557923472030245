/* Addresses from which passwords are guessed (daemons.md 12.2 #10).
   SPDX-License-Identifier: ISC */

#ifndef TCPD_GUESS_H
#define TCPD_GUESS_H

struct peer;
struct vec;

#define GUESS_ADDRS	1024	/* addresses that are remembered */
#define GUESS_FREE	3	/* failures that cost nothing */
#define GUESS_TOP	20	/* more are not counted */
#define GUESS_DECAY	20	/* seconds after which one is forgotten */
#define GUESS_FORGIVE	10	/* seconds between two logins that halve them */
#define GUESS_CONNS	4	/* before login, for an address at the maximum */
#define GUESS_MAX	50	/* the longest delay that can be asked for */

/*
 * For each address (IPv6: /64) the failed logins of late. They decide on a
 * delay, 0 at first, then 1, 2, 4... seconds up to max, that the login programs
 * add before a refusal is answered; nobody else waits. At max the address may
 * have GUESS_CONNS connections that have not logged in. Failures are forgotten
 * in time, and half of them with a login that succeeds, so that an office
 * behind one address gets along with one of its users' old password.
 *
 * Programs get CHAPAR_PENALTY=WRITE,READ,SLOT: descriptors of a pipe for
 * reports (GUESS_REPORT bytes: F or S, the slot in four bytes) and of a file
 * that has a byte for each slot, the delay in seconds now. These are always
 * PROC_FD_REPORTS and PROC_FD_DELAYS.
 */
#define GUESS_REPORT	5

struct guess;

/* max: seconds; slots: connections at a time. NULL if it cannot be had, which
   is logged. */
struct guess *guess_new(u32 max, u32 slots);
void	guess_free(struct guess **);

/* A connection has the slot, and has not logged in; or it has gone. */
void	guess_start(struct guess *, u32 slot, const struct peer *);
void	guess_end(struct guess *, u32 slot);

/* For the process of the slot: the variable (conf/env.h). The two descriptors
   it gets; when no other one is needed any more, guess_place puts them there
   (E_TEMP). */
void	guess_var(u32 slot, struct vec *);
void	guess_fds(const struct guess *, int out[2]);
int	guess_place(const struct guess *);

/* TRUE if the address has too many connections before login. */
int	guess_refuses(struct guess *, const struct peer *);

/* Reports come in here (for poll); guess_work takes them. */
int	guess_fd(const struct guess *);
void	guess_work(struct guess *);

#endif
