/* FETCH: the item list, and one message at a time.
   SPDX-License-Identifier: ISC */

#include "base/base.h"

#include "base/io.h"
#include "base/mem.h"
#include "base/pool.h"

#include "wire/imaparg.h"

#include "session/sess.h"
#include "session/view.h"

#include "imap/fetch.h"
#include "imap/imap.h"

static int add(struct fetch *, const struct fetch_row *,
	    struct fetch_item **);
static int add_uid(struct fetch *);
static int get_ready(struct fetch *);
static int look_up(struct fetch *, struct fetch_item *);
static int parse_item(struct fetch *, struct arg **);
static void set_seen(struct fetch *);
static void warn_8bit(struct fetch *);

/* ---- the list ----------------------------------------------------------- */

static int
add(struct fetch *f, const struct fetch_row *row, struct fetch_item **out)
{
	struct fetch_item *it;

	if (f->n == FETCH_ITEMS_MAX)
		return E_TOOBIG;
	it = &f->items[f->n++];
	it->row = row;
	it->label = row->name;
	it->sec.what = row->what;
	f->needs |= row->flags;
	if (row->emit == fetch_flags)
		f->told_flags = TRUE;
	if (out != NULL)
		*out = it;
	return E_OK;
}

static int
parse_item(struct fetch *f, struct arg **pos)
{
	const struct fetch_row *row;
	const char *const *macro;
	struct fetch_item *it;
	struct arg *section;
	const char *name;
	int r;

	if (arg_atom(pos, &name) != E_OK)
		return E_SYNTAX;
	macro = fetch_macro(name);
	if (macro != NULL) {
		for (r = E_OK; *macro != NULL && r == E_OK; macro++)
			r = add(f, fetch_find(*macro), NULL);
		return r;
	}
	row = fetch_find(name);
	if (row == NULL)
		return E_SYNTAX;
	section = *pos;
	if (section == NULL || section->type != ARG_SECTION) {
		r = add(f, row, &it);
		if (r == E_OK && row->emit == fetch_body)
			it->label = "BODY";
		return r;
	}
	if (row->emit != fetch_body)
		return E_SYNTAX;
	*pos = section->next;
	r = add(f, strcmp(row->name, "BODY") == 0 ? &fetch_row_section :
	    &fetch_row_peek, &it);
	if (r != E_OK)
		return r;
	return fetch_section_parse(f->pool, section, pos, it);
}

static int
add_uid(struct fetch *f)
{
	struct fetch_item *it;
	size_t i;

	for (i = 0; i < f->n; i++)
		if (f->items[i].row->emit == fetch_uid)
			return E_OK;
	if (add(f, fetch_find("UID"), &it) != E_OK)
		return E_TOOBIG;
	for (i = f->n - 1; i > 0; i--)
		f->items[i] = f->items[i - 1];
	memset(&f->items[0], 0, sizeof(f->items[0]));
	f->items[0].row = fetch_find("UID");
	f->items[0].label = "UID";
	return E_OK;
}

/*
 *   fetch = "FETCH" SP sequence-set SP ("ALL" / "FULL" / "FAST" /
 *           fetch-att / "(" fetch-att *(SP fetch-att) ")")
 */
int
fetch_parse(struct fetch *f, struct arg *args, int uid)
{
	struct arg *members;
	size_t n;
	int list, r;

	if (args == NULL)
		return E_SYNTAX;
	list = args->type == ARG_LIST;
	if (list && (args->next != NULL || args->list == NULL))
		return E_SYNTAX;
	members = list ? args->list : args;
	for (n = 6, args = members; args != NULL; args = args->next)
		n += 5;			/* a macro is five items at most */
	if (n > FETCH_ITEMS_MAX)
		n = FETCH_ITEMS_MAX;
	f->items = pool_array(f->pool, n, sizeof(*f->items));
	for (args = members; args != NULL; ) {
		if (!list && args != members)
			return E_SYNTAX;
		r = parse_item(f, &args);
		if (r != E_OK)
			return r;
	}
	return uid ? add_uid(f) : E_OK;
}

/* ---- one message -------------------------------------------------------- */

