/* What a worker of authdaemond does.  SPDX-License-Identifier: ISC */

#ifndef AUTHDAEMON_WORKER_H
#define AUTHDAEMON_WORKER_H

/* What a worker is given. Descriptors are shared with the others. */
struct worker_env {
	int	listener;	/* non-blocking */
	int	lifeline;	/* ends when the worker is to end */
	int	wake;		/* a byte calls one of the reserve */
	int	alarm;		/* a byte wakes the parent; non-blocking */
	int	is_extra;	/* ends when it was idle for a while */
};

/*
 * Answers the clients of the listening socket, until the lifeline shows the
 * end of its stream: the parent has gone or wants this worker to go. What was
 * accepted before is answered.
 */
void	worker_run(const struct worker_env *);

#endif
