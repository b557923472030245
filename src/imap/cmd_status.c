/* STATUS.  SPDX-License-Identifier: ISC */

#include "base/base.h"

#include "base/io.h"

#include "wire/imaparg.h"
#include "wire/imapout.h"

#include "session/sess.h"
#include "session/view.h"

#include "imap/cmd.h"
#include "imap/imap.h"
#include "imap/reply.h"
#include "imap/status.h"

/* status = "STATUS" SP mailbox SP "(" status-att *(SP status-att) ")" */
void
cmd_status(struct imap *im, struct imap_cmd *cmd, struct reply *r)
{
	struct view_status st;
	struct arg *a;
	const char *shown;
	char *name;
	u32 items;
	int e;

	a = cmd->args;
	if (imap_existing_arg(im, cmd, r, &a,
	    "Mailbox does not exist, or must be subscribed to.", &name,
	    &shown) != E_OK)
		return;
	if (status_parse(&a, &items) != E_OK || a != NULL) {
		reply_syntax(r);
		return;
	}
	e = view_status(im->sess, name, &st);
	if (e == E_OK) {
		io_puts(im->io, "* STATUS ");
		imapout_quoteds(im->io, shown);
		io_putc(im->io, ' ');
		status_put(im->io, items, &st);
		io_puts(im->io, "\r\n");
		reply_ok(r, "STATUS Completed.");
	} else if (e == E_PERM)
		imap_denied(r, "STATUS", shown, "r");
	else if (e == E_NOENT || e == E_INVAL)
		reply_error(r, E_NOENT);
	else
		reply_no(r, "[ALERT] STATUS failed");
}
