/* The userdb's databases (authdaemon.md 4.6).  SPDX-License-Identifier: ISC */

#include "base/base.h"

#include <sys/stat.h>
#include <fcntl.h>
#include <stdio.h>

#include "base/ascii.h"
#include "base/dbm.h"
#include "base/dirscan.h"
#include "base/file.h"
#include "base/lock.h"
#include "base/str.h"
#include "authdaemon/userdb.h"

#define DEPTH_MAX	16	/* folders below folders */

/* One of the two databases while it is made. */
struct half {
	struct dbm_file	*db;
	struct str	tmp;
	struct str	path;
	int		mode;
};

struct make {
	struct half	open;		/* ROOT.dat */
	struct half	shadow;		/* ROOTshadow.dat */
	const char	*location;	/* "", "default/", "a/b/" */
	struct str	*why;
};

static int check(const char *, struct str *);
static int is_link(const char *, const char *, struct str *);
static int is_password(const char *, size_t);
static int is_reverse(const char *);
static int put(struct make *, struct half *, const char *, const char *);
static int store(void *, const char *, const char *);
static int leftover(const char *, const char *, struct str *);
static int read_dir(struct make *, const char *, const char *, int);
static int read_any(struct make *, const char *, const char *, int);
static int begin(struct half *, const char *, const char *, int,
    struct str *);
static int finish(struct half *);
static void end(struct half *);
static void sync_folder_of(const char *);

static int
is_link(const char *path, const char *suffix, struct str *why)
{
	struct str name;
	struct stat st;
	int r;

	str_init(&name, 0);
	str_catf(&name, "%s%s", path, suffix);
	r = lstat(str_c(&name), &st) == 0 && S_ISLNK(st.st_mode);
	if (r)
		str_catf(why, "ERROR: Wrong makeuserdb command.\n"
		    "       (%s is a symbolic link)", str_c(&name));
	str_free(&name);
	return r;
}

static int
check(const char *root, struct str *why)
{
	struct stat st;

	if (stat(root, &st) < 0) {
		if (errno == ENOENT)
			str_catf(why, "%s: not found.", root);
		else
			str_catf(why, "%s: %s", root, strerror(errno));
		return err_from_errno(errno);
	}
	if ((st.st_mode & 077) != 0) {
		str_catf(why, "%s: MAY NOT HAVE GROUP OR WORLD "
		    "PERMISSIONS!!", root);
		return E_PERM;
	}
	if (is_link(root, "", why) || is_link(root, ".dat", why) ||
	    is_link(root, "shadow.dat", why))
		return E_PERM;
	return E_OK;
}

/* The field's name ends in "pw". */
static int
is_password(const char *field, size_t n)
{
	const char *eq;

	eq = memchr(field, '=', n);
	if (eq != NULL)
		n = (size_t)(eq - field);
	return n >= 2 && memcmp(field + n - 2, "pw", 2) == 0;
}

/* "1001=": finds the name of a user id. */
static int
is_reverse(const char *key)
{
	size_t n;

	for (n = 0; ascii_isdigit((unsigned char)key[n]); n++)
		;
	return n > 0 && strcmp(key + n, "=") == 0;
}

static int
put(struct make *m, struct half *h, const char *key, const char *value)
{
	int r;

	r = dbm_put(h->db, key, strlen(key), value, strlen(value));
	if (r == E_EXIST)
		str_catf(m->why, "Cannot store record for %s - duplicate or "
		    "out of disk space.", key);
	else if (r != E_OK)
		str_catf(m->why, "Cannot store record for %s: %s", key,
		    err_text(r));
	return r;
}

static int
store(void *ctx, const char *name, const char *fields)
{
	struct make *m = ctx;
	struct str open, shadow, *to;
	const char *end;
	int r;

	if (fields == NULL) {
		r = put(m, &m->open, name, "1");
		return r == E_OK ? put(m, &m->shadow, name, "1") : r;
	}
	if (is_reverse(name))
		return put(m, &m->open, name, fields);
	str_init(&open, 0);
	str_init(&shadow, 0);
	for (; *fields != '\0'; fields = end + (*end == '|')) {
		end = fields + strcspn(fields, "|");
		to = is_password(fields, (size_t)(end - fields)) ? &shadow :
		    &open;
		if (to->len > 0)
			str_catc(to, '|');
		str_cat(to, fields, (size_t)(end - fields));
	}
	str_catf(&open, "%s_=%s", open.len > 0 ? "|" : "", m->location);
	r = put(m, &m->open, name, str_c(&open));
	if (r == E_OK && shadow.len > 0)
		r = put(m, &m->shadow, name, str_c(&shadow));
	str_free(&open);
	str_wipe_free(&shadow);
	return r;
}

/* Names that are no part of the userdb. 1: to be left out; E_INVAL: somebody
   has to look at it first; 0: a file like others. */
