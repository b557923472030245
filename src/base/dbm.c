/* Key-value files: GDBM, or their text source.  SPDX-License-Identifier: ISC */
/*
 * The text form has one "key<TAB>value" per line; a line without a tab has
 * the value "1"; '#' begins a comment line. Its first record of a key counts.
 */

#include "base/base.h"
#include "base/dbm.h"
#include "base/dirscan.h"
#include "base/file.h"
#include "base/log.h"
#include "base/mem.h"
#include "base/str.h"

#include <sys/stat.h>
#include <fcntl.h>

#ifdef HAVE_GDBM
#include <gdbm.h>
#endif

#define TEXT_MAX	((size_t)256 * 1024 * 1024)

struct dbm_file {
#ifdef HAVE_GDBM
	GDBM_FILE	db;		/* NULL: text */
#endif
	struct str	text;
	int		fd;		/* of a text being made, or -1 */
};

static int	open_folder(const char *);
static int	open_text(const char *, struct dbm_file *);
static int	text_next(const struct str *, size_t *, const char **,
		    size_t *, const char **, size_t *);
static int	text_get(struct dbm_file *, const void *, size_t,
		    struct str *);
static int	text_put(struct dbm_file *, const void *, size_t,
		    const void *, size_t);
static int	text_each(struct dbm_file *, dbm_each_fn *, void *);

#ifdef HAVE_GDBM

static datum	to_datum(const void *, size_t);
static int	open_db(const char *, int, int, struct dbm_file *);
static int	db_put(struct dbm_file *, const void *, size_t, const void *,
		    size_t);
static int	db_each(struct dbm_file *, dbm_each_fn *, void *);

/* gdbm does not write through the pointer. */
static datum
to_datum(const void *p, size_t n)
{
	union {
		const void	*in;
		char		*out;
	} u;
	datum d;

	u.in = p;
	d.dptr = u.out;
	d.dsize = (int)n;
	return d;
}

static int
open_db(const char *path, int flags, int mode, struct dbm_file *d)
{
	union {
		const char	*in;
		char		*out;
	} u;

	u.in = path;
	errno = 0;		/* a file of another form sets none */
	d->db = gdbm_open(u.out, 0, flags, mode, NULL);
	if (d->db != NULL)
		return E_OK;
	return errno == ENOENT ? E_NOENT : errno == EACCES ? E_PERM : E_TEMP;
}

static int
db_put(struct dbm_file *d, const void *key, size_t keylen, const void *value,
    size_t valuelen)
{
	int rc;

	rc = gdbm_store(d->db, to_datum(key, keylen), to_datum(value,
	    valuelen), GDBM_INSERT);
	return rc == 0 ? E_OK : rc > 0 ? E_EXIST :
	    errno == ENOSPC ? E_NOSPACE : E_TEMP;
}

static int
db_each(struct dbm_file *d, dbm_each_fn *fn, void *ctx)
{
	datum k, v, next;
	int rc = 0;

	for (k = gdbm_firstkey(d->db); k.dptr != NULL; k = next) {
		v = gdbm_fetch(d->db, k);
		if (v.dptr != NULL)
			rc = fn(ctx, k.dptr, (size_t)k.dsize, v.dptr,
			    (size_t)v.dsize);
		free(v.dptr);
		next.dptr = NULL;
		if (rc == 0)
			next = gdbm_nextkey(d->db, k);
		free(k.dptr);
		if (rc != 0)
			break;
	}
	return rc;
}

#endif

/* A folder of sources: only one without any is understood. */
static int
open_folder(const char *path)
{
	struct dirscan *d;
	const char *name;
	int rc;

	rc = dirscan_open(path, &d);
	if (rc != E_OK)
		return rc;
	rc = dirscan_next(d, &name);
	dirscan_close(&d);
	return rc == 0 ? E_NOENT : rc == 1 ? E_NOTSUP : rc;
}

/* The source of "x.dat" is "x". */
static int
open_text(const char *path, struct dbm_file *d)
{
	struct str name;
	size_t n = strlen(path);
	struct stat st;
	int rc;

	if (n > 4 && strcmp(path + n - 4, ".dat") == 0)
		n -= 4;
	str_init(&name, 0);
	str_cat(&name, path, n);
	if (stat(str_c(&name), &st) < 0)
		rc = err_from_errno(errno);
	else if (S_ISDIR(st.st_mode))
		rc = open_folder(str_c(&name));
	else if (!S_ISREG(st.st_mode))
		rc = E_NOTSUP;
	else
		rc = file_slurp(str_c(&name), TEXT_MAX, &d->text);
	str_free(&name);
	return rc;
}

int
dbm_open(const char *path, struct dbm_file **out)
{
	struct dbm_file *d;
	int rc = E_NOENT;

	d = mem_new(sizeof(*d));
	str_init(&d->text, TEXT_MAX);
	d->fd = -1;
#ifdef HAVE_GDBM
	rc = open_db(path, GDBM_READER | GDBM_NOLOCK | GDBM_CLOEXEC, 0, d);
#endif
	if (rc == E_NOENT)
		rc = open_text(path, d);
	if (rc != E_OK)
		dbm_close(&d);
	*out = d;
	return rc;
}

int
dbm_has_open_fd(void)
{
#if defined(HAVE_GDBM) && defined(HAVE_GDBM_FD_OPEN)
	return TRUE;
#else
	return FALSE;
#endif
}

