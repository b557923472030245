/* EXPUNGE and UID EXPUNGE.  SPDX-License-Identifier: ISC */

#include "base/base.h"

#include "wire/imaparg.h"

#include "session/mset.h"
#include "session/rights.h"
#include "session/sess.h"
#include "session/view.h"

#include "imap/cmd.h"
#include "imap/imap.h"
#include "imap/reply.h"

/*
 *   command-select =/ "EXPUNGE"
 *   uid-expunge = "UID" SP "EXPUNGE" SP sequence-set        (RFC 4315 4)
 */
void
cmd_expunge(struct imap *im, struct imap_cmd *cmd, struct reply *r)
{
	struct view *v = im->sess->view;
	struct mset *uids;
	struct arg *a;
	const char *s;
	int e;

	uids = NULL;
	a = cmd->args;
	e = E_OK;
	if (cmd->uid) {
		e = arg_atom(&a, &s);
		if (e == E_OK)
			e = mset_parse(cmd->pool, s, strlen(s), &uids);
	}
	if (e != E_OK || a != NULL) {
		reply_syntax(r);
		return;
	}
	if (uids != NULL)
		uids = mset_normal(uids, view_last_uid(v));
	e = view_expunge(v, uids);
	if (e == E_OK)
		reply_ok(r, "EXPUNGE completed");
	else if ((view_rights(v) & RIGHT_E) == 0)
		imap_denied(r, "EXPUNGE", "current mailbox", "e");
	else if (view_readonly(v))
		reply_no(r, "Cannot expunge read-only mailbox.");
	else
		reply_error(r, e);
}
