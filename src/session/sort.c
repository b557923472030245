/* Messages in the order of their keys, RFC 5256.  SPDX-License-Identifier: ISC

   Each key of each message becomes one number: dates and sizes are some, texts
   are numbered when they are met and get their rank once all are known. So a
   message takes 8 bytes for each key, and a text is kept once. */

#include "base/base.h"

#include "base/intern.h"
#include "base/mem.h"
#include "base/msort.h"
#include "base/pool.h"
#include "base/str.h"
#include "mail/envelope.h"

#include "session/mset.h"
#include "session/msgkey.h"
#include "session/msgread.h"
#include "session/sess.h"
#include "session/sort.h"
#include "session/view.h"

struct sorting {
	struct view	*view;
	const struct sort_key *key;
	size_t		nkeys;
	u64		*number;	/* nkeys of each message */
	struct intern	*texts;
	struct str	text;		/* of the key at hand */
	u32		seq;		/* the message at hand */
	struct msg	*msg;		/* open if a key needed it */
	int		error;		/* it cannot be opened */
};

static struct msg *open_msg(struct sorting *);
static const struct envelope *envelope(struct sorting *);
static u64 by_arrival(struct sorting *);
static u64 by_date(struct sorting *);
static u64 by_size(struct sorting *);
static void by_cc(struct sorting *);
static void by_from(struct sorting *);
static void by_subject(struct sorting *);
static void by_to(struct sorting *);
static u64 ascending(i64);
static int load_text(struct sorting *, void (*)(struct sorting *), u64 *);
static int load(struct sorting *, u64 *);
static int load_all(struct sorting *, const u32 *, size_t);
static void rank_texts(struct sorting *, size_t);
static int compare(const void *, u32, u32);

/*
 * To add a key: a word in enum sort_by, a row here in the same place. Either
 * function: a number that grows with the order, or a text in s->text that is
 * compared as octets.
 */
static const struct {
	u64	(*number)(struct sorting *);
	void	(*text)(struct sorting *);
} rows[] = {
	{ by_arrival, NULL },
	{ NULL, by_cc },
	{ by_date, NULL },
	{ NULL, by_from },
	{ by_size, NULL },
	{ NULL, by_subject },
	{ NULL, by_to }
};

static struct msg *
open_msg(struct sorting *s)
{
	if (s->msg == NULL && s->error == E_OK)
		s->error = msgread_open(s->view, s->seq, &s->msg);
	return s->msg;
}

/* NULL if the message is gone. */
static const struct envelope *
envelope(struct sorting *s)
{
	struct envelope *env;

	if (open_msg(s) == NULL || msgread_envelope(s->msg, &env) != E_OK)
		return NULL;
	return env;
}

/* ---- the keys ----------------------------------------------------------- */

/* A number without a sign in the same order. */
static u64
ascending(i64 t)
{
	return (u64)t ^ (u64)1 << 63;
}

static u64
by_arrival(struct sorting *s)
{
	i64 t;

	return ascending(view_date(s->view, s->seq, &t) == E_OK ? t : 0);
}

static u64
by_date(struct sorting *s)
{
	const struct envelope *env = envelope(s);

	return ascending(msgkey_sent(s->view, s->seq,
	    env != NULL ? env->date : NULL));
}

static u64
by_size(struct sorting *s)
{
	u64 size;

	if (open_msg(s) == NULL || msgread_size(s->msg, &size) != E_OK)
		return 0;
	return size;
}

static void
by_cc(struct sorting *s)
{
	const struct envelope *env = envelope(s);

	msgkey_mailbox(env != NULL ? env->cc : NULL, &s->text);
}

static void
by_from(struct sorting *s)
{
	const struct envelope *env = envelope(s);

	msgkey_mailbox(env != NULL ? env->from : NULL, &s->text);
}

static void
by_subject(struct sorting *s)
{
	const struct envelope *env = envelope(s);

	(void)msgkey_subject(env != NULL ? env->subject : NULL, &s->text);
}

static void
by_to(struct sorting *s)
{
	const struct envelope *env = envelope(s);

	msgkey_mailbox(env != NULL ? env->to : NULL, &s->text);
}

/* ---- sorting ------------------------------------------------------------ */

static int
load_text(struct sorting *s, void (*text)(struct sorting *), u64 *out)
{
	size_t n;
	u32 id;
	int e;

	text(s);
	n = s->text.len < SORT_TEXT_MAX ? s->text.len : SORT_TEXT_MAX;
	e = intern_add(s->texts, str_c(&s->text), n, &id);
	*out = id;
	return e;
}

/* All keys of the message at hand. */
static int
load(struct sorting *s, u64 *out)
{
	enum sort_by by;
	size_t k;
	int e = E_OK;

	s->error = E_OK;
	for (k = 0; k < s->nkeys && e == E_OK; k++) {
		by = s->key[k].by;
		if (rows[by].number != NULL)
			out[k] = rows[by].number(s);
		else
			e = load_text(s, rows[by].text, &out[k]);
	}
	msgread_close(&s->msg);
	return e;
}

static int
load_all(struct sorting *s, const u32 *seq, size_t n)
{
	size_t i;
	int e = E_OK;

	for (i = 0; i < n && e == E_OK; i++) {
		s->seq = seq[i];
		e = load(s, s->number + i * s->nkeys);
		if (e == E_OK && (i + 1) % SESS_PULSE_EVERY == 0)
			e = sess_pulse(view_sess(s->view));
	}
	return e;
}

static void
rank_texts(struct sorting *s, size_t n)
{
	size_t i, k;
	u32 *rank;
	u64 *at;

	rank = mem_array(intern_count(s->texts) + 1, sizeof(*rank));
	intern_rank(s->texts, rank);
	for (k = 0; k < s->nkeys; k++) {
		if (rows[s->key[k].by].text == NULL)
			continue;
		for (i = 0; i < n; i++) {
			at = s->number + i * s->nkeys + k;
			*at = rank[*at];
		}
	}
	mem_free(rank);
}

static int
compare(const void *ctx, u32 a, u32 b)
{
	const struct sorting *s = ctx;
	const u64 *x, *y;
	size_t k;

	x = s->number + (size_t)a * s->nkeys;
	y = s->number + (size_t)b * s->nkeys;
	for (k = 0; k < s->nkeys; k++)
		if (x[k] != y[k])
			return (x[k] < y[k]) != s->key[k].reverse ? -1 : 1;
	return 0;
}

int
sort_run(struct view *view, struct pool *pool, const struct mset *found,
    const struct sort_key *key, size_t nkeys, u32 **out, size_t *out_n)
{
	struct sorting s;
	u32 *seq, *order;
	size_t i, n;
	int e;

	if (nkeys > SORT_KEYS_MAX)
		return E_TOOBIG;
	seq = mset_numbers(found, &n);
	memset(&s, 0, sizeof(s));
	s.view = view;
	s.key = key;
	s.nkeys = nkeys;
	s.number = mem_array(n + 1, nkeys * sizeof(*s.number));
	s.texts = intern_new(n * nkeys, SORT_TEXTS_MAX);
	str_init(&s.text, 0);
	e = load_all(&s, seq, n);
	if (e == E_OK) {
		rank_texts(&s, n);
		order = pool_array(pool, n + 1, sizeof(*order));
		for (i = 0; i < n; i++)
			order[i] = (u32)i;
		msort_u32(order, n, compare, &s);
		for (i = 0; i < n; i++)
			order[i] = seq[order[i]];
		*out = order;
		*out_n = n;
	}
	str_free(&s.text);
	intern_free(&s.texts);
	mem_free(s.number);
	mem_free(seq);
	return e;
}
