/* STAT, LIST, UIDL, NOOP.  SPDX-License-Identifier: ISC */

#include "base/base.h"

#include "base/i18n.h"
#include "base/io.h"

#include "pop3/cmd.h"
#include "pop3/pop3.h"

typedef void column_fn(struct pop3 *, struct pop3_msg *);

static column_fn put_size;
static column_fn put_uidl;
static void put_line(struct pop3 *, struct pop3_msg *, column_fn *);
static int put_one(struct pop3 *, column_fn *);
static void put_all(struct pop3 *, column_fn *);

/* drop-listing = "+OK" SP count SP octets CRLF */
void
pop3_cmd_stat(struct pop3 *p)
{
	const struct inbox *s = &p->snap;
	size_t i, n;
	u64 octets;

	for (i = n = 0, octets = 0; i < s->n; i++)
		if ((s->v[i].state & MSG_GONE) == 0) {
			octets += s->v[i].size;
			n++;
		}
	pop3_ok_pair(p, n, octets);
}

static void
put_size(struct pop3 *p, struct pop3_msg *m)
{
	io_put_u64(p->io, m->size);
}

static void
put_uidl(struct pop3 *p, struct pop3_msg *m)
{
	struct str id;

	str_init(&id, 0);
	inbox_uidl(&p->snap, m, &id);
	io_puts(p->io, str_c(&id));
	str_free(&id);
}

static void
put_line(struct pop3 *p, struct pop3_msg *m, column_fn *column)
{
	io_put_u64(p->io, (u64)(m - p->snap.v) + 1);
	io_putc(p->io, ' ');
	column(p, m);
	io_puts(p->io, "\r\n");
}

/* For a command with an argument; FALSE: it has none. */
static int
put_one(struct pop3 *p, column_fn *column)
{
	struct pop3_msg *m;
	const char *word;

	word = pop3_word(p);
	if (word == NULL)
		return FALSE;
	m = pop3_message(p, word);
	if (m != NULL) {
		io_puts(p->io, "+OK ");
		put_line(p, m, column);
	}
	return TRUE;
}

static void
put_all(struct pop3 *p, column_fn *column)
{
	size_t i;

	for (i = 0; i < p->snap.n; i++)
		if ((p->snap.v[i].state & MSG_GONE) == 0)
			put_line(p, p->snap.v + i, column);
	io_puts(p->io, ".\r\n");
}

/* scan-listing = number SP octets CRLF */
void
pop3_cmd_list(struct pop3 *p)
{
	if (put_one(p, put_size))
		return;
	pop3_ok(p, N_("POP3 clients that break here, they violate STD53."));
	put_all(p, put_size);
}

/* unique-id listing = number SP unique-id CRLF */
void
pop3_cmd_uidl(struct pop3 *p)
{
	if (put_one(p, put_uidl))
		return;
	io_puts(p->io, "+OK\r\n");
	put_all(p, put_uidl);
}

void
pop3_cmd_noop(struct pop3 *p)
{
	pop3_ok(p, N_("Yup."));
}
