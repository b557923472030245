/* BODY[section]<partial>, RFC822, RFC822.HEADER, RFC822.TEXT.
   SPDX-License-Identifier: ISC */

#include "base/base.h"

#include "base/io.h"

#include "wire/imapout.h"

#include "imap/fetch.h"
#include "imap/imap.h"

#define FIELDS_KEEP	(64UL * 1024)	/* longer fields are read twice */

/* HEADER.FIELDS on its way. */
struct fields {
	struct fetch	*f;
	u64		size;		/* of all of them */
	u64		skip;		/* before the wanted octets */
	u64		left;		/* wanted */
};

static void count(struct fetch *, const struct fetch_item *, u64);
static int gather(void *, const char *, size_t);
static int pass(void *, const char *, size_t);
static void put_fields(struct fetch *, struct fetch_item *);
static void put_span(struct fetch *, struct fetch_item *);
static int sink(void *, const char *, size_t);

static int
sink(void *ctx, const char *s, size_t n)
{
	struct fetch *f = ctx;

	imap_out(f->im);
	return io_put(f->im->io, s, n);
}

/* For the last log line, by what was asked for, as Courier counts and log
   readers add up: headers are chosen fields and RFC822.HEADER, the rest is
   body. */
static void
count(struct fetch *f, const struct fetch_item *it, u64 n)
{
	if (it->sec.fields != 0 || it->row->what == MIME_HEADER)
		f->im->sums.headers += n;
	else
		f->im->sums.body += n;
}

/* Measures the fields, and keeps them if they are as short as they use to be. */
static int
gather(void *ctx, const char *s, size_t n)
{
	struct fields *g = ctx;

	if (g->size == g->f->buf.len && g->size + n <= FIELDS_KEEP)
		str_cat(&g->f->buf, s, n);
	g->size += n;
	return E_OK;
}

/* The wanted octets of the fields on their second way. */
static int
pass(void *ctx, const char *s, size_t n)
{
	struct fields *g = ctx;
	u64 skip;

	skip = g->skip < n ? g->skip : n;
	g->skip -= skip;
	n -= (size_t)skip;
	if (n > g->left)
		n = (size_t)g->left;
	g->left -= n;
	return n > 0 ? sink(g->f, s + (size_t)skip, n) : E_OK;
}

/* The size must be known before the first octet. */
static void
put_fields(struct fetch *f, struct fetch_item *it)
{
	const struct fetch_section *sec = &it->sec;
	struct msg_fields want;
	struct fields g;
	int r;

	want.names = sec->names;
	want.n = sec->nnames;
	want.not = sec->fields == 2;
	want.mime = sec->what == MIME_MIME;
	str_reset(&f->buf);
	g.f = f;
	g.size = 0;
	r = msgread_fields(f->msg, &it->span, &want, gather, &g);
	g.skip = sec->start;
	g.left = msgread_partial(g.size, sec->start,
	    sec->partial ? sec->len : U64_MAX);
	imapout_literal(f->im->io, g.left);
	count(f, it, g.left);
	if (g.size == f->buf.len)
		(void)pass(&g, str_c(&f->buf), f->buf.len);
	else
		r = msgread_fields(f->msg, &it->span, &want, pass, &g);
	for (; g.left > 0; g.left--)
		io_putc(f->im->io, ' ');	/* it was announced */
	if (r != E_OK && f->error == E_OK)
		f->error = r;
}

static void
put_span(struct fetch *f, struct fetch_item *it)
{
	const struct fetch_section *sec = &it->sec;
	u64 n;
	int r;

	n = msgread_partial(it->span.size, sec->start,
	    sec->partial ? sec->len : U64_MAX);
	imapout_literal(f->im->io, n);
	if (n == 0)
		return;
	r = msgread_send(f->msg, &it->span, sec->start, n, sink, f);
	if (r != E_OK && f->error == E_OK)
		f->error = r;
	count(f, it, sec->partial ? n : it->span.end - it->span.start);
}

/*
 *   msg-att-static = "RFC822" [".HEADER" / ".TEXT"] SP nstring /
 *       "BODY" section ["<" number ">"] SP nstring / ...
 * Always a literal, also for what is not there (imap-wire.md 7).
 */
void
fetch_section(struct fetch *f, struct fetch_item *it)
{
	io_puts(f->im->io, it->label);
	io_putc(f->im->io, ' ');
	if (!it->found)
		imapout_literal(f->im->io, 0);
	else if (it->sec.fields != 0 || it->sec.what == MIME_MIME)
		put_fields(f, it);
	else
		put_span(f, it);
}
