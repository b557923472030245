/* ENVELOPE.  SPDX-License-Identifier: ISC */

#include "base/base.h"

#include "base/io.h"

#include "mail/addr.h"
#include "mail/rfc2047.h"

#include "wire/imapout.h"

#include "session/sess.h"

#include "imap/fetch.h"
#include "imap/imap.h"

static int has_8bit(const char *);
static void put_address(struct fetch *, const struct addr *);
static void put_addresses(struct fetch *, const struct addr *);

static int
has_8bit(const char *s)
{
	for (; *s != '\0'; s++)
		if ((unsigned char)*s >= 0x80)
			return TRUE;
	return FALSE;
}

void
fetch_put_nstring(struct fetch *f, const char *s)
{
	if (s == NULL || !has_8bit(s)) {
		imapout_nquoted(f->im->io, s);
		return;
	}
	str_reset(&f->buf);
	if (f->im->sess->utf8)
		rfc2047_utf8(s, strlen(s), &f->buf);
	else
		rfc2047_encode_8bit(s, strlen(s), &f->buf);
	imapout_quoted(f->im->io, str_c(&f->buf), f->buf.len);
}

/*
 *   address = "(" addr-name SP addr-adl SP addr-mailbox SP addr-host ")"
 *   addr-name = nstring
 *   addr-adl = nstring
 *   addr-mailbox = nstring
 *   addr-host = nstring
 * A group begins with its name as mailbox and ends with all NIL, both
 * without host (RFC 3501 7.4.2).
 */
static void
put_address(struct fetch *f, const struct addr *a)
{
	struct io *io = f->im->io;

	io_putc(io, '(');
	switch (a->kind) {
	case ADDR_GROUP:
		io_puts(io, "NIL NIL ");
		fetch_put_nstring(f, a->local);
		io_puts(io, " NIL");
		break;
	case ADDR_GROUP_END:
		io_puts(io, "NIL NIL NIL NIL");
		break;
	default:
		fetch_put_nstring(f, a->name);
		io_putc(io, ' ');
		fetch_put_nstring(f, a->route);
		io_putc(io, ' ');
		fetch_put_nstring(f, a->local == NULL ? "" : a->local);
		io_putc(io, ' ');
		fetch_put_nstring(f, a->domain == NULL ? "" : a->domain);
		break;
	}
	io_putc(io, ')');
}

/*
 *   env-from = "(" 1*address ")" / nil
 *   env-sender = "(" 1*address ")" / nil
 *   env-reply-to = "(" 1*address ")" / nil
 *   env-to = "(" 1*address ")" / nil
 *   env-cc = "(" 1*address ")" / nil
 *   env-bcc = "(" 1*address ")" / nil
 */
static void
put_addresses(struct fetch *f, const struct addr *a)
{
	io_putc(f->im->io, ' ');
	if (a == NULL) {
		io_puts(f->im->io, "NIL");
		return;
	}
	io_putc(f->im->io, '(');
	for (; a != NULL; a = a->next)
		put_address(f, a);
	io_putc(f->im->io, ')');
}

/*
 *   env-date = nstring
 *   env-subject = nstring
 *   env-in-reply-to = nstring
 *   env-message-id = nstring
 *   envelope = "(" env-date SP env-subject SP env-from SP env-sender SP
 *              env-reply-to SP env-to SP env-cc SP env-bcc SP
 *              env-in-reply-to SP env-message-id ")"
 */
void
fetch_put_envelope(struct fetch *f, const struct envelope *e)
{
	struct io *io = f->im->io;

	io_putc(io, '(');
	fetch_put_nstring(f, e->date);
	io_putc(io, ' ');
	fetch_put_nstring(f, e->subject);
	put_addresses(f, e->from);
	put_addresses(f, e->sender);
	put_addresses(f, e->reply_to);
	put_addresses(f, e->to);
	put_addresses(f, e->cc);
	put_addresses(f, e->bcc);
	io_putc(io, ' ');
	fetch_put_nstring(f, e->in_reply_to);
	io_putc(io, ' ');
	fetch_put_nstring(f, e->message_id);
	io_putc(io, ')');
}

/* "ENVELOPE" SP envelope */
void
fetch_envelope(struct fetch *f, struct fetch_item *it)
{
	struct envelope *e;

	(void)it;
	io_puts(f->im->io, "ENVELOPE ");
	if (msgread_envelope(f->msg, &e) == E_OK)
		fetch_put_envelope(f, e);
}
