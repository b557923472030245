/* LIST and LSUB.  SPDX-License-Identifier: ISC */

#include "base/base.h"

#include "base/ascii.h"
#include "base/io.h"
#include "base/str.h"

#include "conf/conf.h"

#include "wire/imaparg.h"
#include "wire/imapout.h"

#include "session/ns.h"
#include "session/sess.h"

#include "imap/cmd.h"
#include "imap/imap.h"
#include "imap/list.h"
#include "imap/reply.h"

struct lister {
	struct imap	*im;
	const char	*word;
	struct str	name;
};

static int parse(struct imap *, struct imap_cmd *, char **, char **);
static void put_attrs(struct imap *, u32);
static int put_entry(void *, const struct ns_entry *);
static void put_root(struct imap *, const char *, const char *);
static int take_pattern(struct imap *, struct imap_cmd *, struct arg **,
	    char **);

/*
 *   mbx-list-flags = *(mbx-list-oflag SP) mbx-list-sflag
 *       *(SP mbx-list-oflag) / mbx-list-oflag *(SP mbx-list-oflag)
 *   mbx-list-oflag = "\Noinferiors" / flag-extension
 *   mbx-list-sflag = "\Noselect" / "\Marked" / "\Unmarked"
 * In Courier's order (imap-wire.md 10); \HasChildren and \HasNoChildren are
 * RFC 3348.
 */
static void
put_attrs(struct imap *im, u32 attrs)
{
	static const struct {
		u32		bit;
		const char	*text;
	} names[] = {
		{ NS_NOSELECT, "\\Noselect" },
		{ NS_UNMARKED, "\\Unmarked" },
		{ NS_MARKED, "\\Marked" },
		{ 1U << 30, "\\HasNoChildren" },
		{ NS_NOINFERIORS, "\\Noinferiors" },
		{ 1U << 31, "\\HasChildren" }
	};
	size_t i;
	int first;

	if (im->conf->imap_obsolete_client) {
		if ((attrs & NS_CHILDREN) == 0)
			attrs |= NS_NOINFERIORS;
	} else {
		attrs &= ~(u32)NS_NOINFERIORS;
		attrs |= (attrs & NS_CHILDREN) != 0 ? 1U << 31 : 1U << 30;
	}
	io_putc(im->io, '(');
	for (first = TRUE, i = 0; i < NITEMS(names); i++)
		if ((attrs & names[i].bit) != 0) {
			if (!first)
				io_putc(im->io, ' ');
			io_puts(im->io, names[i].text);
			first = FALSE;
		}
	io_putc(im->io, ')');
}

/* mailbox-list = "(" [mbx-list-flags] ")" SP (DQUOTE QUOTED-CHAR DQUOTE /
   nil) SP mailbox */
static int
put_entry(void *ctx, const struct ns_entry *e)
{
	struct lister *l = ctx;
	struct io *io = l->im->io;

	imap_out(l->im);
	str_reset(&l->name);
	ns_to_wire(l->im->sess, e->name, &l->name);
	io_puts(io, "* ");
	io_puts(io, l->word);
	io_putc(io, ' ');
	put_attrs(l->im, e->attrs);
	io_puts(io, " \".\" ");
	imapout_quoted(io, str_c(&l->name), l->name.len);
	io_puts(io, "\r\n");
	return io_error(io);
}

/* RFC 3501 6.3.8: the empty pattern asks for the root of the reference. */
static void
put_root(struct imap *im, const char *word, const char *ref)
{
	static const char *const roots[] = { "INBOX", "#shared", "shared" };
	size_t i, n;

	io_putf(im->io, "* %s (\\Noselect) \".\" \"", word);
	for (i = 0; i < NITEMS(roots); i++) {
		n = strlen(roots[i]);
		if (strncmp(ref, roots[i], n) == 0 &&
		    (ref[n] == '\0' || ref[n] == NS_SEP)) {
			io_puts(im->io, roots[i]);
			io_putc(im->io, NS_SEP);
		}
	}
	io_puts(im->io, "\"\r\n");
}

/* An astring, or NIL for the empty one. */
static int
take_pattern(struct imap *im, struct imap_cmd *cmd, struct arg **pos,
    char **out)
{
	const char *s;
	size_t n;

	if (*pos != NULL && (*pos)->type == ARG_NIL) {
		*pos = (*pos)->next;
		s = "";
		n = 0;
	} else if (arg_astring(pos, &s, &n) != E_OK)
		return E_NOENT;
	return ns_pattern_from_wire(im->sess, cmd->pool, s, n, out);
}

/*
 *   list = "LIST" SP mailbox SP list-mailbox
 *   lsub = "LSUB" SP mailbox SP list-mailbox
 *   list-mailbox = 1*list-char / string
 * A list of return options in front is skipped: none is known here. E_NOENT:
 * an argument is missing.
 */
static int
parse(struct imap *im, struct imap_cmd *cmd, char **out_ref,
    char **out_pattern)
{
	struct arg *a;
	int r;

	a = cmd->args;
	if (a != NULL && a->type == ARG_LIST)
		a = a->next;
	r = take_pattern(im, cmd, &a, out_ref);
	if (r == E_OK)
		r = take_pattern(im, cmd, &a, out_pattern);
	if (r == E_OK && a != NULL)
		return E_SYNTAX;
	return r;
}

void
list_run(struct imap *im, struct imap_cmd *cmd, struct reply *r, int which)
{
	struct lister l;
	char *ref, *pattern, *full;
	int e;

	e = parse(im, cmd, &ref, &pattern);
	if (e == E_NOENT) {
		reply_bad(r, "Invalid command");
		return;
	}
	if (e == E_SYNTAX) {
		reply_syntax(r);
		return;
	}
	l.im = im;
	l.word = cmd->name;
	str_init(&l.name, 0);
	if (e == E_OK && *pattern == '\0')
		put_root(im, l.word, ref);
	else if (e == E_OK) {
		full = ns_join(cmd->pool, ref, pattern);
		if (full != NULL)
			e = which == LIST_LSUB ?
			    ns_lsub(im->sess, full, put_entry, &l) :
			    ns_list(im->sess, full, put_entry, &l);
	}
	str_free(&l.name);
	if (e == E_TOOBIG)
		reply_no(r, "Invalid argument");
	else if (e != E_OK && e != E_INVAL)
		reply_error(r, e);
	else
		reply_ok(r, which == LIST_LSUB ? "LSUB completed" :
		    "LIST completed");
}
