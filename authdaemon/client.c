/* One client of a worker: its request and the reply.
   SPDX-License-Identifier: ISC */

#include "base/base.h"

#include <sys/socket.h>

#include "base/clock.h"
#include "base/io.h"
#include "base/log.h"
#include "base/mem.h"
#include "conf/env.h"
#include "authdaemon/chain.h"
#include "authdaemon/client.h"

#define REQUEST_SECS	10	/* to receive a request */
#define REPLY_SECS	30	/* to send the reply */
#define REQUEST_MAX	(2 * AUTHPROTO_LINE_MAX + AUTHPROTO_DATA_MAX + 64)
#define CHUNK		8192
#define DRAIN_MAX	8	/* chunks thrown away at the end */

enum { TEMPFAIL_AUTO, TEMPFAIL_CLOSE, TEMPFAIL_FAIL };

static int says_fail(int, int);
static int is_bare_auth(const char *, size_t);
static void put(struct client *, const char *);
static int take(struct client *, const char *, size_t, int);
static int at_end(struct client *);

/* What a failure that may pass is to a client that asked for an account. */
static const struct {
	const char	*word;
	int		how;
} words[] = {
	{ "auto",	TEMPFAIL_AUTO },
	{ "close",	TEMPFAIL_CLOSE },
	{ "fail",	TEMPFAIL_FAIL }
};

static int tempfail;

void
client_settings(void)
{
	const char *word;
	size_t i;

	word = env_or("AUTHDAEMON_TEMPFAIL", words[0].word);
	tempfail = words[0].how;
	for (i = 0; i < NITEMS(words); i++)
		if (strcmp(word, words[i].word) == 0) {
			tempfail = words[i].how;
			return;
		}
	log_err("AUTHDAEMON_TEMPFAIL: \"%s\" is not auto, close or fail; "
	    "using auto", word);
}

void
client_init(struct client *c, int fd)
{
	c->fd = fd;
	c->deadline = clock_deadline(REQUEST_SECS);
	str_init(&c->in, REQUEST_MAX);
	c->complete = c->at_once = FALSE;
	authreq_init(&c->req);
}

void
client_end(struct client *c)
{
	char buf[CHUNK];
	int k;

	for (k = 0; k < DRAIN_MAX && !c->at_once; k++)
		if (recv(c->fd, buf, sizeof(buf), 0) <= 0)
			break;
	close(c->fd);
	str_wipe_free(&c->in);
	authreq_free(&c->req);
}

/* ---- replies ------------------------------------------------------------ */

/*
 * Clients of libcourierauth take silence for trouble that may pass. Those that
 * learned the protocol from its description take all that is not FAIL for a
 * yes, silence too; they send no metadata.
 */
static int
says_fail(int verb, int has_metadata)
{
	if (tempfail == TEMPFAIL_AUTO)
		return verb == AUTH_AUTH && !has_metadata;
	return tempfail == TEMPFAIL_FAIL &&
	    (verb == AUTH_AUTH || verb == AUTH_PRE);
}

/* The same for bytes that are no request, or not all of one. */
static int
is_bare_auth(const char *buf, size_t n)
{
	return n > 4 && memcmp(buf, "AUTH", 4) == 0 &&
	    (buf[4] == ' ' || buf[4] == '\n');
}

static void
put(struct client *c, const char *text)
{
	if (send(c->fd, text, strlen(text), 0) < 0)
		log_debug("the client did not take the reply");
}

void
client_answer(struct client *c)
{
	const struct authreq *req = &c->req;
	struct io *io;
	int r;

	io = io_fd_new(-1, c->fd);
	io_set_deadline(io, clock_deadline(REPLY_SECS));
	r = chain_answer(req, io, c->fd);
	if (r != E_OK && says_fail(req->verb, req->has_metadata))
		r = io_puts(io, "FAIL\n");
	if (io_flush(io) != E_OK && r == E_OK)
		log_debug("the client did not take the reply");
	io_free(&io);
}

/* ---- requests ----------------------------------------------------------- */

/* `ended`: the client sends no more, and the last line end is ours. What
   changes something is not done then: it may have been cut. */
static int
take(struct client *c, const char *buf, size_t n, int ended)
{
	int r;

	r = authproto_get_request(buf, n, &c->req);
	if (r == E_OK && ended && c->req.verb == AUTH_PASSWD)
		r = E_EOF;
	c->complete = r == E_OK;
	if (c->complete)
		return r;
	if (r == E_PERM || ((r != E_BUSY || ended) &&
	    is_bare_auth(buf, n) && says_fail(AUTH_AUTH, FALSE)))
		put(c, "FAIL\n");
	authreq_free(&c->req);
	return r;
}

static int
at_end(struct client *c)
{
	if (c->in.len == 0 || str_catc(&c->in, '\n') != E_OK)
		return E_EOF;
	return take(c, str_c(&c->in), c->in.len, TRUE) == E_OK ? E_OK : E_EOF;
}

int
client_receive(struct client *c)
{
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
		return at_end(c);
	if (c->in.len == 0) {
		r = take(c, buf, (size_t)n, FALSE);
		c->at_once = r == E_OK && (size_t)n < sizeof(buf);
		if (r == E_BUSY)
			str_cat(&c->in, buf, (size_t)n);
	} else {
		r = str_cat(&c->in, buf, (size_t)n);
		if (r == E_OK)
			r = take(c, str_c(&c->in), c->in.len, FALSE);
	}
	mem_wipe(buf, (size_t)n);
	return r;
}

void
client_late(struct client *c)
{
	if (is_bare_auth(str_c(&c->in), c->in.len) &&
	    says_fail(AUTH_AUTH, FALSE))
		put(c, "FAIL\n");
}
