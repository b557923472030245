/* Delivering to new/, maildir.md 1.2, 6.7.  SPDX-License-Identifier: ISC */

#include "base/base.h"

#include <sys/stat.h>
#include <stdio.h>

#include "base/file.h"
#include "base/mem.h"
#include "maildir/folder_int.h"

#define MODE	0700		/* of what is made */

static int make_dir(const char *);
static int make_parents(const char *);
static const char *last_name(const char *);

static const char *
last_name(const char *path)
{
	const char *slash = strrchr(path, '/');

	return slash != NULL ? slash + 1 : path;
}

int
maildir_locate(const char *dir, struct str *out_root, struct str *out_folder)
{
	struct str probe;
	const char *name;
	char *real;
	int is_folder;

	str_reset(out_root);
	str_reset(out_folder);
	str_init(&probe, 0);
	md_path(&probe, dir, "maildirfolder", NULL);
	is_folder = access(str_c(&probe), F_OK) == 0;
	str_free(&probe);
	str_cats(out_root, dir);
	if (!is_folder)
		return E_OK;
	real = realpath(dir, NULL);
	if (real == NULL)
		return err_from_errno(errno);
	name = last_name(real);
	if (*name == '.' && md_valid_name(name + 1)) {
		str_reset(out_root);
		str_cat(out_root, real, (size_t)(name - real));
		str_trunc(out_root, out_root->len - 1);
		str_cats(out_folder, name + 1);
	}
	free(real);
	return E_OK;
}

static int
make_dir(const char *path)
{
	return mkdir(path, MODE) < 0 && errno != EEXIST ?
	    err_from_errno(errno) : E_OK;
}

/* Each directory of the path, the last one too. */
static int
make_parents(const char *dir)
{
	struct str path;
	const char *p;
	int r;

	str_init(&path, 0);
	for (p = dir, r = E_OK; r == E_OK && *p != '\0'; ) {
		p += strspn(p, "/");
		p += strcspn(p, "/");
		str_reset(&path);
		str_cat(&path, dir, (size_t)(p - dir));
		r = make_dir(str_c(&path));
	}
	str_free(&path);
	return r;
}

int
maildir_make(const char *dir)
{
	static const char *const subs[] = { "tmp", "new", "cur" };
	struct str path;
	size_t i;
	int r;

	str_init(&path, 0);
	r = make_parents(dir);
	for (i = 0; i < NITEMS(subs) && r == E_OK; i++) {
		md_path(&path, dir, subs[i], NULL);
		r = make_dir(str_c(&path));
	}
	str_free(&path);
	return r;
}

int
folder_room(struct folder *f, u64 bytes)
{
	return md_quota_room(f->md, bytes,
	    (u32)md_quota_counts(f->md, f->name, 0));
}

int
delivery_begin(struct folder *f, struct upload **out)
{
	return md_upload_begin(f, "", out);
}

int
folder_deliver(struct folder *f, struct upload **u)
{
	struct str name, path;
	u64 size;
	int r;

	str_init(&name, 0);
	r = md_upload_finish(f, *u, &name);
	if (r == E_OK)
		r = md_upload_place(*u, "new", str_c(&name));
	if (r == E_OK) {
		str_init(&path, 0);
		md_path(&path, f->dir, "new", NULL);
		if (f->md->opts.sync)
			r = file_sync_dir(str_c(&path));
		str_free(&path);
		size = md_quota_size(f->dir, "new", str_c(&name));
		if (md_quota_counts(f->md, f->name, 0))
			md_quota_record(f->md, (i64)size, 1);
	}
	str_free(&name);
	upload_abort(u);
	return r;
}
