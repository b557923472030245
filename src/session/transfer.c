/* COPY and MOVE.  SPDX-License-Identifier: ISC */

#include "base/base.h"

#include "base/pool.h"
#include "base/str.h"
#include "conf/conf.h"
#include "maildir/folder.h"

#include "session/mset.h"
#include "session/ns.h"
#include "session/outbox.h"
#include "session/rights.h"
#include "session/sess.h"
#include "session/transfer.h"
#include "session/view_int.h"

#define PULSE_EVERY	64
#define BATCH		1024	/* files in tmp/ before they are added */

/* A transfer under way. */
struct transfer {
	struct view	*view;
	struct folder	*to;
	int		borrowed;	/* the target is selected */
	int		send;		/* it is the outbox */
	int		names;		/* are reported */
	size_t		names_n, names_size;
	u32		rights;		/* there */
	struct pool	*pool;
	struct transfer_report *report;
	struct upload	*ups[BATCH];
	u32		uids[BATCH];	/* here */
	u32		added[BATCH];	/* there */
	size_t		n;
};

static int	open_target(struct transfer *, struct pool *, const char *);
static int	copy_one(struct transfer *, u32);
static int	copy_set(struct transfer *, const struct mset *, int);
static int	add_batch(struct transfer *);
static void	note_name(struct transfer *, u32);
static void	take_back(struct transfer *);
static int	remove_sources(struct transfer *);
static int	may_send(struct transfer *, const struct mset *, int);

static int
open_target(struct transfer *t, struct pool *pool, const char *name)
{
	struct ns_place place;
	struct sess *sess;
	int e;

	sess = t->view->sess;
	e = ns_find(sess, pool, name, &place);
	if (e == E_OK)
		e = rights_get(sess, name, &t->rights);
	if (e == E_OK)
		e = rights_check(t->rights, RIGHT_I);
	if (e != E_OK)
		return e;
	if (strcmp(t->view->name, name) == 0) {
		if (t->view->readonly)
			return E_PERM;
		t->to = t->view->folder;
		t->borrowed = TRUE;
		return E_OK;
	}
	return folder_open(place.tree->md, place.dir, FOLDER_ADD, &t->to);
}

static int
copy_one(struct transfer *t, u32 seq)
{
	struct upload *up;
	struct rec *rec;
	time_t date;
	u32 sys;
	int e;

	rec = view_rec(t->view, seq);
	if (rec->state & REC_GONE)
		return E_OK;
	e = upload_copy(t->to, t->view->folder, seq - 1, &up);
	if (e == E_EXPUNGED)
		return E_OK;
	if (e != E_OK)
		return e;
	if ((t->rights & RIGHT_W) == 0)
		upload_no_keywords(up);
	sys = view_rec_sys(rec) & VF_STORED;
	if ((sys & ~view_allowed_flags(t->rights)) != 0 &&
	    folder_date(t->view->folder, seq - 1, &date) == E_OK)
		upload_set(up, view_to_msg_flags(sys &
		    view_allowed_flags(t->rights)), &date);
	e = t->send ? outbox_send(t->view->sess, t->to, up, NULL) : E_OK;
	if (e != E_OK) {
		upload_abort(&up);
		return e;
	}
	t->uids[t->n] = view_uid(t->view, seq);
	t->ups[t->n++] = up;
	return t->n == BATCH ? add_batch(t) : E_OK;
}

static int
copy_set(struct transfer *t, const struct mset *set, int by_uid)
{
	struct mset_iter it;
	u32 seq;
	int e;

	mset_begin(&it, set, t->view, by_uid);
	while (mset_next(&it, &seq)) {
		e = copy_one(t, seq);
		if (e == E_OK && it.seq % PULSE_EVERY == 0)
			e = sess_pulse(t->view->sess);
		if (e != E_OK)
			return e;
	}
	return E_OK;
}

static void
note_name(struct transfer *t, u32 uid)
{
	const char **v;
	struct str name;

	if (t->names_n == t->names_size) {
		t->names_size = t->names_size * 2 + 8;
		v = pool_array(t->pool, t->names_size, sizeof(*v));
		if (t->names_n > 0)
			memcpy(v, t->report->names, t->names_n * sizeof(*v));
		t->report->names = v;
	}
	str_init(&name, 0);
	folder_identity(t->to, folder_find(t->to, uid), &name);
	t->report->names[t->names_n++] = pool_strdup(t->pool, str_c(&name));
	str_free(&name);
}

