/* LOGOUT.  SPDX-License-Identifier: ISC */

#include "base/base.h"

#include "imap/cmd.h"
#include "imap/imap.h"
#include "imap/reply.h"

void
cmd_logout(struct imap *im, struct imap_cmd *cmd, struct reply *r)
{
	(void)cmd;
	imap_bye(im, CLIENT_LOGOUT, "Courier-IMAP server shutting down");
	reply_ok(r, "LOGOUT completed");
}
