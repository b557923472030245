/* THREAD and UID THREAD.  SPDX-License-Identifier: ISC */

#include "base/base.h"

#include "base/ascii.h"
#include "base/io.h"

#include "wire/imaparg.h"

#include "session/sess.h"
#include "session/thread.h"
#include "session/view.h"

#include "imap/cmd.h"
#include "imap/imap.h"
#include "imap/keys.h"
#include "imap/reply.h"

static int find(const char *, enum thread_by *);
static u32 put_members(struct imap *, const struct thread_node *, u32, int);
static u32 put_end(struct imap *, const struct thread_node *, u32);
static void put_result(struct imap *, const struct threads *, int);

/*
 *   thread-alg = "ORDEREDSUBJECT" / "REFERENCES" / thread-alg-ext
 *   thread-alg-ext = atom
 *
 * To add one: a row here, one in session/thread.c, its word in
 * wire/imapcapa.c.
 */
static const struct {
	const char	*name;
	enum thread_by	by;
} names[] = {
	{ "ORDEREDSUBJECT", THREAD_ORDEREDSUBJECT },
	{ "REFERENCES", THREAD_REFERENCES }
};

static int
find(const char *name, enum thread_by *out)
{
	size_t i;

	for (i = 0; i < NITEMS(names); i++)
		if (ascii_casecmp(name, names[i].name) == 0) {
			*out = names[i].by;
			return E_OK;
		}
	return E_SYNTAX;
}

/*
 *   thread-data = "THREAD" [SP 1*thread-list]
 *   thread-list = "(" (thread-members / thread-nested) ")"
 *   thread-members = nz-number *(SP nz-number) [SP thread-nested]
 *   thread-nested = 2*thread-list
 *
 * Threads may be as deep as there are messages: no recursion. A node with
 * siblings, or without a parent, is the first in its parentheses. This opens
 * them, and returns the last member: that which has no child, or several.
 */
static u32
put_members(struct imap *im, const struct thread_node *v, u32 n, int uids)
{
	u32 c;

	imap_out(im);
	io_putc(im->io, '(');
	for (;; n = c) {
		c = v[n].child;
		if (v[n].seq != 0) {
			io_put_u32(im->io, uids ?
			    view_uid(im->sess->view, v[n].seq) : v[n].seq);
			if (c != 0)
				io_putc(im->io, ' ');
		}
		if (c == 0 || v[c].next != 0)
			return n;
	}
}

/* Closes the parentheses that end behind n, and returns what is next, or 0. */
static u32
put_end(struct imap *im, const struct thread_node *v, u32 n)
{
	u32 p;

	for (;; n = p) {
		while ((p = v[n].parent) != 0 && v[p].child == n &&
		    v[n].next == 0)
			n = p;
		io_putc(im->io, ')');
		if (v[n].next != 0 || p == 0)
			return v[n].next;
	}
}

static void
put_result(struct imap *im, const struct threads *t, int uids)
{
	u32 n, last;

	imap_out(im);
	io_puts(im->io, "* THREAD");
	n = t->node[0].child;
	if (n != 0)
		io_putc(im->io, ' ');
	while (n != 0) {
		last = put_members(im, t->node, n, uids);
		n = t->node[last].child;
		if (n == 0)
			n = put_end(im, t->node, last);
	}
	io_puts(im->io, "\r\n");
}

/*
 *   thread = ["UID" SP] "THREAD" SP thread-alg SP search-criteria
 */
void
cmd_thread(struct imap *im, struct imap_cmd *cmd, struct reply *r)
{
	enum thread_by by;
	struct threads *t;
	struct mset *found;
	struct arg *a;
	const char *name, *charset;
	int e;

	if (imap_thread_sort_off(im, r))
		return;
	a = cmd->args;
	e = arg_astring(&a, &name, NULL);
	if (e == E_OK)
		e = find(name, &by);
	if (e == E_OK)
		e = imap_sort_charset(im, &a, &charset);
	if (e == E_OK)
		e = keys_search(im, cmd, a, charset, FALSE, &found);
	if (e == E_OK)
		e = thread_run(im->sess->view, found, by, &t);
	if (e != E_OK) {
		imap_sort_failed(im, r, e);
		return;
	}
	put_result(im, t, cmd->uid);
	threads_free(&t);
	reply_ok(r, "THREAD done.");
}
