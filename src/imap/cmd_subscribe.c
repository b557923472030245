/* SUBSCRIBE and UNSUBSCRIBE.  SPDX-License-Identifier: ISC */

#include "base/base.h"

#include "wire/imaparg.h"

#include "session/ns.h"
#include "session/sess.h"

#include "imap/cmd.h"
#include "imap/imap.h"
#include "imap/reply.h"

typedef int change_fn(struct sess *, const char *);

static void run(struct imap *, struct imap_cmd *, struct reply *,
	    change_fn *, const char *, const char *);

static void
run(struct imap *im, struct imap_cmd *cmd, struct reply *r, change_fn *fn,
    const char *done, const char *punted)
{
	struct arg *a;
	const char *shown;
	char *name;
	int e;

	a = cmd->args;
	if (imap_mailbox_arg(im, cmd, r, &a, "Invalid mailbox name.", &name,
	    &shown) != E_OK)
		return;
	if (a != NULL) {
		reply_syntax(r);
		return;
	}
	if (ns_strip(name)) {
		reply_ok(r, punted);
		return;
	}
	e = fn(im->sess, name);
	if (e == E_OK)
		reply_ok(r, done);
	else if (e == E_INVAL)
		reply_error(r, e);
	else
		reply_no(r, "Cannot subscribe to this folder.");
}

/* subscribe = "SUBSCRIBE" SP mailbox */
void
cmd_subscribe(struct imap *im, struct imap_cmd *cmd, struct reply *r)
{
	run(im, cmd, r, ns_subscribe, "Folder subscribed.",
	    "Folder directory subscribe punted.");
}

/* unsubscribe = "UNSUBSCRIBE" SP mailbox */
void
cmd_unsubscribe(struct imap *im, struct imap_cmd *cmd, struct reply *r)
{
	run(im, cmd, r, ns_unsubscribe, "Folder unsubscribed.",
	    "Folder directory unsubscribe punted.");
}
