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

static void gone_path(struct str *, const char *, const char *);

void
md_gone_enter(struct md_gone *g, const char *dir)
{
	struct str path;

	g->departed = FALSE;
	str_init(&path, 0);
	md_path(&path, dir, "cur", NULL);
	g->presence = open(str_c(&path), O_RDONLY);
	str_free(&path);
	if (g->presence < 0)
		return;
	file_cloexec(g->presence, TRUE);
	if (lock_present(g->presence) != E_OK) {
		close(g->presence);
		g->presence = -1;
	}
}

static void
gone_path(struct str *path, const char *dir, const char *name)
{
	md_path(path, dir, "tmp", MD_GONE);
	str_cat(path, name, md_name_id(name));
}

void
md_gone_keep(struct md_gone *g, const char *dir, const char *name,
    const char *file)
{
	struct str path;

	if (g->presence < 0 || !lock_others(g->presence))
		return;
	str_init(&path, 0);
	gone_path(&path, dir, name);
	if (link(file, str_c(&path)) == 0)
		g->departed = TRUE;
	str_free(&path);
}

int
md_gone_find(const struct md_gone *g, const char *dir, const char *name,
    struct str *out)
{
	if (g->presence < 0)
		return FALSE;
	gone_path(out, dir, name);
	return TRUE;
}

void
md_gone_leave(struct md_gone *g, const char *dir)
{
	struct dirscan *d;
	struct str path;
	const char *name;

	if (g->presence < 0)
		return;
	str_init(&path, 0);
	md_path(&path, dir, "tmp", NULL);
	if (g->departed && !lock_others(g->presence) &&
	    dirscan_open(str_c(&path), &d) == E_OK) {
		while (dirscan_next(d, &name) > 0) {
			if (strncmp(name, MD_GONE, sizeof(MD_GONE) - 1) != 0)
				continue;
			md_path(&path, dir, "tmp", name);
			unlink(str_c(&path));
		}
		dirscan_close(&d);
	}
	str_free(&path);
	close(g->presence);
	g->presence = -1;
}
