/* What the processes of authdaemond see of each other.
   SPDX-License-Identifier: ISC */

#ifndef AUTHDAEMON_BOARD_H
#define AUTHDAEMON_BOARD_H

/*
 * One page of memory that parent and workers share, so that knowing who is
 * busy costs no system call. Each writes its own place; a value that is read
 * a moment too late costs a few milliseconds, never a request.
 */

#define BOARD_PLACES	800	/* workers, with those that end */
#define BOARD_CIRCUITS	16	/* one for each module of the chain */

enum { BOARD_FREE, BOARD_BUSY, BOARD_WAITING, BOARD_RESERVE };

/* Made once, by the parent; a file in the folder that has no name. E_TEMP:
   errno tells. */
int	board_open(const char *dir);

/* ---- a worker's ---- */

/* Which place is this process's; what it does now. */
void	board_take_place(u32 place);
void	board_say(int state);
void	board_did(void);		/* served a client */
int	board_has_elders(void);		/* TRUE: a lower place listens */
int	board_parent_sleeps(void);

/* ---- the parent's ---- */

/* Sets the state of a place that is somebody else's now; how many are in a
   state. */
void	board_clear(u32 place, int state);
u32	board_count(int state);
u32	board_served(void);		/* clients, by all who are there */
void	board_parent_says(int sleeps);

/*
 * ---- circuits: one per server that modules ask ----
 * After a failure the circuit is open: nobody tries for some time. Then one
 * worker tries while the others still fail at once.
 */

enum { CIRCUIT_CLOSED, CIRCUIT_OPEN, CIRCUIT_PROBE };

/* CIRCUIT_PROBE: this worker is to try, and to say how it went. */
int	board_circuit(u32 circuit);
void	board_circuit_works(u32 circuit);
void	board_circuit_fails(u32 circuit, u32 pause_ms);

#endif
