/* Before a scan: tmp/ is cleaned, new/ moves to cur/.
   SPDX-License-Identifier: ISC */

#include "base/base.h"

#include <stdio.h>

#include "base/clock.h"
#include "base/dirscan.h"
#include "base/file.h"
#include "base/log.h"
#include "base/mem.h"
#include "maildir/folder_int.h"

#define TMP_AGE_MAX	(36 * 3600)	/* seconds, by ctime */
#define TMP_CLEAN_EVERY	3600
#define FRESH_TRIES	100

static int same_file(const char *, const char *);
static int move_by_rename(const char *, const char *);
static int move_one(struct folder *, const char *);
static void clean_one(const char *, const char *, time_t);

/* Folders are here only on their way to deletion. */
static void
clean_one(const char *path, const char *name, time_t now)
{
	struct stat st;
	time_t max;

	max = strncmp(name, MD_GONE, sizeof(MD_GONE) - 1) == 0 ? GONE_AGE_MAX :
	    TMP_AGE_MAX;
	if (lstat(path, &st) < 0 || st.st_ctime + max >= now)
		return;
	if (!S_ISDIR(st.st_mode))
		unlink(path);
	else if (strstr(name, "_" MD_DELETED ".") != NULL)
		file_remove_tree(path);
}

void
md_clean_tmp(struct folder *f)
{
	struct dirscan *d;
	struct str path;
	const char *name;
	time_t now;

	now = clock_now();
	if (f->cleaned + TMP_CLEAN_EVERY > now)
		return;
	f->cleaned = now;
	str_init(&path, 0);
	md_path(&path, f->dir, "tmp", NULL);
	if (dirscan_open(str_c(&path), &d) == E_OK) {
		while (dirscan_next(d, &name) > 0) {
			if (*name == '.')
				continue;
			md_path(&path, f->dir, "tmp", name);
			clean_one(str_c(&path), name, now);
		}
		dirscan_close(&d);
	}
	str_free(&path);
}

/* TRUE if both are names of one file. */
static int
same_file(const char *a, const char *b)
{
	struct stat x, y;

	return lstat(a, &x) == 0 && lstat(b, &y) == 0 &&
	    x.st_dev == y.st_dev && x.st_ino == y.st_ino;
}

/* No links here, or it is a directory: still nothing is replaced. */
static int
move_by_rename(const char *from, const char *to)
{
	struct stat st;

	if (lstat(to, &st) == 0)
		errno = EEXIST;
	else if (rename(from, to) == 0)
		return E_OK;
	return err_from_errno(errno);
}

/*
 * Without ever replacing a message: if the name is taken by another file, the
 * newcomer gets a fresh one. Whoever was killed between link and unlink left
 * both names.
 */
int
md_move_one(const struct maildir *md, const char *dir, const char *name,
    const char *as, int quiet)
{
	struct str from, to, fresh;
	struct stat st;
	int r, try;

	str_init(&from, 0);
	str_init(&to, 0);
	str_init(&fresh, 0);
	md_path(&from, dir, "new", name);
	md_path(&to, dir, "cur", as);
	for (try = 0; ; try++) {
		r = E_OK;
		if (link(str_c(&from), str_c(&to)) == 0 || (errno == EEXIST &&
		    same_file(str_c(&from), str_c(&to))))
			unlink(str_c(&from));
		else if (errno == EPERM || errno == EMLINK ||
		    errno == EXDEV || errno == ENOSYS || errno == EOPNOTSUPP)
			r = move_by_rename(str_c(&from), str_c(&to));
		else
			r = err_from_errno(errno);
		if (r != E_EXIST || try == FRESH_TRIES ||
		    lstat(str_c(&from), &st) < 0)
			break;
		md_name_fresh(&fresh, md, &st, md_name_flags(name));
		md_path(&to, dir, "cur", str_c(&fresh));
	}
	if (r != E_OK && r != E_NOENT && !quiet)
		log_err("rename(%s,%s) failed: %s", str_c(&from),
		    str_c(&to), strerror(errno));
	str_free(&from);
	str_free(&to);
	str_free(&fresh);
	return r;
}

/* new/name to cur/name:2, */
static int
move_one(struct folder *f, const char *name)
{
	struct str as;
	int r;

	str_init(&as, 0);
	str_cats(&as, name);
	if (strchr(name, ':') == NULL)
		str_cats(&as, ":2,");
	r = md_move_one(f->md, f->dir, name, str_c(&as), f->stuck);
	str_free(&as);
	return r == E_NOENT ? E_OK : r;	/* another server was faster */
}

/* Up to MD_MOVE_BATCH names: of a million, not all are held in memory. */
int
md_read_batch(const char *path, struct vec *names)
{
	struct dirscan *d;
	const char *name;
	int r;

	r = dirscan_open(path, &d);
	if (r != E_OK)
		return r;
	r = 1;
	while (names->n < MD_MOVE_BATCH && (r = dirscan_next(d, &name)) > 0)
		if (*name != '.' && strchr(name, '\n') == NULL)
			vec_push(names, mem_strdup(name));
	dirscan_close(&d);
	return r < 0 ? r : E_OK;
}

int
md_move_new(struct folder *f)
{
	struct vec names;
	struct str path;
	size_t i, n, failed;
	int r;

	str_init(&path, 0);
	md_path(&path, f->dir, "new", NULL);
	do {
		vec_init(&names);
		r = md_read_batch(str_c(&path), &names);
		for (i = failed = 0; i < names.n; i++)
			if (move_one(f, names.v[i]) != E_OK) {
				failed++;
				f->stuck = TRUE;
			}
		n = names.n;
		vec_free_all(&names);
	} while (r == E_OK && n == MD_MOVE_BATCH && failed == 0);
	str_free(&path);
	if (failed == 0)
		f->stuck = FALSE;
	return r == E_NOENT ? E_OK : r;
}
