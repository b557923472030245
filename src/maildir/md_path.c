/* Folder names and directories.  SPDX-License-Identifier: ISC */

#include "base/base.h"

#include "base/clock.h"
#include "base/mem.h"
#include "maildir/folder_int.h"

#define MTIME_DOUBT	2	/* seconds within which an mtime says little */

char *
md_dir(const struct maildir *md, const char *name)
{
	struct str s;

	str_init(&s, 0);
	str_cats(&s, md->path);
	if (*name != '\0') {
		str_cats(&s, md->real != NULL ? "/" : "/.");
		str_cats(&s, name);
	}
	return str_take(&s);
}

char *
md_real_dir(const struct maildir *md, const char *name)
{
	struct str s;

	if (md->real == NULL)
		return md_dir(md, name);
	str_init(&s, 0);
	str_catf(&s, "%s/.%s", md->real, name);
	return str_take(&s);
}

void
md_path(struct str *s, const char *dir, const char *sub, const char *name)
{
	str_reset(s);
	str_cats(s, dir);
	if (sub != NULL) {
		str_catc(s, '/');
		str_cats(s, sub);
	}
	if (name != NULL) {
		str_catc(s, '/');
		str_cats(s, name);
	}
}

/* Components separated by single dots, no slash, nothing that breaks a line
   of the side files (maildir.md 2.1). */
int
md_valid_name(const char *name)
{
	const char *p;

	if (*name == '\0')
		return TRUE;
	for (p = name; *p != '\0'; p++)
		if (*p == '/' || *p == '\n' ||
		    (*p == '.' && (p == name || p[1] == '.' || p[1] == '\0')))
			return FALSE;
	return TRUE;
}

void
md_stamp(struct stamp *s, const char *path)
{
	struct stat st;

	memset(s, 0, sizeof(*s));
	if (stat(path, &st) < 0)
		return;
	s->dev = st.st_dev;
	s->ino = st.st_ino;
	s->size = st.st_size;
	s->mtime = st.st_mtime;
#ifdef HAVE_STRUCT_STAT_ST_MTIM
	s->nsec = st.st_mtim.tv_nsec;
#endif
	s->seen = clock_now();
}

/* What is not there equals what was not there. */
int
md_stamp_equal(const struct stamp *old, const char *path)
{
	struct stamp now;

	md_stamp(&now, path);
	if (old->seen == 0 || now.seen == 0)
		return old->seen == now.seen;
	return old->dev == now.dev && old->ino == now.ino &&
	    old->size == now.size && old->mtime == now.mtime &&
	    old->nsec == now.nsec;
}

/*
 * A directory that changed twice within the resolution of its mtime looks the
 * same after the second change. So a stamp counts only if the mtime was
 * already MTIME_DOUBT seconds old when the stamp was taken.
 */
int
md_stamp_same(const struct stamp *old, const char *path)
{
	return md_stamp_equal(old, path) && md_stamp_old(old);
}

int
md_stamp_old(const struct stamp *s)
{
	return s->seen == 0 || s->seen >= s->mtime + MTIME_DOUBT;
}
