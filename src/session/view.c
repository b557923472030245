/* The selected mailbox as the client knows it.  SPDX-License-Identifier: ISC */

#include "base/base.h"

#include "base/mem.h"
#include "base/pool.h"
#include "maildir/folder.h"

#include "session/change.h"
#include "session/msgread_int.h"
#include "session/ns.h"
#include "session/rights.h"
#include "session/sess.h"
#include "session/view_int.h"

static u32	count_recent(struct view *);
static void	count_deleted(struct view *, struct view_status *);
static u32	count_unseen(struct view *);
static void	status_of_view(struct view *, struct view_status *);
static int	list_changed(struct view *);

/*
 * The folder keeps its records in the order of UIDs, what is gone included,
 * until folder_settle; arrivals stand behind. So the first `count` records are
 * exactly the messages that the client knows, and a number is a position.
 */

int
view_open(struct sess *sess, const char *name, int readonly)
{
	struct md_acl_mark mark;
	struct folder *folder;
	struct ns_place place;
	struct pool *pool;
	struct view *v;
	u32 rights;
	int e, listed;

	view_close(sess);
	memset(&mark, 0, sizeof(mark));
	pool = pool_new();
	folder = NULL;
	e = ns_find(sess, pool, name, &place);
	listed = e == E_OK &&
	    maildir_acl_mark(place.tree->md, place.dir, &mark);
	if (e == E_OK)
		e = rights_get(sess, name, &rights);
	if (e == E_OK)
		e = rights_check(rights, RIGHT_R);
	if (e == E_OK)
		e = folder_open(place.tree->md, place.dir,
		    readonly ? FOLDER_RO : FOLDER_RW, &folder);
	/* Without rights to change anything UIDs are given all the same. */
	if (e == E_OK && (rights & (RIGHT_I | RIGHT_E | RIGHT_S | RIGHT_W |
	    RIGHT_T)) == 0)
		readonly = TRUE;
	pool_free(&pool);
	if (e != E_OK)
		return e;
	v = mem_new(sizeof(*v));
	v->sess = sess;
	v->folder = folder;
	v->tree = place.tree;
	v->name = mem_strdup(name);
	v->readonly = readonly;
	v->rights = rights;
	v->md = place.tree->md;
	v->listed = listed;
	v->mark = mark;
	vec_init(&v->kw);
	sess->view = v;
	folder_settle(folder);
	view_settle(v);
	change_learn(v);
	return E_OK;
}

void
view_close(struct sess *sess)
{
	struct view *v;

	v = sess->view;
	if (v == NULL)
		return;
	sess->view = NULL;
	msgread_forget(&v->last);
	watch_free(&v->watch);
	folder_close(&v->folder);
	vec_free_all(&v->kw);
	mem_free(v->names);
	mem_free(v->name);
	mem_free(v);
}

const char *
view_name(const struct view *v)
{
	return v->name;
}

int
view_readonly(const struct view *v)
{
	return v->readonly;
}

u32
view_rights(const struct view *v)
{
	return v->rights;
}

u32
view_uidvalidity(const struct view *v)
{
	return folder_uidvalidity(v->folder);
}

/* Messages that were not told are still to come. */
u32
view_uidnext(const struct view *v)
{
	if (folder_count(v->folder) > v->count)
		return folder_rec(v->folder, v->count)->uid;
	return folder_uidnext(v->folder);
}

u64
view_highest_modseq(const struct view *v)
{
	return folder_highestmodseq(v->folder);
}

u32
view_count(const struct view *v)
{
	return v->count;
}

u32
view_recent(const struct view *v)
{
	return v->recent;
}

u32
view_first_unseen(const struct view *v)
{
	u32 i;

	for (i = 0; i < v->count; i++)
		if ((folder_rec(v->folder, i)->flags & MSG_SEEN) == 0)
			return i + 1;
	return 0;
}

struct rec *
view_rec(struct view *v, u32 seq)
{
	if (seq == 0 || seq > v->count)
		return NULL;
	return folder_rec(v->folder, seq - 1);
}

