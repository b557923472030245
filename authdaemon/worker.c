/* What a worker of authdaemond does.  SPDX-License-Identifier: ISC */

/*
 * Requests are answered one at a time, but they are received side by side: a
 * client that sends nothing, or a byte now and then, costs a descriptor for
 * REQUEST_SECS and holds nobody up. No byte of a client is trusted.
 */

#include "base/base.h"

#include <sys/socket.h>
#include <poll.h>

#include "base/clock.h"
#include "base/file.h"
#include "base/io.h"
#include "base/log.h"
#include "base/mem.h"
#include "base/str.h"
#include "authcl/authproto.h"
#include "authdaemon/chain.h"
#include "authdaemon/worker.h"

#define REQUEST_SECS	10	/* to receive a request */
#define REPLY_SECS	30	/* to send the reply */
#define IDLE_SECS	300	/* until the modules drop their connections */
#define CLIENTS_MAX	200	/* whose requests are not complete */
#define REQUEST_MAX	(2 * AUTHPROTO_LINE_MAX + AUTHPROTO_DATA_MAX + 64)
#define CHUNK		8192
#define DRAIN_MAX	8	/* chunks thrown away at the end */
#define ACCEPT_PAUSE_MS	200	/* when descriptors are short */

enum { SERVED = 1, END = 2 };

/* One that has not said all yet; the oldest comes first. */
struct client {
	int		fd;
	u64		deadline;
	struct str	in;
};

static struct client clients[CLIENTS_MAX];
static size_t nclients;

static void drop(size_t);
static void reply(struct client *, const struct authreq *, int);
static int receive(struct client *);
static int admit(int);
static int next_timeout(u64);
static int poll_once(int, int, u64);

/* Bytes that nobody read would make the client's last read fail. */
static void
drop(size_t i)
{
	struct client *c = clients + i;
	char buf[CHUNK];
	int k;

	for (k = 0; k < DRAIN_MAX; k++)
		if (recv(c->fd, buf, sizeof(buf), 0) <= 0)
			break;
	close(c->fd);
	str_wipe_free(&c->in);
	nclients--;
	memmove(c, c + 1, (nclients - i) * sizeof(*c));
}

static void
reply(struct client *c, const struct authreq *req, int verdict)
{
	struct io *io;
	int r;

	io = io_fd_new(-1, c->fd);
	io_set_deadline(io, clock_deadline(REPLY_SECS));
	r = verdict == E_OK ? chain_answer(req, io, c->fd) : io_puts(io, "FAIL\n");
	if (io_flush(io) != E_OK && r == E_OK)
		log_debug("the client did not take the reply");
	io_free(&io);
}

/* Takes what is there. E_BUSY: the request is not complete. */
static int
receive(struct client *c)
{
	struct authreq req;
	char buf[CHUNK];
	ssize_t n;
	int r;

	do
		n = recv(c->fd, buf, sizeof(buf), 0);
	while (n < 0 && errno == EINTR);
	if (n < 0)
		return errno == EAGAIN || errno == EWOULDBLOCK ? E_BUSY :
		    E_TEMP;
	if (n == 0)
		return E_EOF;
	r = str_cat(&c->in, buf, (size_t)n);
	mem_wipe(buf, (size_t)n);
	if (r != E_OK)
		return r;
	authreq_init(&req);
	r = authproto_get_request(str_c(&c->in), c->in.len, &req);
	if (r == E_OK || r == E_PERM) {
		reply(c, &req, r);
		r = E_OK;
	}
	authreq_free(&req);
	return r;
}

/* TRUE if somebody was there. One who has sent the request already, as most
   have, is answered at once. */
static int
admit(int listener)
{
	struct client *c;
	int fd;

	fd = accept(listener, NULL, NULL);
	if (fd < 0) {
		if (errno == EMFILE || errno == ENFILE || errno == ENOBUFS ||
		    errno == ENOMEM) {
			log_syserr("accept");
			if (nclients > 0)
				drop(0);
			else
				clock_sleep_ms(ACCEPT_PAUSE_MS);
		}
		return FALSE;
	}
	if (nclients == CLIENTS_MAX) {
		log_debug("too many clients that say nothing");
		drop(0);
	}
	file_cloexec(fd, TRUE);
	file_nonblock(fd, TRUE);
	c = clients + nclients++;
	c->fd = fd;
	c->deadline = clock_deadline(REQUEST_SECS);
	str_init(&c->in, REQUEST_MAX);
	if (receive(c) != E_BUSY)
		drop(nclients - 1);
	return TRUE;
}

/* The first deadline is the oldest client's. */
static int
next_timeout(u64 idle)
{
	int ms, other;

	ms = clock_left(idle);
	if (nclients > 0) {
		other = clock_left(clients[0].deadline);
		if (ms < 0 || other < ms)
			ms = other;
	}
	return ms;
}

/* Waits, and serves those who have something to say; returns what happened.
   A worker that is to end (lifeline -1) admits nobody. */
static int
poll_once(int listener, int lifeline, u64 idle)
{
	static struct pollfd p[CLIENTS_MAX + 2];
	size_t i, n;
	int what = 0;

	p[0].fd = lifeline;
	p[1].fd = lifeline < 0 ? -1 : listener;
	n = nclients;
	for (i = 0; i < n; i++)
		p[i + 2].fd = clients[i].fd;
	for (i = 0; i < n + 2; i++) {
		p[i].events = POLLIN;
		p[i].revents = 0;
	}
	if (poll(p, (nfds_t)n + 2, next_timeout(idle)) < 0)
		return 0;
	for (i = n; i-- > 0;)
		if (p[i + 2].revents != 0 &&
		    receive(clients + i) != E_BUSY) {
			drop(i);
			what |= SERVED;
		}
	while (nclients > 0 && clock_left(clients[0].deadline) == 0)
		drop(0);
	if (p[0].revents != 0)
		what |= END;		/* others serve the newcomers */
	else if (p[1].revents != 0 && admit(listener))
		what |= SERVED;
	return what;
}

void
worker_run(int listener, int lifeline)
{
	u64 idle = clock_deadline(IDLE_SECS);
	int what;

	while (lifeline >= 0 || nclients > 0) {
		what = poll_once(listener, lifeline, idle);
		if ((what & END) != 0)
			lifeline = -1;
		if ((what & SERVED) == 0 && clock_left(idle) != 0)
			continue;
		if ((what & SERVED) == 0)
			chain_idle();
		idle = clock_deadline(IDLE_SECS);
	}
}
