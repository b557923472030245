/* LIST and LSUB.  SPDX-License-Identifier: ISC */

#include "base/base.h"

#include "base/ascii.h"
#include "base/io.h"
#include "base/pool.h"
#include "base/str.h"

#include "conf/conf.h"

#include "wire/imaparg.h"
#include "wire/imapout.h"

#include "session/acl.h"
#include "session/ns.h"
#include "session/rights.h"
#include "session/sess.h"

#include "imap/acl.h"
#include "imap/cmd.h"
#include "imap/imap.h"
#include "imap/list.h"
#include "imap/reply.h"

struct lister {
	struct imap	*im;
	const char	*word;
	const char	*only;		/* this name alone, or NULL */
	u32		options;	/* LIST_* */
	struct str	name;
};

static int parse(struct imap *, struct imap_cmd *, u32 *, char **, char **);
static int parse_options(struct arg *, u32 *);
static void begin_item(struct imap *, int *);
static void put_acl(struct imap *, const char *, int *);
static void put_myrights(struct imap *, const char *, int *);
static void put_postaddress(struct imap *, const char *, int *);
static void put_options(struct lister *, const char *);
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

/* ---- return options (imap-wire.md 10) ----------------------------------- */

static const struct {
	u32		bit;
	const char	*name;
	void		(*put)(struct imap *, const char *, int *);
} options[] = {
	{ LIST_ACL, "ACL", put_acl },
	{ LIST_MYRIGHTS, "MYRIGHTS", put_myrights },
	{ LIST_POSTADDRESS, "POSTADDRESS", put_postaddress }
};

/* Before each item; the list is there only if it has one. */
static void
begin_item(struct imap *im, int *opened)
{
	io_puts(im->io, *opened ? "(" : " ((");
	*opened = TRUE;
}

/* Only for those who may administer. */
static void
put_acl(struct imap *im, const char *name, int *opened)
{
	struct acl *acl;
	struct pool *pool;
	size_t i;

	pool = pool_new();
	if (rights_need(im->sess, name, RIGHT_A) == E_OK &&
	    acl_look(im->sess, pool, name, &acl) == E_OK) {
		begin_item(im, opened);
		io_puts(im->io, "\"ACL\" (");
		for (i = 0; i < acl_count(acl); i++) {
			io_putc(im->io, '(');
			acl_put_word(im, acl_id(acl, i));
			acl_put_rights(im, acl_rights(acl, i), ACL_ACL2);
			io_putc(im->io, ')');
		}
		io_puts(im->io, "))");
	}
	pool_free(&pool);
}

static void
put_myrights(struct imap *im, const char *name, int *opened)
{
	char letters[RIGHTS_BUF];
	u32 rights;

	if (rights_get(im->sess, name, &rights) != E_OK || rights == 0)
		return;
	rights_letters(letters, rights);
	begin_item(im, opened);
	io_puts(im->io, "\"MYRIGHTS\"");
	acl_put_rights(im, letters, ACL_ACL2);
	io_putc(im->io, ')');
}

static void
put_postaddress(struct imap *im, const char *name, int *opened)
{
	(void)name;
	begin_item(im, opened);
	io_puts(im->io, "POSTADDRESS NIL)");
}

static void
put_options(struct lister *l, const char *name)
{
	size_t i;
	int opened;

	opened = FALSE;
	for (i = 0; i < NITEMS(options); i++)
		if ((l->options & options[i].bit) != 0)
			options[i].put(l->im, name, &opened);
	if (opened)
		io_putc(l->im->io, ')');
}

/* Unknown ones are skipped. */
static int
parse_options(struct arg *a, u32 *out)
{
	const char *word;
	size_t i;

	while (a != NULL) {
		if (arg_astring(&a, &word, NULL) != E_OK)
			return E_SYNTAX;
		for (i = 0; i < NITEMS(options); i++)
			if (ascii_casecmp(word, options[i].name) == 0)
				*out |= options[i].bit;
	}
	return E_OK;
}

/* ---- lines -------------------------------------------------------------- */

/* mailbox-list = "(" [mbx-list-flags] ")" SP (DQUOTE QUOTED-CHAR DQUOTE /
   nil) SP mailbox */
static int
put_entry(void *ctx, const struct ns_entry *e)
{
	struct lister *l = ctx;
	struct io *io = l->im->io;

	if (l->only != NULL && strcmp(l->only, e->name) != 0)
		return E_OK;
	imap_out(l->im);
	str_reset(&l->name);
	ns_to_wire(l->im->sess, e->name, &l->name);
	io_puts(io, "* ");
	io_puts(io, l->word);
	io_putc(io, ' ');
	put_attrs(l->im, e->attrs);
	io_puts(io, " \".\" ");
	imapout_quoted(io, str_c(&l->name), l->name.len);
	put_options(l, e->name);
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
 * A list of return options may stand in front. E_NOENT: an argument is missing.
 */
static int
parse(struct imap *im, struct imap_cmd *cmd, u32 *out_options,
    char **out_ref, char **out_pattern)
{
	struct arg *a;
	int r;

	a = cmd->args;
	*out_options = 0;
	if (a != NULL && a->type == ARG_LIST) {
		if (parse_options(a->list, out_options) != E_OK)
			return E_SYNTAX;
		a = a->next;
	}
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

	e = parse(im, cmd, &l.options, &ref, &pattern);
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
	l.only = NULL;
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

void
list_one(struct imap *im, const char *name, u32 opts)
{
	struct lister l;

	l.im = im;
	l.word = "LIST";
	l.only = name;
	l.options = opts;
	str_init(&l.name, 0);
	(void)ns_list(im->sess, name, put_entry, &l);
	str_free(&l.name);
}