static int
add_batch(struct transfer *t)
{
	size_t i, n, at;
	int e;

	n = t->n;
	if (n == 0)
		return E_OK;
	t->n = 0;		/* folder_add frees them in any case */
	e = folder_add(t->to, t->ups, n, t->added);
	if (e != E_OK)
		return e;
	t->report->uidvalidity = folder_uidvalidity(t->to);
	for (i = 0; i < n; i++) {
		at = folder_find(t->view->folder, t->uids[i]);
		folder_rec(t->view->folder, at)->state |= REC_COPIED;
		mset_add(t->report->from, t->uids[i]);
		mset_add(t->report->to, t->added[i]);
		if (t->names)
			note_name(t, t->added[i]);
	}
	return E_OK;
}

/* All or none: removes the batches that were added before the failure. */
static void
take_back(struct transfer *t)
{
	const struct mset *to;
	size_t i, at;
	u32 uid;

	to = t->report->to;
	for (i = 0; i < to->n; i++) {
		for (uid = to->r[i].lo; uid <= to->r[i].hi; uid++) {
			at = folder_find(t->to, uid);
			if (at < folder_count(t->to) &&
			    folder_rec(t->to, at)->uid == uid)
				(void)folder_expunge(t->to, at);
		}
	}
	t->report->from = mset_new(t->pool);
	t->report->to = mset_new(t->pool);
}

/* What could not be removed stays here as well: nothing is lost. */
static int
remove_sources(struct transfer *t)
{
	const struct mset *from;
	size_t i;
	u32 uid;
	int e, first;

	first = E_OK;
	from = t->report->from;
	for (i = 0; i < from->n; i++) {
		for (uid = from->r[i].lo; ; uid++) {
			e = view_remove(t->view, uid);
			if (e != E_OK && first == E_OK)
				first = e;
			if (uid == from->r[i].hi)
				break;
		}
	}
	folder_flush(t->view->folder);
	return first;
}

/* E_TOOBIG: more than one message for the outbox (maildir.md 9.3). */
static int
may_send(struct transfer *t, const struct mset *set, int by_uid)
{
	const struct conf *conf = t->view->sess->conf;
	struct mset_iter it;
	u32 seq;
	int n;

	if (conf->outbox_multiple_send)
		return E_OK;
	mset_begin(&it, set, t->view, by_uid);
	for (n = 0; n < 2 && mset_next(&it, &seq); )
		n++;
	return n > 1 ? E_TOOBIG : E_OK;
}

int
transfer_run(struct view *view, struct pool *pool, const struct mset *set,
    int by_uid, const char *target, int how, struct transfer_report *out)
{
	struct transfer t;
	int e;

	memset(&t, 0, sizeof(t));
	out->from = mset_new(pool);
	out->to = mset_new(pool);
	out->uidvalidity = 0;
	out->names = NULL;
	view_learn_rights(view);
	if ((how & TRANSFER_MOVE) != 0 && (view->readonly ||
	    (view->rights & (RIGHT_T | RIGHT_E)) != (RIGHT_T | RIGHT_E)))
		return E_PERM;
	t.view = view;
	t.pool = pool;
	t.report = out;
	t.names = (how & TRANSFER_NAMES) != 0;
	t.send = outbox_is(view->sess, target);
	e = open_target(&t, pool, target);
	if (e == E_OK && t.send)
		e = may_send(&t, set, by_uid);
	if (e == E_OK)
		e = copy_set(&t, set, by_uid);
	if (e == E_OK)
		e = add_batch(&t);
	while (t.n > 0)
		upload_abort(&t.ups[--t.n]);
	if (e != E_OK && out->to->n > 0)
		take_back(&t);
	if (e == E_OK && (how & TRANSFER_MOVE) != 0)
		e = remove_sources(&t);
	if ((t.rights & RIGHT_R) == 0)	/* not to be told: RFC 4315 3 */
		out->to = mset_new(pool);
	if (!t.borrowed)
		folder_close(&t.to);
	return e;
}
