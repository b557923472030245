/* IDLE, RFC 2177.  SPDX-License-Identifier: ISC */

#include "base/base.h"

#include "base/ascii.h"
#include "base/clock.h"
#include "base/io.h"
#include "base/str.h"

#include "wire/imapparse.h"

#include "session/sess.h"
#include "session/view.h"

#include "imap/cmd.h"
#include "imap/imap.h"
#include "imap/reply.h"

#define DONE_MAX	8192

static client_look_fn look;
static int take_done(struct imap *, struct reply *);
static int wait_done(struct imap *);

/* Tells what changed. */
static int
look(void *ctx)
{
	struct imap *im = ctx;

	imap_sync(im, TRUE, TRUE);
	return im->end == CLIENT_RUNNING;
}

/* Tells changes until input comes. FALSE: the session is over. */
static int
wait_done(struct imap *im)
{
	switch (client_idle(im->sess, im->rfd, look, im)) {
	case WAIT_INPUT:
		return TRUE;
	case WAIT_SIGNAL:
		imap_bye(im, CLIENT_SIGNAL,
		    "Courier-IMAP server shut down by signal.");
		break;
	case WAIT_TIMEOUT:
		imap_bye(im, CLIENT_TIMEOUT, "Disconnected for inactivity.");
		break;
	default:
		break;
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
	io_set_deadline(im->io, clock_deadline(CLIENT_STALL_MAX));
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
	if (im->end == CLIENT_RUNNING && !wait_done(im))
		return;
	if (im->end != CLIENT_RUNNING)
		return;
	e = take_done(im, r);
	if (e == E_OK)
		imap_sync(im, TRUE, TRUE);
	else
		imap_stream_gone(im, e);
}
