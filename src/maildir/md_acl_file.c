/* Access lists on disk: courierimapacl, courierimaphieracl, maildir.md 5.5.
   SPDX-License-Identifier: ISC */

#include "base/base.h"

#include <sys/stat.h>
#include <fcntl.h>
#include <stdio.h>

#include "base/clock.h"
#include "base/dirscan.h"
#include "base/file.h"
#include "base/mem.h"
#include "base/pool.h"
#include "maildir/folder_int.h"

#define ACL_FILE	"courierimapacl"
#define HIER_DIR	"courierimaphieracl"

/*
 * A folder that is there has its list in itself. A name that only has folders
 * below it has it in courierimaphieracl. An entry there for a name without
 * either is a left-over: it must not give anybody a right to a later folder of
 * that name, so it counts for nothing and goes when one is made.
 */

static void	own_path(const struct maildir *, const char *, struct str *);
static void	hier_path(const struct maildir *, const char *, struct str *);
static int	below(const char *, const char *);
static int	has_below(struct maildir *, const char *);
static int	load(const char *, struct md_acl *);
static int	read_level(struct maildir *, const char *, struct md_acl *);
static int	cut(char *);
static int	find_level(struct maildir *, char *, struct md_acl *);
static int	write_to(struct maildir *, const char *, const char *,
		    const struct md_acl *, int);
static int	write_hier(struct maildir *, const char *,
		    const struct md_acl *, int);
static int	write_list(struct maildir *, const char *,
		    const struct md_acl *, int);
static int	inherit(struct maildir *, const char *, struct md_acl *, int);
static void	forget_one(struct maildir *, const char *);
static void	above_made(struct maildir *, const char *);

/* ---- where -------------------------------------------------------------- */

static void
own_path(const struct maildir *md, const char *name, struct str *out)
{
	char *dir;

	dir = md_dir(md, name);
	md_path(out, dir, ACL_FILE, NULL);
	mem_free(dir);
}

static void
hier_path(const struct maildir *md, const char *name, struct str *out)
{
	md_path(out, md->path, HIER_DIR, name);
}

/* TRUE if other is below name; all are below "". */
static int
below(const char *name, const char *other)
{
	size_t n;

	n = strlen(name);
	return n == 0 || (strncmp(name, other, n) == 0 && other[n] == '.');
}

/* Is there a folder below this name? -1: cannot be told. */
static int
has_below(struct maildir *md, const char *name)
{
	struct dirscan *d;
	const char *entry;
	int yes, r;

	if (dirscan_open(md->path, &d) != E_OK)
		return -1;
	yes = FALSE;
	while (!yes && (r = dirscan_next(d, &entry)) > 0)
		yes = *entry == '.' && below(name, entry + 1) &&
		    maildir_exists(md, entry + 1);
	dirscan_close(&d);
	return !yes && r < 0 ? -1 : yes;
}

/* ---- reading ------------------------------------------------------------ */

static int
load(const char *path, struct md_acl *out)
{
	struct str text;
	int r;

	str_init(&text, MD_ACL_MAX * 2);
	r = file_slurp(path, MD_ACL_MAX, &text);
	if (r == E_OK)
		r = md_acl_parse(out, str_c(&text), text.len);
	str_free(&text);
	return r;
}

/* The list that is kept for this very name; E_NOENT: none. */
static int
read_level(struct maildir *md, const char *name, struct md_acl *out)
{
	struct str path;
	int r;

	str_init(&path, 0);
	own_path(md, name, &path);
	r = load(str_c(&path), out);
	hier_path(md, name, &path);
	if (r == E_NOENT && *name != '\0' && access(str_c(&path), F_OK) == 0)
		r = maildir_exists(md, name) || has_below(md, name) != FALSE ?
		    load(str_c(&path), out) : E_NOENT;
	str_free(&path);
	return r;
}

/* The name above; FALSE: there is none. */
static int
cut(char *name)
{
	char *dot;

	if (*name == '\0')
		return FALSE;
	dot = strrchr(name, '.');
	*(dot != NULL ? dot : name) = '\0';
	return TRUE;
}

/* The nearest list, from this name upwards; the name becomes its own. */
static int
find_level(struct maildir *md, char *name, struct md_acl *out)
{
	int r;

	do {
		r = read_level(md, name, out);
		if (r != E_NOENT)
			return r;
	} while (cut(name));
	(void)md_acl_set(out, "owner", MD_ACL_ALL);
	return md_acl_set(out, "administrators", MD_ACL_ALL);
}