u32
view_uid(const struct view *v, u32 seq)
{
	if (seq == 0 || seq > v->count)
		return 0;
	return folder_rec(v->folder, seq - 1)->uid;
}

u32
view_seq_from(const struct view *v, u32 uid)
{
	size_t i;

	i = folder_find(v->folder, uid);
	return i < v->count ? (u32)i + 1 : v->count + 1;
}

u32
view_seq(const struct view *v, u32 uid)
{
	u32 seq;

	seq = view_seq_from(v, uid);
	return view_uid(v, seq) == uid && uid != 0 ? seq : 0;
}

u32
view_last_uid(const struct view *v)
{
	return view_uid(v, v->count);
}

u32
view_rec_sys(const struct rec *rec)
{
	u32 sys;

	sys = (rec->flags & MSG_DRAFT) ? VF_DRAFT : 0;
	sys |= (rec->flags & MSG_FLAGGED) ? VF_FLAGGED : 0;
	sys |= (rec->flags & MSG_ANSWERED) ? VF_ANSWERED : 0;
	sys |= (rec->flags & MSG_SEEN) ? VF_SEEN : 0;
	sys |= (rec->flags & MSG_DELETED) ? VF_DELETED : 0;
	sys |= (rec->state & REC_RECENT) ? VF_RECENT : 0;
	return sys;
}

int
view_flags(struct view *v, u32 seq, struct vflags *out)
{
	const u32 *set;
	struct rec *rec;
	size_t i, n;

	memset(out, 0, sizeof(*out));
	rec = view_rec(v, seq);
	if (rec == NULL)
		return E_INVAL;
	out->sys = view_rec_sys(rec);
	out->modseq = rec->modseq;
	if (rec->state & REC_GONE)
		return E_EXPUNGED;
	set = folder_kwset(v->folder, rec->kwset, &n);
	if (n > v->names_size) {
		v->names = mem_grow(v->names, n, sizeof(*v->names));
		v->names_size = n;
	}
	for (i = 0; i < n; i++)
		v->names[i] = folder_keyword(v->folder, set[i]);
	out->nkw = n;
	out->kw = v->names;
	return E_OK;
}

int
view_date(struct view *v, u32 seq, i64 *out)
{
	time_t t;
	int e;

	if (view_rec(v, seq) == NULL)
		return E_INVAL;
	e = folder_date(v->folder, seq - 1, &t);
	if (e == E_OK)
		*out = (i64)t;
	return e;
}

void
view_identity(const struct view *v, u32 seq, struct str *out)
{
	if (seq > 0 && seq <= v->count)
		folder_identity(v->folder, seq - 1, out);
}

void
view_told(struct view *v, u32 seq)
{
	struct rec *rec;

	rec = view_rec(v, seq);
	if (rec != NULL)
		rec->state &= (u8)~(unsigned int)REC_CHANGED;
}

size_t
view_keywords(const struct view *v, const char *const **out)
{
	*out = (const char *const *)(void *const *)v->kw.v;
	return v->kw.n;
}

int
view_keywords_allowed(const struct view *v)
{
	return v->sess->keywords != KW_OFF;
}

static u32
count_recent(struct view *v)
{
	u32 i, n;

	n = 0;
	for (i = 0; i < v->count; i++)
		if (folder_rec(v->folder, i)->state & REC_RECENT)
			n++;
	return n;
}

static u32
count_unseen(struct view *v)
{
	u32 i, n;

	n = 0;
	for (i = 0; i < v->count; i++)
		if ((folder_rec(v->folder, i)->flags & MSG_SEEN) == 0)
			n++;
	return n;
}

void
view_settle(struct view *v)
{
	struct rec *rec;
	u32 *changed;
	size_t i, n, nchanged;

	changed = NULL;
	nchanged = 0;
	n = folder_count(v->folder);
	for (i = 0; i < n && i < v->count; i++) {
		rec = folder_rec(v->folder, i);
		if ((rec->state & (REC_CHANGED | REC_GONE)) != REC_CHANGED)
			continue;
		if ((nchanged & (nchanged - 1)) == 0)
			changed = mem_grow(changed, nchanged * 2 + 1,
			    sizeof(*changed));
		changed[nchanged++] = rec->uid;
	}
	folder_settle(v->folder);
	for (i = 0; i < nchanged; i++)
		folder_rec(v->folder, folder_find(v->folder,
		    changed[i]))->state |= REC_CHANGED;
	mem_free(changed);
	v->count = (u32)folder_count(v->folder);
	v->recent = count_recent(v);
}

