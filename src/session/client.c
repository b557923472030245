/* The connection of a logged-in user, whatever it speaks.
   SPDX-License-Identifier: ISC */

#include "base/base.h"

#include <poll.h>

#include "base/clock.h"
#include "base/io.h"
#include "base/log.h"
#include "base/num.h"
#include "base/sig.h"
#include "conf/conf.h"

#include "session/client.h"
#include "session/sess.h"
#include "session/view.h"

static int	left(u64, u64);

int
client_wait(struct io *io, int rfd, int extra_fd, int ms)
{
	struct pollfd p[3];
	u64 end;
	int n;

	if (io_has_input(io))
		return WAIT_INPUT;
	end = clock_msec() + (u64)ms;
	p[0].fd = rfd;
	p[1].fd = sig_fd();
	p[2].fd = extra_fd;
	for (;;) {
		p[0].events = p[1].events = p[2].events = POLLIN;
		p[0].revents = p[1].revents = p[2].revents = 0;
		n = poll(p, 3, clock_left(end));
		if (sig_stop_caught())
			return WAIT_SIGNAL;
		if (n == 0)
			return WAIT_TIMEOUT;
		if (n < 0 && errno != EINTR && errno != EAGAIN)
			return WAIT_INPUT;	/* the read will tell */
		if (n > 0 && p[1].revents != 0)
			sig_drain();
		if (n > 0 && p[0].revents != 0)
			return WAIT_INPUT;
		if (n > 0 && p[2].revents != 0)
			return WAIT_EXTRA;
	}
}

/* Milliseconds until the end or the next look. */
static int
left(u64 end, u64 look)
{
	int ms, n;

	ms = clock_left(end);
	n = clock_left(look);
	return n < ms ? n : ms;
}

int
client_idle(struct sess *s, int rfd, client_look_fn *look, void *ctx)
{
	struct view *v = s->view;
	u64 end, next, period;
	int fd, r;

	period = (u64)s->conf->imap_idle_timeout * 1000;
	end = clock_msec() + (u64)CLIENT_IDLE_MAX * 1000;
	next = clock_msec() + period;
	for (;;) {
		io_set_deadline(s->io, clock_deadline(CLIENT_STALL_MAX));
		if (io_flush(s->io) != E_OK)
			return WAIT_EXTRA;
		fd = v == NULL ? -1 : view_watch_fd(v);
		r = client_wait(s->io, rfd, fd, left(end, next));
		if (r == WAIT_INPUT || r == WAIT_SIGNAL)
			return r;
		if (clock_msec() >= end)
			return WAIT_TIMEOUT;
		/* Also without a hint, each IMAP_IDLE_TIMEOUT: network file
		   systems, and systems that give none. */
		if (v == NULL || (clock_msec() < next && !view_changed(v)))
			continue;
		if (!look(ctx))
			return WAIT_EXTRA;
		next = clock_msec() + period;
	}
}

void
client_log_end(const struct sess *s, enum client_end end,
    const struct client_sums *sums)
{
	static const struct {
		enum client_end	end;
		const char	*text;
	} words[] = {
		{ CLIENT_LOGOUT, "INFO: LOGOUT" },
		{ CLIENT_DISCONNECTED, "INFO: DISCONNECTED" },
		{ CLIENT_TIMEOUT, "INFO: TIMEOUT" },
		{ CLIENT_SIGNAL, "NOTICE: Disconnected during shutdown by "
		    "signal" },
		{ CLIENT_FATAL, "INFO: DISCONNECTED" }
	};
	char headers[NUM_BUF], body[NUM_BUF], in[NUM_BUF], out[NUM_BUF];
	char seconds[NUM_BUF];
	size_t i;

	num_u64(headers, sums->headers);
	num_u64(body, sums->body);
	num_u64(in, io_count_in(s->io));
	num_u64(out, io_count_out(s->io));
	num_u64(seconds, (clock_msec() - sums->started) / 1000);
	for (i = 0; i < NITEMS(words); i++)
		if (words[i].end == end)
			log_info("%s, user=%s, %s, headers=%s, body=%s, "
			    "rcvd=%s, sent=%s, time=%s%s", words[i].text,
			    s->user, s->peer, headers, body, in, out, seconds,
			    s->conf->imap_tls ? ", starttls=1" : "");
}
