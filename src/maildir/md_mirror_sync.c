/* Views of the folders of another maildir: what is in them.
   SPDX-License-Identifier: ISC */

/*
 * A view has one link for each message in the real folder's cur/ (maildir.md
 * 5.9). The order makes every moment safe to be killed in: the stamp is made
 * first, because what comes while we look must be newer than it, but is put in
 * its place last, so that what was not finished is done again.
 *
 * A message that is renamed while a directory is read may show up under
 * neither of its names. For a link to be removed, or made a second time, would
 * lose its flags and its UID; so what seems to be missing is looked for once
 * more before that is believed.
 */

#include "base/base.h"

#include <sys/stat.h>
#include <fcntl.h>
#include <stdio.h>

#include "base/dirscan.h"
#include "base/file.h"
#include "base/log.h"
#include "base/mem.h"
#include "maildir/folder_int.h"

#define STAMP		"shared-timestamp"
#define LINK_MAX_LEN	4096	/* bytes of what a link says */

/* One sync. The real messages are in `db`; those with REC_HERE are linked. */
struct sync {
	struct folder	*f;
	struct uiddb	db;
	struct vec	lost;		/* char *: links to what is not there */
	int		error;		/* first link that could not be made */
};

static int	older(const char *, const char *, const struct stat *);
static int	make_stamp(struct folder *, struct str *);
static void	move_real(struct folder *);
static int	read_real(struct sync *);
static int	read_links(struct sync *, const char *, int);
static void	note_link(struct sync *, const char *, const char *);
static int	seek_lost(struct sync *);
static void	drop_lost(struct sync *);
static void	link_new(struct sync *);
static int	is_missing(struct sync *, size_t);
static int	any_missing(struct sync *);
static int	run(struct sync *);

/* ---- the stamp ---------------------------------------------------------- */

static int
older(const char *dir, const char *sub, const struct stat *stamp)
{
	struct str path;
	struct stat st;
	int is;

	str_init(&path, 0);
	md_path(&path, dir, sub, NULL);
	is = stat(str_c(&path), &st) == 0 && st.st_mtime < stamp->st_mtime;
	str_free(&path);
	return is;
}

int
md_mirror_stale(const struct folder *f)
{
	struct str path;
	struct stat st;
	int stale;

	str_init(&path, 0);
	md_path(&path, f->dir, STAMP, NULL);
	stale = stat(str_c(&path), &st) < 0 || !older(f->real, "new", &st) ||
	    !older(f->real, "cur", &st);
	str_free(&path);
	return stale;
}

/* One NUL, as Courier writes it; only its time counts. */
static int
make_stamp(struct folder *f, struct str *path)
{
	struct str name;
	int fd, r;

	str_init(&name, 0);
	md_name_tmp(&name, f->md, "stamp");
	md_path(path, f->dir, "tmp", str_c(&name));
	str_free(&name);
	fd = open(str_c(path), O_WRONLY | O_CREAT | O_EXCL, 0600);
	if (fd < 0)
		return err_from_errno(errno);
	r = file_write_all(fd, "", 1);
	if (close(fd) < 0 && r == E_OK)
		r = err_from_errno(errno);
	return r;
}

/* ---- the real folder ---------------------------------------------------- */

/* Without the right to write, what is new waits for somebody who has it. */
static void
move_real(struct folder *f)
{
	struct folder real;
	struct str path;

	memset(&real, 0, sizeof(real));
	real.md = f->md;
	real.dir = f->real;
	str_init(&path, 0);
	md_path(&path, f->real, "new", NULL);
	if (access(str_c(&path), W_OK | X_OK) == 0) {
		(void)md_move_new(&real);
		md_clean_tmp(&real);
	}
	str_free(&path);
}

/* Adds to the table what it does not have yet. */
static int
read_real(struct sync *s)
{
	struct dirscan *d;
	struct str path;
	const char *name;
	int r;

	str_init(&path, 0);
	md_path(&path, s->f->real, "cur", NULL);
	r = dirscan_open(str_c(&path), &d);
	str_free(&path);
	if (r != E_OK)
		return r;
	while ((r = dirscan_next(d, &name)) > 0)
		if (*name != '.' && strchr(name, '\n') == NULL &&
		    names_find(&s->db.index, name, md_name_id(name), 0) ==
		    NAMES_NONE)
			uiddb_append(&s->db, name, 0)->state = 0;
	dirscan_close(&d);
	names_index_free(&s->db.index);
	names_index(&s->db.index, &s->db.names, s->db.v, s->db.n);
	return r;
}

/* ---- the view ----------------------------------------------------------- */

/* A link is made anew if the message's name, which has the real flags, is
   another one by now. What is no link is not ours. */
static void
note_link(struct sync *s, const char *sub, const char *name)
{
	struct str path, aim;
	struct stat st;
	size_t i;
	int r;

	str_init(&path, 0);
	str_init(&aim, 0);
	md_path(&path, s->f->dir, sub, name);
	i = names_find(&s->db.index, name, md_name_id(name), 0);
	if (i != NAMES_NONE) {
		s->db.v[i].state |= REC_HERE;
		md_path(&aim, s->f->real, "cur", "");
		names_cat(&s->db.names, s->db.v + i, &aim);
		r = md_relink(s->f->md, s->f->dir, str_c(&aim), str_c(&path));
		if (r != E_EXIST && s->error == E_OK)
			s->error = r;
	} else if (lstat(str_c(&path), &st) == 0 && S_ISLNK(st.st_mode)) {
		vec_push(&s->lost, mem_strdup(str_c(&path)));
	}
	str_free(&path);
	str_free(&aim);
}