/* FALSE: the list is still the one that the rights come from. An INBOX
   without one has the default. */
static int
list_changed(struct view *v)
{
	struct md_acl_mark mark;
	int listed, same;

	listed = maildir_acl_mark(v->md, folder_name(v->folder), &mark);
	same = listed == v->listed && (listed ?
	    md_acl_mark_same(&v->mark, &mark) :
	    *folder_name(v->folder) == '\0');
	v->listed = listed;
	v->mark = mark;
	return !same;
}

void
view_learn_rights(struct view *v)
{
	const struct front *front;
	u32 now, before;

	if (!list_changed(v))
		return;
	if (rights_get(v->sess, v->name, &now) != E_OK || now == v->rights)
		return;
	before = v->rights;
	v->rights = now;
	front = v->sess->front;
	if (front != NULL && front->rights != NULL)
		front->rights(v->sess, before);
}

int
view_sync(struct view *v, int poll, int may_renumber)
{
	int e;

	e = E_OK;
	if (poll)
		view_learn_rights(v);
	if ((v->rights & RIGHT_R) == 0)
		return E_OK;
	if (poll)
		e = folder_refresh(v->folder);
	if (e != E_INVAL)
		change_tell(v, may_renumber);
	return e;
}

int
view_watch_fd(struct view *v)
{
	if (v->watch == NULL)
		v->watch = watch_new(v->folder);
	return watch_fd(v->watch);
}

int
view_changed(struct view *v)
{
	if (v->watch == NULL)
		return TRUE;
	return watch_changed(v->watch);
}

struct folder *
view_folder(struct view *v)
{
	return v->folder;
}

struct sess *
view_sess(struct view *v)
{
	return v->sess;
}

struct msg **
view_last_msg(struct view *v)
{
	return &v->last;
}

static void
count_deleted(struct view *v, struct view_status *out)
{
	size_t i;

	out->deleted = 0;
	out->deleted_bytes = 0;
	for (i = 0; i < v->count; i++) {
		if ((folder_rec(v->folder, i)->flags & MSG_DELETED) == 0)
			continue;
		out->deleted++;
		out->deleted_bytes += folder_size(v->folder, i);
	}
}

static void
status_of_view(struct view *v, struct view_status *out)
{
	out->messages = v->count;
	out->recent = v->recent;
	out->unseen = count_unseen(v);
	out->uidnext = view_uidnext(v);
	out->uidvalidity = view_uidvalidity(v);
	out->highest_modseq = view_highest_modseq(v);
	count_deleted(v, out);
}

int
view_status(struct sess *sess, const char *name, struct view_status *out)
{
	struct md_status st;
	struct ns_place place;
	struct pool *pool;
	int e;

	e = ns_check(name);
	if (e != E_OK)
		return e;
	if (sess->view != NULL && strcmp(name, sess->view->name) == 0) {
		view_learn_rights(sess->view);
		e = rights_check(sess->view->rights, RIGHT_R);
		if (e == E_OK)
			status_of_view(sess->view, out);
		return e;
	}
	pool = pool_new();
	e = ns_find(sess, pool, name, &place);
	if (e == E_OK)
		e = rights_need(sess, name, RIGHT_R);
	if (e == E_OK)
		e = maildir_status(place.tree->md, place.dir, &st);
	pool_free(&pool);
	if (e != E_OK)
		return e;
	out->messages = st.messages;
	out->recent = st.recent;
	out->unseen = st.unseen;
	out->uidnext = st.uidnext;
	out->uidvalidity = st.uidvalidity;
	out->highest_modseq = st.highestmodseq;
	out->deleted = st.deleted;
	out->deleted_bytes = st.deleted_bytes;
	return E_OK;
}
