/* Items of STATUS.  SPDX-License-Identifier: ISC */

#include "base/base.h"

#include "base/ascii.h"
#include "base/io.h"

#include "wire/imaparg.h"

#include "session/view.h"

#include "imap/status.h"

static u64 get_deleted(const struct view_status *);
static u64 get_deleted_storage(const struct view_status *);
static u64 get_messages(const struct view_status *);
static u64 get_recent(const struct view_status *);
static u64 get_uidnext(const struct view_status *);
static u64 get_uidvalidity(const struct view_status *);
static u64 get_unseen(const struct view_status *);

/*
 *   status-att = "MESSAGES" / "RECENT" / "UIDNEXT" / "UIDVALIDITY" /
 *                "UNSEEN"
 *   status-att =/ "DELETED" / "DELETED-STORAGE"        (RFC 9208 4.1.4)
 * Rows stand in the order of the answer. To add an item: a row.
 */
static const struct {
	const char	*name;
	u64		(*get)(const struct view_status *);
} rows[] = {
	{ "MESSAGES", get_messages },
	{ "RECENT", get_recent },
	{ "UIDNEXT", get_uidnext },
	{ "UIDVALIDITY", get_uidvalidity },
	{ "UNSEEN", get_unseen },
	{ "DELETED", get_deleted },
	{ "DELETED-STORAGE", get_deleted_storage }
};

static u64
get_deleted(const struct view_status *s)
{
	return s->deleted;
}

static u64
get_deleted_storage(const struct view_status *s)
{
	return s->deleted_bytes;
}

static u64
get_messages(const struct view_status *s)
{
	return s->messages;
}

static u64
get_recent(const struct view_status *s)
{
	return s->recent;
}

static u64
get_uidnext(const struct view_status *s)
{
	return s->uidnext;
}

static u64
get_uidvalidity(const struct view_status *s)
{
	return s->uidvalidity;
}

static u64
get_unseen(const struct view_status *s)
{
	return s->unseen;
}

int
status_parse(struct arg **pos, u32 *out_items)
{
	struct arg *a;
	const char *name;
	size_t i;

	*out_items = 0;
	a = *pos;
	if (a == NULL)
		return E_SYNTAX;
	if (a->type == ARG_LIST) {
		*pos = a->next;
		a = a->list;
	} else {
		*pos = NULL;
		if (a->next != NULL)
			return E_SYNTAX;
	}
	while (a != NULL) {
		if (arg_atom(&a, &name) != E_OK)
			return E_SYNTAX;
		for (i = 0; i < NITEMS(rows); i++)
			if (ascii_casecmp(name, rows[i].name) == 0)
				*out_items |= 1U << i;
	}
	return E_OK;
}

/* status-att-list = status-att SP number *(SP status-att SP number) */
void
status_put(struct io *io, u32 items, const struct view_status *s)
{
	size_t i;
	int first;

	io_putc(io, '(');
	for (first = TRUE, i = 0; i < NITEMS(rows); i++)
		if ((items & (1U << i)) != 0) {
			if (!first)
				io_putc(io, ' ');
			io_puts(io, rows[i].name);
			io_putc(io, ' ');
			io_put_u64(io, rows[i].get(s));
			first = FALSE;
		}
	io_putc(io, ')');
}
