/* Opening and announcing a mailbox.  SPDX-License-Identifier: ISC */

#include "base/base.h"

#include "base/io.h"

#include "wire/imaparg.h"

#include "session/sess.h"
#include "session/view.h"

#include "imap/cmd.h"
#include "imap/imap.h"
#include "imap/reply.h"
#include "imap/select.h"

static void announce(struct imap *);
static void failed(struct reply *, int, const char *);
static void put_code(struct imap *, const char *, u32);

static void
put_code(struct imap *im, const char *code, u32 n)
{
	io_puts(im->io, "* OK [");
	io_puts(im->io, code);
	io_putc(im->io, ' ');
	io_put_u32(im->io, n);
	io_puts(im->io, "] Ok\r\n");
}

/* RFC 3501 6.3.1, in Courier's order (imap-wire.md 5.1, 16 Q10). */
static void
announce(struct imap *im)
{
	struct view *v = im->sess->view;
	u32 unseen;

	imap_put_flag_lines(im);
	io_puts(im->io, "* ");
	io_put_u32(im->io, view_count(v));
	io_puts(im->io, " EXISTS\r\n* ");
	io_put_u32(im->io, view_recent(v));
	io_puts(im->io, " RECENT\r\n");
	put_code(im, "UIDVALIDITY", view_uidvalidity(v));
	unseen = view_first_unseen(v);
	if (unseen != 0)
		put_code(im, "UNSEEN", unseen);
	put_code(im, "UIDNEXT", view_uidnext(v));
	imap_put_rights(im);
}

static void
failed(struct reply *r, int e, const char *shown)
{
	switch (e) {
	case E_PERM:
		imap_denied(r, "SELECT/EXAMINE", shown, "r");
		break;
	case E_INVAL:
	case E_NOENT:
		reply_error(r, E_NOENT);
		break;
	default:
		reply_no(r, "Unable to open this mailbox.");
		break;
	}
}

/*
 *   select = "SELECT" SP mailbox
 *   examine = "EXAMINE" SP mailbox
 */
void
select_mailbox(struct imap *im, struct imap_cmd *cmd, struct reply *r,
    int readonly)
{
	struct arg *a;
	const char *shown;
	char *name;
	int e;

	a = cmd->args;
	if (imap_existing_arg(im, cmd, r, &a,
	    "Mailbox does not exist, or must be subscribed to.", &name,
	    &shown) != E_OK)
		return;
	if (a != NULL) {
		reply_syntax(r);
		return;
	}
	e = view_open(im->sess, name, readonly);
	if (e != E_OK) {
		failed(r, e, shown);
		return;
	}
	imap_out(im);
	announce(im);
	reply_ok(r, view_readonly(im->sess->view) ? "[READ-ONLY] Ok" :
	    "[READ-WRITE] Ok");
}
