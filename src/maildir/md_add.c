/* New messages: tmp/ to cur/, as one transaction.
   SPDX-License-Identifier: ISC */

#include "base/base.h"

#include <fcntl.h>
#include <stdio.h>
#include <utime.h>

#include "base/clock.h"
#include "base/file.h"
#include "base/mem.h"
#include "maildir/folder_int.h"

#define COPY_STEP	65536
#define WRITTEN_SECS	300	/* when every system has written a file back */
#define TMP_TRIES	100

struct upload {
	char		*dir;		/* of the folder it goes to */
	char		*tmp;		/* name in tmp/ */
	char		*name;		/* final name in cur/ */
	int		fd;		/* -1: nothing more to write */
	struct stat	st;		/* of the file, when fd is -1 */
	int		error;		/* first failed write */
	u64		size;
	int		flags;
	int		has_date;
	time_t		date;
	struct vec	keywords;
};

static void tmp_name(struct folder *, struct str *);
static int make_tmp(struct folder *, struct upload *, const char *);
static struct upload *upload_new(struct folder *);
static int link_copy(struct folder *, struct folder *, struct rec *, int,
    struct upload *);
static void upload_free(struct upload **);
static int finish(struct folder *, struct upload *);
static int show_in_view(struct folder *, struct upload *);
static int publish(struct folder *, struct upload *);
static int copy_bytes(int, struct upload *);

/* A name of our own for tmp/. */
static void
tmp_name(struct folder *f, struct str *out)
{
	static u32 counter;
	struct str uniq;

	str_init(&uniq, 0);
	str_catu32(&uniq, counter++);
	md_name_tmp(out, f->md, str_c(&uniq));
	str_free(&uniq);
}

/* The file open for writing. uniq may be NULL: any. */
static int
make_tmp(struct folder *f, struct upload *u, const char *uniq)
{
	struct str name, path;
	int try;

	str_init(&name, 0);
	str_init(&path, 0);
	for (try = 0; try < TMP_TRIES; try++) {
		str_reset(&name);
		if (uniq == NULL)
			tmp_name(f, &name);
		else
			md_name_tmp(&name, f->md, *uniq != '\0' ? uniq : NULL);
		md_path(&path, u->dir, "tmp", str_c(&name));
		u->fd = open(str_c(&path), O_RDWR | O_CREAT | O_EXCL, 0666);
		if (u->fd >= 0 || errno != EEXIST)
			break;
	}
	if (u->fd >= 0) {
		file_cloexec(u->fd, TRUE);
		u->tmp = str_take(&name);
	}
	str_free(&name);
	str_free(&path);
	return u->fd >= 0 ? E_OK : err_from_errno(errno);
}

static struct upload *
upload_new(struct folder *f)
{
	struct upload *u;

	u = mem_new(sizeof(*u));
	u->fd = -1;
	u->dir = mem_strdup(f->real != NULL ? f->real : f->dir);
	vec_init(&u->keywords);
	return u;
}

static void
upload_free(struct upload **u)
{
	if ((*u)->fd >= 0)
		close((*u)->fd);
	mem_free((*u)->dir);
	mem_free((*u)->tmp);
	mem_free((*u)->name);
	vec_free_all(&(*u)->keywords);
	*u = mem_free(*u);
}

int
upload_begin(struct folder *f, struct upload **out)
{
	return md_upload_begin(f, NULL, out);
}

int
md_upload_begin(struct folder *f, const char *uniq, struct upload **out)
{
	struct upload *u;
	int r;

	u = upload_new(f);
	r = make_tmp(f, u, uniq);
	if (r != E_OK) {
		upload_free(&u);
		return r;
	}
	*out = u;
	return E_OK;
}

int
upload_write(struct upload *u, const void *data, size_t n)
{
	if (u->error != E_OK)
		return u->error;
	u->error = file_write_all(u->fd, data, n);
	u->size += n;
	return u->error;
}

void
upload_set(struct upload *u, int flags, const time_t *date)
{
	u->flags = flags;
	u->has_date = date != NULL;
	if (date != NULL)
		u->date = *date;
}

void
upload_keyword(struct upload *u, const char *keyword)
{
	vec_push(&u->keywords, mem_strdup(keyword));
}

void
upload_no_keywords(struct upload *u)
{
	vec_free_all(&u->keywords);
}

void
upload_abort(struct upload **u)
{
	struct str path;

	if (*u == NULL)
		return;
	if ((*u)->tmp != NULL) {
		str_init(&path, 0);
		md_path(&path, (*u)->dir, "tmp", (*u)->tmp);
		unlink(str_c(&path));
		str_free(&path);
	}
	upload_free(u);
}

