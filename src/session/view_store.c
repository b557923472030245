/* Changing and removing messages of the selected mailbox.
   SPDX-License-Identifier: ISC */

#include "base/base.h"

#include "base/ascii.h"
#include "base/mem.h"
#include "maildir/folder.h"

#include "session/change.h"
#include "session/mset.h"
#include "session/rights.h"
#include "session/sess.h"
#include "session/trash.h"
#include "session/view_int.h"

static int	store_some(struct view *, u32, const struct view_store *, u32);
static int	expunge(struct view *, const struct mset *, int, int);
static int	knows(const struct view *, const char *);

/* imap-wire.md 6.1: s for \Seen, t for \Deleted, w for the others. */
u32
view_allowed_flags(u32 rights)
{
	u32 sys;

	sys = (rights & RIGHT_S) ? VF_SEEN : 0;
	sys |= (rights & RIGHT_T) ? VF_DELETED : 0;
	sys |= (rights & RIGHT_W) ? VF_DRAFT | VF_FLAGGED | VF_ANSWERED : 0;
	return sys;
}

int
view_to_msg_flags(u32 sys)
{
	int flags;

	flags = (sys & VF_DRAFT) ? MSG_DRAFT : 0;
	flags |= (sys & VF_FLAGGED) ? MSG_FLAGGED : 0;
	flags |= (sys & VF_ANSWERED) ? MSG_ANSWERED : 0;
	flags |= (sys & VF_SEEN) ? MSG_SEEN : 0;
	flags |= (sys & VF_DELETED) ? MSG_DELETED : 0;
	return flags;
}

static int
knows(const struct view *v, const char *name)
{
	size_t i;

	for (i = 0; i < v->kw.n; i++)
		if (ascii_casecmp(v->kw.v[i], name) == 0)
			return TRUE;
	return FALSE;
}

int
view_store_begin(struct view *v, const struct view_store *st)
{
	const struct front *front;
	size_t i;
	int grown;

	if (v->readonly)
		return E_PERM;
	view_learn_rights(v);
	for (i = 0; i < st->nkw; i++)
		if (!folder_keyword_ok(st->kw[i]))
			return E_INVAL;
	if (st->op == VIEW_DEL || (v->rights & RIGHT_W) == 0 ||
	    !view_keywords_allowed(v))
		return E_OK;
	grown = FALSE;
	for (i = 0; i < st->nkw; i++) {
		if (knows(v, st->kw[i]))
			continue;
		vec_push(&v->kw, mem_strdup(st->kw[i]));
		grown = TRUE;
	}
	front = v->sess->front;
	if (grown && front != NULL && front->keywords != NULL)
		front->keywords(v->sess, TRUE);
	return E_OK;
}

int
view_store_end(struct view *v)
{
	folder_flush(v->folder);
	change_shrunk(v);
	return E_OK;
}

/* Without w keywords stay as they are; without s or t so do those flags. */
static int
store_some(struct view *v, u32 seq, const struct view_store *st, u32 may)
{
	static const int how[] = { STORE_SET, STORE_ADD, STORE_DEL };
	struct rec *rec;
	u32 sys;
	int e;

	rec = view_rec(v, seq);
	sys = st->sys & may;
	if (v->rights & RIGHT_W) {
		if (st->op == VIEW_SET)
			sys |= view_rec_sys(rec) & VF_STORED & ~may;
		return folder_store(v->folder, seq - 1, how[st->op],
		    view_to_msg_flags(sys), st->kw, st->nkw);
	}
	if (st->op != VIEW_SET)
		return folder_store(v->folder, seq - 1, how[st->op],
		    view_to_msg_flags(sys), NULL, 0);
	e = folder_store(v->folder, seq - 1, STORE_ADD, view_to_msg_flags(sys),
	    NULL, 0);
	if (e != E_OK)
		return e;
	return folder_store(v->folder, seq - 1, STORE_DEL,
	    view_to_msg_flags(~sys & may), NULL, 0);
}

int
view_store(struct view *v, u32 seq, const struct view_store *st,
    int *out_changed)
{
	struct rec *rec;
	u64 modseq;
	int e;

	*out_changed = FALSE;
	rec = view_rec(v, seq);
	if (rec == NULL)
		return E_INVAL;
	if (v->readonly)
		return E_PERM;
	if (rec->state & REC_GONE)
		return E_EXPUNGED;
	modseq = rec->modseq;
	e = store_some(v, seq, st, view_allowed_flags(v->rights));
	*out_changed = view_rec(v, seq)->modseq != modseq;
	return e;
}

/* Those of a set (NULL: all), by_uid or by number, that have `flags`. */
static int
expunge(struct view *v, const struct mset *set, int by_uid, int flags)
{
	struct mset_iter it;
	struct rec *rec;
	u32 seq;
	int e, first;

	view_learn_rights(v);
	if (v->readonly || (v->rights & RIGHT_E) == 0)
		return E_PERM;
	/* Another session may have taken \Deleted away meanwhile. */
	first = folder_refresh(v->folder);
	if (first != E_OK)
		return first;
	if (set != NULL)
		mset_begin(&it, set, v, by_uid);
	seq = 0;
	while (set != NULL ? mset_next(&it, &seq) : ++seq <= v->count) {
		rec = view_rec(v, seq);
		if ((rec->flags & flags) != flags ||
		    (rec->state & REC_GONE) != 0)
			continue;
		e = trash_remove(v, seq);
		if (e != E_OK && first == E_OK)
			first = e;
	}
	folder_flush(v->folder);
	return first;
}

int
view_expunge(struct view *v, const struct mset *uids)
{
	return expunge(v, uids, TRUE, MSG_DELETED);
}

int
view_expunge_these(struct view *v, const struct mset *set)
{
	if ((v->rights & RIGHT_T) == 0)
		return E_PERM;
	return expunge(v, set, FALSE, 0);
}

int
view_set_date(struct view *v, u32 seq, i64 date)
{
	time_t t = (time_t)date;

	if (view_rec(v, seq) == NULL || (i64)t != date)
		return E_INVAL;
	if (v->readonly || (v->rights & RIGHT_W) == 0)
		return E_PERM;
	return folder_set_date(v->folder, seq - 1, t);
}

int
view_remove(struct view *v, u32 uid)
{
	u32 seq;

	if (v->readonly)
		return E_PERM;
	seq = view_seq(v, uid);
	if (seq == 0)
		return E_EXPUNGED;
	return folder_expunge(v->folder, seq - 1);
}
