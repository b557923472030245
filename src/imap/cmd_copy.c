/* COPY and MOVE, by number or UID.  SPDX-License-Identifier: ISC */

#include "base/base.h"

#include "base/io.h"

#include "wire/imaparg.h"

#include "session/mset.h"
#include "session/rights.h"
#include "session/sess.h"
#include "session/transfer.h"
#include "session/view.h"

#include "imap/cmd.h"
#include "imap/imap.h"
#include "imap/reply.h"
#include "imap/sets.h"

#define COPYUID_MAX	(REPLY_TEXT_MAX - 100)	/* the text follows it */

static int may_move(struct imap *, struct reply *);
static void failed(struct reply *, int, const char *, const char *);
static void put_copyuid(const struct transfer_report *, struct str *);
static void run(struct imap *, struct imap_cmd *, struct reply *, int);

/*
 *   resp-code-copy = "COPYUID" SP nz-number SP uid-set SP uid-set
 * (RFC 4315 3: SHOULD). Left out if it is longer than any client would read:
 * cut off it would be wrong.
 */
static void
put_copyuid(const struct transfer_report *t, struct str *out)
{
	str_cats(out, "[COPYUID ");
	str_catu32(out, t->uidvalidity);
	str_catc(out, ' ');
	mset_print(t->from, out);
	str_catc(out, ' ');
	mset_print(t->to, out);
	str_cats(out, "] ");
	if (out->toobig || out->len > COPYUID_MAX)
		str_reset(out);
}

static void
failed(struct reply *r, int e, const char *cmd, const char *shown)
{
	switch (e) {
	case E_NOENT:
	case E_INVAL:		/* ends in a separator */
		reply_no(r, "[TRYCREATE] Mailbox does not exist.");
		break;
	case E_PERM:
		imap_denied(r, cmd, shown, "i");
		break;
	case E_QUOTA:
		reply_error(r, e);
		break;
	case E_TOOBIG:		/* OUTBOX */
		reply_no(r, "[ALERT] Only one message may be sent at a time.");
		break;
	default:
		reply_nof(r, "[ALERT] %s failed - no write permission or out "
		    "of disk space.", cmd);
		break;
	}
}

/* MOVE removes: RFC 6851 4, RFC 4314 4. */
static int
may_move(struct imap *im, struct reply *r)
{
	const struct view *v = im->sess->view;

	if (view_readonly(v))
		reply_no(r, "Current box is selected READ-ONLY.");
	else if ((view_rights(v) & RIGHT_E) == 0)
		imap_denied(r, "MOVE", "current mailbox", "e");
	else if ((view_rights(v) & RIGHT_T) == 0)
		imap_denied(r, "MOVE", "current mailbox", "t");
	else
		return TRUE;
	return FALSE;
}

static void
run(struct imap *im, struct imap_cmd *cmd, struct reply *r, int move)
{
	struct transfer_report t;
	struct sets s;
	struct str code;
	struct arg *a;
	const char *shown;
	char *name;
	int e;

	a = cmd->args;
	e = sets_parse(&s, im, cmd, &a);
	if (e != E_OK) {
		reply_error(r, e);
		return;
	}
	e = imap_existing_arg(im, cmd, r, &a,
	    "[TRYCREATE] Mailbox does not exist.", &name, &shown);
	if (e == E_INVAL || (e == E_OK && a != NULL))
		reply_syntax(r);	/* creating it could not help */
	if (e != E_OK || a != NULL)
		return;
	if (move && !may_move(im, r))
		return;
	e = transfer_run(im->sess->view, cmd->pool, s.set, cmd->uid, name,
	    move, &t);
	if (e != E_OK) {
		failed(r, e, cmd->name, shown);
		return;
	}
	sets_end(&s);
	if (strcmp(name, view_name(im->sess->view)) == 0)
		cmd->sync = CMD_POLL;
	str_init(&code, REPLY_TEXT_MAX);
	if (t.to->n > 0)
		put_copyuid(&t, &code);
	if (move && code.len > 0) {
		/* RFC 6851 4.3: before the EXPUNGEs. */
		io_puts(im->io, "* OK ");
		io_put(im->io, str_c(&code), code.len);
		io_puts(im->io, "Ok\r\n");
		str_reset(&code);
	}
	str_cats(&code, cmd->name);
	str_cats(&code, " completed.");
	reply_ok(r, str_c(&code));
	str_free(&code);
}

/* copy = "COPY" SP sequence-set SP mailbox */
void
cmd_copy(struct imap *im, struct imap_cmd *cmd, struct reply *r)
{
	run(im, cmd, r, FALSE);
}

/* move = "MOVE" SP sequence-set SP mailbox        (RFC 6851 5) */
void
cmd_move(struct imap *im, struct imap_cmd *cmd, struct reply *r)
{
	run(im, cmd, r, TRUE);
}