int
dbm_open_fd(int fd, const char *path, struct dbm_file **out)
{
#if defined(HAVE_GDBM) && defined(HAVE_GDBM_FD_OPEN)
	struct dbm_file *d;

	d = mem_new(sizeof(*d));
	str_init(&d->text, TEXT_MAX);
	d->fd = -1;
	d->db = gdbm_fd_open(fd, path, 0, GDBM_READER | GDBM_NOLOCK |
	    GDBM_CLOEXEC, NULL);
	if (d->db != NULL) {
		*out = d;
		return E_OK;
	}
	mem_free(d);
#else
	(void)path;
#endif
	close(fd);
	*out = NULL;
	return dbm_has_open_fd() ? E_TEMP : E_NOTSUP;
}

int
dbm_create(const char *path, int mode, struct dbm_file **out)
{
	struct dbm_file *d;
	int rc;

	d = mem_new(sizeof(*d));
	str_init(&d->text, TEXT_MAX);
	d->fd = -1;
#ifdef HAVE_GDBM
	rc = open_db(path, GDBM_NEWDB | GDBM_CLOEXEC, mode, d);
#else
	d->fd = open(path, O_WRONLY | O_CREAT | O_TRUNC, mode);
	rc = d->fd < 0 ? err_from_errno(errno) : E_OK;
#endif
	if (rc != E_OK)
		dbm_close(&d);
	*out = d;
	return rc;
}

/* The record at *pos; FALSE at the end. */
static int
text_next(const struct str *t, size_t *pos, const char **key, size_t *keylen,
    const char **value, size_t *valuelen)
{
	const char *line, *nl, *tab;
	size_t n;

	while (*pos < t->len) {
		line = t->data + *pos;
		nl = memchr(line, '\n', t->len - *pos);
		n = nl == NULL ? t->len - *pos : (size_t)(nl - line);
		*pos += n + 1;
		if (n == 0 || *line == '#')
			continue;
		tab = memchr(line, '\t', n);
		*key = line;
		*keylen = tab == NULL ? n : (size_t)(tab - line);
		*value = tab == NULL ? "1" : tab + 1;
		*valuelen = tab == NULL ? 1 : n - *keylen - 1;
		return TRUE;
	}
	return FALSE;
}

static int
text_get(struct dbm_file *d, const void *key, size_t keylen, struct str *out)
{
	const char *k, *v;
	size_t pos = 0, kn, vn;

	while (text_next(&d->text, &pos, &k, &kn, &v, &vn))
		if (kn == keylen && memcmp(k, key, kn) == 0)
			return str_cat(out, v, vn);
	return E_NOENT;
}

static int
text_put(struct dbm_file *d, const void *key, size_t keylen,
    const void *value, size_t valuelen)
{
	struct str old;
	int rc;

	if (memchr(key, '\t', keylen) != NULL ||
	    memchr(key, '\n', keylen) != NULL ||
	    memchr(value, '\n', valuelen) != NULL)
		return E_INVAL;
	str_init(&old, 0);
	rc = text_get(d, key, keylen, &old);
	str_free(&old);
	if (rc == E_OK)
		return E_EXIST;
	str_cat(&d->text, key, keylen);
	str_catc(&d->text, '\t');
	str_cat(&d->text, value, valuelen);
	return str_catc(&d->text, '\n');
}

static int
text_each(struct dbm_file *d, dbm_each_fn *fn, void *ctx)
{
	const char *k, *v;
	size_t pos = 0, kn, vn;
	int rc = 0;

	while (rc == 0 && text_next(&d->text, &pos, &k, &kn, &v, &vn))
		rc = fn(ctx, k, kn, v, vn);
	return rc;
}

int
dbm_get(struct dbm_file *d, const void *key, size_t keylen, struct str *out)
{
#ifdef HAVE_GDBM
	datum v;
	int rc;

	if (d->db != NULL) {
		v = gdbm_fetch(d->db, to_datum(key, keylen));
		if (v.dptr == NULL)
			return gdbm_errno == GDBM_ITEM_NOT_FOUND ? E_NOENT :
			    E_TEMP;
		rc = str_cat(out, v.dptr, (size_t)v.dsize);
		free(v.dptr);
		return rc;
	}
#endif
	return text_get(d, key, keylen, out);
}

int
dbm_put(struct dbm_file *d, const void *key, size_t keylen,
    const void *value, size_t valuelen)
{
#ifdef HAVE_GDBM
	if (d->db != NULL)
		return db_put(d, key, keylen, value, valuelen);
#endif
	return text_put(d, key, keylen, value, valuelen);
}

int
dbm_each(struct dbm_file *d, dbm_each_fn *fn, void *ctx)
{
#ifdef HAVE_GDBM
	if (d->db != NULL)
		return db_each(d, fn, ctx);
#endif
	return text_each(d, fn, ctx);
}

int
dbm_close(struct dbm_file **pd)
{
	struct dbm_file *d = *pd;
	int rc = E_OK;

	*pd = NULL;
	if (d == NULL)
		return E_OK;
#ifdef HAVE_GDBM
	if (d->db != NULL)
		gdbm_close(d->db);
#endif
	if (d->fd >= 0) {
		rc = file_write_all(d->fd, str_c(&d->text), d->text.len);
		if (close(d->fd) < 0 && rc == E_OK)
			rc = err_from_errno(errno);
	}
	str_wipe_free(&d->text);
	mem_free(d);
	return rc;
}
