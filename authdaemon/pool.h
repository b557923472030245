/* The workers of authdaemond.  SPDX-License-Identifier: ISC */

#ifndef AUTHDAEMON_POOL_H
#define AUTHDAEMON_POOL_H

#define POOL_WORKERS_MAX	200	/* in all settings */
#define POOL_WORKERS_MORE	30	/* CHAPAR_MAXDAEMONS */

struct pool_settings {
	u32	workers;	/* always there */
	u32	most;		/* when all of them are busy */
	uid_t	uid;		/* who they are; 0: as the parent */
	gid_t	gid;
	const char *user;	/* whose groups; or NULL */
};

/* Once; the listening socket is non-blocking. Ends the process if it
   cannot. */
void	pool_init(int listener);

/* From now on; workers that are there stay as they are. */
void	pool_set(const struct pool_settings *);

/*
 * Starts workers that are missing and, when all are busy, more; sees to it
 * that one listens. Returns for how many milliseconds there is nothing to do
 * unless pool_fd is readable or a child ends.
 */
int	pool_look(void);
int	pool_fd(void);

/* All workers end when they have nothing left to do; the next ones are others'
   (after a change of the modules, say). */
void	pool_dismiss(void);

void	pool_reap(void);		/* buries the dead */
u32	pool_left(void);		/* processes that are there */
void	pool_kill(int signo);		/* to all of them */

#endif
