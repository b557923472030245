/* FETCH and UID FETCH.  SPDX-License-Identifier: ISC */

#include "base/base.h"

#include "base/io.h"

#include "wire/imaparg.h"

#include "session/mset.h"
#include "session/sess.h"
#include "session/view.h"

#include "imap/cmd.h"
#include "imap/fetch.h"
#include "imap/imap.h"
#include "imap/reply.h"
#include "imap/sets.h"

static void run(struct fetch *, struct sets *);

static void
run(struct fetch *f, struct sets *s)
{
	u32 seq;

	while (sets_next(s, &seq)) {
		fetch_message(f, seq);
		if (io_error(f->im->io) != E_OK)
			break;
	}
	(void)view_store_end(f->view);
	sets_end(s);
}

void
cmd_fetch(struct imap *im, struct imap_cmd *cmd, struct reply *r)
{
	struct fetch f;
	struct sets s;
	struct arg *a;
	int e;

	memset(&f, 0, sizeof(f));
	f.im = im;
	f.pool = cmd->pool;
	f.view = im->sess->view;
	a = cmd->args;
	e = sets_parse(&s, im, cmd, &a);
	if (e == E_OK)
		e = fetch_parse(&f, a, cmd->uid);
	if (e != E_OK) {
		reply_error(r, e);
		return;
	}
	str_init(&f.buf, 0);
	run(&f, &s);
	str_free(&f.buf);
	if (f.error == E_OK)
		reply_ok(r, "FETCH completed.");
	else if (f.error == E_EXPUNGED)
		reply_error(r, E_EXPUNGED);
	else
		reply_no(r, "[SERVERBUG] Cannot read some messages.");
}
