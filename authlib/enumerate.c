/* The list of all accounts.  SPDX-License-Identifier: ISC */

#include "base/base.h"

#include "base/clock.h"
#include "authlib/lib.h"

#define LINE_MAX_BYTES	8192	/* and its NUL */
#define REFILL_SECS	60
#define FIELDS		7

static int take_line(char *, auth_enumerate_fn *, void *);
static long fill(int, char *, size_t);
static size_t take_lines(char *, size_t, int *, auth_enumerate_fn *, void *);

/* TRUE at the end of the list. */
static int
take_line(char *line, auth_enumerate_fn *fn, void *arg)
{
	char *f[FIELDS], *p = line;
	uid_t uid;
	gid_t gid;
	int n = 0;

	if (strcmp(line, ".") == 0) {
		fn(NULL, 0, 0, NULL, NULL, NULL, arg);
		return TRUE;
	}
	memset(f, 0, sizeof(f));
	line[strcspn(line, "#")] = '\0';
	while (n < FIELDS && p != NULL) {
		f[n++] = p;
		p = strchr(p, '\t');
		if (p != NULL)
			*p++ = '\0';
	}
	if (n < 4 || *f[0] == '\0')
		return FALSE;
	uid = (uid_t)strtol(f[1], NULL, 10);
	gid = (gid_t)strtol(f[2], NULL, 10);
	if (uid != 0 && gid != 0)
		fn(f[0], uid, gid, f[3], f[4], f[5], arg);
	return FALSE;
}

static long
fill(int fd, char *buf, size_t n)
{
	return lib_read(fd, buf, n, clock_deadline(REFILL_SECS));
}

/* All whole lines of the n bytes; a full buffer is one. What is left is moved
   to the front, its length returned. */
static size_t
take_lines(char *buf, size_t n, int *done, auth_enumerate_fn *fn, void *arg)
{
	char *line = buf, *end;

	while (!*done && (end = memchr(line, '\n', n)) != NULL) {
		*end++ = '\0';
		n -= (size_t)(end - line);
		*done = take_line(line, fn, arg);
		line = end;
	}
	if (!*done && n == LINE_MAX_BYTES - 1) {
		line[n] = '\0';
		take_line(line, fn, arg);
		return 0;
	}
	memmove(buf, line, n);
	return n;
}

int
_auth_enumerate(int wrfd, int rdfd, auth_enumerate_fn *fn, void *arg)
{
	char buf[LINE_MAX_BYTES];
	size_t n = 0;
	long r;
	int done = FALSE;

	if (lib_send(wrfd, "ENUMERATE\n", 10) < 0)
		return 1;
	while (!done && (r = fill(rdfd, buf + n, sizeof(buf) - 1 - n)) > 0)
		n = take_lines(buf, n + (size_t)r, &done, fn, arg);
	return done ? 0 : 1;
}

void
auth_enumerate(auth_enumerate_fn *fn, void *arg)
{
	int fd = lib_connect();

	if (fd < 0)
		return;
	_auth_enumerate(fd, fd, fn, arg);
	close(fd);
}
