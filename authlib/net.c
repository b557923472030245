/* The library's end of the socket.  SPDX-License-Identifier: ISC */

#include "base/base.h"

#include <sys/socket.h>
#include <sys/un.h>
#include <poll.h>
#include <stdio.h>

#include "base/clock.h"
#include "base/file.h"
#include "conf/env.h"
#include "authlib/lib.h"
#include "authlib/text.h"

#define SECS_MAX	(24 * 3600U)
#define RETRY_MS	20
#define CHUNK		512	/* never blocks once poll() said so */

#ifndef MSG_NOSIGNAL
#define MSG_NOSIGNAL	0
#endif

static int wait_for(int, short, u64);
static int try_connect(int, const struct sockaddr_un *, u64);
static long put(int, const char *, size_t);

u32
lib_secs(const char *name, u32 by_default)
{
	u32 secs = env_u32(name, by_default);

	return secs > SECS_MAX ? SECS_MAX : secs;
}

int
lib_has_control(const char *s)
{
	for (; *s != '\0'; s++)
		if ((unsigned char)*s < ' ')
			return TRUE;
	return FALSE;
}

/* 0; -1 and errno. */
static int
wait_for(int fd, short events, u64 deadline)
{
	struct pollfd p;
	int n;

	p.fd = fd;
	p.events = events;
	do {
		p.revents = 0;
		n = poll(&p, 1, clock_left(deadline));
	} while (n < 0 && errno == EINTR);
	if (n == 0)
		errno = ETIMEDOUT;
	return n > 0 ? 0 : -1;
}

/* 0 or errno. A Unix socket whose queue is full says EAGAIN. */
static int
try_connect(int fd, const struct sockaddr_un *to, u64 deadline)
{
	int err = 0;
	socklen_t len = sizeof(err);

	while (connect(fd, (const struct sockaddr *)to, sizeof(*to)) < 0) {
		if (errno == EINPROGRESS || errno == EINTR) {
			if (wait_for(fd, POLLOUT, deadline) < 0 ||
			    getsockopt(fd, SOL_SOCKET, SO_ERROR, &err,
			    &len) < 0)
				return errno;
			return err;
		}
		if (errno != EAGAIN)
			return errno;
		if (clock_left(deadline) == 0)
			return ETIMEDOUT;
		clock_sleep_ms(RETRY_MS);
	}
	return 0;
}

int
lib_connect(void)
{
	struct sockaddr_un to;
	int fd, err;

	memset(&to, 0, sizeof(to));
	to.sun_family = AF_UNIX;
	text_copy(to.sun_path, sizeof(to.sun_path), PATH_AUTHVARDIR "/socket");
	fd = socket(AF_UNIX, SOCK_STREAM, 0);
	if (fd < 0) {
		err = errno;
		fprintf(stderr, "CRIT: authdaemon: socket() failed: %s\n",
		    strerror(err));
		errno = err;
		return -1;
	}
	file_cloexec(fd, TRUE);
	file_nonblock(fd, TRUE);
	err = try_connect(fd, &to, clock_deadline(lib_secs("TIMEOUT_SOCK",
	    10)));
	if (err == 0)
		return fd;
	fprintf(stderr, "ERR: authdaemon: s_connect() failed: %s\n",
	    strerror(err));
	if (err == ECONNREFUSED || err == ETIMEDOUT)
		fprintf(stderr, "ERR: [Hint: perhaps authdaemond is not "
		    "running?]\n");
	close(fd);
	errno = err;
	return -1;
}

/* The other end may be gone; authpipe's is a pipe. */
static long
put(int fd, const char *s, size_t n)
{
	ssize_t r;

	if (n > CHUNK)
		n = CHUNK;
	r = send(fd, s, n, MSG_NOSIGNAL);
	if (r < 0 && errno == ENOTSOCK)
		r = write(fd, s, n);
	return (long)r;
}

int
lib_send(int fd, const char *s, size_t n)
{
	u32 secs = lib_secs("TIMEOUT_WRITE", 10);
	long r;

	while (n > 0) {
		if (wait_for(fd, POLLOUT, clock_deadline(secs)) < 0)
			return -1;
		r = put(fd, s, n);
		if (r < 0 && errno != EINTR && errno != EAGAIN)
			return -1;
		if (r > 0) {
			s += r;
			n -= (size_t)r;
		}
	}
	return 0;
}

long
lib_read(int fd, char *buf, size_t n, u64 deadline)
{
	ssize_t r;

	do {
		if (wait_for(fd, POLLIN, deadline) < 0)
			return -1;
		r = read(fd, buf, n);
	} while (r < 0 && (errno == EINTR || errno == EAGAIN));
	return (long)r;
}
