/* APPEND.  SPDX-License-Identifier: ISC */

#include "base/base.h"

#include "base/clock.h"
#include "base/io.h"

#include "mail/date822.h"

#include "wire/imaparg.h"
#include "wire/imapparse.h"

#include "session/append.h"
#include "session/rights.h"
#include "session/sess.h"
#include "session/view.h"

#include "imap/cmd.h"
#include "imap/ext.h"
#include "imap/flags.h"
#include "imap/imap.h"
#include "imap/reply.h"

#define CANNOT	"[ALERT] Cannot create message - no write permission or out " \
		"of disk space."

static void failed(struct imap *, struct reply *, int, const char *,
	    const char *);
static int parse_data(const struct imap *, const struct arg *,
	    struct append_opts *, u64 *);
static int parse_date(struct arg **, struct append_opts *);
static int parse_opts(struct imap *, struct imap_cmd *, struct arg **,
	    struct append_opts *, u64 *);
static int receive(struct imap *, struct append *, u64,
	    const struct append_opts *);
static void run(struct imap *, struct reply *, const char *, const char *,
	    u64, const struct append_opts *);

/*
 *   date-time = DQUOTE date-day-fixed "-" date-month "-" date-year SP time SP
 *               zone DQUOTE
 *   date-day-fixed = (SP DIGIT) / 2DIGIT
 *   date-month = "Jan" / "Feb" / "Mar" / "Apr" / "May" / "Jun" / "Jul" /
 *                "Aug" / "Sep" / "Oct" / "Nov" / "Dec"
 *   date-year = 4DIGIT
 *   time = 2DIGIT ":" 2DIGIT ":" 2DIGIT
 *   zone = ("+" / "-") 4DIGIT
 * NIL as Courier.
 */
static int
parse_date(struct arg **pos, struct append_opts *o)
{
	struct date822 d;
	const char *s;
	size_t n;

	if (*pos == NULL ||
	    ((*pos)->type != ARG_QUOTED && (*pos)->type != ARG_NIL))
		return E_OK;
	if (arg_nstring(pos, &s, &n) != E_OK)
		return E_SYNTAX;
	if (s == NULL)
		return E_OK;
	if (date822_parse_internal(s, n, &d) != E_OK)
		return E_SYNTAX;
	o->has_date = TRUE;
	o->date = date822_epoch(&d);
	return E_OK;
}

/*
 *   literal / append-data
 *   append-data = "UTF8" SP "(" literal8 ")"		; RFC 6855 4
 */
static int
parse_data(const struct imap *im, const struct arg *a, struct append_opts *o,
    u64 *out_size)
{
	if ((im->enabled & EXT_UTF8_ACCEPT) != 0 && arg_is(a, "UTF8")) {
		a = a->next;
		if (a == NULL || a->type != ARG_LIST || a->list == NULL ||
		    !a->list->literal8)
			return E_SYNTAX;
		a = a->list;
		o->utf8 = TRUE;
	} else if (a != NULL && a->literal8)
		return E_SYNTAX;
	if (a == NULL || a->type != ARG_STREAM)
		return E_SYNTAX;
	*out_size = a->size;
	return E_OK;
}

/* append = "APPEND" SP mailbox [SP flag-list] [SP date-time] SP literal */
static int
parse_opts(struct imap *im, struct imap_cmd *cmd, struct arg **pos,
    struct append_opts *o, u64 *out_size)
{
	struct flags flags;
	int r;

	memset(o, 0, sizeof(*o));
	if (*pos != NULL &&
	    ((*pos)->type == ARG_LIST || (*pos)->type == ARG_NIL)) {
		r = flags_parse(im, cmd->pool, pos, FALSE, &flags);
		if (r != E_OK)
			return r;
		o->sys = flags.sys;
		o->nkw = flags.nkw;
		o->kw = flags.kw;
	}
	r = parse_date(pos, o);
	return r != E_OK ? r : parse_data(im, *pos, o, out_size);
}

