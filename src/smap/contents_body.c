/* FETCH: bodies, in chunks.  SPDX-License-Identifier: ISC */

#include "base/base.h"

#include "base/io.h"
#include "base/mem.h"

#include "mail/decode.h"

#include "smap/contents.h"
#include "smap/smap.h"

/* A body on its way: a chunk is told by its length. */
struct body {
	struct contents	*f;
	u64		total;		/* an estimate if decoded */
	int		begun;
	size_t		n;		/* in buf */
	char		*buf;
	int		decoded;
	struct decode	decode;
	struct str	text;
};

static void add(struct body *, const char *, size_t);
static int find(struct contents *, struct mime_part **, struct mime_span *,
	    int);
static void put_chunk(struct body *);
static int send_span(struct contents *, const struct mime_span *,
	    const char *);
static int sink(void *, const char *, size_t);

/*
 *   body = "{" size "/" total "} FETCH " number " CONTENTS" LF octets
 *          *(size LF octets) LF
 */
static void
put_chunk(struct body *b)
{
	struct io *io = b->f->sm->io;

	smap_out(b->f->sm);
	if (b->begun) {
		io_put_u32(io, (u32)b->n);
	} else {
		io_putc(io, '{');
		io_put_u32(io, (u32)b->n);
		io_putc(io, '/');
		io_put_u64(io, b->total);
		io_putf(io, "} FETCH %lu %s", (unsigned long)b->f->seq,
		    b->f->label);
	}
	io_putc(io, '\n');
	io_put(io, b->buf, b->n);
	b->f->sm->sums.body += b->n;
	b->begun = TRUE;
	b->n = 0;
}

static void
add(struct body *b, const char *p, size_t n)
{
	size_t take;

	for (; n > 0; p += take, n -= take) {
		take = CONTENTS_CHUNK - b->n;
		if (take > n)
			take = n;
		memcpy(b->buf + b->n, p, take);
		b->n += take;
		if (b->n == CONTENTS_CHUNK)
			put_chunk(b);
	}
}

static int
sink(void *ctx, const char *p, size_t n)
{
	struct body *b = ctx;

	if (!b->decoded) {
		add(b, p, n);
	} else {
		str_reset(&b->text);
		decode_feed(&b->decode, p, n, &b->text);
		add(b, str_c(&b->text), b->text.len);
	}
	return io_error(b->f->sm->io);
}

/* An empty body has the form of lines. encoding: NULL, or to be undone. */
static int
send_span(struct contents *f, const struct mime_span *span,
    const char *encoding)
{
	struct body b;
	int e;

	memset(&b, 0, sizeof(b));
	b.f = f;
	b.buf = mem_array(CONTENTS_CHUNK, 1);
	b.total = span->end - span->start;
	str_init(&b.text, 0);
	if (encoding != NULL) {
		b.decoded = TRUE;
		decode_init(&b.decode, encoding);
		if (b.decode.kind == DECODE_BASE64)
			b.total = b.total / 4 * 3;
	}
	e = msgread_raw(f->msg, span->start, span->end, sink, &b);
	if (b.decoded) {
		str_reset(&b.text);
		decode_end(&b.decode, &b.text);
		add(&b, str_c(&b.text), b.text.len);
	}
	if (b.n > 0)
		put_chunk(&b);
	if (b.begun)
		io_putc(f->sm->io, '\n');
	else
		io_putf(f->sm->io, "{.0} FETCH %lu %s\n.\n",
		    (unsigned long)f->seq, f->label);
	str_free(&b.text);
	mem_free(b.buf);
	return e;
}

/* The part that is asked for, and its body or all of it. Without an id nothing
   is parsed unless the part is wanted. */
static int
find(struct contents *f, struct mime_part **out, struct mime_span *span,
    int all)
{
	struct mime_part *part;
	int e;

	if (f->npath == 0 && out == NULL)
		return msgread_section(f->msg, NULL, 0,
		    all ? MIME_ALL : MIME_TEXT, span);
	e = msgread_tree(f->msg, &part);
	if (e != E_OK)
		return e;
	part = contents_part(f, part);
	if (part == NULL)
		return E_INVAL;
	*span = part->body;
	if (all)
		span->start = part->header.start;
	if (out != NULL)
		*out = part;
	return E_OK;
}

int
contents_all(struct contents *f)
{
	struct mime_span span;
	int e;

	e = find(f, NULL, &span, TRUE);
	return e == E_OK ? send_span(f, &span, NULL) : e;
}

int
contents_body(struct contents *f)
{
	struct mime_span span;
	int e;

	e = find(f, NULL, &span, FALSE);
	return e == E_OK ? send_span(f, &span, NULL) : e;
}

int
contents_decoded(struct contents *f)
{
	struct mime_part *part;
	struct mime_span span;
	int e;

	e = find(f, &part, &span, FALSE);
	return e == E_OK ? send_span(f, &span, part->ct.encoding) : e;
}