static int
leftover(const char *dir, const char *name, struct str *why)
{
	static const char *const bad[] = {
		".rpmsave", ".rpmnew", ".dpkg-"
	};
	struct str plain;
	struct stat st;
	size_t i, n;
	int r;

	if (*name == '.' || strchr(name, '~') != NULL)
		return 1;
	for (i = 0; i < NITEMS(bad); i++)
		if (strstr(name, bad[i]) != NULL) {
			str_catf(why, "%s/%s: left by a package manager, "
			    "merge or remove it", dir, name);
			return E_INVAL;
		}
	n = strlen(name);
	if (n <= 5 || strcmp(name + n - 5, ".dist") != 0)
		return 0;
	str_init(&plain, 0);
	str_catf(&plain, "%s/", dir);
	str_cat(&plain, name, n - 5);
	r = stat(str_c(&plain), &st) == 0;
	str_free(&plain);
	return r;
}

static int
read_dir(struct make *m, const char *dir, const char *location, int depth)
{
	struct dirscan *scan;
	struct str path, below;
	const char *name;
	int r, more;

	r = dirscan_open(dir, &scan);
	if (r != E_OK) {
		str_catf(m->why, "%s: %s", dir, err_text(r));
		return r;
	}
	str_init(&path, 0);
	str_init(&below, 0);
	while (r == E_OK && (more = dirscan_next(scan, &name)) != 0) {
		r = more < 0 ? more : leftover(dir, name, m->why);
		if (r > 0) {
			r = E_OK;
			continue;
		}
		str_reset(&path);
		str_reset(&below);
		str_catf(&path, "%s/%s", dir, name);
		str_catf(&below, "%s%s/", location, name);
		if (r == E_OK)
			r = read_any(m, str_c(&path), str_c(&below),
			    depth + 1);
	}
	dirscan_close(&scan);
	str_free(&path);
	str_free(&below);
	return r;
}

static int
read_any(struct make *m, const char *path, const char *location, int depth)
{
	struct stat st;
	int r;

	if (stat(path, &st) < 0)
		r = err_from_errno(errno);
	else if (S_ISDIR(st.st_mode))
		return depth < DEPTH_MAX ?
		    read_dir(m, path, location, depth) : E_TOOBIG;
	else {
		m->location = location;
		r = userdb_each(path, store, m);
	}
	if (r != E_OK && m->why->len == 0)
		str_catf(m->why, "%s: %s", path, err_text(r));
	return r;
}

static int
begin(struct half *h, const char *root, const char *suffix, int mode,
    struct str *why)
{
	int r;

	str_init(&h->tmp, 0);
	str_init(&h->path, 0);
	str_catf(&h->tmp, "%s%s.tmp", root, suffix);
	str_catf(&h->path, "%s%s.dat", root, suffix);
	h->mode = mode;
	unlink(str_c(&h->tmp));
	r = dbm_create(str_c(&h->tmp), 0600, &h->db);
	if (r != E_OK)
		str_catf(why, "%s: %s", str_c(&h->tmp), err_text(r));
	return r;
}

/* All of it is on disk, under its temporary name. */
static int
finish(struct half *h)
{
	int fd, r;

	r = dbm_close(&h->db);
	fd = r == E_OK ? open(str_c(&h->tmp), O_RDWR) : -1;
	if (fd >= 0) {
		if (fchmod(fd, (mode_t)h->mode) < 0 || fsync(fd) < 0)
			r = err_from_errno(errno);
		close(fd);
	} else if (r == E_OK) {
		r = err_from_errno(errno);
	}
	return r;
}

static void
end(struct half *h)
{
	if (h->db != NULL)
		dbm_close(&h->db);
	unlink(str_c(&h->tmp));
	str_free(&h->tmp);
	str_free(&h->path);
}

static void
sync_folder_of(const char *path)
{
	struct str dir;
	const char *slash;

	slash = strrchr(path, '/');
	str_init(&dir, 0);
	if (slash == NULL)
		str_cats(&dir, ".");
	else
		str_cat(&dir, path, (size_t)(slash - path) + 1);
	file_sync_dir(str_c(&dir));
	str_free(&dir);
}

int
userdb_make(const char *root, struct str *out_why)
{
	struct make m;
	struct str name;
	int lock, r;

	r = check(root, out_why);
	if (r != E_OK)
		return r;
	str_init(&name, 0);
	str_catf(&name, "%s.lock", root);
	lock = open(str_c(&name), O_RDWR | O_CREAT, 0644);
	if (lock < 0) {
		r = err_from_errno(errno);
		str_catf(out_why, "%s: %s", str_c(&name), strerror(errno));
		str_free(&name);
		return r;
	}
	file_cloexec(lock, TRUE);
	memset(&m, 0, sizeof(m));
	m.why = out_why;
	r = lock_flock(lock);
	if (r == E_OK)
		r = begin(&m.open, root, "", 0644, out_why);
	if (r == E_OK)
		r = begin(&m.shadow, root, "shadow", 0600, out_why);
	if (r == E_OK)
		r = read_any(&m, root, "", 0);
	if (r == E_OK)
		r = finish(&m.open);
	if (r == E_OK)
		r = finish(&m.shadow);
	if (r == E_OK && (rename(str_c(&m.open.tmp), str_c(&m.open.path)) < 0 ||
	    rename(str_c(&m.shadow.tmp), str_c(&m.shadow.path)) < 0))
		r = err_from_errno(errno);
	if (r == E_OK)
		sync_folder_of(root);
	else if (out_why->len == 0)
		str_catf(out_why, "%s: %s", root, err_text(r));
	end(&m.open);
	end(&m.shadow);
	str_free(&name);
	close(lock);
	return r;
}
