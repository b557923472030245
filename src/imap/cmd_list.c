/* LIST and LSUB.  SPDX-License-Identifier: ISC */

#include "base/base.h"

#include "imap/cmd.h"
#include "imap/list.h"

void
cmd_list(struct imap *im, struct imap_cmd *cmd, struct reply *r)
{
	list_run(im, cmd, r, LIST_LIST);
}

void
cmd_lsub(struct imap *im, struct imap_cmd *cmd, struct reply *r)
{
	list_run(im, cmd, r, LIST_LSUB);
}
