/* The userdb's text (authdaemon.md 4.6).  SPDX-License-Identifier: ISC */

#include "base/base.h"

#include <sys/stat.h>
#include <fcntl.h>

#include "base/file.h"
#include "base/lock.h"
#include "base/mem.h"
#include "base/str.h"
#include "authdaemon/userdb.h"

/* What to do with the one record. */
struct job {
	const char			*name;
	const struct userdb_change	*change;
	size_t				n;
	int				del;
	int				seen;
};

static void beside(const char *, const char *, struct str *);
static int open_lock(const char *);
static int is_changed(const struct job *, const char *, size_t);
static void put_record(const struct job *, const char *, struct str *);
static void rewrite(struct job *, const char *, struct str *);
static int change_locked(const char *, struct job *, int);
static int edit(const char *, struct job *, int);

char *
userdb_field(const char *fields, const char *name)
{
	const char *end;
	size_t n = strlen(name);

	for (; *fields != '\0'; fields = end + (*end == '|')) {
		end = fields + strcspn(fields, "|");
		if (strncmp(fields, name, n) != 0)
			continue;
		if (fields + n == end)
			return mem_strdup("");
		if (fields[n] == '=')
			return mem_dup(fields + n + 1,
			    (size_t)(end - fields) - n - 1);
	}
	return NULL;
}

int
userdb_is_name(const char *s)
{
	return *s != '\0' && *s != '#' && s[strcspn(s, "\t\n|")] == '\0';
}

int
userdb_is_field(const char *s)
{
	return *s != '\0' && s[strcspn(s, "\n|=")] == '\0';
}

int
userdb_is_value(const char *s)
{
	return s[strcspn(s, "\n|")] == '\0';
}

/* "a/b" and ".lock." give "a/.lock.b". */
static void
beside(const char *file, const char *prefix, struct str *out)
{
	const char *slash;

	slash = strrchr(file, '/');
	slash = slash == NULL ? file : slash + 1;
	str_cat(out, file, (size_t)(slash - file));
	str_catf(out, "%s%s", prefix, slash);
}

static int
open_lock(const char *file)
{
	struct str path;
	int fd, r;

	str_init(&path, 0);
	beside(file, ".lock.", &path);
	fd = open(str_c(&path), O_RDWR | O_CREAT, 0600);
	r = fd < 0 ? err_from_errno(errno) : E_OK;
	str_free(&path);
	if (r != E_OK)
		return r;
	file_cloexec(fd, TRUE);
	r = lock_flock(fd);
	if (r != E_OK)
		close(fd);
	return r == E_OK ? fd : r;
}

static int
is_changed(const struct job *job, const char *field, size_t n)
{
	size_t i;

	for (i = 0; i < job->n; i++)
		if (strlen(job->change[i].field) == n &&
		    memcmp(job->change[i].field, field, n) == 0)
			return TRUE;
	return FALSE;
}

/* The fields that stay, then those that are set. */
static void
put_record(const struct job *job, const char *fields, struct str *out)
{
	const char *end, *sep = "";
	size_t i;

	str_catf(out, "%s\t", job->name);
	for (; *fields != '\0'; fields = end + (*end == '|')) {
		end = fields + strcspn(fields, "|");
		if (end == fields || is_changed(job, fields,
		    strcspn(fields, "=|")))
			continue;
		str_cats(out, sep);
		str_cat(out, fields, (size_t)(end - fields));
		sep = "|";
	}
	for (i = 0; i < job->n; i++) {
		if (job->change[i].value == NULL)
			continue;
		str_cats(out, sep);
		str_cats(out, job->change[i].field);
		str_catc(out, '=');
		str_cats(out, job->change[i].value);
		sep = "|";
	}
	str_catc(out, '\n');
}

/* Copies the text with the one record changed. */
static void
rewrite(struct job *job, const char *text, struct str *out)
{
	size_t len, n;
	char *fields;

	n = strlen(job->name);
	for (; *text != '\0'; text += len + (text[len] == '\n')) {
		len = strcspn(text, "\n");
		if (job->seen || strcspn(text, "\t\n") != n ||
		    memcmp(text, job->name, n) != 0) {
			str_cat(out, text, len);
			str_catc(out, '\n');
			continue;
		}
		job->seen = TRUE;
		if (job->del)
			continue;
		fields = len > n ? mem_dup(text + n + 1, len - n - 1) :
		    mem_strdup("");
		put_record(job, fields, out);
		mem_free_secret(&fields);
	}
}

static int
change_locked(const char *file, struct job *job, int create)
{
	struct str text, out, tmp;
	struct stat st;
	int r;

	str_init(&text, USERDB_TEXT_MAX);
	str_init(&out, USERDB_TEXT_MAX);
	str_init(&tmp, 0);
	beside(file, ".tmp.", &tmp);
	st.st_mode = 0600;
	r = stat(file, &st) < 0 ? err_from_errno(errno) :
	    file_slurp(file, USERDB_TEXT_MAX, &text);
	if (r == E_NOENT && create)
		r = E_OK;
	if (r == E_OK) {
		rewrite(job, str_c(&text), &out);
		if (!job->seen && create)
			put_record(job, "", &out);
		unlink(str_c(&tmp));
		if (!job->seen && !create)
			r = E_NOENT;
		else if (out.toobig)
			r = E_TOOBIG;
		else
			r = file_replace(file, str_c(&tmp), str_c(&out),
			    out.len, (int)(st.st_mode & 0777), TRUE);
	}
	str_wipe_free(&text);
	str_wipe_free(&out);
	str_free(&tmp);
	return r;
}

/* A symbolic link is followed, so that the file it names is replaced. */
static int
edit(const char *file, struct job *job, int create)
{
	char *real;
	int fd, r;

	real = realpath(file, NULL);
	if (real == NULL)
		real = mem_strdup(file);
	fd = open_lock(real);
	r = fd < 0 ? fd : change_locked(real, job, create);
	if (fd >= 0)
		close(fd);
	mem_free(real);
	return r;
}

int
userdb_edit(const char *file, const char *name,
    const struct userdb_change *change, size_t n, int create)
{
	struct job job;
	size_t i;

	if (!userdb_is_name(name))
		return E_INVAL;
	for (i = 0; i < n; i++)
		if (!userdb_is_field(change[i].field) ||
		    (change[i].value != NULL &&
		    !userdb_is_value(change[i].value)))
			return E_INVAL;
	memset(&job, 0, sizeof(job));
	job.name = name;
	job.change = change;
	job.n = n;
	return edit(file, &job, create);
}

int
userdb_delete(const char *file, const char *name)
{
	struct job job;

	memset(&job, 0, sizeof(job));
	job.name = name;
	job.del = TRUE;
	return edit(file, &job, FALSE);
}

int
userdb_each(const char *file, userdb_each_fn *fn, void *ctx)
{
	struct str text;
	char *p, *end, *tab;
	int r;

	str_init(&text, USERDB_TEXT_MAX);
	r = file_slurp(file, USERDB_TEXT_MAX, &text);
	p = r == E_OK && text.len > 0 ? text.data : NULL;
	for (; p != NULL && *p != '\0' && r == E_OK; p = end) {
		end = p + strcspn(p, "\n");
		if (*end != '\0')
			*end++ = '\0';
		if (*p == '\0' || *p == '#' || *p == '\t')
			continue;
		tab = strchr(p, '\t');
		if (tab != NULL)
			*tab++ = '\0';
		r = fn(ctx, p, tab);
	}
	str_wipe_free(&text);
	return r;
}
