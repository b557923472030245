/* DELETE.  SPDX-License-Identifier: ISC */

#include "base/base.h"

#include "wire/imaparg.h"

#include "session/ns.h"
#include "session/rights.h"
#include "session/sess.h"

#include "imap/cmd.h"
#include "imap/imap.h"
#include "imap/reply.h"

static void run(struct imap *, struct pool *, const char *, const char *,
	    struct reply *);

static void
run(struct imap *im, struct pool *pool, const char *name, const char *shown,
    struct reply *r)
{
	int e, linked;

	linked = ns_is_linked(name);
	if (ns_is_inbox(name) || ns_is_trash(im->sess, name)) {
		reply_no(r, "Cannot delete this folder.");
		return;
	}
	e = linked ? E_OK : ns_known(im->sess, pool, name);
	if (e == E_OK && !linked)
		e = rights_need(im->sess, name, RIGHT_X);
	if (e == E_PERM) {
		imap_denied(r, "DELETE", shown, "x");
		return;
	}
	if (e == E_OK)
		e = ns_delete(im->sess, name);
	switch (e) {
	case E_OK:
		reply_ok(r, linked ? "UNSUBSCRIBEd a shared folder." :
		    "Folder deleted.");
		break;
	case E_NOENT:
		reply_error(r, e);
		break;
	case E_BUSY:
		reply_no(r, "Cannot delete currently-open folder.");
		break;
	default:
		reply_no(r, "Cannot delete this folder.");
		break;
	}
}

/* delete = "DELETE" SP mailbox */
void
cmd_delete(struct imap *im, struct imap_cmd *cmd, struct reply *r)
{
	struct arg *a;
	const char *shown;
	char *name;

	a = cmd->args;
	if (imap_existing_arg(im, cmd, r, &a,
	    "Mailbox does not exist, or must be subscribed to.", &name,
	    &shown) != E_OK)
		return;
	if (a != NULL)
		reply_syntax(r);
	else if (ns_strip(name))
		reply_ok(r, "Folder directory delete punted.");
	else
		run(im, cmd->pool, name, shown, r);
}
