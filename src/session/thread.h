/* Messages in threads, RFC 5256.  SPDX-License-Identifier: ISC */

#ifndef SESSION_THREAD_H
#define SESSION_THREAD_H

struct mset;
struct view;

enum thread_by {
	THREAD_ORDEREDSUBJECT,
	THREAD_REFERENCES
};

/* Indices stand for other nodes, 0 for none. */
struct thread_node {
	u32	seq;			/* 0: a message that is not there */
	u32	parent;
	u32	child;			/* the first; ordered by sent date */
	u32	next;			/* sibling */
};

/* node[0].child is the first thread. Which nodes are reached from there is all
   that counts. A node without a message has two children at least. */
struct threads {
	struct thread_node *node;
	u32	n;
};

#define THREAD_NODES_MAX	2000000UL	/* messages and references */
#define THREAD_REFS_MAX		1000	/* of one message; the last count */
#define THREAD_STEPS_MAX	50000000UL	/* of looking for loops: after
						   that links which need it
						   are not made */

/*
 * Threads the messages of a set of sequence numbers, ascending. A message that
 * cannot be read any more stands alone. The caller frees with threads_free.
 * E_TOOBIG (THREAD_NODES_MAX), and what sess_pulse says.
 */
int	thread_run(struct view *, const struct mset *, enum thread_by,
	    struct threads **out);
void	threads_free(struct threads **);

#endif
