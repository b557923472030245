/* The account's folders: list, create, delete, rename, login checks.
   SPDX-License-Identifier: ISC */

#include "base/base.h"

#include <sys/stat.h>
#include <fcntl.h>
#include <stdio.h>

#include "base/ascii.h"
#include "base/clock.h"
#include "base/dirscan.h"
#include "base/file.h"
#include "base/mem.h"
#include "maildir/folder_int.h"

#define UNIQUE_WAIT_MS	2100	/* until the clock gives a larger UIDVALIDITY */

static void outlive(const char *);
static int move_tree(struct maildir *, const struct vec *, const char *,
    const char *);

int
md_is_folder(const char *dir)
{
	struct str path;
	struct stat st;
	int ok;

	str_init(&path, 0);
	md_path(&path, dir, "cur", NULL);
	ok = stat(str_c(&path), &st) == 0 && S_ISDIR(st.st_mode);
	str_free(&path);
	return ok;
}

int
maildir_check(struct maildir *md, const char *home, int ownership)
{
	struct stat st;
	struct str path;
	time_t now;
	int fd, r;

	if (stat(home, &st) == 0 && (st.st_mode & S_ISVTX))
		return E_BUSY;
	if (stat(md->path, &st) < 0)
		return err_from_errno(errno);
	if (ownership && (st.st_uid != geteuid() || st.st_gid != getegid()))
		return E_PERM;
	str_init(&path, 0);
	md_path(&path, md->path, "tmp", "courier-imap.clockskew.chk");
	r = E_OK;
	unlink(str_c(&path));
	fd = open(str_c(&path), O_WRONLY | O_CREAT | O_TRUNC, 0666);
	if (fd >= 0) {
		now = clock_now();
		if (fstat(fd, &st) == 0 && (st.st_mtime > now + MD_SKEW_MAX ||
		    st.st_mtime < now - MD_SKEW_MAX))
			r = E_INVAL;
		close(fd);
		unlink(str_c(&path));
	}
	str_free(&path);
	return r;
}

int
maildir_exists(struct maildir *md, const char *name)
{
	char *dir;
	int ok;

	if (!md_valid_name(name))
		return FALSE;
	if (*name == '\0' && md->real != NULL)
		return FALSE;
	dir = md_real_dir(md, name);
	ok = md_is_folder(dir);
	mem_free(dir);
	return ok;
}

int
maildir_list(struct maildir *md, struct vec *out)
{
	struct dirscan *d;
	const char *name;
	int r;

	r = dirscan_open(md->real != NULL ? md->real : md->path, &d);
	if (r != E_OK)
		return r;
	if (md->real == NULL)
		vec_push(out, mem_strdup(""));
	while ((r = dirscan_next(d, &name)) > 0)
		if (*name == '.' && md_valid_name(name + 1) &&
		    maildir_exists(md, name + 1))
			vec_push(out, mem_strdup(name + 1));
	dirscan_close(&d);
	return r;
}

int
maildir_create(struct maildir *md, const char *name)
{
	static const char *const subs[] = { "tmp", "new", "cur" };
	struct folder *f;
	struct str path;
	char *dir;
	size_t i;
	int r, fd;

	if (*name == '\0' || !md_valid_name(name) || md->real != NULL)
		return E_INVAL;
	md_acl_forget(md, name);
	dir = md_dir(md, name);
	if (mkdir(dir, 0700) < 0) {
		r = err_from_errno(errno);
		mem_free(dir);
		return r;
	}
	str_init(&path, 0);
	for (i = 0, r = E_OK; i < NITEMS(subs) && r == E_OK; i++) {
		md_path(&path, dir, subs[i], NULL);
		if (mkdir(str_c(&path), 0700) < 0)
			r = err_from_errno(errno);
	}
	md_path(&path, dir, "maildirfolder", NULL);
	fd = r == E_OK ? open(str_c(&path), O_WRONLY | O_CREAT, 0600) : -1;
	if (fd >= 0)
		close(fd);
	else if (r == E_OK)
		r = err_from_errno(errno);
	str_free(&path);
	if (r == E_OK)
		r = md_acl_adopt(md, name);
	if (r == E_OK)
		r = folder_open(md, name, FOLDER_RW, &f);
	if (r == E_OK)
		folder_close(&f);
	if (r == E_OK && md->opts.sync)
		r = file_sync_dir(dir);
	if (r == E_OK && md->opts.sync)
		r = file_sync_dir(md->path);
	if (r != E_OK)
		file_remove_tree(dir);
	mem_free(dir);
	return r;
}

/*
 * A folder of the same name that is made later must have a larger
 * UIDVALIDITY. Only one that was made within this very second needs waiting.
 */
