/* CREATE.  SPDX-License-Identifier: ISC */

#include "base/base.h"

#include "base/str.h"

#include "wire/imaparg.h"

#include "session/ns.h"
#include "session/rights.h"
#include "session/sess.h"

#include "imap/cmd.h"
#include "imap/imap.h"
#include "imap/reply.h"

static int check_parent(struct imap *, struct imap_cmd *, const char *,
	    struct reply *);
static void failed(struct reply *, int);

/* Right c on the mailbox above (RFC 4314 4). The answer is the same whether or
   not there is one. */
static int
check_parent(struct imap *im, struct imap_cmd *cmd, const char *name,
    struct reply *r)
{
	struct str shown;
	const char *parent;
	int e;

	parent = ns_parent(cmd->pool, name);
	if (parent == NULL)
		parent = name;
	e = rights_need(im->sess, parent, RIGHT_C);
	if (e == E_TEMP)
		reply_error(r, e);
	else if (e != E_OK) {
		str_init(&shown, 0);
		ns_to_wire(im->sess, ns_is_linked(name) ? name : parent,
		    &shown);
		imap_denied(r, "CREATE", str_c(&shown), "c");
		str_free(&shown);
	}
	return e;
}

static void
failed(struct reply *r, int e)
{
	if (e == E_INVAL)
		reply_error(r, e);
	else if (e == E_TOOBIG)
		reply_no(r, "[LIMIT] Mailbox name is too long.");
	else
		reply_no(r, "Cannot create this folder.");
}

/* create = "CREATE" SP mailbox */
void
cmd_create(struct imap *im, struct imap_cmd *cmd, struct reply *r)
{
	struct arg *a;
	const char *shown;
	char *name;
	int e, dir;

	a = cmd->args;
	if (imap_new_arg(im, cmd, r, &a, "Invalid mailbox name.", &name,
	    &shown) != E_OK)
		return;
	if (a != NULL) {
		reply_syntax(r);
		return;
	}
	dir = ns_strip(name);
	if (ns_is_inbox(name)) {
		reply_no(r, "INBOX already exists!");
		return;
	}
	if (check_parent(im, cmd, name, r) != E_OK)
		return;
	/* A trailing separator declares an intent only (RFC 3501 6.3.3). */
	e = dir ? E_OK : ns_create(im->sess, name);
	if (e != E_OK) {
		failed(r, e);
		return;
	}
	reply_ok(r, "\"");
	for (; *shown != '\0'; shown++) {
		if (*shown == '"' || *shown == '\\')
			str_catc(&r->text, '\\');
		str_catc(&r->text, *shown);
	}
	str_cats(&r->text, "\" created.");
}
