/* SELECT, EXAMINE, CLOSE, UNSELECT.  SPDX-License-Identifier: ISC */

#include "base/base.h"

#include "session/sess.h"
#include "session/view.h"

#include "imap/cmd.h"
#include "imap/imap.h"
#include "imap/reply.h"
#include "imap/select.h"

void
cmd_select(struct imap *im, struct imap_cmd *cmd, struct reply *r)
{
	select_mailbox(im, cmd, r, FALSE);
}

void
cmd_examine(struct imap *im, struct imap_cmd *cmd, struct reply *r)
{
	select_mailbox(im, cmd, r, TRUE);
}

/* RFC 3501 6.4.2: removes silently what is \Deleted, as far as allowed. */
void
cmd_close(struct imap *im, struct imap_cmd *cmd, struct reply *r)
{
	(void)cmd;
	if (!view_readonly(im->sess->view))
		(void)view_expunge(im->sess->view, NULL);
	view_close(im->sess);
	reply_ok(r, "mailbox closed.");
}

/* RFC 3691: as CLOSE, but nothing is removed. */
void
cmd_unselect(struct imap *im, struct imap_cmd *cmd, struct reply *r)
{
	(void)cmd;
	view_close(im->sess);
	reply_ok(r, "mailbox closed.");
}
