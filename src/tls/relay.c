/* Moving bytes between TLS and clear.  SPDX-License-Identifier: ISC */

#include "base/base.h"

#include <sys/socket.h>
#include <poll.h>
#include <openssl/err.h>
#include <openssl/ssl.h>

#include "base/clock.h"
#include "tls/say.h"
#include "tls/session.h"
#include "tls/tls.h"

#define BUFFER		16384	/* bytes: the largest record */
#define BLOCKING_STEP	512	/* a pipe takes so much at once (PIPE_BUF) */
#define LINGER_SECONDS	3	/* for a client to take the last bytes */

/*
 * One direction: what was read and is not yet written. A side is read from
 * only while its buffer is empty: who does not take its bytes stops the other.
 */
struct flow {
	char	data[BUFFER];
	size_t	at, len;
	int	eof;		/* nothing more will be read */
	int	broken;		/* nobody takes what was read */
};

/* What the two sides of TLS wait for, and whether a descriptor was ready. */
struct pump {
	struct session	*s;
	struct flow	*up;		/* from TLS to clear */
	struct flow	*down;
	int		blocking;	/* the clear side is no socket of ours */
	short		remote;		/* events to wait for */
	short		in, out;
	int		reads, writes;	/* WANT_* of the last call, or 0 */
};

static int tls_read(struct pump *);
static int tls_write(struct pump *);
static int clear_read(struct pump *);
static int clear_write(struct pump *);
static void tls_error(struct pump *, int, int, const char *);
static void await(struct pump *);
static void finish(struct pump *);
static short events(int);

static struct flow flows[2];

static short
events(int want)
{
	return want == SSL_ERROR_WANT_WRITE ? POLLOUT :
	    want == SSL_ERROR_WANT_READ ? POLLIN : 0;
}

/* The end of TLS that is no close_notify. Most clients just go away. */
static void
tls_error(struct pump *p, int r, int no, const char *verb)
{
	p->up->eof = TRUE;
	p->down->broken = TRUE;
#ifdef SSL_R_UNEXPECTED_EOF_WHILE_READING
	if (r == SSL_ERROR_SSL && ERR_GET_REASON(ERR_peek_error()) ==
	    SSL_R_UNEXPECTED_EOF_WHILE_READING) {
		r = SSL_ERROR_SYSCALL;
		no = 0;
	}
#endif
	if (r == SSL_ERROR_SSL)
		say_info("couriertls: %s: error:%lx", verb,
		    ERR_peek_error());
	else if (no != 0 && no != EPIPE)
		say_info("couriertls: %s: %s", verb, strerror(no));
	else
		say_debug("Unexpected SSL connection shutdown.");
}

/* TRUE if something moved. */
static int
tls_read(struct pump *p)
{
	struct flow *f = p->up;
	int n, no, r;

	if (f->len > 0 || f->eof) {
		p->reads = 0;
		return FALSE;
	}
	if (p->reads == 0)
		p->reads = SSL_ERROR_WANT_READ;
	if (p->remote == 0 && !SSL_has_pending(p->s->ssl))
		return FALSE;
	p->remote = 0;
	ERR_clear_error();
	errno = 0;
	n = SSL_read(p->s->ssl, f->data, sizeof(f->data));
	no = errno;
	if (n > 0) {
		f->at = 0;
		f->len = f->broken ? 0 : (size_t)n;
		p->reads = SSL_ERROR_WANT_READ;
		return TRUE;
	}
	r = SSL_get_error(p->s->ssl, n);
	if (r == SSL_ERROR_WANT_READ || r == SSL_ERROR_WANT_WRITE) {
		p->reads = r;
		return FALSE;
	}
	if (r == SSL_ERROR_ZERO_RETURN)
		f->eof = TRUE;
	else
		tls_error(p, r, no, "read");
	return TRUE;
}

static int
tls_write(struct pump *p)
{
	struct flow *f = p->down;
	int n, no, r;

	p->writes = 0;
	if (f->len == 0)
		return FALSE;
	ERR_clear_error();
	errno = 0;
	n = SSL_write(p->s->ssl, f->data + f->at, (int)f->len);
	no = errno;
	if (n > 0) {
		f->at += (size_t)n;
		f->len -= (size_t)n;
		return TRUE;
	}
	r = SSL_get_error(p->s->ssl, n);
	if (r == SSL_ERROR_WANT_READ || r == SSL_ERROR_WANT_WRITE) {
		p->writes = r;
		return FALSE;
	}
	tls_error(p, r, no, "write");
	return TRUE;
}

