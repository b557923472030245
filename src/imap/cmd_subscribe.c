/* SUBSCRIBE and UNSUBSCRIBE.  SPDX-License-Identifier: ISC */

#include "base/base.h"

#include "wire/imaparg.h"

#include "session/ns.h"
#include "session/sess.h"

#include "imap/cmd.h"
#include "imap/imap.h"
#include "imap/reply.h"

/* What is said of a change. In `shared.` it is another thing: a view of the
   folder is made or removed (imap-wire.md 5.2). */
struct change {
	int		(*fn)(struct sess *, const char *);
	const char	*done;
	const char	*punted;	/* for a name that ends in a separator */
	const char	*linked;	/* done, in `shared.` */
	const char	*already;	/* so it was, in `shared.` */
	int		was;		/* its code */
};

static void run(struct imap *, struct imap_cmd *, struct reply *,
	    const struct change *);

static void
run(struct imap *im, struct imap_cmd *cmd, struct reply *r,
    const struct change *c)
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
		reply_ok(r, c->punted);
		return;
	}
	e = c->fn(im->sess, name);
	if (e == E_OK)
		reply_ok(r, ns_is_linked(name) ? c->linked : c->done);
	else if (e == c->was)
		reply_ok(r, c->already);
	else if (e == E_INVAL)
		reply_error(r, e);
	else
		reply_no(r, "Cannot subscribe to this folder.");
}

/* subscribe = "SUBSCRIBE" SP mailbox */
void
cmd_subscribe(struct imap *im, struct imap_cmd *cmd, struct reply *r)
{
	static const struct change c = { ns_subscribe, "Folder subscribed.",
	    "Folder directory subscribe punted.", "SUBSCRIBE completed.",
	    "Already subscribed.", E_EXIST };

	run(im, cmd, r, &c);
}

/* unsubscribe = "UNSUBSCRIBE" SP mailbox */
void
cmd_unsubscribe(struct imap *im, struct imap_cmd *cmd, struct reply *r)
{
	static const struct change c = { ns_unsubscribe,
	    "Folder unsubscribed.", "Folder directory unsubscribe punted.",
	    "UNSUBSCRIBE completed.", "Already unsubscribed.", E_NOENT };

	run(im, cmd, r, &c);
}
