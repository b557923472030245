/* Reading a folder: what is there, and what changed.
   SPDX-License-Identifier: ISC */

/*
 * The scan runs under the folder's lock (maildir.md 3.5). Its one rule: a UID
 * that could not be written to the database is not shown, and a directory
 * that could not be read to its end changes nothing. So a full disk or an
 * unreadable cur/ can delay a message, but never lose or reuse a UID.
 *
 * The scan is skipped when cur/, new/ and the database look as they did and
 * their times are old enough to be believed (md_stamp_same). If new/ is empty it
 * is made without the lock first: when the database has just what is in cur/
 * there is nothing to write, and nobody waits for anybody. That is how most
 * folders are found.
 *
 * A disk that has no room for the lock is read without it, and then nothing is
 * written: its owner must be able to open the folder and to make room.
 *
 * It reads no message and asks for no file's state: one pass over the
 * database, one over cur/, one over new/.
 */

#include "base/base.h"

#include "base/clock.h"
#include "base/dirscan.h"
#include "base/log.h"
#include "maildir/folder_int.h"

static int save(struct folder *, struct uiddb *);
static int has_mail(const struct folder *);
static void show(struct folder *, struct uiddb *, int);
static int look(struct folder *);
static int unchanged(struct folder *);
static void restamp(struct folder *);

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

/* In new/, or it cannot be told. */
static int
has_mail(const struct folder *f)
{
	struct dirscan *d;
	struct str path;
	const char *name;
	int r;

	str_init(&path, 0);
	md_path(&path, f->dir, "new", NULL);
	r = dirscan_open(str_c(&path), &d);
	str_free(&path);
	if (r != E_OK)
		return TRUE;
	while ((r = dirscan_next(d, &name)) > 0 && *name == '.')
		;
	dirscan_close(&d);
	return r != 0;
}

/* What was found is what the session has from now on. */
static void
show(struct folder *f, struct uiddb *db, int partial)
{
	if (!f->opened)
		f->highestmodseq = (u64)clock_now() << MODSEQ_SHIFT;
	f->highestmodseq++;
	f->partial = partial;
	md_merge(f, db);
	f->opened = TRUE;
}

/* Without the lock. FALSE: something is to be written, or wrong. */
static int
look(struct folder *f)
{
	struct uiddb db;
	int r, write = TRUE;

	restamp(f);
	if (f->real != NULL || f->removed || has_mail(f) ||
	    uiddb_read(f->dir, &f->names, &db) != E_OK)
		return FALSE;
	db.fixed = TRUE;
	r = db.validity != 0 ? md_gather(f, &db, NULL, 0, NULL, &write) : E_NOENT;
	names_index_free(&db.index);
	if (r == E_OK && !write) {
		f->stuck = FALSE;
		show(f, &db, FALSE);
	}
	uiddb_free(&db);
	return r == E_OK && !write;
}

int
md_scan(struct folder *f, struct upload **u, size_t n, u32 *out_uids)
{
	struct md_lock *lock;
	struct uiddb db;
	int r, wr, write, full;

	if (n == 0 && unchanged(f))
		return md_keywords_refresh(f);
	md_clean_tmp(f);
	if (n == 0 && look(f))
		return md_keywords_refresh(f);
	r = md_lock(f->md, f->dir, &lock);
	full = r == E_NOSPACE && n == 0;
	if (r != E_OK && !full)
		return r;
	f->removed = FALSE;
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
		r = md_gather(f, &db, u, n, out_uids, &write);
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
		show(f, &db, wr != E_OK || full);
		(void)md_keywords_load(f, !full);
	} else {
		md_withdraw(f, u, n);
	}
	if (r != E_OK || wr != E_OK || full)
		f->cur.seen = 0;	/* look again next time */
	md_unlock(&lock);
	uiddb_free(&db);
	return r;
}