static int
copy_bytes(int from, struct upload *u)
{
	char *buf;
	ssize_t n;

	buf = mem_array(COPY_STEP, 1);
	while ((n = read(from, buf, COPY_STEP)) != 0) {
		if (n < 0 && errno != EINTR)
			u->error = err_from_errno(errno);
		else if (n > 0)
			upload_write(u, buf, (size_t)n);
		if (u->error != E_OK)
			break;
	}
	mem_free(buf);
	return u->error;
}

/* On disk, and needs its descriptor no longer. */
int
upload_end(struct folder *f, struct upload *u)
{
	if (u->fd < 0)
		return u->error;
	if (u->error == E_OK && f->md->opts.sync && fsync(u->fd) < 0)
		u->error = err_from_errno(errno);
	if (u->error == E_OK && fstat(u->fd, &u->st) < 0)
		u->error = err_from_errno(errno);
	if (close(u->fd) < 0 && u->error == E_OK)
		u->error = err_from_errno(errno);
	u->fd = -1;
	return u->error;
}

int
upload_open(const struct upload *u, int *out_fd)
{
	struct str path;

	str_init(&path, 0);
	md_path(&path, u->dir, "tmp", u->tmp);
	*out_fd = open(str_c(&path), O_RDONLY);
	str_free(&path);
	return *out_fd < 0 ? err_from_errno(errno) : E_OK;
}

int
folder_scratch(struct folder *f)
{
	struct upload *u;
	int fd, r;

	u = upload_new(f);
	r = make_tmp(f, u, "scratch");
	fd = u->fd;
	u->fd = -1;
	upload_abort(&u);
	return r == E_OK ? fd : r;
}

/*
 * A copy in the same maildir is another name of the same file: messages never
 * change. What has lain there for WRITTEN_SECS is on disk, and need not wait
 * for the disk again. E_NOTSUP: not here, whatever the reason; nothing was made.
 */
static int
link_copy(struct folder *to, struct folder *from, struct rec *rec, int fd,
    struct upload *u)
{
	struct str name, path, source;
	struct stat st;
	int r;

	if (to->md != from->md || to->real != NULL || fstat(fd, &u->st) < 0 ||
	    u->st.st_uid != geteuid())
		return E_NOTSUP;
	if (to->md->opts.sync &&
	    clock_now() - u->st.st_ctime < WRITTEN_SECS &&
	    fsync(fd) < 0 && errno != EINVAL)
		return E_NOTSUP;
	str_init(&name, 0);
	str_init(&path, 0);
	str_init(&source, 0);
	tmp_name(to, &name);
	md_path(&path, to->dir, "tmp", str_c(&name));
	md_rec_path(&source, from, rec);
	r = E_NOTSUP;
	if (link(str_c(&source), str_c(&path)) == 0) {
		if (lstat(str_c(&path), &st) == 0 && S_ISREG(st.st_mode) &&
		    st.st_dev == u->st.st_dev && st.st_ino == u->st.st_ino)
			r = E_OK;
		else
			unlink(str_c(&path));
	}
	if (r == E_OK) {
		u->size = (u64)st.st_size;
		u->tmp = str_take(&name);
	}
	str_free(&name);
	str_free(&path);
	str_free(&source);
	return r;
}

int
upload_copy(struct folder *to, struct folder *from, size_t i,
    struct upload **out)
{
	struct rec *rec = from->recs + i;
	struct upload *u;
	const u32 *set;
	size_t n, k;
	int fd, r;

	r = md_open_here(from, i, &fd);
	if (r != E_OK)
		return r;
	u = upload_new(to);
	r = link_copy(to, from, rec, fd, u);
	if (r != E_OK) {
		r = make_tmp(to, u, NULL);
		if (r == E_OK)
			r = copy_bytes(fd, u);
		if (r == E_OK && fstat(fd, &u->st) == 0)
			upload_set(u, 0, &u->st.st_mtime);
		if (r == E_OK)
			r = upload_end(to, u);
	}
	close(fd);
	if (r != E_OK) {
		upload_abort(&u);
		return r;
	}
	u->flags = rec->flags;
	set = folder_kwset(from, rec->kwset, &n);
	for (k = 0; k < n; k++)
		upload_keyword(u, folder_keyword(from, set[k]));
	*out = u;
	return E_OK;
}

