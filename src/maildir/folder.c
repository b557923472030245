/* An open folder.  SPDX-License-Identifier: ISC */

#include "base/base.h"

#include <fcntl.h>
#include <stdio.h>
#include <utime.h>

#include "base/clock.h"
#include "base/file.h"
#include "base/mem.h"
#include "maildir/folder_int.h"

#define HOST_DEFAULT	"courier-imap"

static int flags_after(int, int, int);
static int rename_to(struct folder *, struct rec *, int);
static int room_to_undelete(struct folder *, const struct rec *);
typedef int act_fn(struct str *path, void *);
typedef int find_fn(struct folder *, struct rec *, act_fn *, void *);

static find_fn with_file;
static find_fn with_kept;
static int open_message(struct folder *, size_t, find_fn *, int *);
static int open_file(struct str *, void *);
static int date_file(struct str *, void *);
static int stat_file(struct str *, void *);
static int unlink_file(struct str *, void *);

struct maildir *
maildir_new(const char *path, const struct md_opts *opts)
{
	struct maildir *md;
	char host[256];

	md = mem_new(sizeof(*md));
	md->path = mem_strdup(path);
	md->opts = *opts;
	if (opts->host != NULL && *opts->host != '\0')
		md->host = mem_strdup(opts->host);
	else if (gethostname(host, sizeof(host)) == 0 &&
	    memchr(host, '\0', sizeof(host)) != NULL)
		md->host = mem_strdup(host);
	else
		md->host = mem_strdup(HOST_DEFAULT);
	md->opts.host = md->host;
	if (opts->quota != NULL)
		md->quota = mem_strdup(opts->quota);
	return md;
}

struct maildir *
maildir_other(const struct maildir *md, const char *path, const char *real)
{
	struct maildir *other;
	struct md_opts opts;

	opts = md->opts;
	opts.quota = NULL;
	other = maildir_new(path, &opts);
	if (real != NULL)
		other->real = mem_strdup(real);
	return other;
}

void
maildir_free(struct maildir **md)
{
	if (*md == NULL)
		return;
	mem_free((*md)->path);
	mem_free((*md)->host);
	mem_free((*md)->quota);
	mem_free((*md)->real);
	*md = mem_free(*md);
}

int
folder_open(struct maildir *md, const char *name, int mode,
    struct folder **out)
{
	struct folder *f;
	int r;

	if (!md_valid_name(name))
		return E_INVAL;
	r = md->real != NULL ? maildir_mirror(md, name) : E_OK;
	if (r != E_OK)
		return r;
	f = mem_new(sizeof(*f));
	f->md = md;
	f->name = mem_strdup(name);
	f->dir = md_dir(md, name);
	if (md->real != NULL)
		f->real = md_real_dir(md, name);
	f->mode = mode == FOLDER_RO ? FOLDER_RO : FOLDER_RW;
	md_keywords_init(f);
	md_owed_init(&f->owed);
	names_init(&f->names, NULL);
	f->gone.presence = -1;
	if (mode != FOLDER_ADD)
		md_gone_enter(&f->gone, f->dir);
	r = mode == FOLDER_ADD ? E_OK : md_scan(f, NULL, 0, NULL);
	if (r != E_OK) {
		folder_close(&f);
		return r;
	}
	*out = f;
	return E_OK;
}

void
folder_close(struct folder **pf)
{
	struct folder *f = *pf;

	if (f == NULL)
		return;
	folder_flush(f);
	md_gone_leave(&f->gone, f->dir);
	mem_free(f->recs);
	names_free(&f->names);
	md_keywords_free(f);
	mem_free(f->name);
	mem_free(f->dir);
	mem_free(f->real);
	*pf = mem_free(f);
}

int
folder_refresh(struct folder *f)
{
	return md_scan(f, NULL, 0, NULL);
}

void
folder_settle(struct folder *f)
{
	size_t i, kept;

	for (i = kept = 0; i < f->n; i++) {
		if (f->recs[i].state & REC_GONE)
			continue;
		f->recs[i].state &= REC_RECENT | REC_COPIED;
		f->recs[kept++] = f->recs[i];
	}
	f->n = kept;
}

size_t
folder_count(const struct folder *f)
{
	return f->n;
}

struct rec *
folder_rec(struct folder *f, size_t i)
{
	return f->recs + i;
}

size_t
folder_find(const struct folder *f, u32 uid)
{
	size_t lo, hi, mid;

	for (lo = 0, hi = f->n; lo < hi; ) {
		mid = lo + (hi - lo) / 2;
		if (f->recs[mid].uid < uid)
			lo = mid + 1;
		else
			hi = mid;
	}
	return lo;
}

void
folder_filename(const struct folder *f, size_t i, struct str *out)
{
	names_cat(&f->names, f->recs + i, out);
}

