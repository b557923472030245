/* The one loop: read, check the row, run, sync, reply.
   SPDX-License-Identifier: ISC */

#include "base/base.h"

#include "base/ascii.h"
#include "base/clock.h"
#include "base/io.h"
#include "base/log.h"
#include "base/mem.h"
#include "base/sig.h"

#include "conf/conf.h"

#include "wire/imapparse.h"

#include "session/rights.h"
#include "session/sess.h"
#include "session/view.h"

#include "imap/cmd.h"
#include "imap/imap.h"
#include "imap/reply.h"

static int check_row(struct imap *, const struct command *, int,
	    struct reply *);
static void finish(struct imap *, struct reply *);
static int may_read(struct imap *, const struct imap_cmd *, struct reply *);
static void one_command(struct imap *);
static int parse_flags(const struct command *);
static int read_args(struct imap *, struct imap_cmd *, struct reply *);
static int read_name(struct imap *, struct imap_cmd *, struct reply *);
static int stream_error(int);
static int wait_command(struct imap *);

struct imap *
imap_new(const struct conf *conf, struct sess *s, struct io *io, int rfd,
    const char *ip, const char *port)
{
	struct imap *im;

	im = mem_new(sizeof(*im));
	im->conf = conf;
	im->sess = s;
	im->io = io;
	im->rfd = rfd;
	im->ip = ip;
	im->port = port;
	im->sums.started = clock_msec();
	im->parse = imapparse_new(io);
	if (imap_capable(im, "LITERAL-"))
		imapparse_set_nonsync_max(im->parse, IMAPPARSE_LITERAL_MINUS);
	sess_set_front(s, &imap_front, im);
	return im;
}

void
imap_free(struct imap **pp)
{
	struct imap *im = *pp;

	if (im == NULL)
		return;
	imapparse_free(&im->parse);
	*pp = mem_free(im);
}

/* ---- waiting and ending ------------------------------------------------- */

void
imap_out(struct imap *im)
{
	io_set_deadline(im->io, clock_deadline(CLIENT_STALL_MAX));
}

/*
 *   response-fatal = "*" SP resp-cond-bye CRLF
 *   resp-cond-bye = "BYE" SP resp-text
 */
void
imap_bye(struct imap *im, enum client_end end, const char *text)
{
	if (im->end != CLIENT_RUNNING)
		return;
	im->end = end;
	imap_out(im);
	io_puts(im->io, "* BYE ");
	io_puts(im->io, text);
	io_puts(im->io, "\r\n");
}

static int
stream_error(int r)
{
	return r == E_EOF || r == E_TIMEOUT || r == E_TEMP;
}

void
imap_stream_gone(struct imap *im, int r)
{
	if (r == E_EOF && sig_stop_caught())
		imap_bye(im, CLIENT_SIGNAL,
		    "Courier-IMAP server shut down by signal.");
	else if (r == E_TIMEOUT)
		imap_bye(im, CLIENT_TIMEOUT, "Disconnected for inactivity.");
	else if (r == E_INVAL)
		imap_bye(im, CLIENT_FATAL, "[ALERT] IMAP command too long.");
	else if (im->end == CLIENT_RUNNING)
		im->end = CLIENT_DISCONNECTED;
}

/* ---- one command -------------------------------------------------------- */

/* Waits for the first byte. FALSE: the session is over. */
static int
wait_command(struct imap *im)
{
	const char *p;
	size_t n;

	imap_out(im);
	/* Answers to pipelined commands leave together. */
	p = io_peek_buf(im->io, &n);
	if (n == 0 || memchr(p, '\n', n) == NULL)
		io_flush(im->io);
	if (!io_has_input(im->io)) {
		switch (client_wait(im->io, im->rfd, -1,
		    CLIENT_IDLE_MAX * 1000)) {
		case WAIT_SIGNAL:
			imap_bye(im, CLIENT_SIGNAL,
			    "Courier-IMAP server shut down by signal.");
			return FALSE;
		case WAIT_TIMEOUT:
			imap_stream_gone(im, E_TIMEOUT);
			return FALSE;
		default:
			break;
		}
	}
	io_set_deadline(im->io, clock_deadline(CLIENT_IDLE_MAX));
	return TRUE;
}

static int
parse_flags(const struct command *row)
{
	return (row->flags & CMD_SECTION ? IMAPPARSE_SECTION : 0) |
	    (row->flags & CMD_STREAM ? IMAPPARSE_STREAM : 0);
}

/* May this row run now? Fills the reply if not. */
static int
check_row(struct imap *im, const struct command *row, int uid,
    struct reply *r)
{
	if (row == NULL || (row->flags & (uid ? CMD_UID : CMD_SEQ)) == 0 ||
	    ((row->flags & CMD_SELECTED) != 0 && im->sess->view == NULL) ||
	    (row->capability != NULL && !imap_capable(im, row->capability))) {
		reply_syntax(r);
		return E_SYNTAX;
	}
	return E_OK;
}

