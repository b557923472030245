/* Whole files.  SPDX-License-Identifier: ISC */

#include "base/base.h"

#include <sys/stat.h>
#include <fcntl.h>
#include <stdio.h>

#include "base/dirscan.h"
#include "base/file.h"
#include "base/mem.h"
#include "base/str.h"

#define SLURP_STEP	8192
#define COPY_STEP	65536
#define TREE_DEPTH_MAX	64	/* folders in folders that are removed */

static int remove_tree(const char *, int);
static int remove_entries(const char *, int);

int
file_slurp_fd(int fd, size_t max, struct str *out)
{
	size_t start;
	ssize_t n;
	char *to;

	for (start = out->len; ; ) {
		to = str_ready(out, SLURP_STEP);
		if (to == NULL)
			return E_TOOBIG;
		n = read(fd, to, SLURP_STEP);
		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return err_from_errno(errno);
		str_commit(out, (size_t)n);
		if (n == 0)
			return E_OK;
		if (out->len - start > max)
			return E_TOOBIG;
	}
}

int
file_slurp(const char *path, size_t max, struct str *out)
{
	int fd, r;

	do
		fd = open(path, O_RDONLY | O_NONBLOCK);
	while (fd < 0 && errno == EINTR);
	if (fd < 0)
		return err_from_errno(errno);
	file_cloexec(fd, TRUE);
	r = file_slurp_fd(fd, max, out);
	close(fd);
	return r;
}

int
file_write_all(int fd, const void *data, size_t n)
{
	const char *p = data;
	ssize_t done;

	for (; n > 0; p += done, n -= (size_t)done) {
		done = write(fd, p, n);
		if (done < 0 && errno == EINTR)
			done = 0;
		else if (done < 0)
			return err_from_errno(errno);
	}
	return E_OK;
}

int
file_replace(const char *path, const char *tmp, const void *data, size_t n,
    int mode, int sync)
{
	int fd, r, no;

	fd = open(tmp, O_WRONLY | O_CREAT | O_TRUNC, mode);
	if (fd < 0)
		return err_from_errno(errno);
	file_cloexec(fd, TRUE);
	r = file_write_all(fd, data, n);
	if (r == E_OK && sync && fsync(fd) < 0)
		r = err_from_errno(errno);
	if (close(fd) < 0 && r == E_OK)
		r = err_from_errno(errno);
	if (r == E_OK && rename(tmp, path) < 0)
		r = err_from_errno(errno);
	if (r != E_OK) {
		no = errno;
		unlink(tmp);
		errno = no;
	}
	return r;
}

int
file_open_regular(const char *path)
{
	struct stat st;
	int fd, flags;

	flags = O_RDONLY | O_NONBLOCK;
#ifdef O_NOFOLLOW
	flags |= O_NOFOLLOW;
#else
	if (lstat(path, &st) < 0)
		return err_from_errno(errno);
	if (!S_ISREG(st.st_mode))
		return E_INVAL;
#endif
	fd = open(path, flags);
	if (fd < 0)
		return err_from_errno(errno);
	if (fstat(fd, &st) < 0 || !S_ISREG(st.st_mode)) {
		close(fd);
		return E_INVAL;
	}
	file_cloexec(fd, TRUE);
	return fd;
}

int
file_copy(int from, int to)
{
	char *buf;
	ssize_t n;
	int e;

	buf = mem_array(COPY_STEP, 1);
	e = E_OK;
	while (e == E_OK && (n = read(from, buf, COPY_STEP)) != 0) {
		if (n > 0)
			e = file_write_all(to, buf, (size_t)n);
		else if (errno != EINTR)
			e = err_from_errno(errno);
	}
	mem_free(buf);
	return e;
}

int
file_cloexec(int fd, int on)
{
	return fcntl(fd, F_SETFD, on ? FD_CLOEXEC : 0) < 0 ? E_TEMP : E_OK;
}

int
file_nonblock(int fd, int on)
{
	int flags;

	flags = fcntl(fd, F_GETFL);
	if (flags < 0)
		return E_TEMP;
	flags = on ? flags | O_NONBLOCK : flags & ~O_NONBLOCK;
	return fcntl(fd, F_SETFL, flags) < 0 ? E_TEMP : E_OK;
}

int
file_sync_dir(const char *path)
{
	int fd, r;

	fd = open(path, O_RDONLY);
	if (fd < 0)
		return err_from_errno(errno);
	r = fsync(fd) < 0 && errno == EIO ? E_TEMP : E_OK;
	close(fd);
	return r;
}

static int
remove_entries(const char *path, int depth)
{
	struct dirscan *d;
	struct str sub;
	const char *name;
	int r, one;

	r = dirscan_open(path, &d);
	if (r != E_OK)
		return r;
	str_init(&sub, 0);
	r = E_OK;
	while ((one = dirscan_next(d, &name)) > 0) {
		str_reset(&sub);
		str_cats(&sub, path);
		str_catc(&sub, '/');
		str_cats(&sub, name);
		one = remove_tree(str_c(&sub), depth + 1);
		if (one != E_OK && one != E_NOENT)
			r = one;
	}
	dirscan_close(&d);
	str_free(&sub);
	return one < 0 ? one : r;
}

static int
remove_tree(const char *path, int depth)
{
	struct stat st;
	int r;

	if (depth > TREE_DEPTH_MAX)
		return E_TOOBIG;
	if (lstat(path, &st) < 0)
		return err_from_errno(errno);
	if (!S_ISDIR(st.st_mode))
		return unlink(path) < 0 ? err_from_errno(errno) : E_OK;
	r = remove_entries(path, depth);
	if (rmdir(path) < 0 && r == E_OK)
		r = err_from_errno(errno);
	return r;
}

int
file_remove_tree(const char *path)
{
	return remove_tree(path, 0);
}

int
file_is_same(const struct stat *a, const struct stat *b)
{
	return a->st_ino == b->st_ino && a->st_dev == b->st_dev &&
	    a->st_size == b->st_size && a->st_mtime == b->st_mtime &&
	    a->st_ctime == b->st_ctime;
}
