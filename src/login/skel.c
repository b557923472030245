/* Homes that are made at the first login.  SPDX-License-Identifier: ISC

   Runs as root: the copy is root's and closed until it is complete. */

#include "base/base.h"

#include <sys/stat.h>
#include <fcntl.h>
#include <stdio.h>

#include "base/dirscan.h"
#include "base/file.h"
#include "base/log.h"
#include "base/str.h"
#include "login/skel.h"

#define DEPTH_MAX	32	/* folders within folders */
#define LINK_MAX_BYTES	4096

struct owner {
	uid_t	uid;
	gid_t	gid;
};

static int copy_any(const char *, const char *, const struct owner *, int);
static int copy_dir(const char *, const char *, const struct owner *, int);
static int copy_file(const char *, const char *, const struct owner *,
	    mode_t);
static int copy_link(const char *, const char *, const struct owner *);

static int
copy_file(const char *from, const char *to, const struct owner *o,
    mode_t mode)
{
	int in, out, r;

	in = open(from, O_RDONLY | O_NOFOLLOW);
	if (in < 0)
		return err_from_errno(errno);
	out = open(to, O_WRONLY | O_CREAT | O_EXCL, 0600);
	r = out < 0 ? err_from_errno(errno) : file_copy(in, out);
	if (r == E_OK && (fchown(out, o->uid, o->gid) < 0 ||
	    fchmod(out, mode & 07777) < 0))
		r = err_from_errno(errno);
	close(in);
	if (out >= 0 && close(out) < 0 && r == E_OK)
		r = err_from_errno(errno);
	return r;
}

static int
copy_link(const char *from, const char *to, const struct owner *o)
{
	char target[LINK_MAX_BYTES];
	ssize_t n;

	n = readlink(from, target, sizeof(target) - 1);
	if (n < 0)
		return err_from_errno(errno);
	target[n] = '\0';
	if (symlink(target, to) < 0 || lchown(to, o->uid, o->gid) < 0)
		return err_from_errno(errno);
	return E_OK;
}

/* What is in it; the caller has made it. */
static int
copy_dir(const char *from, const char *to, const struct owner *o, int depth)
{
	struct dirscan *d;
	struct str a, b;
	const char *name;
	int r, more;

	r = dirscan_open(from, &d);
	if (r != E_OK)
		return r;
	str_init(&a, 0);
	str_init(&b, 0);
	more = 0;
	while (r == E_OK && (more = dirscan_next(d, &name)) > 0) {
		str_reset(&a);
		str_reset(&b);
		str_catf(&a, "%s/%s", from, name);
		str_catf(&b, "%s/%s", to, name);
		r = copy_any(str_c(&a), str_c(&b), o, depth + 1);
	}
	dirscan_close(&d);
	str_free(&a);
	str_free(&b);
	return r != E_OK ? r : more;
}

/* Sockets, pipes and devices are left out. */
static int
copy_any(const char *from, const char *to, const struct owner *o, int depth)
{
	struct stat st;
	int r;

	if (depth > DEPTH_MAX)
		return E_TOOBIG;
	if ((depth == 0 ? stat(from, &st) : lstat(from, &st)) < 0)
		return err_from_errno(errno);
	if (S_ISREG(st.st_mode))
		return copy_file(from, to, o, st.st_mode);
	if (S_ISLNK(st.st_mode))
		return copy_link(from, to, o);
	if (!S_ISDIR(st.st_mode))
		return E_OK;
	if (mkdir(to, 0700) < 0)
		return err_from_errno(errno);
	r = copy_dir(from, to, o, depth);
	if (r == E_OK && (chown(to, o->uid, o->gid) < 0 ||
	    chmod(to, st.st_mode & 07777) < 0))
		r = err_from_errno(errno);
	return r;
}

void
skel_copy(const char *skel, const char *home, uid_t uid, gid_t gid)
{
	struct owner o;
	struct stat st;
	struct str tmp;
	size_t n;
	int r;

	if (lstat(home, &st) == 0 || errno != ENOENT)
		return;
	o.uid = uid;
	o.gid = gid;
	str_init(&tmp, 0);
	for (n = strlen(home); n > 1 && home[n - 1] == '/'; n--)
		;
	str_cat(&tmp, home, n);
	str_catf(&tmp, ".chapar-%lu", (unsigned long)getpid());
	r = copy_any(skel, str_c(&tmp), &o, 0);
	/* Another login of the same account may have been faster. */
	if (r == E_OK && rename(str_c(&tmp), home) < 0 &&
	    lstat(home, &st) < 0)
		r = err_from_errno(errno);
	if (r != E_OK)
		log_warn("%s: %s!!", home, err_text(r));
	if (r != E_EXIST)	/* that one is not ours */
		(void)file_remove_tree(str_c(&tmp));
	str_free(&tmp);
}
