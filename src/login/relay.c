/* Bytes both ways.  SPDX-License-Identifier: ISC

   Both sides are strangers: nothing here looks at what they say. */

#include "base/base.h"

#include <sys/socket.h>
#include <fcntl.h>
#include <poll.h>

#include "base/mem.h"
#include "login/relay.h"

#define RELAY_BUF	16384

struct flow {
	int	from, to;
	char	*buf;
	size_t	size;
	size_t	start, end;	/* what of it is to be written */
	int	ended;		/* nothing more comes */
};

static void setup(struct flow *, const struct relay_side *,
	    const struct relay_side *);
static int again(void);
static int take(struct flow *);
static int give(struct flow *);
static void want(const struct flow *, struct pollfd *);

void
relay_prepare(const struct relay_side *s)
{
	int fd[2], on, i, flags;

	fd[0] = s->rfd;
	fd[1] = s->wfd;
	on = 1;
	for (i = 0; i < 2; i++) {
		flags = fcntl(fd[i], F_GETFL);
		if (flags >= 0)
			(void)fcntl(fd[i], F_SETFL, flags | O_NONBLOCK);
		(void)setsockopt(fd[i], SOL_SOCKET, SO_KEEPALIVE, &on,
		    sizeof(on));
	}
}

static void
setup(struct flow *f, const struct relay_side *from,
    const struct relay_side *to)
{
	memset(f, 0, sizeof(*f));
	f->from = from->rfd;
	f->to = to->wfd;
	f->size = to->nfirst > RELAY_BUF ? to->nfirst : RELAY_BUF;
	f->buf = mem_new(f->size);
	f->end = to->nfirst;
	if (to->nfirst > 0)
		memcpy(f->buf, to->first, to->nfirst);
}

static int
again(void)
{
	return errno == EAGAIN || errno == EWOULDBLOCK || errno == EINTR;
}

/* Reads into the empty buffer. E_OK, or E_EOF. */
static int
take(struct flow *f)
{
	ssize_t n;

	n = read(f->from, f->buf, f->size);
	if (n < 0 && again())
		return E_OK;
	if (n <= 0)
		return E_EOF;
	f->start = 0;
	f->end = (size_t)n;
	return E_OK;
}

/* Writes what it can. E_OK, or E_EOF: nobody takes it. */
static int
give(struct flow *f)
{
	ssize_t n;

	n = write(f->to, f->buf + f->start, f->end - f->start);
	if (n < 0)
		return again() ? E_OK : E_EOF;
	f->start += (size_t)n;
	return E_OK;
}

/* An entry of poll: a full flow waits for its taker, an empty one for more,
   one that has ended for nothing. */
static void
want(const struct flow *f, struct pollfd *p)
{
	int full = f->start < f->end;

	p->fd = full ? f->to : f->ended ? -1 : f->from;
	p->events = full ? POLLOUT : POLLIN;
	p->revents = 0;
}

void
relay_run(const struct relay_side *client, const struct relay_side *backend)
{
	struct flow f[2];		/* to the back end, to the client */
	struct pollfd p[2];
	int i, n;

	setup(&f[0], client, backend);
	setup(&f[1], backend, client);
	for (;;) {
		if (f[1].ended && f[1].start == f[1].end)
			break;
		for (i = 0; i < 2; i++)
			want(&f[i], &p[i]);
		n = poll(p, 2, f[0].ended || f[1].ended ?
		    RELAY_END_SECS * 1000 : -1);
		if (n == 0 || (n < 0 && !again()))
			break;
		for (i = 0; i < 2; i++) {
			if (n < 0 || p[i].revents == 0)
				continue;
			if (f[i].start < f[i].end) {
				if (give(&f[i]) == E_OK)
					continue;
				f[i].start = f[i].end;
				f[i].ended = TRUE;
			} else if (take(&f[i]) == E_OK) {
				continue;
			} else {
				f[i].ended = TRUE;
			}
		}
		if (f[0].ended && f[0].start == f[0].end)
			(void)shutdown(backend->wfd, SHUT_WR);
	}
	mem_free(f[0].buf);
	mem_free(f[1].buf);
}
