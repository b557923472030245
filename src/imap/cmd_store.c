/* STORE and UID STORE.  SPDX-License-Identifier: ISC */

#include "base/base.h"

#include "base/ascii.h"
#include "base/io.h"

#include "wire/imaparg.h"

#include "session/sess.h"
#include "session/view.h"

#include "imap/cmd.h"
#include "imap/flags.h"
#include "imap/imap.h"
#include "imap/reply.h"
#include "imap/sets.h"

static int one(struct imap *, u32, const struct view_store *, int);
static int parse(struct imap *, struct imap_cmd *, struct sets *,
	    struct view_store *, int *);
static void run(struct imap *, struct sets *, const struct view_store *,
	    int, struct reply *);

/* store = "STORE" SP sequence-set SP store-att-flags */
static int
parse(struct imap *im, struct imap_cmd *cmd, struct sets *s,
    struct view_store *op, int *out_silent)
{
	static const struct {
		const char	*name;
		enum view_op	op;
		int		silent;
	} items[] = {
		{ "FLAGS", VIEW_SET, FALSE },
		{ "FLAGS.SILENT", VIEW_SET, TRUE },
		{ "+FLAGS", VIEW_ADD, FALSE },
		{ "+FLAGS.SILENT", VIEW_ADD, TRUE },
		{ "-FLAGS", VIEW_DEL, FALSE },
		{ "-FLAGS.SILENT", VIEW_DEL, TRUE }
	};
	struct flags flags;
	struct arg *a;
	const char *name;
	size_t i;
	int r;

	a = cmd->args;
	r = sets_parse(s, im, cmd, &a);
	if (r == E_OK)
		r = arg_atom(&a, &name);
	if (r != E_OK)
		return r;
	for (i = 0; i < NITEMS(items); i++)
		if (ascii_casecmp(name, items[i].name) == 0)
			break;
	if (i == NITEMS(items))
		return E_SYNTAX;
	r = flags_parse(im, cmd->pool, &a, TRUE, &flags);
	if (r != E_OK)
		return r;
	if (a != NULL)
		return E_SYNTAX;
	memset(op, 0, sizeof(*op));
	op->op = items[i].op;
	op->sys = flags.sys;
	op->nkw = flags.nkw;
	op->kw = flags.kw;
	*out_silent = items[i].silent;
	return E_OK;
}

static int
one(struct imap *im, u32 seq, const struct view_store *op, int silent)
{
	struct view *v = im->sess->view;
	struct vflags flags;
	int changed, r;

	r = view_store(v, seq, op, &changed);
	if (r == E_OK)
		r = view_flags(v, seq, &flags);
	if (r != E_OK)
		return r;
	if (!silent)
		imap_put_fetch_flags(im, seq, view_uid(v, seq), &flags);
	view_told(v, seq);
	return E_OK;
}

static void
run(struct imap *im, struct sets *s, const struct view_store *op, int silent,
    struct reply *r)
{
	u32 seq, stored, gone;
	int e, e2;

	stored = gone = 0;
	e = view_store_begin(im->sess->view, op);
	while (e == E_OK && sets_next(s, &seq)) {
		e = one(im, seq, op, silent);
		if (e == E_OK)
			stored++;
		else if (e == E_EXPUNGED) {
			gone++;		/* view_sync will tell */
			e = E_OK;
		}
	}
	if (e == E_OK && !silent && stored == 0 && gone > 0)
		e = E_EXPUNGED;		/* RFC 2180 4.2.2 */
	e2 = view_store_end(im->sess->view);
	if (e == E_OK)
		e = e2;
	sets_end(s);
	if (e == E_OK)
		reply_ok(r, "STORE completed.");
	else if (e == E_PERM)
		reply_no(r, "Current box is selected READ-ONLY.");
	else if (e == E_INVAL)
		reply_no(r, "[CANNOT] Keyword not possible in this mailbox.");
	else
		reply_error(r, e);
}

void
cmd_store(struct imap *im, struct imap_cmd *cmd, struct reply *r)
{
	struct view_store op;
	struct sets s;
	int e, silent;

	e = parse(im, cmd, &s, &op, &silent);
	if (e != E_OK)
		reply_error(r, e);
	else if (view_readonly(im->sess->view))
		reply_no(r, "Current box is selected READ-ONLY.");
	else
		run(im, &s, &op, silent, r);
}
