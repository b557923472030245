/* Messages in threads, RFC 5256: what both ways have in common.
   SPDX-License-Identifier: ISC

   Messages are put in the order of their sent dates once; lists of children that
   are made in that order need no sorting. Only parents are kept until then. */

#include "base/base.h"

#include "base/intern.h"
#include "base/map.h"
#include "base/mem.h"
#include "base/msort.h"
#include "base/pool.h"
#include "mail/envelope.h"

#include "session/mset.h"
#include "session/msgkey.h"
#include "session/msgread.h"
#include "session/sess.h"
#include "session/thread_int.h"
#include "session/view.h"

#define NODES_FIRST	64

static int load(struct threading *, u32, int (*)(struct threading *, u32,
    struct msg *));
static int load_all(struct threading *, const u32 *, int (*)(struct threading *,
    u32, struct msg *));
static int plain_node(struct threading *, u32, struct msg *);
static int by_date(const void *, u32, u32);
static void sort(struct threading *);
static void lists(struct threading *);
static void done(struct threading *);

static const struct {
	int	(*add)(struct threading *, u32, struct msg *);
	void	(*prune)(struct threading *);	/* NULL: nothing to do */
	int	(*join)(struct threading *);
} rows[] = {
	{ plain_node, NULL, thread_subj_group },
	{ thread_refs_add, thread_refs_prune, thread_subj_join }
};

int
thread_node_new(struct threading *th, u32 *out)
{
	struct threads *t = th->t;

	if (t->n > THREAD_NODES_MAX)
		return E_TOOBIG;
	if (t->n == th->size) {
		th->size += th->size / 2;
		t->node = mem_grow(t->node, th->size, sizeof(*t->node));
	}
	memset(&t->node[t->n], 0, sizeof(*t->node));
	*out = t->n++;
	return E_OK;
}

struct thread_msg *
thread_lead(struct threading *th, u32 node)
{
	struct thread_node *v = th->t->node;

	if (v[node].seq == 0)
		node = v[node].child;
	return &th->msg[v[node].seq - 1];
}

/* ---- loading ------------------------------------------------------------ */

static int
plain_node(struct threading *th, u32 i, struct msg *msg)
{
	int e;

	(void)msg;
	e = thread_node_new(th, &th->msg[i].node);
	if (e == E_OK)
		th->t->node[th->msg[i].node].seq = i + 1;
	return e;
}

/* Date, subject and node of a message. Equal subjects are told by their hash:
   none of them is ever shown. */
static int
load(struct threading *th, u32 i, int (*add)(struct threading *, u32,
    struct msg *))
{
	struct thread_msg *m = &th->msg[i];
	struct envelope *env = NULL;
	struct msg *msg = NULL;
	u64 hash;
	int e;

	if (msgread_open(th->view, m->seq, &msg) == E_OK)
		(void)msgread_envelope(msg, &env);
	m->date = msgkey_sent(th->view, m->seq, env != NULL ? env->date :
	    NULL);
	m->reply = msgkey_subject(env != NULL ? env->subject : NULL,
	    &th->text);
	hash = map_hash64(str_c(&th->text), th->text.len);
	m->subject = THREAD_NO_SUBJECT;
	e = th->text.len == 0 ? E_OK :
	    intern_add(th->subjects, &hash, sizeof(hash), &m->subject);
	if (e == E_OK)
		e = add(th, i, env != NULL ? msg : NULL);
	msgread_close(&msg);
	return e;
}

static int
load_all(struct threading *th, const u32 *seq, int (*add)(struct threading *,
    u32, struct msg *))
{
	u32 i, none;
	int e;

	e = intern_unique(th->subjects, &none);
	for (i = 0; i < th->n && e == E_OK; i++) {
		th->msg[i].seq = seq[i];
		e = load(th, i, add);
		pool_reset(th->pool);
		if (e == E_OK && (i + 1) % SESS_PULSE_EVERY == 0)
			e = sess_pulse(view_sess(th->view));
	}
	return e;
}

/* ---- order and lists ---------------------------------------------------- */

static int
by_date(const void *ctx, u32 a, u32 b)
{
	const struct threading *th = ctx;
	i64 x = th->msg[a].date, y = th->msg[b].date;

	return x < y ? -1 : x > y;
}

static void
sort(struct threading *th)
{
	u32 i;

	for (i = 0; i < th->n; i++)
		th->order[i] = i;
	msort_u32(th->order, th->n, by_date, th);
}

/*
 * Children from parents, the last message first. A node without a message
 * stands where its first child would: `next` of it names that child until the
 * node is put into the list itself.
 */
static void
lists(struct threading *th)
{
	struct thread_node *v = th->t->node;
	u32 i, k, m, p;

	for (i = 0; i < th->t->n; i++)
		v[i].child = v[i].next = 0;
	for (i = 0; i < th->n; i++) {
		m = th->msg[th->order[i]].node;
		p = v[m].parent;
		/* Joined with another? */
		if (p != 0 && v[p].seq == 0 && v[p].parent != 0)
			p = v[m].parent = v[p].parent;
		if (p != 0 && v[p].seq == 0 && v[p].next == 0)
			v[p].next = m;
	}
	for (k = th->n; k > 0; k--) {
		m = th->msg[th->order[k - 1]].node;
		p = v[m].parent;
		v[m].next = v[p].child;
		v[p].child = m;
		if (p != 0 && v[p].seq == 0 && v[p].next == m) {
			v[p].next = v[0].child;
			v[0].child = p;
		}
	}
	for (i = 0; i < th->n; i++)
		v[th->msg[i].node].seq = th->msg[i].seq;
}

/* ---- all of it ---------------------------------------------------------- */

static void
done(struct threading *th)
{
	mem_free(th->msg);
	mem_free(th->order);
	mem_free(th->table);
	intern_free(&th->subjects);
	intern_free(&th->ids);
	str_free(&th->text);
	pool_free(&th->pool);
}

int
thread_run(struct view *view, const struct mset *found, enum thread_by by,
    struct threads **out)
{
	struct threading th;
	size_t n;
	u32 *seq, root;
	int e;

	memset(&th, 0, sizeof(th));
	seq = mset_numbers(found, &n);
	th.view = view;
	th.n = (u32)n;
	th.msg = mem_array(n + 1, sizeof(*th.msg));
	th.t = mem_new(sizeof(*th.t));
	th.size = NODES_FIRST;
	th.t->node = mem_array(th.size, sizeof(*th.t->node));
	th.subjects = intern_new(THREAD_NODES_MAX, 0);
	th.ids = intern_new(THREAD_NODES_MAX, 0);
	str_init(&th.text, 0);
	th.pool = pool_new();
	e = thread_node_new(&th, &root);
	if (e == E_OK)
		e = load_all(&th, seq, rows[by].add);
	mem_free(seq);
	intern_free(&th.ids);
	if (e == E_OK) {
		if (rows[by].prune != NULL)
			rows[by].prune(&th);
		th.order = mem_array(n + 1, sizeof(*th.order));
		sort(&th);
		th.table = mem_array(intern_count(th.subjects),
		    sizeof(*th.table));
		e = rows[by].join(&th);
	}
	if (e == E_OK)
		lists(&th);
	done(&th);
	*out = th.t;
	if (e != E_OK)
		threads_free(out);
	return e;
}

void
threads_free(struct threads **tp)
{
	if (*tp == NULL)
		return;
	mem_free((*tp)->node);
	*tp = mem_free(*tp);
}