static void
outlive(const char *dir)
{
	struct uiddb db;
	u64 end;

	if (uiddb_read(dir, NULL, &db) != E_OK)
		return;
	end = clock_msec() + UNIQUE_WAIT_MS;
	while ((u32)(clock_now() - UID_EPOCH) <= db.validity &&
	    clock_msec() < end)
		clock_sleep_ms(50);
	uiddb_free(&db);
}

/* Renamed aside first: nobody ever sees half a folder. */
int
maildir_delete(struct maildir *md, const char *name)
{
	struct str aside, base;
	char *dir;
	int r;

	if (*name == '\0' || !md_valid_name(name) || md->real != NULL)
		return E_INVAL;
	dir = md_dir(md, name);
	if (!md_is_folder(dir)) {
		mem_free(dir);
		return E_NOENT;
	}
	outlive(dir);
	str_init(&aside, 0);
	str_init(&base, 0);
	md_name_tmp(&base, md, MD_DELETED);
	md_path(&aside, md->path, "tmp", str_c(&base));
	r = md_acl_leave(md, name);
	if (r == E_OK)
		r = rename(dir, str_c(&aside)) < 0 ?
		    err_from_errno(errno) : E_OK;
	if (r == E_OK && file_remove_tree(str_c(&aside)) == E_PERM) {
		/* Something in it is not ours: back with what is left. */
		if (rename(str_c(&aside), dir) == 0)
			r = E_PERM;
	}
	if (r == E_OK)
		md_quota_recount(md);
	str_free(&aside);
	str_free(&base);
	mem_free(dir);
	return r;
}

/* Renames each ".from" and ".from.*" of names; undoes on failure. */
static int
move_tree(struct maildir *md, const struct vec *names, const char *from,
    const char *to)
{
	struct str target;
	char *a, *b;
	size_t i, n = strlen(from);
	int r;

	str_init(&target, 0);
	for (i = 0, r = E_OK; i < names->n && r == E_OK; i++) {
		str_reset(&target);
		str_cats(&target, to);
		str_cats(&target, (char *)names->v[i] + n);
		a = md_dir(md, names->v[i]);
		b = md_dir(md, str_c(&target));
		if (access(b, F_OK) == 0)
			r = E_EXIST;
		else if (rename(a, b) < 0)
			r = err_from_errno(errno);
		mem_free(a);
		mem_free(b);
	}
	for (i -= r != E_OK; r != E_OK && i-- > 0; ) {
		str_reset(&target);
		str_cats(&target, to);
		str_cats(&target, (char *)names->v[i] + n);
		a = md_dir(md, names->v[i]);
		b = md_dir(md, str_c(&target));
		rename(b, a);
		mem_free(a);
		mem_free(b);
	}
	str_free(&target);
	return r;
}

int
maildir_rename(struct maildir *md, const char *from, const char *to)
{
	struct vec all, names;
	struct folder *f;
	struct str path, target;
	char *dir;
	size_t i, n = strlen(from);
	int r;

	if (n == 0 || *to == '\0' || md->real != NULL || !md_valid_name(from) ||
	    !md_valid_name(to) || (strncmp(to, from, n) == 0 &&
	    (to[n] == '.' || to[n] == '\0')))
		return E_INVAL;
	vec_init(&all);
	vec_init(&names);
	str_init(&path, 0);
	str_init(&target, 0);
	r = maildir_list(md, &all);
	for (i = 0; i < all.n; i++)
		if (strncmp(all.v[i], from, n) == 0 &&
		    (((char *)all.v[i])[n] == '.' ||
		    ((char *)all.v[i])[n] == '\0'))
			vec_push(&names, all.v[i]);
	if (r == E_OK && names.n == 0)
		r = E_NOENT;
	if (r == E_OK && maildir_exists(md, to))
		r = E_EXIST;
	for (i = 0; r == E_OK && i < names.n; i++) {
		dir = md_dir(md, names.v[i]);
		outlive(dir);
		mem_free(dir);
		str_reset(&target);
		str_cats(&target, to);
		str_cats(&target, (char *)names.v[i] + n);
		md_acl_prepare(md, from, names.v[i], str_c(&target));
	}
	if (r == E_OK)
		r = move_tree(md, &names, from, to);
	if (r == E_OK)
		md_acl_rename(md, from, to);
	for (i = 0; r == E_OK && i < names.n; i++) {
		str_reset(&target);
		str_cats(&target, to);
		str_cats(&target, (char *)names.v[i] + n);
		dir = md_dir(md, str_c(&target));
		md_path(&path, dir, "courierimapuiddb", NULL);
		unlink(str_c(&path));
		mem_free(dir);
		if (folder_open(md, str_c(&target), FOLDER_RW, &f) == E_OK)
			folder_close(&f);
	}
	if (r == E_OK)
		md_quota_recount(md);
	str_free(&path);
	str_free(&target);
	vec_free(&names);
	vec_free_all(&all);
	return r;
}