void
folder_identity(const struct folder *f, size_t i, struct str *out)
{
	size_t from = out->len;

	folder_filename(f, i, out);
	str_trunc(out, from + md_name_id(str_c(out) + from));
}

void
folder_path(struct folder *f, size_t i, struct str *out)
{
	struct str path;

	str_init(&path, 0);
	md_rec_path(&path, f, f->recs + i);
	str_catstr(out, &path);
	str_free(&path);
}

u32
folder_uidvalidity(const struct folder *f)
{
	return f->uidvalidity;
}

u32
folder_uidnext(const struct folder *f)
{
	return f->uidnext;
}

u64
folder_highestmodseq(const struct folder *f)
{
	return f->highestmodseq;
}

const char *
folder_name(const struct folder *f)
{
	return f->name;
}

/* ---- messages ----------------------------------------------------------- */

void
md_rec_path(struct str *s, const struct folder *f, const struct rec *rec)
{
	md_path(s, f->dir, "cur", "");
	names_cat(&f->names, rec, s);
}

void
md_rec_rename(struct folder *f, struct rec *rec, const char *name)
{
	int flags;

	flags = rec->flags;
	names_add(&f->names, name, rec);
	if (flags != rec->flags) {
		rec->state |= REC_CHANGED;
		rec->modseq = ++f->highestmodseq;
	}
}

/* Does something with the message's file, under its new name if it has one
   by now. */
static int
with_file(struct folder *f, struct rec *rec, act_fn *act, void *ctx)
{
	struct str path;
	int r;

	str_init(&path, 0);
	md_rec_path(&path, f, rec);
	r = act(&path, ctx);
	if (r == E_NOENT && f->real != NULL && md_mirror_resync(f) == E_OK)
		r = act(&path, ctx);
	if (r == E_NOENT && (r = md_refind(f, rec)) == E_OK) {
		md_rec_path(&path, f, rec);
		r = act(&path, ctx);
	}
	str_free(&path);
	return r == E_NOENT ? E_EXPUNGED : r;
}

/* The same, but also one that another session removed a while ago. */
static int
with_kept(struct folder *f, struct rec *rec, act_fn *act, void *ctx)
{
	struct str path, name;
	int r;

	r = with_file(f, rec, act, ctx);
	if (r != E_EXPUNGED)
		return r;
	str_init(&path, 0);
	str_init(&name, 0);
	names_cat(&f->names, rec, &name);
	if (md_gone_find(&f->gone, f->dir, str_c(&name), &path))
		r = act(&path, ctx);
	str_free(&path);
	str_free(&name);
	return r == E_NOENT ? E_EXPUNGED : r;
}

static int
open_file(struct str *path, void *ctx)
{
	int *fd = ctx;

	*fd = open(str_c(path), O_RDONLY | O_NONBLOCK);
	return *fd < 0 ? err_from_errno(errno) : E_OK;
}

static int
stat_file(struct str *path, void *ctx)
{
	return stat(str_c(path), ctx) < 0 ? err_from_errno(errno) : E_OK;
}

static int
date_file(struct str *path, void *ctx)
{
	return utime(str_c(path), ctx) < 0 ? err_from_errno(errno) : E_OK;
}

static int
unlink_file(struct str *path, void *ctx)
{
	struct folder *f = ctx;
	int r;

	r = E_OK;
	if (f->real != NULL)
		r = md_mirror_unlink(str_c(path));
	else
		md_gone_keep(&f->gone, f->dir,
		    strrchr(str_c(path), '/') + 1, str_c(path));
	f->removed = TRUE;
	if (r == E_OK && unlink(str_c(path)) < 0)
		r = err_from_errno(errno);
	return r;
}

static int
open_message(struct folder *f, size_t i, find_fn *find, int *out_fd)
{
	struct stat st;
	int fd, r;

	r = find(f, f->recs + i, open_file, &fd);
	if (r != E_OK)
		return r;
	if (fstat(fd, &st) < 0 || !S_ISREG(st.st_mode)) {
		close(fd);
		return E_PERM;
	}
	file_cloexec(fd, TRUE);
	*out_fd = fd;
	return E_OK;
}

int
folder_open_msg(struct folder *f, size_t i, int *out_fd)
{
	return open_message(f, i, with_kept, out_fd);
}

int
md_open_here(struct folder *f, size_t i, int *out_fd)
{
	return open_message(f, i, with_file, out_fd);
}

int
folder_date(struct folder *f, size_t i, time_t *out)
{
	struct stat st;
	int r;

	r = with_kept(f, f->recs + i, stat_file, &st);
	if (r == E_OK)
		*out = st.st_mtime;
	return r;
}

