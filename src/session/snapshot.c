/* What a client knew of a mailbox in an earlier session.
   SPDX-License-Identifier: ISC */

#include "base/base.h"

#include "base/mem.h"
#include "base/str.h"
#include "maildir/folder.h"

#include "session/sess.h"
#include "session/snapshot.h"
#include "session/view_int.h"

struct snapshot {
	struct view	*view;
	struct str	id;
	struct md_snapshot *old;	/* loaded, not told yet */
	u64		modseq;		/* of the last save; 0: none */
	u32		count;
};

static int	fits(struct snapshot *);
static u32	tell_gone(struct snapshot *);
static void	tell_flags(struct snapshot *);

struct snapshot *
snapshot_new(struct view *v)
{
	struct snapshot *s;

	s = mem_new(sizeof(*s));
	s->view = v;
	str_init(&s->id, 0);
	return s;
}

void
snapshot_free(struct snapshot **pp)
{
	struct snapshot *s = *pp;

	if (s == NULL)
		return;
	folder_snapshot_free(&s->old);
	str_free(&s->id);
	*pp = mem_free(s);
}

const char *
snapshot_id(const struct snapshot *s)
{
	return str_c(&s->id);
}

u32
snapshot_count(const struct snapshot *s)
{
	return (u32)s->old->n;
}

/* What was not known then must have come behind what was: numbers are given
   in the order of UIDs. */
static int
fits(struct snapshot *s)
{
	const struct md_snapshot *old = s->old;
	size_t i;
	u32 seq, uid;

	for (i = 0, seq = 1; (uid = view_uid(s->view, seq)) != 0 &&
	    uid < old->uidnext; seq++) {
		while (i < old->n && old->v[i].uid < uid)
			i++;
		if (i == old->n || old->v[i].uid != uid)
			return FALSE;
	}
	return TRUE;
}

int
snapshot_load(struct snapshot *s, const char *id)
{
	int e;

	e = folder_snapshot_load(s->view->folder, id, &s->old);
	if (e == E_OK && !fits(s)) {
		folder_snapshot_free(&s->old);
		e = E_INVAL;
	}
	if (e == E_OK) {
		str_reset(&s->id);
		str_cats(&s->id, id);
	}
	return e;
}

/* How many are left. */
static u32
tell_gone(struct snapshot *s)
{
	const struct front *front = s->view->sess->front;
	const struct md_snapshot *old = s->old;
	size_t i;
	u32 seq;

	for (i = 0, seq = 1; i < old->n; i++)
		if (view_uid(s->view, seq) == old->v[i].uid)
			seq++;
		else if (front != NULL && front->gone != NULL)
			front->gone(s->view->sess, seq, old->v[i].uid);
	return seq - 1;
}

static void
tell_flags(struct snapshot *s)
{
	const struct front *front = s->view->sess->front;
	const struct md_snapshot *old = s->old;
	struct vflags flags;
	struct rec *rec;
	size_t i;
	u32 seq;

	for (i = 0, seq = 1; i < old->n; i++) {
		rec = view_rec(s->view, seq);
		if (rec == NULL || rec->uid != old->v[i].uid)
			continue;
		if (((rec->flags & ~MSG_PASSED) != old->v[i].flags ||
		    rec->kwset != old->v[i].kwset) && front != NULL &&
		    front->flags != NULL &&
		    view_flags(s->view, seq, &flags) == E_OK)
			front->flags(s->view->sess, seq, rec->uid, &flags);
		seq++;
	}
}

void
snapshot_tell(struct snapshot *s)
{
	const struct front *front = s->view->sess->front;
	u32 left, now;

	left = tell_gone(s);
	now = view_count(s->view);
	if ((left != s->old->n || left != now) && front != NULL &&
	    front->exists != NULL)
		front->exists(s->view->sess, now, view_recent(s->view));
	tell_flags(s);
	folder_snapshot_free(&s->old);
}

int
snapshot_save(struct snapshot *s)
{
	struct folder *f = s->view->folder;
	struct str name;
	int e;

	if (s->modseq == folder_highestmodseq(f) && s->count == s->view->count)
		return E_EXIST;
	if (s->view->count != folder_count(f))
		return E_BUSY;
	str_init(&name, 0);
	e = folder_snapshot_save(f, s->id.len > 0 ? str_c(&s->id) : NULL,
	    s->modseq != 0, &name);
	if (e == E_OK || e == E_EXIST) {
		s->modseq = folder_highestmodseq(f);
		s->count = s->view->count;
	}
	if (e == E_OK) {
		str_reset(&s->id);
		str_catstr(&s->id, &name);
	}
	str_free(&name);
	return e;
}
