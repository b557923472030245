/* THREAD=REFERENCES, steps 1 to 3 (RFC 5256 3).  SPDX-License-Identifier: ISC

   Node n belongs to message identifier n - 1 of th->ids, which are kept as
   hashes: nobody sees them, and a folder has many. `child` of a node counts its
   children here. */

#include "base/base.h"

#include "base/intern.h"
#include "base/map.h"
#include "base/pool.h"
#include "mail/envelope.h"
#include "mail/hdr.h"
#include "mail/msgid.h"

#include "session/msgread.h"
#include "session/thread_int.h"

static int node_of(struct threading *, const struct str *, u32 *);
static int own_node(struct threading *, u32, const char *);
static int is_below(struct threading *, u32, u32);
static void link_nodes(struct threading *, u32, u32);
static int chain(struct threading *, const char *, u32 *);
static const char *first_id(struct threading *, const char *);
static u32 top(struct threading *, u32);

/* The node of a message identifier, made if it is new. */
static int
node_of(struct threading *th, const struct str *id, u32 *out)
{
	u64 hash;
	u32 n = 0;
	int e;

	hash = map_hash64(str_c(id), id->len);
	e = intern_add(th->ids, &hash, sizeof(hash), &n);
	if (e == E_OK && n + 1 == th->t->n)
		return thread_node_new(th, out);
	*out = n + 1;
	return e;
}

/* The node of its Message-ID; one of its own if it has none, or another
   message had it before. */
static int
own_node(struct threading *th, u32 i, const char *message_id)
{
	size_t pos = 0;
	u32 n, unused;
	int e;

	n = 0;
	e = E_OK;
	if (message_id != NULL &&
	    msgid_next(message_id, strlen(message_id), &pos, &th->text))
		e = node_of(th, &th->text, &n);
	if (e == E_OK && (n == 0 || th->t->node[n].seq != 0)) {
		e = intern_unique(th->ids, &unused);
		if (e == E_OK)
			e = thread_node_new(th, &n);
	}
	if (e == E_OK) {
		th->t->node[n].seq = i + 1;
		th->msg[i].node = n;
	}
	return e;
}

/* Is a the node b, or below it? What has no children needs no looking. */
static int
is_below(struct threading *th, u32 a, u32 b)
{
	struct thread_node *v = th->t->node;

	if (a == b)
		return TRUE;
	if (v[b].child == 0)
		return FALSE;
	for (; a != b && a != 0; a = v[a].parent)
		if (++th->steps >= THREAD_STEPS_MAX) {
			th->steps = THREAD_STEPS_MAX;
			return TRUE;
		}
	return a == b;
}

static void
link_nodes(struct threading *th, u32 parent, u32 child)
{
	if (is_below(th, parent, child))
		return;
	th->t->node[child].parent = parent;
	th->t->node[parent].child++;
}

/* Step 1.A: links the references with each other; *out_last is the last, 0
   without any. */
static int
chain(struct threading *th, const char *refs, u32 *out_last)
{
	size_t len = strlen(refs), pos, count;
	u32 n;
	int e;

	count = 0;
	for (pos = 0; msgid_next(refs, len, &pos, &th->text); )
		count++;
	*out_last = 0;
	for (pos = 0; msgid_next(refs, len, &pos, &th->text); ) {
		if (count-- > THREAD_REFS_MAX)
			continue;
		e = node_of(th, &th->text, &n);
		if (e != E_OK)
			return e;
		if (*out_last != 0 && th->t->node[n].parent == 0)
			link_nodes(th, *out_last, n);
		*out_last = n;
	}
	return E_OK;
}

/* The first identifier of In-Reply-To is used if References has none. */
static const char *
first_id(struct threading *th, const char *value)
{
	size_t pos = 0;

	if (value == NULL ||
	    !msgid_next(value, strlen(value), &pos, &th->text))
		return "";
	return pool_strndup(th->pool, value, pos + 1);
}

int
thread_refs_add(struct threading *th, u32 i, struct msg *msg)
{
	struct thread_node *node;
	struct envelope *env;
	const char *header, *refs;
	size_t n;
	u32 last;
	int e;

	if (msg == NULL || msgread_envelope(msg, &env) != E_OK ||
	    msgread_header(msg, &header, &n) != E_OK)
		return own_node(th, i, NULL);
	e = own_node(th, i, env->message_id);
	if (e != E_OK)
		return e;
	refs = hdr_get(th->pool, header, n, "References");
	e = chain(th, refs != NULL ? refs : "", &last);
	if (e == E_OK && last == 0)
		e = chain(th, first_id(th, env->in_reply_to), &last);
	if (e != E_OK)
		return e;
	/* Step 1.B. */
	node = &th->t->node[th->msg[i].node];
	if (node->parent != 0) {
		th->t->node[node->parent].child--;
		node->parent = 0;
	}
	if (last != 0)
		link_nodes(th, last, th->msg[i].node);
	return E_OK;
}

/* The next message above node n, else the uppermost node, else 0. The nodes on
   the way are taken out, so that nobody walks it again. */
static u32
top(struct threading *th, u32 n)
{
	struct thread_node *v = th->t->node;
	u32 up, next;

	for (up = v[n].parent; up != 0 && v[up].seq == 0 && v[up].parent != 0; )
		up = v[up].parent;
	for (; v[n].parent != up && v[n].parent != 0; n = next) {
		next = v[n].parent;
		v[n].parent = up;
	}
	return up;
}

/* Steps 2 and 3. */
void
thread_refs_prune(struct threading *th)
{
	struct thread_node *v = th->t->node;
	u32 i, n;

	for (i = 0; i < th->t->n; i++)
		v[i].child = 0;
	for (i = 0; i < th->n; i++) {
		n = th->msg[i].node;
		v[n].parent = top(th, n);
		v[v[n].parent].child++;
	}
	for (i = 0; i < th->n; i++) {
		n = th->msg[i].node;
		if (v[n].parent != 0 && v[v[n].parent].seq == 0 &&
		    v[v[n].parent].child == 1)
			v[n].parent = 0;
	}
}
