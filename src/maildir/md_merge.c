/* What a scan found becomes what the session has.
   SPDX-License-Identifier: ISC */

#include "base/base.h"

#include "base/mem.h"
#include "maildir/folder_int.h"

static void first_look(struct folder *, struct uiddb *);
static void take_over(struct folder *, struct rec *, struct rec *);
static void keep_gone(struct folder *, struct rec *, struct names *);
static void merge(struct folder *, struct uiddb *);

static void
first_look(struct folder *f, struct uiddb *db)
{
	size_t i;

	f->recs = db->v;
	f->n = db->n;
	f->size = db->size;
	db->v = NULL;
	db->n = db->size = 0;
	for (i = 0; i < f->n; i++) {
		f->recs[i].state &= REC_RECENT;
		f->recs[i].state |= REC_NEW;
		f->recs[i].modseq = f->highestmodseq;
	}
}

/* The record is still there: its name and flags as they are now. */
static void
take_over(struct folder *f, struct rec *old, struct rec *now)
{
	if (old->flags != now->flags) {
		old->flags = now->flags;
		old->state |= REC_CHANGED;
		old->modseq = f->highestmodseq;
	}
	old->name = now->name;
	old->form = now->form;
	now->state = 0;
}

/* Its name must not be lost with the old arena. */
static void
keep_gone(struct folder *f, struct rec *rec, struct names *names)
{
	struct str name;

	if (!(rec->state & REC_GONE)) {
		rec->state |= REC_GONE;
		f->gone.departed = TRUE;
		rec->modseq = f->highestmodseq;
	}
	str_init(&name, 0);
	names_cat(&f->names, rec, &name);
	names_add(names, str_c(&name), rec);
	str_free(&name);
}

/*
 * Old records keep their places, gone ones are marked, new ones follow. A
 * message that appears with a lower UID than the last one told, or with the
 * UID of another (only a damaged database or EXAMINE make it so), waits until
 * the folder is opened again.
 */
static void
merge(struct folder *f, struct uiddb *db)
{
	struct rec *rec;
	size_t i, j;
	u32 last;

	last = f->n > 0 ? f->recs[f->n - 1].uid : 0;
	for (i = j = 0; i < f->n; i++) {
		rec = f->recs + i;
		while (j < db->n && db->v[j].uid < rec->uid)
			j++;
		if (j < db->n && db->v[j].uid == rec->uid &&
		    !(rec->state & REC_GONE) &&
		    names_same(&f->names, rec, &db->names, db->v + j))
			take_over(f, rec, db->v + j);
		else
			keep_gone(f, rec, &db->names);
	}
	for (j = 0; j < db->n; j++) {
		if (db->v[j].state == 0)
			continue;
		if (db->v[j].uid <= last) {
			f->partial = TRUE;
			continue;
		}
		if (f->n == f->size) {
			f->size = f->size * 2 + 16;
			f->recs = mem_grow(f->recs, f->size,
			    sizeof(*f->recs));
		}
		rec = f->recs + f->n++;
		*rec = db->v[j];
		rec->state &= REC_RECENT;
		rec->state |= REC_NEW;
		rec->modseq = f->highestmodseq;
	}
}

void
md_merge(struct folder *f, struct uiddb *db)
{
	struct names old;

	if (f->n == 0 && f->recs == NULL)
		first_look(f, db);
	else
		merge(f, db);
	old = f->names;
	f->names = db->names;
	db->names = old;
	f->uidvalidity = db->validity;
	f->uidnext = db->next;
}
