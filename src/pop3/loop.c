/* The one loop: read a line, find the row, run.  SPDX-License-Identifier: ISC */

#include "base/base.h"

#include "base/clock.h"
#include "base/io.h"
#include "base/log.h"
#include "base/mem.h"
#include "base/num.h"
#include "base/sig.h"

#include "conf/conf.h"

#include "session/sess.h"

#include "pop3/cmd.h"
#include "pop3/pop3.h"

static void one_command(struct pop3 *);
static int read_line(struct pop3 *);
static void stream_gone(struct pop3 *, int);
static int wait_command(struct pop3 *);
static const char *end_word(const struct pop3 *);

int
pop3_new(const struct conf *conf, struct sess *s, struct io *io, int rfd,
    struct pop3 **out)
{
	struct pop3 *p;
	int r;

	p = mem_new(sizeof(*p));
	r = inbox_take(&p->snap, s->md, s->user);
	if (r != E_OK) {
		mem_free(p);
		return r;
	}
	p->conf = conf;
	p->sess = s;
	p->io = io;
	p->rfd = rfd;
	p->started = clock_msec();
	str_init(&p->line, POP3_LINE_MAX + 1);
	*out = p;
	return E_OK;
}

void
pop3_free(struct pop3 **pp)
{
	struct pop3 *p = *pp;

	if (p == NULL)
		return;
	inbox_free(&p->snap, p->sess->user);
	str_free(&p->line);
	*pp = mem_free(p);
}

/* ---- ending ------------------------------------------------------------- */

/* Whoever is silent for too long, or whom a signal ends, hears nothing of it
   (RFC 1939 3), and nothing is deleted. */
static void
stream_gone(struct pop3 *p, int r)
{
	if (p->end != CLIENT_RUNNING)
		return;
	p->end = sig_stop_caught() ? CLIENT_SIGNAL :
	    r == E_TIMEOUT ? CLIENT_TIMEOUT : CLIENT_DISCONNECTED;
}

static const char *
end_word(const struct pop3 *p)
{
	if (p->io_failed)
		return "I/O error disconnect";
	switch (p->end) {
	case CLIENT_LOGOUT:
		return "LOGOUT";
	case CLIENT_TIMEOUT:
		return "TIMEOUT";
	default:
		return "DISCONNECTED";
	}
}

void
pop3_log_end(const struct pop3 *p)
{
	char top[NUM_BUF], retr[NUM_BUF], in[NUM_BUF], out[NUM_BUF];
	char seconds[NUM_BUF];

	num_u64(top, p->top);
	num_u64(retr, p->retr);
	num_u64(in, io_count_in(p->io));
	num_u64(out, io_count_out(p->io));
	num_u64(seconds, (clock_msec() - p->started) / 1000);
	log_info("INFO: %s, user=%s, %s, top=%s, retr=%s, rcvd=%s, sent=%s, "
	    "time=%s%s", end_word(p), p->sess->user, p->sess->peer, top, retr,
	    in, out, seconds, p->conf->pop3_tls ? ", stls=1" : "");
}

/* ---- one command -------------------------------------------------------- */

/* Waits for the first byte. FALSE: the session is over. */
static int
wait_command(struct pop3 *p)
{
	const char *s;
	size_t n;

	io_set_deadline(p->io, clock_deadline(POP3_IDLE_MAX));
	/* Answers to pipelined commands leave together. */
	s = io_peek_buf(p->io, &n);
	if (n == 0 || memchr(s, '\n', n) == NULL)
		io_flush(p->io);
	switch (client_wait(p->io, p->rfd, -1, POP3_IDLE_MAX * 1000)) {
	case WAIT_SIGNAL:
		p->end = CLIENT_SIGNAL;
		return FALSE;
	case WAIT_TIMEOUT:
		p->end = CLIENT_TIMEOUT;
		return FALSE;
	default:
		return TRUE;
	}
}

/* A line that is too long is cut; a last one needs no end. */
static int
read_line(struct pop3 *p)
{
	const char *s;
	size_t n, room;
	int r;

	str_reset(&p->line);
	r = io_get_line(p->io, POP3_LINE_MAX, &p->line);
	if (r == E_TOOBIG) {
		s = io_peek_buf(p->io, &n);
		room = POP3_LINE_MAX - p->line.len;
		str_cat(&p->line, s, n < room ? n : room);
		r = io_skip_line(p->io);
	}
	if (r != E_OK && !(r == E_EOF && p->line.len > 0 &&
	    !sig_stop_pending())) {
		stream_gone(p, r);
		return FALSE;
	}
	return TRUE;
}

static void
one_command(struct pop3 *p)
{
	const struct command *row;
	const char *name;

	if (!read_line(p))
		return;
	io_set_deadline(p->io, clock_deadline(POP3_IDLE_MAX));
	p->rest = p->line.data;
	name = p->line.len == 0 ? NULL : pop3_word(p);
	row = name == NULL ? NULL : pop3_cmd_find(name);
	if (row == NULL)
		pop3_invalid(p);
	else
		row->run(p);
}

enum client_end
pop3_run(struct pop3 *p)
{
	while (p->end == CLIENT_RUNNING && wait_command(p)) {
		one_command(p);
		if (io_error(p->io) != E_OK)
			stream_gone(p, io_error(p->io));
	}
	io_set_deadline(p->io, clock_deadline(CLIENT_STALL_MAX));
	io_flush(p->io);
	return p->end;
}
