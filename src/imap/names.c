/* Mailbox names in commands.  SPDX-License-Identifier: ISC */

#include "base/base.h"

#include "base/ascii.h"
#include "base/pool.h"
#include "base/str.h"

#include "wire/imaparg.h"

#include "session/ns.h"
#include "session/sess.h"

#include "imap/cmd.h"
#include "imap/imap.h"
#include "imap/reply.h"

static const char *shown_to(struct imap *, struct pool *, const char *,
	    const char *);

/* Raw UTF-8 is not said to a client that did not enable it (RFC 6855 3). */
static const char *
shown_to(struct imap *im, struct pool *pool, const char *shown,
    const char *name)
{
	struct str s;
	const char *p;

	for (p = shown; *p != '\0' && (unsigned char)*p < 0x80; p++)
		;
	if (*p == '\0' || im->sess->utf8)
		return shown;
	str_init(&s, 0);
	ns_to_wire(im->sess, name, &s);
	p = pool_strdup(pool, str_c(&s));
	str_free(&s);
	return p;
}

/* mailbox = "INBOX" / astring */
int
imap_mailbox_arg(struct imap *im, struct imap_cmd *cmd, struct reply *r,
    struct arg **pos, const char *invalid, char **out_name,
    const char **out_shown)
{
	size_t n;
	int e;

	*out_name = NULL;
	if (arg_mailbox(pos, out_shown, &n) != E_OK) {
		reply_bad(r, "Invalid command");
		return E_SYNTAX;
	}
	e = ns_from_wire(im->sess, cmd->pool, *out_shown, n, out_name);
	if (*out_name != NULL)
		*out_shown = shown_to(im, cmd->pool, *out_shown, *out_name);
	if (e == E_INVAL)
		reply_no(r, invalid);
	else if (e != E_OK)
		reply_error(r, e);
	return e;
}

int
imap_new_arg(struct imap *im, struct imap_cmd *cmd, struct reply *r,
    struct arg **pos, const char *invalid, char **out_name,
    const char **out_shown)
{
	struct str s;
	int e;

	e = imap_mailbox_arg(im, cmd, r, pos, invalid, out_name, out_shown);
	if (e != E_OK)
		return e;
	str_init(&s, 0);
	ns_to_wire(im->sess, *out_name, &s);
	/* INBOX may be in any case; the rest differs in no other way. */
	if (ascii_casecmp(str_c(&s), *out_shown) != 0) {
		reply_no(r, invalid);
		e = E_INVAL;
	}
	str_free(&s);
	return e;
}

/* As Courier: a name that cannot be decoded is one that does not exist. */
int
imap_existing_arg(struct imap *im, struct imap_cmd *cmd, struct reply *r,
    struct arg **pos, const char *invalid, char **out_name,
    const char **out_shown)
{
	int e;

	e = imap_mailbox_arg(im, cmd, r, pos, invalid, out_name, out_shown);
	if (e == E_SYNTAX && r->violation)
		reply_no(r, invalid);
	return e;
}

void
imap_denied(struct reply *r, const char *cmd, const char *shown,
    const char *right)
{
	reply_nof(r, "Access denied for %s on %s (ACL \"%s\" required)", cmd,
	    shown, right);
}
