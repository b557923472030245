/* What a POP3 session does to a maildir.  SPDX-License-Identifier: ISC */

#include "base/base.h"

#include <fcntl.h>
#include <stdio.h>

#include "base/clock.h"
#include "base/dirscan.h"
#include "base/file.h"
#include "base/lock.h"
#include "base/mem.h"
#include "maildir/drop.h"
#include "maildir/folder_int.h"

#define TMP_AGE_MAX	(48 * 3600)	/* seconds, by mtime */

struct drop {
	struct maildir	*md;
	struct md_gone	gone;
	int		lock;		/* tmp/, locked; or -1 */
	struct stamp	opened;		/* cur/, before it was read first */
	struct stamp	read;		/* cur/, before it was read last */
	i64		bytes, n;	/* removed, as the quota counts */
};

static int is_old(const char *, const char *, time_t);
static void clean_tmp(const char *);
static void move_new(struct drop *);
static int open_file(const char *, int *);
static void cur_path(const struct drop *, const char *, struct str *);

/* Only what a program has left there: folders stay. */
static int
is_old(const char *path, const char *name, time_t now)
{
	struct stat st;

	if (lstat(path, &st) < 0 || S_ISDIR(st.st_mode))
		return FALSE;
	if (strncmp(name, MD_GONE, sizeof(MD_GONE) - 1) == 0)
		return st.st_ctime + GONE_AGE_MAX < now;
	return st.st_mtime + TMP_AGE_MAX < now;
}

static void
clean_tmp(const char *dir)
{
	struct dirscan *d;
	struct str path;
	const char *name;
	time_t now;

	now = clock_now();
	str_init(&path, 0);
	md_path(&path, dir, "tmp", NULL);
	if (dirscan_open(str_c(&path), &d) == E_OK) {
		while (dirscan_next(d, &name) > 0) {
			if (*name == '.')
				continue;
			md_path(&path, dir, "tmp", name);
			if (is_old(str_c(&path), name, now))
				unlink(str_c(&path));
		}
		dirscan_close(&d);
	}
	str_free(&path);
}

/* new/x to cur/x:2, and what stands behind a ':' only if it is "2,...". */
static void
move_new(struct drop *d)
{
	struct vec names;
	struct str path, as;
	const char *name, *colon;
	size_t i, n, failed;
	int r;

	str_init(&path, 0);
	str_init(&as, 0);
	md_path(&path, d->md->path, "new", NULL);
	do {
		vec_init(&names);
		r = md_read_batch(str_c(&path), &names);
		for (i = failed = 0; i < names.n; i++) {
			name = names.v[i];
			colon = strchr(name, ':');
			str_reset(&as);
			if (colon != NULL && strncmp(colon, ":2,", 3) == 0) {
				str_cats(&as, name);
			} else {
				str_cat(&as, name, md_name_id(name));
				str_cats(&as, ":2,");
			}
			if (md_move_one(d->md, d->md->path, name, str_c(&as),
			    failed > 0) != E_OK)
				failed++;
		}
		n = names.n;
		vec_free_all(&names);
	} while (r == E_OK && n == MD_MOVE_BATCH && failed == 0);
	str_free(&path);
	str_free(&as);
}

int
drop_open(struct maildir *md, struct drop **out)
{
	struct dirscan *scan;
	struct drop *d;
	struct str path;
	int r;

	d = mem_new(sizeof(*d));
	d->md = md;
	d->lock = -1;
	str_init(&path, 0);
	cur_path(d, NULL, &path);
	r = dirscan_open(str_c(&path), &scan);
	if (r == E_OK) {
		dirscan_close(&scan);
		md_gone_enter(&d->gone, md->path);
		clean_tmp(md->path);
		move_new(d);
		md_stamp(&d->opened, str_c(&path));
		*out = d;
	} else {
		mem_free(d);
	}
	str_free(&path);
	return r;
}

void
drop_close(struct drop **dp)
{
	struct drop *d = *dp;
	struct str path;

	if (d == NULL)
		return;
	md_quota_record(d->md, -d->bytes, -d->n);
	str_init(&path, 0);
	cur_path(d, NULL, &path);
	if (!md_stamp_same(&d->opened, str_c(&path)))
		d->gone.departed = TRUE;
	md_gone_leave(&d->gone, d->md->path);
	str_free(&path);
	*dp = mem_free(d);
}

void
drop_lock(struct drop *d)
{
	struct str path;

	str_init(&path, 0);
	md_path(&path, d->md->path, "tmp", NULL);
	d->lock = open(str_c(&path), O_RDONLY);
	str_free(&path);
	if (d->lock < 0)
		return;
	file_cloexec(d->lock, TRUE);
	(void)lock_flock(d->lock);
}

void
drop_unlock(struct drop *d)
{
	if (d->lock >= 0)
		close(d->lock);
	d->lock = -1;
}

/* ---- cur/ --------------------------------------------------------------- */

static void
cur_path(const struct drop *d, const char *name, struct str *path)
{
	md_path(path, d->md->path, "cur", name);
}

