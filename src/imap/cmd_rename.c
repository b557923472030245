/* RENAME.  SPDX-License-Identifier: ISC */

#include "base/base.h"

#include "base/str.h"

#include "wire/imaparg.h"

#include "session/ns.h"
#include "session/rights.h"
#include "session/sess.h"
#include "session/view.h"

#include "imap/cmd.h"
#include "imap/imap.h"
#include "imap/reply.h"

static int allowed(struct imap *, struct imap_cmd *, const char *,
	    const char *, const char *, struct reply *);
static int parse(struct imap *, struct imap_cmd *, char **, const char **,
	    char **, struct reply *);
static void result(struct reply *, int);

/* rename = "RENAME" SP mailbox SP mailbox */
static int
parse(struct imap *im, struct imap_cmd *cmd, char **out_from,
    const char **out_shown, char **out_to, struct reply *r)
{
	struct arg *a;
	const char *shown;

	a = cmd->args;
	if (imap_mailbox_arg(im, cmd, r, &a, "Invalid mailbox name.",
	    out_from, out_shown) != E_OK ||
	    imap_new_arg(im, cmd, r, &a, "Invalid mailbox name.", out_to,
	    &shown) != E_OK)
		return E_SYNTAX;
	if (a != NULL) {
		reply_syntax(r);
		return E_SYNTAX;
	}
	ns_strip(*out_from);
	ns_strip(*out_to);
	return E_OK;
}

static int
allowed(struct imap *im, struct imap_cmd *cmd, const char *from,
    const char *shown, const char *to, struct reply *r)
{
	struct str s;
	const char *parent;
	int e;

	if (ns_is_linked(from)) {
		reply_no(r, "Invalid mailbox");
		return FALSE;
	}
	if (ns_is_inbox(from)) {
		reply_no(r, "INBOX rename not implemented.");
		return FALSE;
	}
	if (ns_is_trash(im->sess, from) || ns_is_trash(im->sess, to)) {
		reply_no(r, "Reserved folder name - cannot rename.");
		return FALSE;
	}
	if (im->sess->view != NULL &&
	    ns_covers(from, view_name(im->sess->view))) {
		reply_no(r, "Can't RENAME the currently-open folder");
		return FALSE;
	}
	e = ns_known(im->sess, cmd->pool, from);
	if (e == E_OK)
		e = rights_need(im->sess, from, RIGHT_X);
	if (e == E_PERM)
		imap_denied(r, "RENAME", shown, "x");
	else if (e != E_OK)
		reply_error(r, e);
	if (e != E_OK)
		return FALSE;
	if (ns_is_inbox(to)) {		/* nobody may create that one */
		imap_denied(r, "RENAME", to, "c");
		return FALSE;
	}
	parent = ns_parent(cmd->pool, to);
	if (parent != NULL &&
	    rights_need(im->sess, parent, RIGHT_C) != E_OK) {
		str_init(&s, 0);
		ns_to_wire(im->sess, parent, &s);
		imap_denied(r, "RENAME", str_c(&s), "c");
		str_free(&s);
		return FALSE;
	}
	return TRUE;
}

static void
result(struct reply *r, int e)
{
	switch (e) {
	case E_OK:
		reply_ok(r, "Folder renamed.");
		break;
	case E_NOENT:
		reply_error(r, e);
		break;
	case E_EXIST:
		reply_no(r, "RENAME failed: File exists");
		break;
	case E_BUSY:
		reply_no(r, "Can't RENAME the currently-open folder");
		break;
	case E_NOTSUP:
		reply_no(r, "Cannot move a folder to a different account.");
		break;
	case E_INVAL:
		reply_no(r, "RENAME failed: Invalid argument");
		break;
	case E_TOOBIG:
		reply_no(r, "RENAME failed: File name too long");
		break;
	default:
		reply_no(r, "RENAME failed: no write permission or out of "
		    "disk space.");
		break;
	}
}

void
cmd_rename(struct imap *im, struct imap_cmd *cmd, struct reply *r)
{
	const char *shown;
	char *from, *to;

	if (parse(im, cmd, &from, &shown, &to, r) == E_OK &&
	    allowed(im, cmd, from, shown, to, r))
		result(r, ns_rename(im->sess, from, to));
}