static int
look_up(struct fetch *f, struct fetch_item *it)
{
	int r;

	r = msgread_section(f->msg, it->sec.path, it->sec.npath,
	    it->sec.what, &it->span);
	it->found = r == E_OK;
	return r == E_NOENT ? E_OK : r;
}

/* Reads what the items need, so that writing them cannot fail. */
static int
get_ready(struct fetch *f)
{
	struct mime_part *root;
	struct envelope *env;
	size_t i;
	u64 size;
	int r;

	if ((f->needs & FETCH_FILE) == 0)
		return E_OK;
	r = msgread_open(f->view, f->seq, &f->msg);
	if (r == E_OK && (f->needs & FETCH_TREE) != 0)
		r = msgread_tree(f->msg, &root);
	if (r == E_OK && (f->needs & FETCH_HEAD) != 0)
		r = msgread_envelope(f->msg, &env);
	if (r == E_OK && (f->needs & FETCH_SIZE) != 0)
		r = msgread_size(f->msg, &size);
	for (i = 0; r == E_OK && i < f->n; i++)
		if ((f->items[i].row->flags & FETCH_SECT) != 0)
			r = look_up(f, &f->items[i]);
	return r;
}

/* For those that may not understand what they were sent (imap-wire.md 7.5,
   RFC 6855 7). */
static void
warn_8bit(struct fetch *f)
{
	const char *head;
	size_t i, n;

	if (f->im->sess->utf8 || f->msg == NULL ||
	    msgread_header(f->msg, &head, &n) != E_OK)
		return;
	for (i = 0; i < n && (unsigned char)head[i] < 0x80; i++)
		;
	if (i < n)
		io_putf(f->im->io, "* OK [ALERT] Message %lu appears to be a "
		    "Unicode message and your E-mail reader did not enable "
		    "Unicode support. Please use an E-mail reader that "
		    "supports IMAP with UTF-8 (see "
		    "https://tools.ietf.org/html/rfc6855.html)\r\n",
		    (unsigned long)f->seq);
}

/* A line of its own after the message's (imap-wire.md 7). */
static void
set_seen(struct fetch *f)
{
	struct view_store op;
	struct vflags flags;
	int changed;

	if ((f->needs & FETCH_SETS_SEEN) == 0 || view_readonly(f->view) ||
	    view_flags(f->view, f->seq, &flags) != E_OK ||
	    (flags.sys & VF_SEEN) != 0)
		return;
	memset(&op, 0, sizeof(op));
	op.op = VIEW_ADD;
	op.sys = VF_SEEN;
	if (view_store(f->view, f->seq, &op, &changed) != E_OK || !changed ||
	    view_flags(f->view, f->seq, &flags) != E_OK)
		return;
	warn_8bit(f);
	imap_put_fetch_flags(f->im, f->seq, f->uid, &flags);
	view_told(f->view, f->seq);
}

/*
 *   message-data = nz-number SP ("EXPUNGE" / ("FETCH" SP msg-att))
 *   msg-att = "(" (msg-att-dynamic / msg-att-static) *(SP ...) ")"
 */
void
fetch_message(struct fetch *f, u32 seq)
{
	struct io *io = f->im->io;
	size_t i;
	int r;

	f->seq = seq;
	f->uid = view_uid(f->view, seq);
	f->msg = NULL;
	imap_out(f->im);
	r = get_ready(f);
	if (r != E_OK) {
		msgread_close(&f->msg);
		if (r != E_EXPUNGED)
			io_putf(io, "* NO [ALERT] Cannot open message %lu\r\n",
			    (unsigned long)seq);
		if (f->error != E_EXPUNGED)
			f->error = r;
		return;
	}
	io_puts(io, "* ");
	io_put_u32(io, seq);
	io_puts(io, " FETCH (");
	for (i = 0; i < f->n; i++) {
		if (i > 0)
			io_putc(io, ' ');
		f->items[i].row->emit(f, &f->items[i]);
	}
	io_puts(io, ")\r\n");
	if (f->told_flags)
		view_told(f->view, seq);
	set_seen(f);
	msgread_close(&f->msg);
}
