/* Lowest layer: two file descriptors.  SPDX-License-Identifier: ISC */

#include "base/base.h"

#include <sys/socket.h>
#include <poll.h>

#include "base/clock.h"
#include "base/io.h"
#include "base/io_int.h"
#include "base/mem.h"
#include "base/sig.h"

/* A write to a slow client must come back, so that the deadline is seen. */
#if defined(MSG_DONTWAIT) && defined(MSG_NOSIGNAL)
#define SEND_FLAGS	(MSG_DONTWAIT | MSG_NOSIGNAL)
#elif defined(MSG_DONTWAIT)
#define SEND_FLAGS	MSG_DONTWAIT
#else
#define SEND_FLAGS	0
#endif

struct fds {
	int	rfd;
	int	wfd;
	int	wsock;		/* wfd may be a socket */
};

static int (*stop_asked)(void);

static int wait_for(int, short, u64);
static ssize_t put_some(struct fds *, const char *, size_t);
static long fd_read(void *, char *, size_t, u64);
static int fd_write(void *, const char *, size_t, u64);
static int fd_flush(void *, u64);
static size_t fd_pending(void *);
static void fd_close(void *);

static const struct io_layer fd_layer = {
	fd_read,	/* read */
	fd_write,	/* write */
	fd_flush,	/* flush */
	fd_pending,	/* pending */
	fd_close	/* close */
};

void
io_fd_stop_on(int (*stop)(void))
{
	stop_asked = stop;
}

/* E_OK when the descriptor is ready, E_TIMEOUT when the deadline passed, E_EOF
   when we are to stop. */
static int
wait_for(int fd, short events, u64 deadline)
{
	struct pollfd p[2];
	int n;

	p[0].fd = fd;
	p[0].events = events;
	p[1].fd = sig_fd();
	p[1].events = POLLIN;
	for (;;) {
		p[0].revents = p[1].revents = 0;
		n = poll(p, stop_asked != NULL ? 2 : 1, clock_left(deadline));
		if (stop_asked != NULL && stop_asked())
			return E_EOF;
		if (n < 0 && errno != EINTR && errno != EAGAIN)
			return E_TEMP;
		if (n == 0)
			return E_TIMEOUT;
		if (n > 0 && p[0].revents != 0)
			return E_OK;
		if (n > 0)
			sig_drain();
	}
}

static long
fd_read(void *ctx, char *buf, size_t n, u64 deadline)
{
	struct fds *f = ctx;
	ssize_t got;
	int r;

	if (f->rfd < 0)
		return E_EOF;
	for (;;) {
		if (deadline != 0 || stop_asked != NULL) {
			r = wait_for(f->rfd, POLLIN, deadline);
			if (r != E_OK)
				return r;
		}
		got = read(f->rfd, buf, n);
		if (got > 0)
			return (long)got;
		if (got == 0)
			return E_EOF;
		if (errno == EAGAIN || errno == EWOULDBLOCK) {
			r = wait_for(f->rfd, POLLIN, deadline);
			if (r != E_OK)
				return r;
		} else if (errno != EINTR) {
			return errno == ECONNRESET ? E_EOF : E_TEMP;
		}
	}
}

static ssize_t
put_some(struct fds *f, const char *buf, size_t n)
{
	ssize_t done;

	if (f->wsock) {
		done = send(f->wfd, buf, n, SEND_FLAGS);
		if (done >= 0 || errno != ENOTSOCK)
			return done;
		f->wsock = FALSE;
		errno = EAGAIN;		/* it may block: wait first */
		return -1;
	}
	return write(f->wfd, buf, n);
}

static int
fd_write(void *ctx, const char *buf, size_t n, u64 deadline)
{
	struct fds *f = ctx;
	ssize_t done;
	int r;

	if (f->wfd < 0)
		return E_EOF;
	while (n > 0) {
		if ((deadline != 0 || stop_asked != NULL) &&
		    (!f->wsock || SEND_FLAGS == 0)) {
			r = wait_for(f->wfd, POLLOUT, deadline);
			if (r != E_OK)
				return r;
		}
		done = put_some(f, buf, n);
		if (done >= 0) {
			buf += done;
			n -= (size_t)done;
		} else if (errno == EAGAIN || errno == EWOULDBLOCK) {
			r = wait_for(f->wfd, POLLOUT, deadline);
			if (r != E_OK)
				return r;
		} else if (errno != EINTR) {
			return err_from_errno(errno);
		}
	}
	return E_OK;
}

static int
fd_flush(void *ctx, u64 deadline)
{
	(void)ctx;
	(void)deadline;
	return E_OK;
}

static size_t
fd_pending(void *ctx)
{
	(void)ctx;
	return 0;
}

static void
fd_close(void *ctx)
{
	mem_free(ctx);
}

struct io *
io_fd_new(int rfd, int wfd)
{
	struct fds *f;

	f = mem_new(sizeof(*f));
	f->rfd = rfd;
	f->wfd = wfd;
	f->wsock = TRUE;
	return io_new(&fd_layer, f, rfd);
}
