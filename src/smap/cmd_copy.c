/* COPY and MOVE.  SPDX-License-Identifier: ISC */

#include "base/base.h"

#include "base/io.h"

#include "session/mset.h"
#include "session/rights.h"
#include "session/sess.h"
#include "session/transfer.h"
#include "session/view.h"

#include "smap/cmd.h"
#include "smap/smap.h"

static void failed(struct smap *, int, int);
static int parse(struct smap *, struct mset **, char **);
static void put_report(struct smap *, const struct transfer_report *);
static void run(struct smap *, int);

/* copy = ("COPY" / "MOVE") WSP set WSP DQUOTE DQUOTE WSP folder */
static int
parse(struct smap *sm, struct mset **out_set, char **out_name)
{
	int e;

	if (smap_set(sm, out_set) != E_OK ||
	    (smapline_peek(&sm->line) != NULL &&
	    !smapline_take(&sm->line, ""))) {
		smap_syntax(sm);
		return E_SYNTAX;
	}
	e = smap_folder(sm, out_name);
	if (e != E_OK)
		smap_error(sm, "Cannot copy messages: ", e);
	return e;
}

/* "* COPY n "NEWUID=..."" for each. */
static void
put_report(struct smap *sm, const struct transfer_report *t)
{
	size_t i, at;
	u32 uid;

	for (i = at = 0; i < t->from->n; i++)
		for (uid = t->from->r[i].lo; ; uid++) {
			smap_out(sm);
			io_puts(sm->io, "* COPY ");
			io_put_u32(sm->io, view_seq(sm->sess->view, uid));
			io_putc(sm->io, ' ');
			smapout_pair(sm->io, "NEWUID", t->names[at++]);
			io_putc(sm->io, '\n');
			if (uid == t->from->r[i].hi)
				break;
		}
}

static void
failed(struct smap *sm, int e, int how)
{
	u32 rights = view_rights(sm->sess->view);

	if (e == E_TOOBIG)
		smap_err(sm, "Only one message may be sent at a time.");
	else if (e != E_PERM)
		smap_error(sm, "Cannot copy messages: ", e);
	else if ((how & TRANSFER_MOVE) != 0 && (rights & RIGHT_E) == 0)
		smap_denied(sm, "e");
	else if ((how & TRANSFER_MOVE) != 0 && (rights & RIGHT_T) == 0)
		smap_denied(sm, "t");
	else
		smap_denied(sm, "i");
}

static void
run(struct smap *sm, int how)
{
	struct transfer_report t;
	struct mset *set;
	char *name;
	int e;

	if (parse(sm, &set, &name) != E_OK)
		return;
	e = transfer_run(sm->sess->view, sm->pool, set, FALSE, name,
	    how | TRANSFER_NAMES, &t);
	put_report(sm, &t);
	if (e == E_OK)
		smap_ok(sm, "Messages copied.");
	else
		failed(sm, e, how);
}

void
smap_cmd_copy(struct smap *sm)
{
	run(sm, 0);
}

void
smap_cmd_move(struct smap *sm)
{
	run(sm, TRANSFER_MOVE);
}
