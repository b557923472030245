/* Telling the front end what happened in a folder.
   SPDX-License-Identifier: ISC */

#include "base/base.h"

#include "base/ascii.h"
#include "base/mem.h"
#include "maildir/folder.h"

#include "session/change.h"
#include "session/sess.h"
#include "session/view_int.h"

static size_t	tell_gone(struct view *);
static void	tell_flags(struct view *);
static void	used_keywords(struct view *, struct vec *);
static int	has_name(const struct vec *, const char *);

/* Expunges in the old numbering with running correction. */
static size_t
tell_gone(struct view *v)
{
	const struct front *front;
	struct rec *rec;
	size_t i, n, told;

	front = v->sess->front;
	n = folder_count(v->folder);
	told = 0;
	for (i = 0; i < n && i < v->count; i++) {
		rec = folder_rec(v->folder, i);
		if ((rec->state & REC_GONE) == 0)
			continue;
		if (front != NULL && front->gone != NULL)
			front->gone(v->sess, (u32)(i + 1 - told), rec->uid);
		told++;
	}
	return told;
}

/* Flags of messages that are known. Their REC_CHANGED is cleared one by one:
   arrivals and departures may still have to wait. */
static void
tell_flags(struct view *v)
{
	const struct front *front;
	struct vflags vf;
	struct rec *rec;
	u32 seq;

	front = v->sess->front;
	for (seq = 1; seq <= v->count; seq++) {
		rec = view_rec(v, seq);
		if ((rec->state & REC_CHANGED) == 0 ||
		    (rec->state & REC_GONE) != 0)
			continue;
		view_told(v, seq);
		if (front != NULL && front->flags != NULL &&
		    view_flags(v, seq, &vf) == E_OK)
			front->flags(v->sess, seq, rec->uid, &vf);
	}
}

static int
has_name(const struct vec *names, const char *name)
{
	size_t i;

	for (i = 0; i < names->n; i++)
		if (ascii_casecmp(names->v[i], name) == 0)
			return TRUE;
	return FALSE;
}

/* Pointers to the folder's names of all keywords that a message bears. */
static void
used_keywords(struct view *v, struct vec *out)
{
	const u32 *set;
	struct rec *rec;
	char *used;
	size_t i, j, n, nkw;
	u32 last;

	nkw = folder_keywords(v->folder);
	if (nkw == 0)
		return;
	used = mem_new(nkw);
	last = 0;
	for (i = 0; i < folder_count(v->folder); i++) {
		rec = folder_rec(v->folder, i);
		if (rec->kwset == last || (rec->state & REC_GONE) != 0)
			continue;
		last = rec->kwset;
		set = folder_kwset(v->folder, last, &n);
		for (j = 0; j < n; j++)
			if (set[j] < nkw)
				used[set[j]] = 1;
	}
	for (i = 0; i < nkw; i++)
		if (used[i])
			vec_push(out, mem_strdup(folder_keyword(v->folder,
			    i)));
	mem_free(used);
}

void
change_learn(struct view *v)
{
	used_keywords(v, &v->kw);
	v->kw_modseq = folder_highestmodseq(v->folder);
}

void
change_grown(struct view *v)
{
	const struct front *front;
	struct vec used;
	size_t i;
	int grown;

	vec_init(&used);
	used_keywords(v, &used);
	grown = FALSE;
	for (i = 0; i < used.n; i++) {
		if (has_name(&v->kw, used.v[i]))
			continue;
		vec_push(&v->kw, mem_strdup(used.v[i]));
		grown = TRUE;
	}
	vec_free_all(&used);
	front = v->sess->front;
	if (grown && front != NULL && front->keywords != NULL)
		front->keywords(v->sess, TRUE);
}

void
change_shrunk(struct view *v)
{
	const struct front *front;
	struct vec used;

	vec_init(&used);
	used_keywords(v, &used);
	if (used.n == v->kw.n) {
		vec_free_all(&used);
		return;
	}
	vec_free_all(&v->kw);
	v->kw = used;
	front = v->sess->front;
	if (front != NULL && front->keywords != NULL)
		front->keywords(v->sess, FALSE);
}

void
change_tell(struct view *v, int may_renumber)
{
	const struct front *front;
	size_t gone;
	u32 before;
	int fresh;

	front = v->sess->front;
	gone = 0;
	before = v->count;
	fresh = v->kw_modseq != folder_highestmodseq(v->folder);
	if (may_renumber)
		gone = tell_gone(v);
	if (fresh)
		change_grown(v);
	if (may_renumber) {
		view_settle(v);
		if ((gone > 0 || v->count + gone != before) && front != NULL &&
		    front->exists != NULL)
			front->exists(v->sess, v->count, v->recent);
	}
	tell_flags(v);
	if (fresh)
		change_shrunk(v);
	v->kw_modseq = folder_highestmodseq(v->folder);
}
