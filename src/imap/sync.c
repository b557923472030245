/* Untagged lines about changes.  SPDX-License-Identifier: ISC */

#include "base/base.h"

#include "base/io.h"
#include "base/pool.h"

#include "session/rights.h"
#include "session/sess.h"
#include "session/view.h"

#include "imap/imap.h"

static void on_bye(struct sess *, const char *);
static void on_exists(struct sess *, u32, u32);
static void on_flags(struct sess *, u32, u32, const struct vflags *);
static void on_gone(struct sess *, u32, u32);
static void on_keywords(struct sess *, int);
static void on_rights(struct sess *, u32);
static int put_permanent(struct io *, const char *, int);
static void put_line(struct imap *, u32, const char *);

const struct front imap_front = {
	on_gone,		/* gone */
	on_keywords,		/* keywords */
	on_exists,		/* exists */
	on_flags,		/* flags */
	NULL,			/* idle_wait */
	on_bye,			/* bye */
	on_rights		/* rights */
};

/*
 *   response-data = "*" SP (resp-cond-state / resp-cond-bye /
 *                   mailbox-data / message-data / capability-data) CRLF
 */
static void
put_line(struct imap *im, u32 n, const char *text)
{
	io_puts(im->io, "* ");
	io_put_u32(im->io, n);
	io_puts(im->io, text);
}

/* message-data = nz-number SP ("EXPUNGE" / ("FETCH" SP msg-att)) */
static void
on_gone(struct sess *s, u32 seq, u32 uid)
{
	(void)uid;
	put_line(s->front_ctx, seq, " EXPUNGE\r\n");
}

static void
on_exists(struct sess *s, u32 n, u32 recent)
{
	put_line(s->front_ctx, n, " EXISTS\r\n");
	put_line(s->front_ctx, recent, " RECENT\r\n");
}

static void
on_keywords(struct sess *s, int grown)
{
	(void)grown;
	imap_put_flag_lines(s->front_ctx);
}

static void
on_flags(struct sess *s, u32 seq, u32 uid, const struct vflags *f)
{
	imap_put_fetch_flags(s->front_ctx, seq, uid, f);
}

static void
on_bye(struct sess *s, const char *text)
{
	imap_bye(s->front_ctx, CLIENT_FATAL, text);
}

/* RFC 4314 5.1.1: PERMANENTFLAGS too, if they are others now. */
static void
on_rights(struct sess *s, u32 before)
{
	struct imap *im = s->front_ctx;

	imap_out(im);
	if (((before ^ view_rights(s->view)) &
	    (RIGHT_S | RIGHT_T | RIGHT_W)) != 0)
		imap_put_flag_lines(im);
	imap_put_rights(im);
}

void
imap_put_rights(struct imap *im)
{
	char rights[RIGHTS_BUF];

	rights_text(rights, view_rights(im->sess->view));
	io_putf(im->io, "* OK [MYRIGHTS \"%s\"] ACL\r\n", rights);
}

/*
 *   msg-att-dynamic = "FLAGS" SP "(" [flag-fetch *(SP flag-fetch)] ")"
 *   flag-fetch = flag / "\Recent"
 */
void
imap_put_flags(struct io *io, const struct vflags *f)
{
	static const struct {
		u32		bit;
		const char	*text;
	} names[] = {
		{ VF_DRAFT, "\\Draft" },
		{ VF_FLAGGED, "\\Flagged" },
		{ VF_ANSWERED, "\\Answered" },
		{ VF_SEEN, "\\Seen" },
		{ VF_DELETED, "\\Deleted" },
		{ VF_RECENT, "\\Recent" }
	};
	size_t i;
	int first;

	io_putc(io, '(');
	for (first = TRUE, i = 0; i < NITEMS(names); i++)
		if ((f->sys & names[i].bit) != 0) {
			if (!first)
				io_putc(io, ' ');
			io_puts(io, names[i].text);
			first = FALSE;
		}
	for (i = 0; i < f->nkw; i++) {
		if (!first)
			io_putc(io, ' ');
		io_puts(io, f->kw[i]);
		first = FALSE;
	}
	io_putc(io, ')');
}

void
imap_put_fetch_flags(struct imap *im, u32 seq, u32 uid,
    const struct vflags *f)
{
	imap_out(im);
	put_line(im, seq, " FETCH (");
	if (im->by_uid) {
		io_puts(im->io, "UID ");
		io_put_u32(im->io, uid);
		io_putc(im->io, ' ');
	}
	io_puts(im->io, "FLAGS ");
	imap_put_flags(im->io, f);
	io_puts(im->io, ")\r\n");
}

/* Adds a word to a list, with a blank before all but the first. */
static int
put_permanent(struct io *io, const char *word, int first)
{
	if (!first)
		io_putc(io, ' ');
	io_puts(io, word);
	return FALSE;
}

/*
 *   mailbox-data = "FLAGS" SP flag-list / ...
 *   resp-text-code = "PERMANENTFLAGS" SP "(" [flag-perm *(SP flag-perm)] ")"
 *   flag-perm = flag / "\*"
 * The second is what this user can change (RFC 4314 5.1.1).
 */
void
imap_put_flag_lines(struct imap *im)
{
	static const struct {
		u32		right;
		const char	*flags;
	} sys[] = {
		{ RIGHT_W, "\\Draft \\Answered \\Flagged" },
		{ RIGHT_T, "\\Deleted" },
		{ RIGHT_S, "\\Seen" }
	};
	const struct view *v = im->sess->view;
	const char *const *kw;
	size_t i, n;
	int first;

	if (v == NULL)
		return;
	n = view_keywords(v, &kw);
	io_puts(im->io, "* FLAGS (");
	for (i = 0; i < n; i++) {
		io_puts(im->io, kw[i]);
		io_putc(im->io, ' ');
	}
	for (first = TRUE, i = 0; i < NITEMS(sys); i++)
		first = put_permanent(im->io, sys[i].flags, first);
	io_puts(im->io, " \\Recent)\r\n* OK [PERMANENTFLAGS (");
	if (view_readonly(v) ||
	    (view_rights(v) & (RIGHT_S | RIGHT_T | RIGHT_W)) == 0) {
		io_puts(im->io, ")] No permanent flags permitted\r\n");
		return;
	}
	first = TRUE;
	if (view_rights(v) & RIGHT_W) {
		for (i = 0; i < n; i++)
			first = put_permanent(im->io, kw[i], first);
		if (view_keywords_allowed(v))
			first = put_permanent(im->io, "\\*", first);
	}
	for (i = 0; i < NITEMS(sys); i++)
		if (view_rights(v) & sys[i].right)
			first = put_permanent(im->io, sys[i].flags, first);
	io_puts(im->io, ")] Limited\r\n");
}

void
imap_sync(struct imap *im, int poll, int may_renumber)
{
	if (im->sess->view == NULL)
		return;
	imap_out(im);
	if (view_sync(im->sess->view, poll, may_renumber) == E_INVAL)
		imap_bye(im, CLIENT_FATAL,
		    "The mailbox was replaced by another one.");
}
