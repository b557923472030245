/* NOOP and CHECK: the row's CMD_POLL does it.  SPDX-License-Identifier: ISC */

#include "base/base.h"

#include "imap/cmd.h"
#include "imap/imap.h"
#include "imap/reply.h"

void
cmd_noop(struct imap *im, struct imap_cmd *cmd, struct reply *r)
{
	(void)im;
	(void)cmd;
	reply_ok(r, "NOOP completed");
}

void
cmd_check(struct imap *im, struct imap_cmd *cmd, struct reply *r)
{
	(void)im;
	(void)cmd;
	reply_ok(r, "CHECK completed");
}