static void
failed(struct imap *im, struct reply *r, int e, const char *name,
    const char *shown)
{
	switch (e) {
	case E_INVAL:
		reply_error(r, e);
		break;
	case E_NOENT:
		reply_no(r, "[TRYCREATE] Must create mailbox before append");
		break;
	case E_PERM:
		if (rights_need(im->sess, name, RIGHT_I) != E_OK)
			imap_denied(r, "APPEND", shown, "i");
		else if (im->sess->view != NULL &&
		    strcmp(name, view_name(im->sess->view)) == 0)
			reply_no(r, "Current box is selected READ-ONLY.");
		else
			reply_no(r, CANNOT);
		break;
	case E_NOTSUP:
		reply_no(r, "[ALERT] Unable to send E-mail message.");
		break;
	case E_QUOTA:
	case E_SYNTAX:
		reply_error(r, e);
		break;
	default:
		reply_no(r, CANNOT);
		break;
	}
}

/* The literal and the end of the line. The connection may break here. */
static int
receive(struct imap *im, struct append *ap, u64 size,
    const struct append_opts *o)
{
	struct arg *rest;
	int e, e2;

	imap_out(im);
	e = imapparse_accept(im->parse);
	if (e != E_OK)
		return e;
	io_set_deadline(im->io, clock_msec() + (u64)CLIENT_STALL_MAX * 1000 +
	    size * 1000 / CLIENT_RATE);
	e = append_literal(ap, im->io, size, o);
	if (e == E_EOF || e == E_TIMEOUT)
		return e;
	imap_out(im);
	e2 = imapparse_args(im->parse, 0, &rest);
	if (e2 == E_OK && rest != NULL)
		e2 = E_SYNTAX;
	return e2 != E_OK ? e2 : e;
}

static void
run(struct imap *im, struct reply *r, const char *name, const char *shown,
    u64 size, const struct append_opts *o)
{
	struct append *ap;
	u32 uidvalidity, uid;
	int e, raw;

	e = append_open(im->sess, name, &ap);
	if (e != E_OK) {
		failed(im, r, e, name, shown);
		return;
	}
	e = receive(im, ap, size, o);
	if (e == E_EOF || e == E_TIMEOUT) {
		append_abort(&ap);
		imap_stream_gone(im, e);
		return;
	}
	raw = append_has_8bit(ap) && !o->utf8;
	if (e == E_OK)
		e = append_commit(&ap, &uidvalidity, &uid);
	else
		append_abort(&ap);
	if (e != E_OK) {
		failed(im, r, e, name, shown);
		return;
	}
	if (raw)
		io_puts(im->io, "* OK [ALERT] Your IMAP client does not "
		    "appear to correctly implement Unicode messages, see "
		    "https://tools.ietf.org/html/rfc6855.html\r\n");
	reply_ok(r, "");
	/* resp-code-apnd = "APPENDUID" SP nz-number SP append-uid */
	if (uid != 0)
		str_catf(&r->text, "[APPENDUID %lu %lu] ",
		    (unsigned long)uidvalidity, (unsigned long)uid);
	str_cats(&r->text, "APPEND Ok.");
}

void
cmd_append(struct imap *im, struct imap_cmd *cmd, struct reply *r)
{
	struct append_opts o;
	struct arg *a;
	const char *shown;
	char *name;
	u64 size;
	int e;

	a = cmd->args;
	if (imap_existing_arg(im, cmd, r, &a, "Invalid mailbox name.", &name,
	    &shown) != E_OK)
		return;
	e = parse_opts(im, cmd, &a, &o, &size);
	if (e != E_OK) {
		reply_error(r, e);
		return;
	}
	run(im, r, name, shown, size, &o);
	if (im->end == CLIENT_RUNNING && im->sess->view != NULL &&
	    strcmp(name, view_name(im->sess->view)) == 0)
		cmd->sync = CMD_POLL;
}
