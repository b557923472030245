/* FETCH: headers, and the tree of parts.  SPDX-License-Identifier: ISC */

#include "base/base.h"

#include "base/io.h"

#include "smap/contents.h"
#include "smap/smap.h"

enum place { IN_NAME, IN_SPACE, IN_VALUE, IN_FOLD };

/* A header on its way. Line ends are held back: only what follows tells
   whether the field goes on. */
struct header {
	struct contents	*f;
	struct smapout_dots out;
	int		unfold;
	int		cr, lf;		/* held back */
	enum place	place;
};

static int begin_line(struct header *, int);
static int put_part(struct contents *, struct mime_part *);
static void put_byte(struct header *, int);
static void put_id(const struct mime_part *, struct str *);
static int put_root(struct contents *, int);
static int sink(void *, const char *, size_t);

/* TRUE: the byte belongs to a fold, which is one blank. */
static int
begin_line(struct header *h, int c)
{
	h->lf = FALSE;
	if (h->unfold && (c == ' ' || c == '\t')) {
		if (h->place != IN_SPACE)
			h->place = IN_FOLD;
		return TRUE;
	}
	smapout_dots(&h->out, "\n", 1);
	h->place = IN_NAME;
	return FALSE;
}

/* "Name: value" with one blank, of a field that is unfolded. */
static void
put_byte(struct header *h, int c)
{
	char ch = (char)c;

	if (h->place == IN_SPACE || h->place == IN_FOLD) {
		if (c == ' ' || c == '\t')
			return;
		if (h->place == IN_FOLD)
			smapout_dots(&h->out, " ", 1);
		h->place = IN_VALUE;
	}
	smapout_dots(&h->out, &ch, 1);
	if (h->place == IN_NAME && c == ':') {
		smapout_dots(&h->out, " ", 1);
		h->place = IN_SPACE;
	}
}

static int
sink(void *ctx, const char *p, size_t n)
{
	struct header *h = ctx;
	size_t i, run;

	smap_out(h->f->sm);
	h->f->sm->sums.headers += n;
	for (i = 0; i < n; i++) {
		if (h->cr && p[i] != '\n')
			put_byte(h, '\r');
		h->cr = p[i] == '\r';
		if (h->cr)
			continue;
		if (p[i] == '\n') {
			h->lf = TRUE;
			continue;
		}
		if (h->lf && begin_line(h, (unsigned char)p[i]))
			continue;
		if (h->unfold && h->place != IN_VALUE) {
			put_byte(h, (unsigned char)p[i]);
			continue;
		}
		for (run = 1; i + run < n && p[i + run] != '\r' &&
		    p[i + run] != '\n'; run++)
			;
		smapout_dots(&h->out, p + i, run);
		i += run - 1;
	}
	return io_error(h->f->sm->io);
}

/* The blank line behind the fields is not told. */
int
contents_put_fields(struct contents *f, const struct mime_span *span,
    int unfold)
{
	struct header h;
	int e;

	memset(&h, 0, sizeof(h));
	h.f = f;
	h.out.io = f->sm->io;
	h.out.bol = TRUE;
	h.unfold = unfold;
	h.place = IN_NAME;
	e = msgread_fields(f->msg, span, &f->fields, sink, &h);
	smapout_dots_end(&h.out);
	return e;
}

/* ---- HEADERS, RAWHEADERS ------------------------------------------------ */

static int
put_root(struct contents *f, int unfold)
{
	struct mime_part *part;
	struct mime_span span;
	int e;

	if (f->npath == 0) {
		e = msgread_section(f->msg, NULL, 0, MIME_HEADER, &span);
	} else {
		e = msgread_tree(f->msg, &part);
		if (e == E_OK && (part = contents_part(f, part)) == NULL)
			e = E_INVAL;
		if (e == E_OK)
			span = part->header;
	}
	if (e != E_OK)
		return e;
	/* Its size is told of a part only. */
	io_puts(f->sm->io, "{.");
	io_put_u64(f->sm->io, f->npath > 0 ? span.end - span.start : 0);
	io_putf(f->sm->io, "} FETCH %lu %s\n", (unsigned long)f->seq,
	    f->label);
	return contents_put_fields(f, &span, unfold);
}

int
contents_headers(struct contents *f)
{
	return put_root(f, TRUE);
}

int
contents_rawheaders(struct contents *f)
{
	return put_root(f, FALSE);
}

/* ---- MIME --------------------------------------------------------------- */

/* Empty for the message itself; what is in it begins with "1.". */
static void
put_id(const struct mime_part *part, struct str *out)
{
	if (part->parent == NULL)
		return;
	put_id(part->parent, out);
	if (out->len == 0)
		str_catc(out, '1');
	str_catc(out, '.');
	str_catu32(out, part->is_root ? 0 : part->number);
}

static int
put_part(struct contents *f, struct mime_part *part)
{
	struct io *io = f->sm->io;
	struct str id;

	str_init(&id, 0);
	io_puts(io, "{.");
	io_put_u64(io, part->header.end - part->header.start);
	io_putf(io, "} FETCH %lu LINES=", (unsigned long)f->seq);
	io_put_u64(io, part->body.lines);
	io_puts(io, " SIZE=");
	io_put_u64(io, part->body.end - part->body.start);
	io_putc(io, ' ');
	put_id(part, &id);
	smapout_pair(io, "MIME.ID", str_c(&id));
	if (part->parent != NULL) {
		str_reset(&id);
		put_id(part->parent, &id);
		io_putc(io, ' ');
		smapout_pair(io, "MIME.PARENT", str_c(&id));
	}
	io_putc(io, '\n');
	str_free(&id);
	return contents_put_fields(f, &part->header, TRUE);
}

/* All parts; an id makes no difference. */
int
contents_mime(struct contents *f)
{
	struct mime_part *part;
	int e;

	e = msgread_tree(f->msg, &part);
	for (; e == E_OK && part != NULL; part = mime_walk(part)) {
		smap_out(f->sm);
		e = put_part(f, part);
	}
	return e;
}
