/* Message sets of commands.  SPDX-License-Identifier: ISC */

#include "base/base.h"

#include "base/io.h"

#include "wire/imaparg.h"

#include "session/sess.h"
#include "session/view.h"

#include "imap/cmd.h"
#include "imap/imap.h"
#include "imap/sets.h"

int
sets_parse(struct sets *s, struct imap *im, struct imap_cmd *cmd,
    struct arg **pos)
{
	const char *text;
	int r;

	s->im = im;
	s->by_uid = cmd->uid;
	r = arg_atom(pos, &text);
	if (r == E_OK)
		r = mset_parse(cmd->pool, text, strlen(text), &s->set);
	if (r != E_OK)
		return r;
	mset_begin(&s->it, s->set, im->sess->view, s->by_uid);
	return E_OK;
}

int
sets_next(struct sets *s, u32 *out_seq)
{
	return mset_next(&s->it, out_seq);
}

void
sets_end(struct sets *s)
{
	u32 bad;

	if (s->by_uid)
		return;
	bad = mset_bad_seq(s->set, view_count(s->im->sess->view));
	if (bad != 0)
		io_putf(s->im->io, "* NO Invalid message sequence number: "
		    "%lu\r\n", (unsigned long)bad);
}