/* Tag and name; "UID" is a prefix of the name. */
static int
read_name(struct imap *im, struct imap_cmd *cmd, struct reply *r)
{
	int e;

	e = imapparse_begin(im->parse);
	if (e == E_OK && ascii_casecmp(imapparse_name(im->parse), "UID") == 0) {
		cmd->uid = TRUE;
		e = imapparse_subname(im->parse);
	}
	if (e != E_OK) {
		if (!stream_error(e))
			reply_syntax(r);
		return e;
	}
	cmd->row = cmd_find(imapparse_name(im->parse));
	return check_row(im, cmd->row, cmd->uid, r);
}

static int
read_args(struct imap *im, struct imap_cmd *cmd, struct reply *r)
{
	int e;

	cmd->name = cmd->row->name;
	cmd->sync = cmd->row->flags & (CMD_POLL | CMD_TELL);
	if ((cmd->row->flags & CMD_DESELECT) != 0)
		view_close(im->sess);
	e = imapparse_args(im->parse, parse_flags(cmd->row), &cmd->args);
	if (stream_error(e))
		return e;
	if (e == E_TOOBIG) {
		imap_out(im);
		io_puts(im->io, "* NO [ALERT] IMAP command too long.\r\n");
	}
	if (cmd->args == NULL && (cmd->row->flags & CMD_MAILBOX) != 0) {
		reply_bad(r, "Invalid command");
		return E_SYNTAX;
	}
	if (e != E_OK ||
	    (cmd->args != NULL && (cmd->row->flags & CMD_NOARGS) != 0)) {
		reply_syntax(r);
		return E_SYNTAX;
	}
	return E_OK;
}

/* The tagged line, and the count of violations. */
static void
finish(struct imap *im, struct reply *r)
{
	if (im->end != CLIENT_RUNNING && im->end != CLIENT_LOGOUT)
		return;
	im->errors = r->violation ? im->errors + 1 : 0;
	if (im->errors >= IMAP_ERRORS_MAX) {
		log_err("%s: TOO MANY CONSECUTIVE PROTOCOL VIOLATIONS",
		    im->sess->user);
		imap_bye(im, CLIENT_FATAL, "[ALERT] Fatal error: TOO MANY "
		    "CONSECUTIVE PROTOCOL VIOLATIONS: ");
		return;
	}
	reply_send(im, r, imapparse_tag(im->parse));
}

/* The right to read is asked for again each time: it may have been taken. */
static int
may_read(struct imap *im, const struct imap_cmd *cmd, struct reply *r)
{
	if ((cmd->row->flags & (CMD_SELECTED | CMD_LEAVE)) != CMD_SELECTED)
		return TRUE;
	view_learn_rights(im->sess->view);
	if ((view_rights(im->sess->view) & RIGHT_R) != 0)
		return TRUE;
	imap_denied(r, cmd->name, "current mailbox", "r");
	return FALSE;
}

static void
one_command(struct imap *im)
{
	struct imap_cmd cmd;
	struct reply r;
	int e;

	memset(&cmd, 0, sizeof(cmd));
	reply_init(&r);
	cmd.pool = imapparse_pool(im->parse);
	e = read_name(im, &cmd, &r);
	if (e == E_OK)
		e = read_args(im, &cmd, &r);
	if (stream_error(e)) {
		imap_stream_gone(im, e);
		reply_free(&r);
		return;
	}
	imap_out(im);
	if (e == E_OK) {
		im->by_uid = cmd.uid;
		if (may_read(im, &cmd, &r))
			cmd.row->run(im, &cmd, &r);
		if (im->end == CLIENT_RUNNING && cmd.sync != 0 &&
		    r.status != REPLY_BAD)
			imap_sync(im, (cmd.sync & CMD_POLL) != 0,
			    (cmd.sync & CMD_POLL) != 0);
		im->by_uid = FALSE;
	}
	finish(im, &r);
	reply_free(&r);
	if (im->end != CLIENT_RUNNING)
		return;
	io_set_deadline(im->io, clock_deadline(CLIENT_STALL_MAX));
	e = imapparse_end(im->parse);
	if (e != E_OK)
		imap_stream_gone(im, e);
}

enum client_end
imap_run(struct imap *im)
{
	while (im->end == CLIENT_RUNNING && wait_command(im)) {
		one_command(im);
		if (io_error(im->io) != E_OK && im->end == CLIENT_RUNNING)
			im->end = io_error(im->io) == E_TIMEOUT ?
			    CLIENT_TIMEOUT : sig_stop_caught() ? CLIENT_SIGNAL :
			    CLIENT_DISCONNECTED;
	}
	imap_out(im);
	io_flush(im->io);
	view_close(im->sess);
	return im->end;
}