int
drop_names(struct drop *d, drop_name_fn *fn, void *ctx)
{
	struct dirscan *scan;
	struct str path;
	const char *name;
	int r;

	str_init(&path, 0);
	cur_path(d, NULL, &path);
	md_stamp(&d->read, str_c(&path));
	r = dirscan_open(str_c(&path), &scan);
	str_free(&path);
	if (r != E_OK)
		return r;
	/* A name with LF would break the list that we keep of them. */
	while ((r = dirscan_next(scan, &name)) > 0)
		if (*name != '.' && strchr(name, '\n') == NULL)
			fn(ctx, name);
	dirscan_close(&scan);
	return r;
}

int
drop_changed(struct drop *d)
{
	struct str path;
	int same;

	str_init(&path, 0);
	cur_path(d, NULL, &path);
	same = md_stamp_same(&d->read, str_c(&path));
	str_free(&path);
	return !same;
}

/* Never waits for a FIFO. */
static int
open_file(const char *path, int *out_fd)
{
	struct stat st;
	int fd;

	fd = open(path, O_RDONLY | O_NONBLOCK);
	if (fd < 0)
		return err_from_errno(errno);
	if (fstat(fd, &st) < 0 || !S_ISREG(st.st_mode)) {
		close(fd);
		errno = EACCES;
		return E_PERM;
	}
	file_cloexec(fd, TRUE);
	*out_fd = fd;
	return E_OK;
}

int
drop_open_msg(struct drop *d, const char *name, int *out_fd)
{
	struct str path;
	int r;

	str_init(&path, 0);
	cur_path(d, name, &path);
	r = open_file(str_c(&path), out_fd);
	str_free(&path);
	return r;
}

int
drop_open_kept(struct drop *d, const char *name, int *out_fd)
{
	struct str path;
	int r;

	r = E_NOENT;
	str_init(&path, 0);
	if (md_gone_find(&d->gone, d->md->path, name, &path))
		r = open_file(str_c(&path), out_fd);
	str_free(&path);
	return r;
}

/*
 * A name without info gets one. Letters that are not ours stay where they are:
 * S goes before the first capital behind it.
 */
int
drop_seen_name(const char *name, struct str *out)
{
	const char *info;

	info = strrchr(name, ':');
	if (info == NULL) {
		str_cats(out, name);
		str_cats(out, ":2,S");
		return TRUE;
	}
	if (strncmp(info, ":2,", 3) != 0 || strchr(info, 'S') != NULL)
		return FALSE;
	for (info += 3; *info >= 'A' && *info < 'S'; info++)
		;
	str_cat(out, name, (size_t)(info - name));
	str_catc(out, 'S');
	str_cats(out, info);
	return TRUE;
}

/* A link and an unlink would show both names for a moment. */
int
drop_rename(struct drop *d, const char *from, const char *to)
{
	struct str a, b;
	struct stat st;
	int r;

	str_init(&a, 0);
	str_init(&b, 0);
	cur_path(d, from, &a);
	cur_path(d, to, &b);
	r = lstat(str_c(&b), &st) == 0 ? E_EXIST :
	    rename(str_c(&a), str_c(&b)) < 0 ? err_from_errno(errno) : E_OK;
	str_free(&a);
	str_free(&b);
	return r;
}

int
drop_remove(struct drop *d, const char *name)
{
	struct str path;
	i64 size;
	int r;

	size = (i64)md_quota_size(d->md->path, "cur", name);
	str_init(&path, 0);
	cur_path(d, name, &path);
	md_gone_keep(&d->gone, d->md->path, name, str_c(&path));
	r = unlink(str_c(&path)) < 0 ? err_from_errno(errno) : E_OK;
	str_free(&path);
	if (r == E_OK && md_quota_counts(d->md, "", md_name_flags(name))) {
		d->bytes += size;
		d->n++;
	}
	return r;
}

int
drop_is(struct drop *d, const char *name)
{
	struct str path;
	struct stat st;
	int is;

	str_init(&path, 0);
	cur_path(d, name, &path);
	is = lstat(str_c(&path), &st) == 0 || errno != ENOENT;
	str_free(&path);
	return is;
}

int
drop_read(struct drop *d, const char *file, size_t max, struct str *out)
{
	struct str path;
	int r;

	str_init(&path, 0);
	md_path(&path, d->md->path, file, NULL);
	r = file_slurp(str_c(&path), max, out);
	str_free(&path);
	return r;
}

int
drop_write(struct drop *d, const char *file, const char *uniq,
    const void *data, size_t n)
{
	struct str path, name, tmp;
	int r;

	str_init(&path, 0);
	str_init(&name, 0);
	str_init(&tmp, 0);
	md_path(&path, d->md->path, file, NULL);
	md_name_tmp(&name, d->md, uniq);
	md_path(&tmp, d->md->path, "tmp", str_c(&name));
	r = file_replace(str_c(&path), str_c(&tmp), data, n, 0644, FALSE);
	str_free(&path);
	str_free(&name);
	str_free(&tmp);
	return r;
}

size_t
drop_id(const char *name)
{
	return md_name_id(name);
}
