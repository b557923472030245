/* FETCH.  SPDX-License-Identifier: ISC */

#include "base/base.h"

#include "base/ascii.h"
#include "base/io.h"

#include "mail/date822.h"

#include "session/mset.h"
#include "session/sess.h"
#include "session/view.h"

#include "smap/cmd.h"
#include "smap/contents.h"
#include "smap/smap.h"

enum {				/* items of one line, in its order */
	ITEM_FLAGS = 1,
	ITEM_KEYWORDS = 2,
	ITEM_UID = 4,
	ITEM_SIZE = 8,
	ITEM_DATE = 16
};

static int all_contents(struct smap *, const struct mset *, const char *,
	    int);
static u32 item(const char *);
static int one_message(struct contents *, int);
static int put_date(struct smap *, u32);
static int put_line(struct smap *, u32, u32);
static int put_size(struct smap *, u32);
static void set_seen(struct smap *, u32);

/* ---- contents ----------------------------------------------------------- */

static void
set_seen(struct smap *sm, u32 seq)
{
	struct view *v = sm->sess->view;
	struct view_store op;
	struct vflags flags;
	int changed;

	if (view_readonly(v) || view_flags(v, seq, &flags) != E_OK ||
	    (flags.sys & VF_SEEN) != 0)
		return;
	memset(&op, 0, sizeof(op));
	op.op = VIEW_ADD;
	op.sys = VF_SEEN;
	if (view_store(v, seq, &op, &changed) != E_OK || !changed ||
	    view_flags(v, seq, &flags) != E_OK)
		return;
	smap_put_fetch(sm, seq);
	smap_put_flags(sm, &flags);
	io_putc(sm->io, '\n');
	view_told(v, seq);
}

static int
one_message(struct contents *f, int peek)
{
	int e;

	smap_out(f->sm);
	e = msgread_open(f->view, f->seq, &f->msg);
	if (e == E_OK)
		e = f->put(f);
	msgread_close(&f->msg);
	if (e == E_OK && !peek)
		set_seen(f->sm, f->seq);
	return e;
}

/* What is no entity is passed over, as an item that is none. */
static int
all_contents(struct smap *sm, const struct mset *set, const char *what,
    int peek)
{
	struct mset_iter it;
	struct contents f;
	int e, e2;

	memset(&f, 0, sizeof(f));
	f.sm = sm;
	f.view = sm->sess->view;
	e = contents_parse(&f, what);
	if (e != E_OK)
		return e == E_NOENT ? E_OK : e;
	mset_begin(&it, set, f.view, FALSE);
	while (e == E_OK && mset_next(&it, &f.seq))
		e = one_message(&f, peek);
	e2 = view_store_end(f.view);
	return e != E_OK ? e : e2;
}

/* ---- the line ----------------------------------------------------------- */

static u32
item(const char *word)
{
	static const char *const names[] = {
		"FLAGS", "KEYWORDS", "UID", "SIZE", "INTERNALDATE"
	};
	size_t i;

	for (i = 0; i < NITEMS(names); i++)
		if (ascii_casecmp(word, names[i]) == 0)
			return 1U << i;
	return 0;
}

static int
put_size(struct smap *sm, u32 seq)
{
	struct msg *msg;
	int e;

	e = msgread_open(sm->sess->view, seq, &msg);
	if (e != E_OK)
		return e;
	io_puts(sm->io, " SIZE=");
	io_put_u64(sm->io, msgread_stored_size(msg));
	msgread_close(&msg);
	return E_OK;
}

static int
put_date(struct smap *sm, u32 seq)
{
	struct date822 d;
	char buf[DATE822_BUF];
	i64 t;
	int e;

	e = view_date(sm->sess->view, seq, &t);
	if (e != E_OK)
		return e;
	date822_local(t, &d);
	date822_format(buf, &d);
	io_putc(sm->io, ' ');
	smapout_pair(sm->io, "INTERNALDATE", buf);
	return E_OK;
}

/* A message that is gone: what is still known of it. */
static int
put_line(struct smap *sm, u32 seq, u32 items)
{
	struct view *v = sm->sess->view;
	struct vflags flags;
	struct str id;
	int e;

	smap_put_fetch(sm, seq);
	(void)view_flags(v, seq, &flags);
	if ((items & ITEM_FLAGS) != 0)
		smap_put_flags(sm, &flags);
	if ((items & ITEM_KEYWORDS) != 0 && sm->sess->keywords != 0)
		smap_put_keywords(sm, &flags);
	if ((items & (ITEM_FLAGS | ITEM_KEYWORDS)) ==
	    (ITEM_FLAGS | ITEM_KEYWORDS))
		view_told(v, seq);
	if ((items & ITEM_UID) != 0) {
		str_init(&id, 0);
		view_identity(v, seq, &id);
		io_putc(sm->io, ' ');
		smapout_pair(sm->io, "UID", str_c(&id));
		str_free(&id);
	}
	e = (items & ITEM_SIZE) != 0 ? put_size(sm, seq) : E_OK;
	if (e == E_OK && (items & ITEM_DATE) != 0)
		e = put_date(sm, seq);
	io_putc(sm->io, '\n');
	return e;
}

/*
 * fetch = "FETCH" WSP set *(WSP item)
 * item = "FLAGS" / "KEYWORDS" / "UID" / "SIZE" / "INTERNALDATE" /
 *        ("CONTENTS" / "CONTENTS.PEEK") "=" contents
 * Other items are passed over. Contents come first, item by item.
 */
void
smap_cmd_fetch(struct smap *sm)
{
	struct mset_iter it;
	struct mset *set;
	const char *word, *what;
	u32 items, seq;
	int e, e2;

	if (smap_set(sm, &set) != E_OK) {
		smap_syntax(sm);
		return;
	}
	items = 0;
	for (e = E_OK; e == E_OK &&
	    (word = smapline_next(&sm->line)) != NULL; ) {
		items |= item(word);
		if ((what = smapline_value(word, "CONTENTS")) != NULL)
			e = all_contents(sm, set, what, FALSE);
		else if ((what = smapline_value(word,
		    "CONTENTS.PEEK")) != NULL)
			e = all_contents(sm, set, what, TRUE);
	}
	mset_begin(&it, set, sm->sess->view, FALSE);
	while ((e == E_OK || e == E_EXPUNGED) && items != 0 &&
	    io_error(sm->io) == E_OK && mset_next(&it, &seq)) {
		e2 = put_line(sm, seq, items);
		if (e2 != E_OK)
			e = e2;
	}
	if (e == E_OK)
		smap_ok(sm, "Message retrieved.");
	else
		smap_error(sm, "Cannot retrieve message: ", e);
}
