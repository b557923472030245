/* Messages that were removed while other sessions may still show them.
   SPDX-License-Identifier: ISC */

#include "base/base.h"

#include <fcntl.h>

#include "base/dirscan.h"
#include "base/file.h"
#include "base/lock.h"
#include "maildir/folder_int.h"

/*
 * Each open folder holds a shared lock on its cur/. Who removes a message while
 * somebody else holds one keeps a link in tmp/, named after the identity:
 * there the others find it until they have told their clients (RFC 2180 4.1.1).
 * The last one who leaves removes the links; what he forgets goes with age.
 */

static void gone_path(struct str *, const struct folder *, const struct rec *);

void
md_gone_enter(struct folder *f)
{
	struct str path;

	str_init(&path, 0);
	md_path(&path, f->dir, "cur", NULL);
	f->presence = open(str_c(&path), O_RDONLY);
	str_free(&path);
	if (f->presence < 0)
		return;
	file_cloexec(f->presence, TRUE);
	if (lock_present(f->presence) != E_OK) {
		close(f->presence);
		f->presence = -1;
	}
}

static void
gone_path(struct str *path, const struct folder *f, const struct rec *rec)
{
	struct str name;

	str_init(&name, 0);
	names_cat(&f->names, rec, &name);
	md_path(path, f->dir, "tmp", MD_GONE);
	str_cat(path, str_c(&name), md_name_id(str_c(&name)));
	str_free(&name);
}

void
md_gone_keep(struct folder *f, const struct rec *rec, const char *file)
{
	struct str path;

	if (f->presence < 0 || !lock_others(f->presence))
		return;
	str_init(&path, 0);
	gone_path(&path, f, rec);
	if (link(file, str_c(&path)) == 0)
		f->departed = TRUE;
	str_free(&path);
}

int
md_gone_find(const struct folder *f, const struct rec *rec, struct str *out)
{
	if (f->presence < 0)
		return FALSE;
	gone_path(out, f, rec);
	return TRUE;
}

void
md_gone_leave(struct folder *f)
{
	struct dirscan *d;
	struct str path;
	const char *name;

	if (f->presence < 0)
		return;
	str_init(&path, 0);
	md_path(&path, f->dir, "tmp", NULL);
	if (f->departed && !lock_others(f->presence) &&
	    dirscan_open(str_c(&path), &d) == E_OK) {
		while (dirscan_next(d, &name) > 0) {
			if (strncmp(name, MD_GONE, sizeof(MD_GONE) - 1) != 0)
				continue;
			md_path(&path, f->dir, "tmp", name);
			unlink(str_c(&path));
		}
		dirscan_close(&d);
	}
	str_free(&path);
	close(f->presence);
	f->presence = -1;
}
