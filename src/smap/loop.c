/* The one loop: read, check the row, run, sync, reply.
   SPDX-License-Identifier: ISC */

#include "base/base.h"

#include "base/clock.h"
#include "base/io.h"
#include "base/mem.h"
#include "base/pool.h"
#include "base/sig.h"

#include "session/rights.h"
#include "session/sess.h"
#include "session/snapshot.h"
#include "session/view.h"

#include "smap/cmd.h"
#include "smap/smap.h"

static void one_command(struct smap *);
static void run(struct smap *);
static int wait_command(struct smap *);

struct smap *
smap_new(const struct conf *conf, struct sess *s, struct io *io, int rfd)
{
	struct smap *sm;

	sm = mem_new(sizeof(*sm));
	sm->conf = conf;
	sm->sess = s;
	sm->io = io;
	sm->rfd = rfd;
	sm->sums.started = clock_msec();
	sm->pool = pool_new();
	str_init(&sm->text, SMAP_TEXT_MAX);
	sm->gone.io = io;
	sess_set_front(s, &smap_front, sm);
	return sm;
}

void
smap_free(struct smap **pp)
{
	struct smap *sm = *pp;

	if (sm == NULL)
		return;
	smap_add_free(&sm->add);
	snapshot_free(&sm->snap);
	str_free(&sm->text);
	pool_free(&sm->pool);
	*pp = mem_free(sm);
}

void
smap_out(struct smap *sm)
{
	io_set_deadline(sm->io, clock_deadline(CLIENT_STALL_MAX));
}

void
smap_bye(struct smap *sm, enum client_end end, const char *text)
{
	if (sm->end != CLIENT_RUNNING)
		return;
	sm->end = end;
	smap_out(sm);
	io_puts(sm->io, "* BYE ");
	io_puts(sm->io, text);
	io_putc(sm->io, '\n');
}

void
smap_stream_gone(struct smap *sm, int err)
{
	if (err == E_EOF && sig_stop_caught())
		smap_bye(sm, CLIENT_SIGNAL,
		    "Courier-SMAP server shut down by signal.");
	else if (err == E_TIMEOUT)
		smap_bye(sm, CLIENT_TIMEOUT, "Disconnected for inactivity.");
	else if (sm->end == CLIENT_RUNNING)
		sm->end = CLIENT_DISCONNECTED;
}

/* Waits for the first byte. FALSE: the session is over. */
static int
wait_command(struct smap *sm)
{
	const char *p;
	size_t n;

	smap_out(sm);
	/* Answers to pipelined commands leave together. */
	p = io_peek_buf(sm->io, &n);
	if (n == 0 || memchr(p, '\n', n) == NULL)
		io_flush(sm->io);
	switch (client_wait(sm->io, sm->rfd, -1, CLIENT_IDLE_MAX * 1000)) {
	case WAIT_SIGNAL:
		smap_bye(sm, CLIENT_SIGNAL,
		    "Courier-SMAP server shut down by signal.");
		return FALSE;
	case WAIT_TIMEOUT:
		smap_stream_gone(sm, E_TIMEOUT);
		return FALSE;
	default:
		io_set_deadline(sm->io, clock_deadline(CLIENT_IDLE_MAX));
		return TRUE;
	}
}

static void
run(struct smap *sm)
{
	const struct command *row;
	const char *name;

	name = smapline_next(&sm->line);
	row = name != NULL ? smap_cmd_find(name) : NULL;
	if (row == NULL ||
	    ((row->flags & CMD_OPEN) != 0 && sm->sess->view == NULL)) {
		smap_syntax(sm);
		return;
	}
	if ((row->flags & CMD_OPEN) != 0) {
		view_learn_rights(sm->sess->view);
		if ((view_rights(sm->sess->view) & RIGHT_R) == 0) {
			smap_denied(sm, "r");
			return;
		}
	}
	row->run(sm);
	if (sm->end == CLIENT_RUNNING && (row->flags & CMD_SYNC) != 0)
		smap_sync(sm);
}

static void
one_command(struct smap *sm)
{
	int r;

	pool_reset(sm->pool);
	smap_syntax(sm);
	r = smapline_read(sm->io, sm->pool, &sm->line);
	smap_out(sm);
	if (r == E_TOOBIG)
		smap_err(sm, "Command line too long.");
	else if (r == E_OK)
		run(sm);
	else if (r != E_SYNTAX)
		smap_stream_gone(sm, r);
	if (sm->end == CLIENT_RUNNING || sm->end == CLIENT_LOGOUT)
		smap_reply(sm);
}

enum client_end
smap_run(struct smap *sm)
{
	while (sm->end == CLIENT_RUNNING && wait_command(sm)) {
		one_command(sm);
		if (io_error(sm->io) != E_OK && sm->end == CLIENT_RUNNING)
			sm->end = io_error(sm->io) == E_TIMEOUT ?
			    CLIENT_TIMEOUT : sig_stop_caught() ?
			    CLIENT_SIGNAL : CLIENT_DISCONNECTED;
	}
	smap_out(sm);
	io_flush(sm->io);
	view_close(sm->sess);
	return sm->end;
}
