/* Threads in the making, for this directory only.  SPDX-License-Identifier: ISC */

#ifndef SESSION_THREAD_INT_H
#define SESSION_THREAD_INT_H

#include "base/str.h"

#include "session/thread.h"

struct intern;
struct msg;
struct pool;

struct thread_msg {
	i64		date;
	u32		seq;
	u32		node;
	u32		subject;	/* THREAD_NO_SUBJECT or another */
	int		reply;
};

enum { THREAD_NO_SUBJECT = 0 };

/* While threads are made, `seq` of a node is its message's index + 1. */
struct threading {
	struct view	*view;
	struct threads	*t;
	u32		size;		/* room for nodes */
	struct thread_msg *msg;		/* ascending */
	u32		n;
	u32		*order;		/* indices of messages by sent date */
	u32		*table;		/* a node for each subject, or 0 */
	struct intern	*subjects;
	struct str	text;
	struct pool	*pool;		/* while a message is looked at */
	struct intern	*ids;		/* of messages: node - 1 */
	u32		steps;		/* done in looking for loops */
};

/* A node without a message. E_TOOBIG. */
int	thread_node_new(struct threading *, u32 *out);

/* The message of a node, or of its first child (`child`) if it has none. */
struct thread_msg *thread_lead(struct threading *, u32 node);

/* thread_refs.c: a node for the message, linked as its header says (NULL if it
   cannot be read). E_TOOBIG. */
int	thread_refs_add(struct threading *, u32 index, struct msg *);

/* thread_refs.c: takes nodes without messages out: what remains of them has no
   parent, and two children at least. */
void	thread_refs_prune(struct threading *);

/* thread_subj.c: joins threads of one subject, messages being in order. */
int	thread_subj_join(struct threading *);

/* thread_subj.c: the ORDEREDSUBJECT algorithm. */
int	thread_subj_group(struct threading *);

#endif
