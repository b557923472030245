/* IDLE and LOGOUT.  SPDX-License-Identifier: ISC */

#include "base/base.h"

#include "base/clock.h"
#include "base/io.h"

#include "session/sess.h"
#include "session/view.h"

#include "smap/cmd.h"
#include "smap/smap.h"

static client_look_fn look;
static void take_resume(struct smap *);

static int
look(void *ctx)
{
	struct smap *sm = ctx;

	smap_sync(sm);
	return sm->end == CLIENT_RUNNING;
}

/* Another line ends it too, as an error. */
static void
take_resume(struct smap *sm)
{
	int r;

	io_set_deadline(sm->io, clock_deadline(CLIENT_STALL_MAX));
	r = smapline_read(sm->io, sm->pool, &sm->line);
	smap_err(sm, "RESUME is required to follow IDLE");
	if (r == E_OK && smapline_take(&sm->line, "RESUME")) {
		smap_sync(sm);
		smap_ok(sm, "Resumed...");
	} else if (r != E_OK && r != E_SYNTAX && r != E_TOOBIG) {
		smap_stream_gone(sm, r);
	}
}

/* idle = "IDLE" LF "RESUME" LF */
void
smap_cmd_idle(struct smap *sm)
{
	if (sm->sess->view != NULL)
		(void)view_watch_fd(sm->sess->view);
	smap_ok(sm, "Entering idle mode...");
	smap_reply(sm);
	smap_sync(sm);
	if (sm->end != CLIENT_RUNNING)
		return;
	switch (client_idle(sm->sess, sm->rfd, look, sm)) {
	case WAIT_INPUT:
		take_resume(sm);
		break;
	case WAIT_SIGNAL:
		smap_bye(sm, CLIENT_SIGNAL,
		    "Courier-SMAP server shut down by signal.");
		break;
	case WAIT_TIMEOUT:
		smap_stream_gone(sm, E_TIMEOUT);
		break;
	default:
		break;
	}
}

void
smap_cmd_logout(struct smap *sm)
{
	smap_bye(sm, CLIENT_LOGOUT, "Courier-SMAP server shutting down");
	smap_ok(sm, "LOGOUT completed");
}
