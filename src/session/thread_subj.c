/* Threads by subject (RFC 5256 3).  SPDX-License-Identifier: ISC */

#include "base/base.h"

#include "base/mem.h"

#include "session/thread_int.h"

static u32 heads(struct threading *, u32 *);
static void choose(struct threading *, const u32 *, u32);
static int merge(struct threading *, u32);

/* ---- ORDEREDSUBJECT ----------------------------------------------------- */

/* The first of each subject has all others as children. */
int
thread_subj_group(struct threading *th)
{
	struct thread_msg *m;
	u32 i;

	for (i = 0; i < th->n; i++) {
		m = &th->msg[th->order[i]];
		if (th->table[m->subject] == 0)
			th->table[m->subject] = m->node;
		else
			th->t->node[m->node].parent = th->table[m->subject];
	}
	return E_OK;
}

/* ---- REFERENCES, steps 4 and 5 ------------------------------------------ */

/* The nodes without a parent, in order; `child` of those without a message
   becomes their first child. Returns how many there are. */
static u32
heads(struct threading *th, u32 *head)
{
	struct thread_node *v = th->t->node;
	u32 i, m, p, n = 0;

	for (i = 0; i < th->t->n; i++)
		v[i].child = 0;
	for (i = 0; i < th->n; i++) {
		m = th->msg[th->order[i]].node;
		p = v[m].parent;
		if (p == 0)
			head[n++] = m;
		else if (v[p].seq == 0 && v[p].child == 0) {
			v[p].child = m;
			head[n++] = p;
		}
	}
	return n;
}

/* Step 5.B: which thread of a subject takes up the others. */
static void
choose(struct threading *th, const u32 *head, u32 n)
{
	struct thread_node *v = th->t->node;
	struct thread_msg *m;
	u32 i, *at;

	for (i = 0; i < n; i++) {
		m = thread_lead(th, head[i]);
		at = &th->table[m->subject];
		if (m->subject == THREAD_NO_SUBJECT)
			continue;
		if (*at == 0 || (v[*at].seq != 0 && (v[head[i]].seq == 0 ||
		    (thread_lead(th, *at)->reply && !m->reply))))
			*at = head[i];
	}
}

/* Step 5.C for one thread. Of two without a message the one becomes a child of
   the other, for whoever looks for the parent of its children. */
static int
merge(struct threading *th, u32 n)
{
	struct thread_msg *m;
	u32 *at, both;
	int e;

	m = thread_lead(th, n);
	at = &th->table[m->subject];
	if (m->subject == THREAD_NO_SUBJECT || *at == n)
		return E_OK;
	if (th->t->node[*at].seq == 0 ||
	    (m->reply && !thread_lead(th, *at)->reply)) {
		th->t->node[n].parent = *at;
		return E_OK;
	}
	e = thread_node_new(th, &both);
	if (e != E_OK)
		return e;
	th->t->node[both].child = *at;
	th->t->node[n].parent = both;
	th->t->node[*at].parent = both;
	*at = both;
	return E_OK;
}

int
thread_subj_join(struct threading *th)
{
	u32 *head, i, n;
	int e = E_OK;

	head = mem_array(th->n + 1, sizeof(*head));
	n = heads(th, head);
	choose(th, head, n);
	for (i = 0; i < n && e == E_OK; i++)
		e = merge(th, head[i]);
	mem_free(head);
	return e;
}