/* again: only to find what seemed to be missing. */
static int
read_links(struct sync *s, const char *sub, int again)
{
	struct dirscan *d;
	struct str path;
	const char *name;
	size_t i;
	int r;

	str_init(&path, 0);
	md_path(&path, s->f->dir, sub, NULL);
	r = dirscan_open(str_c(&path), &d);
	str_free(&path);
	if (r != E_OK)
		return r;
	while ((r = dirscan_next(d, &name)) > 0) {
		if (*name == '.')
			continue;
		i = names_find(&s->db.index, name, md_name_id(name), 0);
		if (!again || (i != NAMES_NONE &&
		    (s->db.v[i].state & REC_HERE) == 0))
			note_link(s, sub, name);
	}
	dirscan_close(&d);
	return r;
}

/* Of two files of one identity only the first counts. */
static int
is_missing(struct sync *s, size_t i)
{
	struct str name;
	int is;

	if (s->db.v[i].state & REC_HERE)
		return FALSE;
	str_init(&name, 0);
	names_cat(&s->db.names, s->db.v + i, &name);
	is = names_find(&s->db.index, str_c(&name),
	    md_name_id(str_c(&name)), 0) == i;
	str_free(&name);
	return is;
}

static int
any_missing(struct sync *s)
{
	size_t i;

	for (i = 0; i < s->db.n; i++)
		if (is_missing(s, i))
			return TRUE;
	return FALSE;
}

/* Messages that were renamed while we read. */
static int
seek_lost(struct sync *s)
{
	struct vec lost;
	const char *slash;
	size_t i;
	int r;

	if (s->lost.n == 0)
		return E_OK;
	r = read_real(s);
	lost = s->lost;
	vec_init(&s->lost);
	for (i = 0; r == E_OK && i < lost.n; i++) {
		slash = strrchr(lost.v[i], '/');
		note_link(s, strncmp(slash - 4, "/new", 4) == 0 ? "new" :
		    "cur", slash + 1);
	}
	vec_free_all(&lost);
	return r;
}

static void
drop_lost(struct sync *s)
{
	size_t i;

	for (i = 0; i < s->lost.n; i++)
		unlink(s->lost.v[i]);
}

/* New here, whatever the flags are there. */
static void
link_new(struct sync *s)
{
	struct str path, aim;
	size_t i, at;

	str_init(&path, 0);
	str_init(&aim, 0);
	for (i = 0; i < s->db.n && s->error == E_OK; i++) {
		if (!is_missing(s, i))
			continue;
		md_path(&aim, s->f->real, "cur", "");
		at = aim.len;
		names_cat(&s->db.names, s->db.v + i, &aim);
		md_path(&path, s->f->dir, "new", "");
		str_cat(&path, str_c(&aim) + at, md_name_id(str_c(&aim) + at));
		md_name_info(&path, 0);
		if (symlink(str_c(&aim), str_c(&path)) < 0 && errno != EEXIST)
			s->error = err_from_errno(errno);
	}
	str_free(&path);
	str_free(&aim);
}

static int
run(struct sync *s)
{
	int r;

	move_real(s->f);
	r = read_real(s);
	if (r == E_OK)
		r = read_links(s, "new", FALSE);
	if (r == E_OK)
		r = read_links(s, "cur", FALSE);
	if (r == E_OK)
		r = seek_lost(s);
	if (r == E_OK && any_missing(s))
		r = read_links(s, "cur", TRUE);
	if (r != E_OK)
		return r;
	drop_lost(s);
	link_new(s);
	return s->error;
}

int
md_mirror_sync(struct folder *f)
{
	struct str tmp, path;
	struct sync s;
	int r;

	if (!md_mirror_stale(f))
		return E_OK;
	memset(&s, 0, sizeof(s));
	s.f = f;
	vec_init(&s.lost);
	names_init(&s.db.names, NULL);
	str_init(&tmp, 0);
	str_init(&path, 0);
	r = make_stamp(f, &tmp);
	if (r == E_OK)
		r = run(&s);
	md_path(&path, f->dir, STAMP, NULL);
	if (r == E_OK && rename(str_c(&tmp), str_c(&path)) < 0)
		r = err_from_errno(errno);
	if (r != E_OK) {
		unlink(str_c(&tmp));
		log_err("cannot follow %s: %s", f->real, err_text(r));
	}
	vec_free_all(&s.lost);
	uiddb_free(&s.db);
	str_free(&tmp);
	str_free(&path);
	return r;
}

int
md_mirror_resync(struct folder *f)
{
	struct md_lock *lock;
	int r;

	if (!md_mirror_stale(f))
		return E_NOENT;
	r = md_lock(f->md, f->dir, &lock);
	if (r != E_OK)
		return r;
	r = md_mirror_sync(f);
	md_unlock(&lock);
	return r;
}

int
md_mirror_unlink(const char *link)
{
	char aim[LINK_MAX_LEN + 1];
	ssize_t n;

	n = readlink(link, aim, LINK_MAX_LEN);
	if (n < 0)
		return errno == EINVAL ? E_OK : err_from_errno(errno);
	aim[n] = '\0';
	return unlink(aim) < 0 ? err_from_errno(errno) : E_OK;
}