int
folder_set_date(struct folder *f, size_t i, time_t t)
{
	struct utimbuf times;

	times.actime = times.modtime = t;
	return with_file(f, f->recs + i, date_file, &times);
}

/* ---- flags -------------------------------------------------------------- */

static int
flags_after(int now, int how, int flags)
{
	switch (how) {
	case STORE_ADD:
		return now | flags;
	case STORE_DEL:
		return now & ~flags;
	default:
		return flags | (now & MSG_PASSED);
	}
}

/* Renames the file so that it bears the flags. A name that is taken belongs to
   another message, which rename would replace. */
static int
rename_to(struct folder *f, struct rec *rec, int flags)
{
	struct str from, to, name;
	struct stat st;
	int r;

	str_init(&from, 0);
	str_init(&to, 0);
	str_init(&name, 0);
	names_cat(&f->names, rec, &name);
	md_path(&from, f->dir, "cur", str_c(&name));
	md_path(&to, f->dir, "cur", "");
	md_name_suffix(&to, str_c(&name), flags);
	r = E_OK;
	if (strcmp(str_c(&from), str_c(&to)) != 0) {
		if (lstat(str_c(&to), &st) == 0)
			r = lstat(str_c(&from), &st) == 0 ? E_BUSY : E_NOENT;
		else if (rename(str_c(&from), str_c(&to)) < 0)
			r = err_from_errno(errno);
	}
	if (r == E_OK) {
		if (rec->form == FORM_OWN)
			names_add(&f->names, strrchr(str_c(&to), '/') + 1, rec);
		else
			rec->form = FORM_USUAL;
		rec->flags = (u8)flags;
		rec->modseq = ++f->highestmodseq;
	}
	str_free(&from);
	str_free(&to);
	str_free(&name);
	return r;
}

u64
md_quota_of(struct folder *f, const struct rec *rec)
{
	struct str name;
	u64 size;

	str_init(&name, 0);
	names_cat(&f->names, rec, &name);
	size = md_quota_size(f->dir, "cur", str_c(&name));
	str_free(&name);
	return size;
}

u64
folder_size(struct folder *f, size_t i)
{
	return md_quota_of(f, f->recs + i);
}

void
md_quota_add(struct folder *f, const struct rec *rec, int n)
{
	md_owed_add(&f->owed, n * (i64)md_quota_of(f, rec), n);
}

void
folder_flush(struct folder *f)
{
	md_owed_tell(f->md, &f->owed);
}

/* \Deleted messages do not count: one that comes back needs room. */
static int
room_to_undelete(struct folder *f, const struct rec *rec)
{
	folder_flush(f);
	return md_quota_room(f->md, md_quota_of(f, rec), 1);
}

int
folder_store(struct folder *f, size_t i, int how, int flags,
    const char *const *keywords, size_t n)
{
	struct rec *rec = f->recs + i;
	int r, want, counted;

	if (rec->state & REC_GONE)
		return E_EXPUNGED;
	want = flags_after(rec->flags, how, flags);
	counted = md_quota_counts(f->md, f->name, rec->flags);
	r = E_OK;
	if (!counted && md_quota_counts(f->md, f->name, want))
		r = room_to_undelete(f, rec);
	if (r == E_OK && want != rec->flags) {
		r = rename_to(f, rec, want);
		if (r == E_NOENT && (r = md_refind(f, rec)) == E_OK)
			r = rename_to(f, rec,
			    flags_after(rec->flags, how, flags));
		if (r == E_OK &&
		    md_quota_counts(f->md, f->name, rec->flags) != counted)
			md_quota_add(f, rec, counted ? -1 : 1);
	}
	if (r == E_OK && f->md->opts.keywords != KW_OFF &&
	    (n > 0 || how == STORE_SET))
		r = md_keywords_store(f, rec, how, keywords, n);
	return r == E_NOENT ? E_EXPUNGED : r;
}

int
folder_expunge(struct folder *f, size_t i)
{
	struct rec *rec = f->recs + i;
	int r, counted;
	u64 size;

	if (rec->state & REC_GONE)
		return E_OK;
	counted = md_quota_counts(f->md, f->name, rec->flags);
	size = counted ? md_quota_of(f, rec) : 0;
	r = with_file(f, rec, unlink_file, f);
	if (r == E_OK && counted)
		md_owed_add(&f->owed, -(i64)size, -1);
	if (r == E_PERM && f->real != NULL &&
	    rename_to(f, rec, rec->flags & ~MSG_DELETED) == E_OK)
		rec->state |= REC_CHANGED;
	if (r != E_OK && r != E_EXPUNGED)
		return r;
	rec->state |= REC_GONE;
	rec->modseq = ++f->highestmodseq;
	return E_OK;
}
