/* Reading cur/: which messages of the database are there, and which are new.
   SPDX-License-Identifier: ISC */

#include "base/base.h"

#include <stdio.h>

#include "base/dirscan.h"
#include "base/map.h"
#include "maildir/folder_int.h"

#define PASSES_MAX	10	/* over cur/ in one scan */

static void note_name(struct folder *, struct uiddb *, const char *, int);
static int pass_over_cur(struct folder *, struct uiddb *, struct map *, int);
static size_t count_missing(const struct uiddb *, size_t);

/*
 * Two names of one identity, that of rec and `name`. FALSE: `name` is no
 * message of its own. A directory that is read while a file in it is renamed
 * may show both names. Two files, however, are two messages (somebody copied
 * one by hand): the younger gets a name of its own, once, or their UIDs would
 * change places at each scan (maildir.md 1.11). One file with two names is
 * shown once; none is removed, because a file server may show an old name for
 * a while.
 */
int
md_settle_twice(struct folder *f, struct uiddb *db, struct rec *rec,
    struct str *name)
{
	struct str a, b, fresh;
	struct stat x, y;
	int own;

	str_init(&a, 0);
	str_init(&b, 0);
	str_init(&fresh, 0);
	md_path(&a, f->dir, "cur", "");
	names_cat(&db->names, rec, &a);
	md_path(&b, f->dir, "cur", str_c(name));
	own = FALSE;
	if (lstat(str_c(&b), &y) == 0 && lstat(str_c(&a), &x) < 0)
		names_add(&db->names, str_c(name), rec);
	else if (lstat(str_c(&b), &y) == 0 &&
	    (x.st_dev != y.st_dev || x.st_ino != y.st_ino)) {
		own = TRUE;
		if (x.st_ctime > y.st_ctime) {
			names_add(&db->names, str_c(name), rec);
			str_reset(name);
			str_cats(name, strrchr(str_c(&a), '/') + 1);
			md_path(&b, f->dir, "cur", str_c(name));
			y = x;
		}
		md_name_fresh(&fresh, f->md, &y, md_name_flags(str_c(name)));
		md_path(&a, f->dir, "cur", str_c(&fresh));
		if (rename(str_c(&b), str_c(&a)) == 0) {
			str_reset(name);
			str_catstr(name, &fresh);
		}
	}
	str_free(&a);
	str_free(&b);
	str_free(&fresh);
	return own;
}

/* One name of cur/. What the database does not know has UID 0 for now. */
static void
note_name(struct folder *f, struct uiddb *db, const char *name, int again)
{
	struct rec *taken;
	struct str own;

	if (uiddb_take(db, name) != NULL || again)
		return;
	taken = uiddb_taken(db, name);
	if (taken == NULL || db->fixed) {
		uiddb_append(db, name, 0)->state |= REC_RECENT;
		return;
	}
	str_init(&own, 0);
	str_cats(&own, name);
	if (md_settle_twice(f, db, taken, &own))
		uiddb_append(db, str_c(&own), 0)->state |= REC_RECENT;
	str_free(&own);
}

static int
pass_over_cur(struct folder *f, struct uiddb *db, struct map *skip,
    int again)
{
	struct dirscan *d;
	struct str path;
	const char *name;
	int r;

	str_init(&path, 0);
	md_path(&path, f->dir, "cur", NULL);
	r = dirscan_open(str_c(&path), &d);
	str_free(&path);
	if (r != E_OK)
		return r;
	while ((r = dirscan_next(d, &name)) > 0)
		if (*name != '.' && strchr(name, '\n') == NULL &&
		    (skip == NULL || map_gets(skip, name) == NULL))
			note_name(f, db, name, again);
	dirscan_close(&d);
	return r;
}

static size_t
count_missing(const struct uiddb *db, size_t known)
{
	size_t i, n;

	for (i = n = 0; i < known; i++)
		n += (db->v[i].state & REC_HERE) == 0;
	return n;
}

/*
 * Other sessions rename files without the lock to change flags, and readdir
 * may show a file that is renamed meanwhile under neither name. So what seems
 * to have gone is looked for again, for as long as that finds something.
 */
int
md_read_cur(struct folder *f, struct uiddb *db, struct map *skip)
{
	size_t known, missing, before;
	int r, pass;

	known = db->n;
	missing = known;
	r = E_OK;
	for (pass = 0; r == E_OK && missing > 0 && pass < PASSES_MAX; pass++) {
		before = missing;
		r = pass_over_cur(f, db, skip, pass > 0);
		missing = count_missing(db, known);
		if (pass > 0 && missing == before)
			break;
	}
	if (known == 0)
		r = pass_over_cur(f, db, skip, FALSE);
	return r;
}
