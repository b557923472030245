/* GETACL, MYRIGHTS, LISTRIGHTS, RFC 4314.  SPDX-License-Identifier: ISC */

#include "base/base.h"

#include "base/io.h"
#include "base/pool.h"
#include "base/str.h"

#include "wire/imaparg.h"
#include "wire/imapout.h"

#include "session/acl.h"
#include "session/ns.h"
#include "session/rights.h"
#include "session/sess.h"

#include "imap/acl.h"
#include "imap/cmd.h"
#include "imap/imap.h"
#include "imap/reply.h"

/* MYRIGHTS: one of these (RFC 4314 4); in Courier's form e does as well. */
#define ANY_RIGHT	(RIGHT_L | RIGHT_R | RIGHT_I | RIGHT_C | RIGHT_X | \
			 RIGHT_A)
#define ANY_RIGHT_2086	(ANY_RIGHT | RIGHT_E)

static void put_entries(struct imap *, struct pool *, const struct acl *);
static void put_each(struct imap *, const char *);

int
acl_is_4314(const struct imap *im)
{
	return imap_capable(im, "RIGHTS=texk");
}

int
acl_form(const struct imap *im)
{
	return acl_is_4314(im) ? ACL_4314 : ACL_2086;
}

void
acl_put_word(struct imap *im, const char *s)
{
	imapout_string(im->io, s, strlen(s), im->sess->utf8);
}

int
acl_mailbox(struct imap *im, struct imap_cmd *cmd, struct reply *r,
    struct arg **pos, u32 any, const char *word, char **out_name,
    const char **out_shown)
{
	struct ns_place place;
	u32 have;
	int e;

	e = imap_existing_arg(im, cmd, r, pos,
	    "Mailbox does not exist, or must be subscribed to.", out_name,
	    out_shown);
	if (e != E_OK)
		return e;
	e = ns_find(im->sess, cmd->pool, *out_name, &place);
	if (e == E_OK)
		e = rights_get(im->sess, *out_name, &have);
	if (e == E_OK && (have & any) == 0)
		e = rights_check(have, any);
	if (e == E_PERM)
		imap_denied(r, word, *out_shown, "a");
	else if (e != E_OK)
		reply_error(r, e == E_INVAL ? E_NOENT : e);
	return e;
}

int
acl_identifier(struct arg **pos, const char **out, struct reply *r)
{
	if (arg_astring(pos, out, NULL) != E_OK)
		reply_syntax(r);
	else if (!acl_word_ok(*out))
		reply_bad(r, "Invalid ACL identifier.");
	else
		return TRUE;
	return FALSE;
}

void
acl_put_rights(struct imap *im, const char *rights, int form)
{
	struct str s;

	str_init(&s, 0);
	acl_letters(rights, form, &s);
	io_putc(im->io, ' ');
	acl_put_word(im, str_c(&s));
	str_free(&s);
}

/* acl-data = "ACL" SP mailbox *(SP identifier SP rights) */
static void
put_entries(struct imap *im, struct pool *pool, const struct acl *acl)
{
	const char *word;
	size_t i;

	for (i = 0; i < acl_count(acl); i++) {
		word = acl_to_word(pool, acl_id(acl, i));
		if (word == NULL)
			continue;
		imap_out(im);
		io_putc(im->io, ' ');
		acl_put_word(im, word);
		acl_put_rights(im, acl_rights(acl, i), acl_form(im));
	}
}

/* getacl = "GETACL" SP mailbox */
void
cmd_getacl(struct imap *im, struct imap_cmd *cmd, struct reply *r)
{
	struct acl *acl;
	struct arg *a;
	const char *shown;
	char *name;

	a = cmd->args;
	if (acl_mailbox(im, cmd, r, &a, RIGHT_A, "GETACL", &name, &shown) !=
	    E_OK)
		return;
	if (a != NULL)
		reply_syntax(r);
	else if (acl_read(im->sess, cmd->pool, name, &acl) != E_OK)
		reply_no(r, "Cannot retrieve ACLs for mailbox.");
	else {
		io_puts(im->io, "* ACL ");
		imapout_quoteds(im->io, shown);
		put_entries(im, cmd->pool, acl);
		io_puts(im->io, "\r\n");
		reply_ok(r, "GETACL completed.");
	}
}

/*
 *   myrights = "MYRIGHTS" SP mailbox
 *   myrights-data = "MYRIGHTS" SP mailbox SP rights
 */
void
cmd_myrights(struct imap *im, struct imap_cmd *cmd, struct reply *r)
{
	char letters[RIGHTS_BUF];
	struct arg *a;
	const char *shown;
	char *name;
	u32 have;

	a = cmd->args;
	if (acl_mailbox(im, cmd, r, &a, acl_is_4314(im) ? ANY_RIGHT :
	    ANY_RIGHT_2086, "GETACL", &name, &shown) != E_OK)
		return;
	if (a != NULL) {
		reply_syntax(r);
		return;
	}
	(void)rights_get(im->sess, name, &have);
	rights_letters(letters, have);
	io_puts(im->io, "* MYRIGHTS ");
	imapout_quoteds(im->io, shown);
	acl_put_rights(im, letters, acl_form(im));
	io_puts(im->io, "\r\n");
	reply_ok(r, "MYRIGHTS completed.");
}

/* Rights that are given one by one. */
static void
put_each(struct imap *im, const char *rights)
{
	struct str s;
	size_t i;

	str_init(&s, 0);
	acl_letters(rights, acl_form(im), &s);
	for (i = 0; i < s.len; i++) {
		io_putc(im->io, ' ');
		io_putc(im->io, s.data[i]);
	}
	str_free(&s);
}

/*
 *   listrights = "LISTRIGHTS" SP mailbox SP identifier
 *   listrights-data = "LISTRIGHTS" SP mailbox SP identifier
 *                     SP rights *(SP rights)
 */
void
cmd_listrights(struct imap *im, struct imap_cmd *cmd, struct reply *r)
{
	struct arg *a;
	const char *shown, *id, *always, *others;
	char *name;

	a = cmd->args;
	if (acl_mailbox(im, cmd, r, &a, acl_is_4314(im) ? RIGHT_A :
	    ANY_RIGHT_2086, acl_is_4314(im) ? "LISTRIGHTS" : "GETACL", &name, &shown) != E_OK)
		return;
	if (!acl_identifier(&a, &id, r))
		return;
	if (a != NULL) {
		reply_syntax(r);
		return;
	}
	acl_grantable(im->sess, name, id, &always, &others);
	io_puts(im->io, "* LISTRIGHTS ");
	imapout_quoteds(im->io, shown);
	io_putc(im->io, ' ');
	acl_put_word(im, id);
	acl_put_rights(im, always, acl_form(im));
	put_each(im, others);
	io_puts(im->io, "\r\n");
	reply_ok(r, "LISTRIGHTS completed.");
}
