/* SETACL and DELETEACL, RFC 4314.  SPDX-License-Identifier: ISC */

#include "base/base.h"

#include "wire/imaparg.h"

#include "session/acl.h"
#include "session/rights.h"
#include "session/sess.h"
#include "session/view.h"

#include "imap/acl.h"
#include "imap/cmd.h"
#include "imap/imap.h"
#include "imap/reply.h"

static int known_rights(struct imap *, const char *, struct reply *);
static int take_identifier(struct imap_cmd *, struct arg **, const char **,
	    struct reply *);
static void change(struct imap *, struct imap_cmd *, const char *,
	    const char *, const char *, struct reply *);

/* RFC 4314 3.1: what is not a right MUST be refused. Courier, and we without
   RIGHTS=texk, keep any letter. */
static int
known_rights(struct imap *im, const char *mod, struct reply *r)
{
	if (*mod == '+' || *mod == '-')
		mod++;
	mod += strspn(mod, "acdeiklprstwx0123456789");
	if (*mod == '\0' || !acl_is_4314(im))
		return TRUE;
	if (*mod >= 'A' && *mod <= 'Z')
		reply_bad(r, "Uppercase rights are not allowed.");
	else {
		reply_bad(r, "");
		str_catf(&r->text, "The %c right is not supported.", *mod);
	}
	return FALSE;
}

/* The stored form of an identifier. */
static int
take_identifier(struct imap_cmd *cmd, struct arg **pos, const char **out,
    struct reply *r)
{
	const char *word;

	if (!acl_identifier(pos, &word, r))
		return FALSE;
	*out = acl_from_word(cmd->pool, word);
	if (*out == NULL)
		reply_no(r, "Invalid ACL identifier.");
	return *out != NULL;
}

/* mod NULL: the entry goes. */
static void
change(struct imap *im, struct imap_cmd *cmd, const char *name,
    const char *id, const char *mod, struct reply *r)
{
	struct acl *acl;
	const char *lacks;
	int e;

	if (acl_read(im->sess, cmd->pool, name, &acl) != E_OK) {
		reply_no(r, "Cannot retrieve ACLs for mailbox.");
		return;
	}
	e = E_OK;
	if (mod == NULL)
		acl_delete(acl, id);
	else
		e = acl_modify(acl, id, mod);
	if (e == E_OK)
		e = acl_write(im->sess, name, acl, &lacks);
	if (e != E_OK) {
		reply_no(r, "Cannot modify ACLs on this mailbox.");
		return;
	}
	if (im->sess->view != NULL)
		view_learn_rights(im->sess->view);
	reply_ok(r, "ACLs updated.");
}

/*
 *   setacl = "SETACL" SP mailbox SP identifier SP mod-rights
 *   mod-rights = astring
 *                   ;; +rights to add, -rights to remove
 *                   ;; rights to replace
 */
void
cmd_setacl(struct imap *im, struct imap_cmd *cmd, struct reply *r)
{
	struct arg *a;
	const char *shown, *id, *mod;
	char *name;

	a = cmd->args;
	if (acl_mailbox(im, cmd, r, &a, RIGHT_A, "SETACL", &name, &shown) !=
	    E_OK || !take_identifier(cmd, &a, &id, r))
		return;
	/* NIL is refused: its letters are no rights. */
	if (arg_mailbox(&a, &mod, NULL) != E_OK || a != NULL)
		reply_syntax(r);
	else if (known_rights(im, mod, r))
		change(im, cmd, name, id, mod, r);
}

/* deleteacl = "DELETEACL" SP mailbox SP identifier */
void
cmd_deleteacl(struct imap *im, struct imap_cmd *cmd, struct reply *r)
{
	struct arg *a;
	const char *shown, *id;
	char *name;

	a = cmd->args;
	if (acl_mailbox(im, cmd, r, &a, RIGHT_A, "DELETEACL", &name,
	    &shown) != E_OK || !take_identifier(cmd, &a, &id, r))
		return;
	if (a != NULL)
		reply_syntax(r);
	else
		change(im, cmd, name, id, NULL, r);
}
