/* What counts for the quota, maildir.md 6.3.  SPDX-License-Identifier: ISC */

#include "base/base.h"

#include <sys/stat.h>

#include "base/dirscan.h"
#include "base/mem.h"
#include "base/num.h"
#include "maildir/folder_int.h"

#define TRASH_UNCOUNTED	"Trash"	/* this name alone, whatever is set */

static void count_dir(struct maildir *, struct md_quota *, const char *,
    const char *, time_t *);

int
md_quota_counts(const struct maildir *md, const char *folder, int flags)
{
	return md->opts.quota_all || (strcmp(folder, TRASH_UNCOUNTED) != 0 &&
	    (flags & MSG_DELETED) == 0);
}

u64
md_quota_size(const char *dir, const char *sub, const char *name)
{
	struct str path;
	struct stat st;
	const char *p, *best;
	size_t id;
	u64 size;

	id = md_name_id(name);
	for (best = NULL, p = name; p + 3 <= name + id; p++)
		if (strncmp(p, ",S=", 3) == 0)
			best = p + 3;
	size = 0;
	if (best != NULL) {
		(void)num_scan_u64(best, (size_t)(name + id - best), &size);
		return size;
	}
	str_init(&path, 0);
	md_path(&path, dir, sub, name);
	if (stat(str_c(&path), &st) == 0)
		size = (u64)st.st_size;
	str_free(&path);
	return size;
}

static void
count_dir(struct maildir *md, struct md_quota *q, const char *folder,
    const char *sub, time_t *newest)
{
	struct dirscan *d;
	struct stat st;
	struct str path;
	const char *name;
	char *dir;

	dir = md_dir(md, folder);
	str_init(&path, 0);
	md_path(&path, dir, sub, NULL);
	if (stat(str_c(&path), &st) == 0 && st.st_mtime > *newest)
		*newest = st.st_mtime;
	if (dirscan_open(str_c(&path), &d) == E_OK) {
		while (dirscan_next(d, &name) > 0) {
			if (*name == '.' || !md_quota_counts(md, folder,
			    md_name_flags(name)))
				continue;
			q->bytes += (i64)md_quota_size(dir, sub, name);
			q->count++;
		}
		dirscan_close(&d);
	}
	str_free(&path);
	mem_free(dir);
}

time_t
md_quota_count(struct maildir *md, struct md_quota *q)
{
	struct stat st;
	struct vec names;
	time_t newest;
	char *dir;
	size_t i;

	vec_init(&names);
	(void)maildir_list(md, &names);
	q->bytes = q->count = 0;
	newest = 0;
	for (i = 0; i < names.n; i++) {
		dir = md_dir(md, names.v[i]);
		if (md_quota_counts(md, names.v[i], 0) &&
		    lstat(dir, &st) == 0 && S_ISDIR(st.st_mode)) {
			count_dir(md, q, names.v[i], "new", &newest);
			count_dir(md, q, names.v[i], "cur", &newest);
		}
		mem_free(dir);
	}
	vec_free_all(&names);
	return newest;
}