int
maildir_acl_read(struct maildir *md, const char *name, struct md_acl *out)
{
	if (!md_valid_name(name))
		return E_INVAL;
	return inherit(md, name, out, FALSE);
}

/* ---- writing ------------------------------------------------------------ */

/* With `fresh` never over a list that is there by now. */
static int
write_to(struct maildir *md, const char *path, const char *dir,
    const struct md_acl *acl, int fresh)
{
	static u32 counter;
	struct str tmp, name, uniq, text;
	int r;

	str_init(&text, MD_ACL_MAX);
	str_init(&tmp, 0);
	str_init(&name, 0);
	str_init(&uniq, 0);
	md_acl_print(acl, &text);
	str_catf(&uniq, "acl%u", counter++);
	md_name_tmp(&name, md, str_c(&uniq));
	md_path(&tmp, dir, "tmp", str_c(&name));
	str_catc(&name, fresh ? 'f' : 'n');
	md_path(&uniq, dir, "tmp", str_c(&name));
	r = text.toobig ? E_TOOBIG : file_replace(fresh ? str_c(&uniq) : path,
	    str_c(&tmp), str_c(&text), text.len, 0644,
	    md->opts.sync && !fresh);
	if (r == E_OK && fresh) {
		if (link(str_c(&uniq), path) < 0 && errno != EEXIST)
			r = err_from_errno(errno);
		unlink(str_c(&uniq));
	}
	str_free(&tmp);
	str_free(&name);
	str_free(&uniq);
	str_free(&text);
	return r;
}

static int
write_hier(struct maildir *md, const char *name, const struct md_acl *acl,
    int fresh)
{
	struct str path;
	int r;

	str_init(&path, 0);
	md_path(&path, md->path, HIER_DIR, NULL);
	(void)mkdir(str_c(&path), 0755);
	hier_path(md, name, &path);
	r = write_to(md, str_c(&path), md->path, acl, fresh);
	str_free(&path);
	return r;
}

static int
write_list(struct maildir *md, const char *name, const struct md_acl *acl,
    int fresh)
{
	struct str path;
	char *dir;
	int r;

	if (!maildir_exists(md, name))
		return write_hier(md, name, acl, fresh);
	str_init(&path, 0);
	own_path(md, name, &path);
	dir = md_dir(md, name);
	r = write_to(md, str_c(&path), dir, acl, fresh);
	mem_free(dir);
	str_free(&path);
	return r;
}

int
maildir_acl_write(struct maildir *md, const char *name,
    const struct md_acl *acl)
{
	if (!md_valid_name(name))
		return E_INVAL;
	if (!maildir_exists(md, name) && has_below(md, name) == FALSE)
		return E_NOENT;
	return write_list(md, name, acl, FALSE);
}

/*
 * Reads, and writes copies down to the name: what is inherited stays as it was
 * when the folder above changes later. Copies for names without a folder only
 * if one has just been made below them (`made`); a disk that is full or
 * read-only is no reason to refuse a look.
 */
static int
inherit(struct maildir *md, const char *name, struct md_acl *out, int made)
{
	char *level;
	size_t n;
	int r, e;

	level = mem_strdup(name);
	r = find_level(md, level, out);
	n = strlen(level);
	while (r == E_OK && name[n] != '\0') {
		n += name[n] == '.';
		n += strcspn(name + n, ".");
		memcpy(level, name, n);
		level[n] = '\0';
		if (!made && !maildir_exists(md, level))
			continue;
		e = write_list(md, level, out, TRUE);
		if (made)
			r = e;
	}
	mem_free(level);
	return r;
}

/* ---- folders come and go ------------------------------------------------ */

static void
forget_one(struct maildir *md, const char *name)
{
	struct str path;

	str_init(&path, 0);
	hier_path(md, name, &path);
	if (access(str_c(&path), F_OK) == 0 && !maildir_exists(md, name) &&
	    has_below(md, name) == FALSE)
		unlink(str_c(&path));
	str_free(&path);
}

void
md_acl_forget(struct maildir *md, const char *name)
{
	char *level;

	level = mem_strdup(name);
	do
		forget_one(md, level);
	while (cut(level) && *level != '\0');
	mem_free(level);
}

