/* What a worker of authdaemond does.  SPDX-License-Identifier: ISC */

#ifndef AUTHDAEMON_WORKER_H
#define AUTHDAEMON_WORKER_H

/*
 * Answers the clients of the listening socket (non-blocking, shared with
 * other workers), until the lifeline shows the end of its stream: the parent
 * has gone or wants this worker to go. What was accepted before is answered.
 */
void	worker_run(int listener, int lifeline);

#endif
