/* Counts of a folder that is not opened, for STATUS.
   SPDX-License-Identifier: ISC */

#include "base/base.h"

#include "base/clock.h"
#include "base/dirscan.h"
#include "base/mem.h"
#include "maildir/folder_int.h"

static int count(const char *, const char *, struct uiddb *,
    struct md_status *);
static int follow(struct maildir *, const char *, char *);

/* Messages of new/ (db NULL) or cur/. */
static int
count(const char *dir, const char *sub, struct uiddb *db,
    struct md_status *st)
{
	struct dirscan *d;
	struct str path;
	const char *name;
	int r;

	str_init(&path, 0);
	md_path(&path, dir, sub, NULL);
	r = dirscan_open(str_c(&path), &d);
	str_free(&path);
	if (r != E_OK)
		return r;
	while ((r = dirscan_next(d, &name)) > 0) {
		if (*name == '.' || strchr(name, '\n') != NULL)
			continue;
		st->messages++;
		if (db == NULL || uiddb_take(db, name) == NULL) {
			st->recent++;
			st->uidnext++;
		}
		if (db == NULL || !(md_name_flags(name) & MSG_SEEN))
			st->unseen++;
		if (db != NULL && (md_name_flags(name) & MSG_DELETED)) {
			st->deleted++;
			st->deleted_bytes += md_quota_size(dir, sub, name);
		}
	}
	dirscan_close(&d);
	return r;
}

/* What a view has must be linked first; a full disk delays what is new. */
static int
follow(struct maildir *md, const char *name, char *dir)
{
	struct folder f;
	int r;

	r = maildir_mirror(md, name);
	if (r != E_OK)
		return r;
	memset(&f, 0, sizeof(f));
	f.md = md;
	f.dir = dir;
	f.real = md_real_dir(md, name);
	r = md_mirror_resync(&f);
	mem_free(f.real);
	return r == E_NOSPACE || r == E_NOENT ? E_OK : r;
}

int
maildir_status(struct maildir *md, const char *name, struct md_status *out)
{
	struct uiddb db;
	char *dir;
	int r;

	memset(out, 0, sizeof(*out));
	if (!md_valid_name(name))
		return E_INVAL;
	dir = md_dir(md, name);
	r = md->real != NULL ? follow(md, name, dir) : E_OK;
	if (r == E_OK)
		r = uiddb_read(dir, NULL, &db);
	if (r == E_OK) {
		out->uidvalidity = db.validity;
		out->uidnext = db.next;
		if (out->uidvalidity == 0) {
			out->uidvalidity = (u32)(clock_now() - UID_EPOCH);
			out->uidnext = 1;
		}
		out->highestmodseq = (u64)clock_now() << MODSEQ_SHIFT;
		r = count(dir, "cur", &db, out);
		if (r == E_OK)
			r = count(dir, "new", NULL, out);
		uiddb_free(&db);
	}
	mem_free(dir);
	return r;
}