int
md_acl_adopt(struct maildir *md, const char *name)
{
	struct md_acl acl;
	struct str own, hier;
	struct pool *pool;
	int r;

	str_init(&own, 0);
	str_init(&hier, 0);
	own_path(md, name, &own);
	hier_path(md, name, &hier);
	(void)rename(str_c(&hier), str_c(&own));
	str_free(&own);
	str_free(&hier);
	pool = pool_new();
	md_acl_init(&acl, pool);
	r = inherit(md, name, &acl, TRUE);
	pool_free(&pool);
	return r;
}

int
md_acl_leave(struct maildir *md, const char *name)
{
	struct md_acl acl;
	struct pool *pool;
	int r;

	if (has_below(md, name) == FALSE)
		return E_OK;
	pool = pool_new();
	md_acl_init(&acl, pool);
	r = maildir_acl_read(md, name, &acl);
	if (r == E_OK)
		r = write_hier(md, name, &acl, FALSE);
	pool_free(&pool);
	return r;
}

/* A look writes the list. Those below a folder take it with them. */
void
md_acl_prepare(struct maildir *md, const char *from, const char *name,
    const char *target)
{
	struct md_acl acl;
	struct pool *pool;

	if (strcmp(name, from) == 0 || !maildir_exists(md, from)) {
		pool = pool_new();
		md_acl_init(&acl, pool);
		(void)maildir_acl_read(md, name, &acl);
		pool_free(&pool);
	}
	md_acl_forget(md, target);
}

/* The names above a folder that has just come have lists from now on. */
static void
above_made(struct maildir *md, const char *name)
{
	struct md_acl acl;
	struct pool *pool;
	char *level;

	pool = pool_new();
	md_acl_init(&acl, pool);
	level = mem_strdup(name);
	if (cut(level))
		(void)inherit(md, level, &acl, TRUE);
	mem_free(level);
	pool_free(&pool);
}

void
md_acl_rename(struct maildir *md, const char *from, const char *to)
{
	struct dirscan *d;
	struct str path, a, b;
	const char *entry;
	size_t n;

	str_init(&path, 0);
	str_init(&a, 0);
	str_init(&b, 0);
	md_path(&path, md->path, HIER_DIR, NULL);
	n = strlen(from);
	if (dirscan_open(str_c(&path), &d) == E_OK) {
		while (dirscan_next(d, &entry) > 0) {
			if (strcmp(entry, from) != 0 && !below(from, entry))
				continue;
			hier_path(md, entry, &a);
			hier_path(md, to, &b);
			str_cats(&b, entry + n);
			(void)rename(str_c(&a), str_c(&b));
		}
		dirscan_close(&d);
	}
	above_made(md, to);
	str_free(&path);
	str_free(&a);
	str_free(&b);
}

int
maildir_acl_reset(struct maildir *md)
{
	struct dirscan *d;
	struct stat st;
	struct str path;
	const char *entry;
	time_t now;
	int r;

	now = clock_now();
	str_init(&path, 0);
	md_path(&path, md->path, HIER_DIR, NULL);
	r = dirscan_open(str_c(&path), &d);
	while (r == E_OK && dirscan_next(d, &entry) > 0) {
		hier_path(md, entry, &path);
		if (stat(str_c(&path), &st) == 0 && S_ISREG(st.st_mode) &&
		    st.st_mtime < now - MD_ACL_OLD &&
		    has_below(md, entry) == FALSE &&
		    unlink(str_c(&path)) < 0)
			r = err_from_errno(errno);
	}
	dirscan_close(&d);
	str_free(&path);
	return r == E_NOENT ? E_OK : r;
}

/* ---- has it changed? ---------------------------------------------------- */

int
maildir_acl_mark(struct maildir *md, const char *name,
    struct md_acl_mark *out)
{
	struct stamp st;
	struct str path;

	str_init(&path, 0);
	own_path(md, name, &path);
	md_stamp(&st, str_c(&path));
	str_free(&path);
	out->dev = (u64)st.dev;
	out->ino = (u64)st.ino;
	out->size = (u64)st.size;
	out->sec = (u64)st.mtime;
	out->nsec = (u64)st.nsec;
	out->sure = md_stamp_old(&st);
	return st.seen != 0;
}

int
md_acl_mark_same(const struct md_acl_mark *a, const struct md_acl_mark *b)
{
	return a->sure && a->dev == b->dev && a->ino == b->ino &&
	    a->size == b->size && a->sec == b->sec && a->nsec == b->nsec;
}
