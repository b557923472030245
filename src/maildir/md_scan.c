/* Reading a folder: what is there, and what changed.
   SPDX-License-Identifier: ISC */

/*
 * The scan runs under the folder's lock (maildir.md 3.5). Its one rule: a UID
 * that could not be written to the database is not shown, and a directory
 * that could not be read to its end changes nothing. So a full disk or an
 * unreadable cur/ can delay a message, but never lose or reuse a UID.
 *
 * The scan is skipped when cur/, new/ and the database look as they did and
 * their times are old enough to be believed (md_stamp_same).
 *
 * A disk that has no room for the lock is read without it, and then nothing is
 * written: its owner must be able to open the folder and to make room.
 *
 * It reads no message and asks for no file's state: one pass over the
 * database, one over cur/, one over new/.
 */

#include "base/base.h"

#include "base/clock.h"
#include "base/log.h"
#include "base/map.h"
#include "base/mem.h"
#include "maildir/folder_int.h"

#define UID_EPOCH	1000000000	/* UIDVALIDITY counts from here */
#define MODSEQ_SHIFT	20

static int read_added(struct folder *, struct uiddb *, struct upload **,
    size_t, struct map *, u32 *);
static int gather(struct folder *, struct uiddb *, struct upload **, size_t,
    u32 *, int *);
static int save(struct folder *, struct uiddb *);
static int unchanged(struct folder *);
static void restamp(struct folder *);

/* Those just added come first, in their order. Another session may have seen
   and numbered one if locks are off. */
static int
read_added(struct folder *f, struct uiddb *db, struct upload **u, size_t n,
    struct map *skip, u32 *out_uids)
{
	struct rec *rec;
	size_t i;

	for (i = 0; i < n; i++) {
		map_puts(skip, md_upload_name(u[i]), f);
		rec = uiddb_take(db, md_upload_name(u[i]));
		if (rec == NULL) {
			if (db->next == U32_MAX)
				return E_TOOBIG;
			rec = uiddb_append(db, md_upload_name(u[i]),
			    db->next++);
		}
		out_uids[i] = rec->uid;
	}
	return E_OK;
}

/* *out_write: the database on disk is not what it should be. */
static int
gather(struct folder *f, struct uiddb *db, struct upload **u, size_t n,
    u32 *out_uids, int *out_write)
{
	struct map *skip;
	size_t known;
	int r;

	*out_write = db->validity == 0 || db->listed != db->n;
	if (db->validity == 0) {
		db->next = 1;
		db->validity = f->opened && f->mode == FOLDER_RO ?
		    f->uidvalidity : (u32)(clock_now() - UID_EPOCH);
	}
	if (f->opened && db->validity != f->uidvalidity)
		return E_INVAL;
	/* Never behind what this session was told. */
	if (f->opened && db->next < f->uidnext)
		db->next = f->uidnext;
	known = db->n;
	skip = n > 0 ? map_new(n) : NULL;
	r = read_added(f, db, u, n, skip, out_uids);
	if (r == E_OK)
		r = md_read_cur(f, db, skip);
	map_free(&skip);
	if (r != E_OK)
		return r;
	if (db->n != known)
		*out_write = TRUE;
	known = db->n;
	uiddb_filter(db, REC_HERE, 0);
	if (db->n != known)
		*out_write = TRUE;
	r = md_number(f, db);
	if (r == E_OK)
		uiddb_sort(db);
	return r;
}

static int
unchanged(struct folder *f)
{
	struct str path;
	int same;

	if (!f->opened || f->stuck)
		return FALSE;
	str_init(&path, 0);
	md_path(&path, f->dir, "new", NULL);
	same = md_stamp_same(&f->new, str_c(&path));
	md_path(&path, f->dir, "cur", NULL);
	same = same && md_stamp_same(&f->cur, str_c(&path));
	md_path(&path, f->dir, "courierimapuiddb", NULL);
	same = same && md_stamp_same(&f->db, str_c(&path));
	str_free(&path);
	return same && (f->real == NULL || !md_mirror_stale(f));
}

static void
restamp(struct folder *f)
{
	struct str path;

	str_init(&path, 0);
	md_path(&path, f->dir, "new", NULL);
	md_stamp(&f->new, str_c(&path));
	md_path(&path, f->dir, "cur", NULL);
	md_stamp(&f->cur, str_c(&path));
	md_path(&path, f->dir, "courierimapuiddb", NULL);
	md_stamp(&f->db, str_c(&path));
	str_free(&path);
}

static int
save(struct folder *f, struct uiddb *db)
{
	int r;

	r = uiddb_write(f->md, f->dir, db);
	if (r != E_OK)
		log_err("cannot write %s/courierimapuiddb: %s", f->dir,
		    err_text(r));
	return r;
}

int
md_scan(struct folder *f, struct upload **u, size_t n, u32 *out_uids)
{
	struct md_lock *lock;
	struct uiddb db;
	int r, wr, write, full;

	if (n == 0 && unchanged(f))
		return md_keywords_refresh(f);
	r = md_lock(f->md, f->dir, &lock);
	full = r == E_NOSPACE && n == 0;
	if (r != E_OK && !full)
		return r;
	md_clean_tmp(f);
	r = md_publish(f, u, n);
	if (r == E_OK && !full && f->real != NULL)
		r = md_mirror_sync(f);
	if (r == E_NOSPACE && n == 0)
		r = E_OK;	/* what is linked can be read */
	if (r == E_OK && !full)
		r = md_move_new(f);
	restamp(f);
	memset(&db, 0, sizeof(db));
	if (r == E_OK)
		r = uiddb_read(f->dir, &f->names, &db);
	if (r == E_OK)
		r = gather(f, &db, u, n, out_uids, &write);
	wr = E_OK;
	if (r == E_OK && write && f->mode == FOLDER_RW) {
		wr = full ? E_NOSPACE : save(f, &db);
		if (wr != E_OK && n > 0)
			r = wr;
		else if (wr != E_OK)
			/* What it does not know stays unseen. */
			uiddb_filter(&db, REC_HERE, REC_RECENT);
	}
	names_index_free(&db.index);
	if (r == E_OK) {
		if (!f->opened)
			f->highestmodseq = (u64)clock_now() << MODSEQ_SHIFT;
		f->highestmodseq++;
		f->partial = wr != E_OK || full;
		md_merge(f, &db);
		f->opened = TRUE;
		md_keywords_load(f, !full);
	} else {
		md_withdraw(f, u, n);
	}
	if (r != E_OK || wr != E_OK || full)
		f->cur.seen = 0;	/* look again next time */
	md_unlock(&lock);
	uiddb_free(&db);
	return r;
}
