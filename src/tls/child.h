/* The jailed process.  SPDX-License-Identifier: ISC */

#ifndef TLS_CHILD_H
#define TLS_CHILD_H

struct conf;
struct tls_opts;

/* Descriptors of it; they become 3 to 5, all others are closed. */
struct child_fds {
	int	remote;
	int	wall;		/* -1: none (direct.h) */
	int	local;		/* -1: 0 and 1 */
};

/* Reads its settings, goes to jail, shakes hands, tells the first process, and
   moves bytes. The status to exit with. */
int	child_run(const struct tls_opts *, const struct conf *,
	    const struct child_fds *);

#endif