static int
clear_read(struct pump *p)
{
	struct flow *f = p->down;
	ssize_t n;

	if (f->len > 0 || f->eof || (p->in & POLLIN) == 0)
		return FALSE;
	p->in = 0;
	n = read(p->s->in, f->data, sizeof(f->data));
	if (n < 0 && (errno == EAGAIN || errno == EINTR))
		return FALSE;
	if (n <= 0)
		f->eof = TRUE;
	else {
		f->at = 0;
		f->len = (size_t)n;
	}
	return TRUE;
}

/* The client's end of file goes on once all before it has. */
static int
clear_write(struct pump *p)
{
	struct flow *f = p->up;
	size_t most = f->len;
	ssize_t n;

	if (f->len == 0) {
		if (!f->eof || f->broken)
			return FALSE;
		f->broken = TRUE;
		if (shutdown(p->s->out, SHUT_WR) < 0)
			close(p->s->out);
		return TRUE;
	}
	if (p->blocking) {
		if ((p->out & POLLOUT) == 0)
			return FALSE;
		p->out = 0;
		if (most > BLOCKING_STEP)
			most = BLOCKING_STEP;
	}
	n = write(p->s->out, f->data + f->at, most);
	if (n < 0 && (errno == EAGAIN || errno == EINTR))
		return FALSE;
	if (n < 0) {
		f->broken = TRUE;
		f->len = 0;
		return TRUE;
	}
	f->at += (size_t)n;
	f->len -= (size_t)n;
	return TRUE;
}

/* Until one of the descriptors is ready for what stopped us. One that nothing
   is wanted of is not asked: its hang-up would be told for ever. */
static void
await(struct pump *p)
{
	struct pollfd fd[3];
	size_t i;

	fd[0].fd = p->s->remote;
	fd[0].events = (short)(events(p->reads) | events(p->writes));
	fd[1].fd = p->s->in;
	fd[1].events = p->down->len == 0 && !p->down->eof ? POLLIN : 0;
	fd[2].fd = p->s->out;
	fd[2].events = p->up->len > 0 ? POLLOUT : 0;
	for (i = 0; i < NITEMS(fd); i++) {
		if (fd[i].events == 0)
			fd[i].fd = -1;
		fd[i].revents = 0;
	}
	if (poll(fd, NITEMS(fd), -1) < 0)
		return;
	p->remote = fd[0].revents;
	p->in = fd[1].revents != 0 ? POLLIN : 0;
	p->out = fd[2].revents != 0 ? POLLOUT : 0;
}

/* close_notify; then what the client still sends is read and dropped, since a
   socket that is closed with bytes in it takes back what it has sent. */
static void
finish(struct pump *p)
{
	u64 deadline = clock_deadline(LINGER_SECONDS);
	struct pollfd fd;
	int r;

	if (p->down->broken)
		return;
	fd.fd = p->s->remote;
	while ((r = SSL_shutdown(p->s->ssl)) < 0 &&
	    SSL_get_error(p->s->ssl, r) == SSL_ERROR_WANT_WRITE) {
		fd.events = POLLOUT;
		if (poll(&fd, 1, clock_left(deadline)) <= 0)
			return;
	}
	if (shutdown(p->s->remote, SHUT_WR) < 0)
		return;
	fd.events = POLLIN;
	while (poll(&fd, 1, clock_left(deadline)) > 0)
		if (read(p->s->remote, p->up->data, sizeof(p->up->data)) <= 0)
			return;
}

void
relay(struct session *s)
{
	struct pump p;
	int moved;

	memset(&p, 0, sizeof(p));
	p.s = s;
	p.up = flows;
	p.down = flows + 1;
	p.blocking = s->in != s->out;
	p.reads = SSL_ERROR_WANT_READ;
	p.remote = POLLIN;
	while (!p.down->broken && (!p.down->eof || p.down->len > 0)) {
		moved = tls_read(&p);
		moved |= clear_write(&p);
		moved |= clear_read(&p);
		moved |= tls_write(&p);
		if (!moved)
			await(&p);
	}
	finish(&p);
}