int
md_upload_finish(struct folder *f, struct upload *u, struct str *name)
{
	struct utimbuf ut;
	struct str path;
	int r;

	r = upload_end(f, u);
	if (r != E_OK)
		return r;
	if (u->has_date) {
		str_init(&path, 0);
		md_path(&path, u->dir, "tmp", u->tmp);
		ut.actime = ut.modtime = u->date;
		utime(str_c(&path), &ut);
		str_free(&path);
	}
	str_reset(name);
	md_name_final(name, f->md, u->tmp, &u->st);
	return E_OK;
}

/* Everything that can fail for the file alone; then its final name. */
static int
finish(struct folder *f, struct upload *u)
{
	struct str name, full;
	int r;

	str_init(&name, 0);
	r = md_upload_finish(f, u, &name);
	if (r == E_OK) {
		str_init(&full, 0);
		md_name_suffix(&full, str_c(&name), u->flags);
		u->name = str_take(&full);
	}
	str_free(&name);
	return r;
}

int
md_upload_place(struct upload *u, const char *sub, const char *name)
{
	struct str from, to;
	int r;

	str_init(&from, 0);
	str_init(&to, 0);
	md_path(&from, u->dir, "tmp", u->tmp);
	md_path(&to, u->dir, sub, name);
	r = rename(str_c(&from), str_c(&to)) < 0 ? err_from_errno(errno) : E_OK;
	if (r == E_OK)
		u->tmp = mem_free(u->tmp);
	str_free(&from);
	str_free(&to);
	return r;
}

/* In a view of another folder the message is a link to its file there. */
static int
show_in_view(struct folder *f, struct upload *u)
{
	struct str aim, path;
	int r;

	str_init(&aim, 0);
	str_init(&path, 0);
	md_path(&aim, u->dir, "cur", u->name);
	md_path(&path, f->dir, "cur", u->name);
	r = symlink(str_c(&aim), str_c(&path)) < 0 ? err_from_errno(errno) :
	    E_OK;
	str_free(&aim);
	str_free(&path);
	return r;
}

/* Keywords first, then tmp/ to cur/ (maildir.md 4.4). */
static int
publish(struct folder *f, struct upload *u)
{
	int r;

	r = E_OK;
	if (u->keywords.n > 0 && f->md->opts.keywords != KW_OFF)
		r = md_keywords_write(f, u->name,
		    (const char *const *)u->keywords.v, u->keywords.n);
	if (r == E_OK)
		r = md_upload_place(u, "cur", u->name);
	return r == E_OK && f->real != NULL ? show_in_view(f, u) : r;
}

const char *
md_upload_name(const struct upload *u)
{
	return u->name;
}

int
md_publish(struct folder *f, struct upload **u, size_t n)
{
	struct str path;
	size_t i;
	int r;

	for (i = 0, r = E_OK; i < n && r == E_OK; i++)
		r = publish(f, u[i]);
	if (r == E_OK && n > 0 && f->md->opts.sync) {
		str_init(&path, 0);
		md_path(&path, u[0]->dir, "cur", NULL);
		r = file_sync_dir(str_c(&path));
		str_free(&path);
	}
	return r;
}

void
md_withdraw(struct folder *f, struct upload **u, size_t n)
{
	struct str path;
	size_t i;

	str_init(&path, 0);
	for (i = 0; i < n; i++) {
		if (u[i]->tmp != NULL)
			continue;
		md_path(&path, u[i]->dir, "cur", u[i]->name);
		unlink(str_c(&path));
		if (f->real != NULL) {
			md_path(&path, f->dir, "cur", u[i]->name);
			unlink(str_c(&path));
		}
	}
	str_free(&path);
}

int
folder_add(struct folder *f, struct upload **u, size_t n, u32 *out_uids)
{
	u64 bytes;
	u32 counted;
	size_t i;
	int r;

	bytes = counted = 0;
	for (i = 0, r = E_OK; i < n && r == E_OK; i++) {
		r = finish(f, u[i]);
		if (r != E_OK ||
		    !md_quota_counts(f->md, f->name, u[i]->flags))
			continue;
		bytes += (u64)u[i]->st.st_size;
		counted++;
	}
	if (r == E_OK)
		r = md_quota_room(f->md, bytes, counted);
	if (r == E_OK)
		r = md_scan(f, u, n, out_uids);
	if (r == E_OK)
		md_quota_record(f->md, (i64)bytes, (i64)counted);
	for (i = 0; i < n; i++)
		if (r == E_OK)
			upload_free(u + i);
		else
			upload_abort(u + i);
	return r;
}
