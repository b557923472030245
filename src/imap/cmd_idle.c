/* IDLE, RFC 2177.  SPDX-License-Identifier: ISC */

#include "base/base.h"

#include "base/ascii.h"
#include "base/clock.h"
#include "base/io.h"
#include "base/str.h"

#include "conf/conf.h"

#include "wire/imapparse.h"

#include "session/sess.h"
#include "session/view.h"

#include "imap/cmd.h"
#include "imap/imap.h"
#include "imap/reply.h"

#define DONE_MAX	8192

static int left(u64, u64);
static int take_done(struct imap *, struct reply *);
static int wait_done(struct imap *);

/* Milliseconds until the end or the next look. */
static int
left(u64 end, u64 look)
{
	int ms, n;

	ms = clock_left(end);
	n = clock_left(look);
	return n < ms ? n : ms;
}

/* Tells changes until input comes. FALSE: the session is over. */
static int
wait_done(struct imap *im)
{
	struct view *v = im->sess->view;
	u64 end, look, period;
	int fd;

	period = (u64)im->conf->imap_idle_timeout * 1000;
	end = clock_msec() + (u64)IMAP_IDLE_MAX * 1000;
	look = clock_msec() + period;
	while (im->end == IMAP_RUNNING) {
		imap_out(im);
		if (io_flush(im->io) != E_OK)
			return FALSE;
		fd = v == NULL ? -1 : view_watch_fd(v);
		switch (imap_wait(im, fd, left(end, look))) {
		case WAIT_INPUT:
			return TRUE;
		case WAIT_SIGNAL:
			imap_bye(im, IMAP_SIGNAL,
			    "Courier-IMAP server shut down by signal.");
			return FALSE;
		default:
			break;
		}
		if (clock_msec() >= end) {
			imap_bye(im, IMAP_TIMEOUT,
			    "Disconnected for inactivity.");
			return FALSE;
		}
		/* Also without a hint, each IMAP_IDLE_TIMEOUT: network file
		   systems, and systems that give none. */
		if (v == NULL || (clock_msec() < look && !view_changed(v)))
			continue;
		imap_sync(im, TRUE, TRUE);
		look = clock_msec() + period;
	}
	return FALSE;
}

/* idle = "IDLE" CRLF "DONE"; any other line ends it too, as an error. */
static int
take_done(struct imap *im, struct reply *r)
{
	struct str s;
	int e;

	str_init(&s, DONE_MAX + 1);
	io_set_deadline(im->io, clock_deadline(IMAP_STALL_MAX));
	e = imapparse_line(im->parse, DONE_MAX, &s);
	if (e == E_OK && ascii_casebegins(str_c(&s), "DONE") &&
	    !ascii_isalnum((unsigned char)str_c(&s)[4]))
		reply_ok(r, "IDLE completed");
	else if (e == E_OK || e == E_TOOBIG) {
		reply_syntax(r);
		e = E_OK;
	}
	str_free(&s);
	return e;
}

void
cmd_idle(struct imap *im, struct imap_cmd *cmd, struct reply *r)
{
	int e;

	(void)cmd;
	if (im->sess->view != NULL)
		(void)view_watch_fd(im->sess->view);
	io_puts(im->io, "+ entering idle mode\r\n");
	imap_sync(im, TRUE, TRUE);
	if (im->end == IMAP_RUNNING && !wait_done(im))
		return;
	if (im->end != IMAP_RUNNING)
		return;
	e = take_done(im, r);
	if (e == E_OK)
		imap_sync(im, TRUE, TRUE);
	else
		imap_stream_gone(im, e);
}
