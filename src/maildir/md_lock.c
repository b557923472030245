/* The dot lock tmp/courier.lock, maildir.md 3.6.
   SPDX-License-Identifier: ISC */

#include "base/base.h"

#include <fcntl.h>
#include <signal.h>
#include <stdio.h>

#include "base/clock.h"
#include "base/file.h"
#include "base/log.h"
#include "base/mem.h"
#include "base/num.h"
#include "maildir/folder_int.h"

#define LOCK_FOREIGN_MAX	120	/* age of another host's dead lock */
#define LOCK_WAIT_MS		50	/* how often a held lock is tried */
#define LOCK_PATIENCE_MS	10000	/* then the log tells of it */
#define LOCK_TEXT_MAX		1024
#define HOST_MAX		256

enum { LOCK_HELD, LOCK_STALE };

struct md_lock {
	struct str	path;		/* empty: locks are off */
	struct str	text;		/* what we wrote */
};

static int take(const char *, const char *, const char *, size_t);
static int judge(const char *, const char *, struct str *, struct stat *);
static int bury(const char *, const char *, const struct stat *);
static int wait_for(struct md_lock *, struct maildir *, const char *,
    const char *);
static void lock_free(struct md_lock **);

/* One try. E_OK, E_EXIST, or what went wrong. */
static int
take(const char *path, const char *tmp, const char *text, size_t n)
{
	struct stat st;
	int fd, r, linked;

	fd = open(tmp, O_WRONLY | O_CREAT | O_EXCL, 0644);
	if (fd < 0)
		return err_from_errno(errno);
	r = file_write_all(fd, text, n);
	if (close(fd) < 0 && r == E_OK)
		r = err_from_errno(errno);
	if (r == E_OK) {
		linked = link(tmp, path) == 0;
		if (!linked)
			r = err_from_errno(errno);
		if (stat(tmp, &st) == 0 && st.st_nlink == 2)
			r = E_OK;
		else if (linked)
			r = E_EXIST;
	}
	unlink(tmp);
	return r;
}

/* Who holds it? "<pid>:<host>". *st tells which file was read. */
static int
judge(const char *path, const char *host, struct str *text, struct stat *st)
{
	u32 pid;
	size_t n;

	str_reset(text);
	if (stat(path, st) < 0 ||
	    file_slurp(path, LOCK_TEXT_MAX, text) == E_NOENT)
		return LOCK_HELD;	/* gone just now: try again */
	n = num_scan_u32(str_c(text), text->len, &pid);
	if (n > 0 && pid > 0 && str_c(text)[n] == ':' &&
	    strcmp(str_c(text) + n + 1, host) == 0)
		return (pid_t)pid == getpid() ||
		    (kill((pid_t)pid, 0) < 0 && errno == ESRCH) ?
		    LOCK_STALE : LOCK_HELD;
	return clock_now() - st->st_mtime > LOCK_FOREIGN_MAX ?
	    LOCK_STALE : LOCK_HELD;
}

/*
 * Takes a dead lock away; FALSE if it cannot. Between the judgement and now another may have done
 * so and taken the lock: then what was moved aside is put back. (Courier
 * unlinks blindly and then sleeps 5 s, which every session after a crash would
 * have to wait for.)
 */
static int
bury(const char *path, const char *aside, const struct stat *dead)
{
	struct stat st;

	if (rename(path, aside) < 0)
		return FALSE;
	if (stat(aside, &st) == 0 && (st.st_ino != dead->st_ino ||
	    st.st_dev != dead->st_dev || st.st_mtime != dead->st_mtime))
		(void)link(aside, path);
	unlink(aside);
	return TRUE;
}

/* Until it is ours, or an error. Nothing ends the life of a lock whose process
   lives: the log says whom we wait for. */
static int
wait_for(struct md_lock *l, struct maildir *md, const char *dir,
    const char *host)
{
	struct str tmp, name, other;
	struct stat st;
	u64 patience;
	int r;

	str_init(&tmp, 0);
	str_init(&name, 0);
	str_init(&other, 0);
	for (patience = clock_msec() + LOCK_PATIENCE_MS; ; ) {
		str_reset(&name);
		md_name_tmp(&name, md, "courierlock");
		md_path(&tmp, dir, "tmp", str_c(&name));
		r = take(str_c(&l->path), str_c(&tmp), str_c(&l->text),
		    l->text.len);
		if (r != E_EXIST)
			break;
		if (judge(str_c(&l->path), host, &other, &st) == LOCK_STALE &&
		    bury(str_c(&l->path), str_c(&tmp), &st))
			continue;
		clock_sleep_ms(LOCK_WAIT_MS);
		if (clock_msec() < patience)
			continue;
		patience = clock_msec() + LOCK_PATIENCE_MS;
		log_warn("waiting for %s, held by %s", str_c(&l->path),
		    str_c(&other));
	}
	str_free(&tmp);
	str_free(&name);
	str_free(&other);
	return r;
}

static void
lock_free(struct md_lock **l)
{
	str_free(&(*l)->path);
	str_free(&(*l)->text);
	*l = mem_free(*l);
}

int
md_lock(struct maildir *md, const char *dir, struct md_lock **out)
{
	struct md_lock *l;
	char host[HOST_MAX];
	int r;

	l = mem_new(sizeof(*l));
	str_init(&l->path, 0);
	str_init(&l->text, 0);
	*out = l;
	if (!md->opts.locks)
		return E_OK;
	if (gethostname(host, sizeof(host)) < 0)
		host[0] = '\0';
	host[sizeof(host) - 1] = '\0';
	str_catu64(&l->text, (u64)getpid());
	str_catc(&l->text, ':');
	str_cats(&l->text, host);
	md_path(&l->path, dir, "tmp", "courier.lock");
	r = wait_for(l, md, dir, host);
	if (r != E_OK)
		lock_free(out);
	return r;
}

/* Only what is still ours: somebody may have thought us dead. */
void
md_unlock(struct md_lock **l)
{
	struct str text;

	if (*l == NULL)
		return;
	str_init(&text, 0);
	if ((*l)->path.len > 0 &&
	    file_slurp(str_c(&(*l)->path), LOCK_TEXT_MAX, &text) == E_OK &&
	    strcmp(str_c(&text), str_c(&(*l)->text)) == 0)
		unlink(str_c(&(*l)->path));
	str_free(&text);
	lock_free(l);
}
