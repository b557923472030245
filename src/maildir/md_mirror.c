/* Views of the folders of another maildir: shared-folders, maildir.md 5.9.
   SPDX-License-Identifier: ISC */

#include "base/base.h"

#include <sys/stat.h>
#include <stdio.h>

#include "base/dirscan.h"
#include "base/file.h"
#include "base/mem.h"
#include "maildir/folder_int.h"

#define LINK_MAX_LEN	4096	/* bytes of what a link says */

static int make_dir(const char *);
static int make_view(struct maildir *, const char *, const char *);
static int aims_at(const char *, const char *);

static int
make_dir(const char *path)
{
	return mkdir(path, 0700) < 0 && errno != EEXIST ?
	    err_from_errno(errno) : E_OK;
}

static int
aims_at(const char *link, const char *aim)
{
	char buf[LINK_MAX_LEN];
	ssize_t n;

	n = readlink(link, buf, sizeof(buf));
	return n >= 0 && (size_t)n == strlen(aim) &&
	    memcmp(buf, aim, (size_t)n) == 0;
}

/* dir is the folder, whose tmp/ is used. What is there and is no link stays:
   E_EXIST. */
int
md_relink(struct maildir *md, const char *dir, const char *aim,
    const char *path)
{
	struct str tmp, name;
	struct stat st;
	int r;

	if (aims_at(path, aim) || symlink(aim, path) == 0)
		return E_OK;
	if (errno != EEXIST)
		return err_from_errno(errno);
	if (lstat(path, &st) == 0 && !S_ISLNK(st.st_mode))
		return E_EXIST;
	str_init(&tmp, 0);
	str_init(&name, 0);
	md_name_tmp(&name, md, "link");
	md_path(&tmp, dir, "tmp", str_c(&name));
	r = symlink(aim, str_c(&tmp)) < 0 || rename(str_c(&tmp), path) < 0 ?
	    err_from_errno(errno) : E_OK;
	if (r != E_OK)
		unlink(str_c(&tmp));
	str_free(&tmp);
	str_free(&name);
	return r;
}

/* Each part may be there: others do this too, and may have been killed. */
static int
make_view(struct maildir *md, const char *dir, const char *real)
{
	static const char *const subs[] = { "tmp", "cur", "new" };
	struct str path;
	size_t i;
	int r;

	str_init(&path, 0);
	str_cats(&path, md->path);
	str_trunc(&path, (size_t)(strrchr(str_c(&path), '/') - str_c(&path)));
	r = make_dir(str_c(&path));
	if (r == E_OK)
		r = make_dir(md->path);
	if (r == E_OK)
		r = make_dir(dir);
	for (i = 0; r == E_OK && i < NITEMS(subs); i++) {
		md_path(&path, dir, subs[i], NULL);
		r = make_dir(str_c(&path));
	}
	md_path(&path, dir, "shared", NULL);
	if (r == E_OK)
		r = md_relink(md, dir, real, str_c(&path));
	str_free(&path);
	return r;
}

int
maildir_mirror(struct maildir *md, const char *name)
{
	struct str path;
	char *dir, *real;
	int r;

	if (!maildir_exists(md, name))
		return E_NOENT;
	dir = md_dir(md, name);
	real = md_real_dir(md, name);
	str_init(&path, 0);
	md_path(&path, dir, "shared", NULL);
	r = E_OK;
	if (!md_is_folder(dir) || !aims_at(str_c(&path), real))
		r = make_view(md, dir, real);
	str_free(&path);
	mem_free(dir);
	mem_free(real);
	return r;
}

int
maildir_unmirror(struct maildir *md, const char *name)
{
	char *dir;
	int r;

	if (*name == '\0' || !md_valid_name(name))
		return E_NOENT;
	dir = md_dir(md, name);
	r = md_is_folder(dir) ? file_remove_tree(dir) : E_NOENT;
	mem_free(dir);
	if (r == E_OK)
		(void)rmdir(md->path);
	return r;
}

int
maildir_mirrors(struct maildir *md, struct vec *out)
{
	struct dirscan *d;
	const char *name;
	char *dir;
	int r;

	r = dirscan_open(md->path, &d);
	if (r != E_OK)
		return r == E_NOENT ? E_OK : r;
	while ((r = dirscan_next(d, &name)) > 0) {
		if (!md_valid_name(name))
			continue;
		dir = md_dir(md, name);
		if (md_is_folder(dir))
			vec_push(out, mem_strdup(name));
		mem_free(dir);
	}
	dirscan_close(&d);
	return r;
}

int
maildir_writable(struct maildir *md, const char *name)
{
	static const char *const subs[] = { "tmp", "cur", "new" };
	struct str path;
	char *dir;
	size_t i;
	int ok;

	dir = md_real_dir(md, name);
	str_init(&path, 0);
	for (i = 0, ok = TRUE; i < NITEMS(subs) && ok; i++) {
		md_path(&path, dir, subs[i], NULL);
		ok = access(str_c(&path), W_OK | X_OK) == 0;
	}
	str_free(&path);
	mem_free(dir);
	return ok;
}
