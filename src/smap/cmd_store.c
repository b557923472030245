/* STORE and EXPUNGE.  SPDX-License-Identifier: ISC */

#include "base/base.h"

#include "base/ascii.h"
#include "base/io.h"

#include "mail/date822.h"

#include "session/mset.h"
#include "session/rights.h"
#include "session/sess.h"
#include "session/view.h"

#include "smap/cmd.h"
#include "smap/smap.h"

struct store {
	struct smap	*sm;
	const struct mset *set;
	struct view_store op;
	i64		date;
};

typedef int store_fn(struct store *, const char *);

static store_fn store_date, store_flags, store_keywords;
static int one_item(struct store *, const char *);
static int put_keywords(struct store *, u32);
static int put_system(struct store *, u32);
static int run(struct store *, int (*)(struct store *, u32));
static int set_date(struct store *, u32);

/* To add an item: a function and a row. */
static const struct {
	const char	*name;
	store_fn	*run;
} items[] = {
	{ "FLAGS", store_flags },
	{ "KEYWORDS", store_keywords },
	{ "INTERNALDATE", store_date }
};

/* ---- items -------------------------------------------------------------- */

/* For each message of the set; those that are gone are passed over. */
static int
run(struct store *st, int (*fn)(struct store *, u32))
{
	struct view *v = st->sm->sess->view;
	struct mset_iter it;
	u32 seq;
	int e, e2;

	e = view_store_begin(v, &st->op);
	mset_begin(&it, st->set, v, FALSE);
	while (e == E_OK && mset_next(&it, &seq)) {
		e = fn(st, seq);
		if (e == E_EXPUNGED)
			e = E_OK;
	}
	e2 = view_store_end(v);
	return e != E_OK ? e : e2;
}

/* FLAGS= leaves the keywords as they are: it adds and takes away. */
static int
put_system(struct store *st, u32 seq)
{
	struct view *v = st->sm->sess->view;
	struct view_store op = st->op;
	struct vflags flags;
	int e, changed;

	e = E_OK;
	if (op.op != VIEW_DEL) {
		op.op = VIEW_ADD;
		e = view_store(v, seq, &op, &changed);
	}
	if (e == E_OK && st->op.op != VIEW_ADD) {
		op.op = VIEW_DEL;
		if (st->op.op == VIEW_SET)
			op.sys = VF_STORED & ~op.sys;
		e = view_store(v, seq, &op, &changed);
	}
	if (e == E_OK)
		e = view_flags(v, seq, &flags);
	if (e != E_OK)
		return e;
	smap_put_fetch(st->sm, seq);
	smap_put_flags(st->sm, &flags);
	io_putc(st->sm->io, '\n');
	view_told(v, seq);
	return E_OK;
}

static int
put_keywords(struct store *st, u32 seq)
{
	struct view *v = st->sm->sess->view;
	struct view_store op = st->op;
	struct vflags flags;
	int e, changed;

	e = view_flags(v, seq, &flags);
	if (op.op == VIEW_SET)
		op.sys = flags.sys & VF_STORED;
	if (e == E_OK)
		e = view_store(v, seq, &op, &changed);
	if (e == E_OK)
		e = view_flags(v, seq, &flags);
	if (e != E_OK)
		return e;
	smap_put_fetch(st->sm, seq);
	smap_put_keywords(st->sm, &flags);
	io_putc(st->sm->io, '\n');
	view_told(v, seq);
	return E_OK;
}

static int
set_date(struct store *st, u32 seq)
{
	return view_set_date(st->sm->sess->view, seq, st->date);
}

static int
store_flags(struct store *st, const char *value)
{
	st->op.sys = smap_flags(value);
	return run(st, put_system);
}

static int
store_keywords(struct store *st, const char *value)
{
	int e;

	e = smap_keywords(st->sm, st->sm->pool, value, &st->op.kw,
	    &st->op.nkw);
	return e == E_OK ? run(st, put_keywords) : e;
}

static int
store_date(struct store *st, const char *value)
{
	struct date822 d;

	if (st->op.op != VIEW_SET ||
	    date822_parse(value, strlen(value), &d) != E_OK)
		return E_INVAL;
	st->date = date822_epoch(&d);
	return run(st, set_date);
}

/* item = ["+" / "-"] ("FLAGS" / "KEYWORDS") "=" list /
          "INTERNALDATE=" date; others are passed over */
static int
one_item(struct store *st, const char *word)
{
	const char *value;
	size_t i;

	memset(&st->op, 0, sizeof(st->op));
	st->op.op = *word == '+' ? VIEW_ADD : *word == '-' ? VIEW_DEL :
	    VIEW_SET;
	if (st->op.op != VIEW_SET)
		word++;
	for (i = 0; i < NITEMS(items); i++)
		if ((value = smapline_value(word, items[i].name)) != NULL)
			return items[i].run(st, value);
	return E_OK;
}

/* store = "STORE" WSP set *(WSP item) */
void
smap_cmd_store(struct smap *sm)
{
	struct store st;
	struct mset *set;
	const char *word;
	int e;

	if (smap_set(sm, &set) != E_OK) {
		smap_syntax(sm);
		return;
	}
	memset(&st, 0, sizeof(st));
	st.sm = sm;
	st.set = set;
	for (e = E_OK; e == E_OK &&
	    (word = smapline_next(&sm->line)) != NULL; )
		e = one_item(&st, word);
	if (e == E_OK)
		smap_ok(sm, "Folder status updated");
	else
		smap_error(sm, "Cannot update folder status: ", e);
}

/* ---- EXPUNGE ------------------------------------------------------------ */

/* expunge = "EXPUNGE" [WSP set]; a set goes whatever its flags are */
void
smap_cmd_expunge(struct smap *sm)
{
	struct view *v = sm->sess->view;
	struct mset *set;
	int e;

	if (smapline_peek(&sm->line) == NULL) {
		e = view_expunge(v, NULL);
	} else {
		if (smap_set(sm, &set) != E_OK ||
		    smapline_peek(&sm->line) != NULL) {
			smap_syntax(sm);
			return;
		}
		e = view_expunge_these(v, set);
	}
	if (e == E_OK)
		smap_ok(sm, "Folder updated");
	else if (e == E_PERM)
		smap_denied(sm, (view_rights(v) & RIGHT_E) == 0 ? "e" : "t");
	else
		smap_error(sm, "Cannot expunge: ", e);
}
