/* Messages to the trash instead of nowhere, and out of it in time,
   maildir.md 7.  SPDX-License-Identifier: ISC */

#include "base/base.h"

#include <sys/stat.h>
#include <stdio.h>

#include "base/clock.h"
#include "base/dirscan.h"
#include "base/mem.h"
#include "maildir/folder_int.h"

#define NAME_TRIES	100	/* until a name is free in the trash */

static int name_for(struct folder *, const struct rec *, int, struct str *);
static int move_file(const char *, const char *);
static int keep_keywords(struct folder *, struct folder *,
    const struct rec *, const char *);
static int move_to(struct folder *, struct rec *, struct folder *,
    struct str *);
static void keep(struct folder *, const struct rec *, const char *);
static void purge_dir(struct maildir *, const char *, const char *,
    const char *, time_t);

/* Its own name but for \Deleted and \Draft; after that fresh ones. */
static int
name_for(struct folder *f, const struct rec *rec, int try, struct str *out)
{
	struct str name;
	int flags;

	flags = rec->flags & ~(MSG_DELETED | MSG_DRAFT);
	str_init(&name, 0);
	if (try == 0)
		names_cat(&f->names, rec, &name);
	else
		md_name_tmp(&name, f->md, "trash");
	str_reset(out);
	md_name_suffix(out, str_c(&name), flags);
	str_free(&name);
	return try < NAME_TRIES;
}

/* Never over another message. E_EXIST; E_NOENT: there is nothing to move; other
   errors if it cannot be put there. */
static int
move_file(const char *from, const char *to)
{
	struct stat st;

	if (link(from, to) == 0)
		return unlink(from) < 0 ? err_from_errno(errno) : E_OK;
	if (errno == EEXIST)
		return E_EXIST;
	if (errno == ENOENT || errno == ENOTDIR)
		return access(from, F_OK) < 0 ? E_NOENT : E_PERM;
	if (lstat(to, &st) == 0)
		return E_EXIST;
	return rename(from, to) < 0 ? err_from_errno(errno) : E_OK;
}

static int
keep_keywords(struct folder *f, struct folder *trash, const struct rec *rec,
    const char *name)
{
	const char **words;
	const u32 *set;
	size_t i, n;
	int r;

	set = folder_kwset(f, rec->kwset, &n);
	if (n == 0 || f->md->opts.keywords == KW_OFF)
		return E_OK;
	words = mem_array(n, sizeof(*words));
	for (i = 0; i < n; i++)
		words[i] = folder_keyword(f, set[i]);
	r = md_keywords_write(trash, name, words, n);
	mem_free(words);
	return r;
}

/* E_NOENT: the file is not under the name that the record has. */
static int
move_to(struct folder *f, struct rec *rec, struct folder *trash,
    struct str *out_path)
{
	struct str from, name;
	int r, try;

	str_init(&from, 0);
	str_init(&name, 0);
	md_rec_path(&from, f, rec);
	r = access(str_c(&from), F_OK) < 0 ? err_from_errno(errno) : E_EXIST;
	for (try = 0; r == E_EXIST && name_for(f, rec, try, &name); try++) {
		md_path(out_path, trash->dir, "cur", str_c(&name));
		if (access(str_c(out_path), F_OK) == 0)
			continue;
		r = keep_keywords(f, trash, rec, str_c(&name));
		if (r == E_OK)
			r = move_file(str_c(&from), str_c(out_path));
	}
	str_free(&from);
	str_free(&name);
	return r;
}

/* For other sessions that show it still. */
static void
keep(struct folder *f, const struct rec *rec, const char *file)
{
	struct str name;

	str_init(&name, 0);
	names_cat(&f->names, rec, &name);
	md_gone_keep(&f->gone, f->dir, str_c(&name), file);
	f->removed = TRUE;
	str_free(&name);
}

int
folder_trash(struct folder *f, size_t i, struct maildir *to,
    const char *name, struct str *out_path)
{
	struct folder trash;
	struct rec *rec = f->recs + i;
	int r, counted;
	i64 size;

	if (rec->state & REC_GONE)
		return E_EXPUNGED;
	counted = md_quota_counts(f->md, f->name, rec->flags);
	size = (i64)md_quota_of(f, rec);
	if (!maildir_exists(to, name)) {
		r = maildir_create(to, name);
		if (r != E_OK && r != E_EXIST)
			return r;
	}
	memset(&trash, 0, sizeof(trash));
	trash.md = to;
	trash.dir = md_dir(to, name);
	r = move_to(f, rec, &trash, out_path);
	if (r == E_NOENT && (r = md_refind(f, rec)) == E_OK)
		r = move_to(f, rec, &trash, out_path);
	if (r == E_OK)
		keep(f, rec, str_c(out_path));
	if (r == E_OK || r == E_EXPUNGED) {
		rec->state |= REC_GONE;
		rec->modseq = ++f->highestmodseq;
	}
	if (r == E_OK && to != f->md) {
		if (counted)
			md_owed_add(&f->owed, -size, -1);
		if (md_quota_counts(to, name, 0))
			md_quota_record(to, size, 1);
	} else if (r == E_OK && counted != md_quota_counts(f->md, name, 0)) {
		md_owed_add(&f->owed, counted ? -size : size,
		    counted ? -1 : 1);
	}
	mem_free(trash.dir);
	return r == E_NOENT ? E_EXPUNGED : r;
}

static void
purge_dir(struct maildir *md, const char *folder, const char *dir,
    const char *sub, time_t before)
{
	struct dirscan *d;
	struct stat st;
	struct str path;
	const char *name;
	u64 size;
	i64 bytes, n;

	bytes = n = 0;
	str_init(&path, 0);
	md_path(&path, dir, sub, NULL);
	if (dirscan_open(str_c(&path), &d) == E_OK) {
		while (dirscan_next(d, &name) > 0) {
			if (*name == '.')
				continue;
			md_path(&path, dir, sub, name);
			if (lstat(str_c(&path), &st) < 0 ||
			    S_ISDIR(st.st_mode) || st.st_ctime > before)
				continue;
			size = md_quota_size(dir, sub, name);
			if (unlink(str_c(&path)) < 0 ||
			    !md_quota_counts(md, folder, md_name_flags(name)))
				continue;
			bytes -= (i64)size;
			n--;
		}
		dirscan_close(&d);
	}
	md_quota_record(md, bytes, n);
	str_free(&path);
}

int
maildir_purge(struct maildir *md, const char *name, u32 seconds)
{
	struct folder f;
	time_t before;

	if (!md_valid_name(name) || !maildir_exists(md, name))
		return E_NOENT;
	before = clock_now() - (time_t)seconds;
	memset(&f, 0, sizeof(f));
	f.md = md;
	f.dir = md_dir(md, name);
	(void)md_move_new(&f);
	purge_dir(md, name, f.dir, "cur", before);
	purge_dir(md, name, f.dir, "new", before);
	mem_free(f.dir);
	return E_OK;
}
