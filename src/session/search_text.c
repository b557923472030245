/* SEARCH keys that look into the message.  SPDX-License-Identifier: ISC */

#include "base/base.h"

#include "base/pool.h"
#include "base/str.h"
#include "charset/charset.h"
#include "charset/match.h"
#include "mail/decode.h"
#include "mail/hdr.h"
#include "mail/mime.h"
#include "mail/param.h"
#include "mail/rfc2047.h"

#include "session/msgread.h"
#include "session/search_int.h"

#define HEADER_MAX	(1024UL * 1024)	/* of one part's header */

/* Decoding of one part's body. */
struct decoding {
	struct searching *s;
	struct decode	decode;
	struct charset_conv *conv;
	struct str	bytes;
	struct str	text;
};

static void	reset_all(struct criteria *);
static void	field_text(const struct hdr_field *, struct str *,
		    struct str *);
static int	is_text(const struct mime_part *);
static int	all_found(const struct criteria *);
static void	begin_all(struct criteria *, int);
static void	feed_all(struct criteria *, int, const char *, size_t);
static int	wants(const struct criteria *, enum search_key);
static void	scan(struct searching *);
static void	scan_header(struct searching *, const struct mime_span *);
static void	scan_body(struct searching *, struct mime_part *);
static int	body_sink(void *, const char *, size_t);
static void	body_text(struct decoding *);
static int	str_sink(void *, const char *, size_t);

/*
 * What a search sees of a field: its value with encoded words decoded, behind it
 * parameters that are encoded in the manner of RFC 2231.
 */
static void
field_text(const struct hdr_field *f, struct str *raw, struct str *text)
{
	str_reset(raw);
	hdr_unfold(f->value, f->valuelen, raw);
	rfc2047_decode(str_c(raw), raw->len, text);
	if (hdr_is(f, "Content-Type") || hdr_is(f, "Content-Disposition"))
		param_extended(str_c(raw), raw->len, text);
}

/*
 * HEADER matches the message's own fields (RFC 3501 6.4.4), decoded; the empty
 * string matches every field that is there.
 */
int
search_by_header(struct searching *s, struct criteria *c)
{
	struct hdr_field f;
	struct str raw, text;
	const char *header;
	size_t n, pos;
	int hit;

	if (search_open(s) != E_OK ||
	    msgread_header(s->msg, &header, &n) != E_OK)
		return FALSE;
	str_init(&raw, 0);
	str_init(&text, 0);
	pos = 0;
	hit = FALSE;
	while (!hit && hdr_next(header, n, &pos, &f)) {
		if (!hdr_is(&f, c->name))
			continue;
		if (c->textlen == 0) {
			hit = TRUE;
			break;
		}
		str_reset(&text);
		field_text(&f, &raw, &text);
		match_reset(c->match);
		hit = match_text(c->match, str_c(&text), text.len);
	}
	str_free(&raw);
	str_free(&text);
	return hit;
}

/*
 * BODY and TEXT. The first of them that is asked takes the message through
 * the matchers of all, so that each message is decoded once; it stops when
 * every one has found its string.
 */
int
search_by_body(struct searching *s, struct criteria *c)
{
	if (search_open(s) != E_OK)
		return FALSE;
	if (c->textlen == 0)
		return TRUE;
	if (!s->scanned) {
		reset_all(s->root);
		scan(s);
		s->scanned = TRUE;
	}
	return match_found(c->match);
}

/* ---- the matchers of a tree --------------------------------------------- */

static void
reset_all(struct criteria *c)
{
	if (c->key == SK_BODY || c->key == SK_TEXT)
		match_reset(c->match);
	for (c = c->child; c != NULL; c = c->next)
		reset_all(c);
}

static int
all_found(const struct criteria *c)
{
	if ((c->key == SK_BODY || c->key == SK_TEXT) && c->textlen > 0 &&
	    !match_found(c->match))
		return FALSE;
	for (c = c->child; c != NULL; c = c->next)
		if (!all_found(c))
			return FALSE;
	return TRUE;
}

/* header: only TEXT looks at it. */
static void
begin_all(struct criteria *c, int header)
{
	if (c->key == SK_TEXT || (c->key == SK_BODY && !header))
		match_begin(c->match);
	for (c = c->child; c != NULL; c = c->next)
		begin_all(c, header);
}

static void
feed_all(struct criteria *c, int header, const char *p, size_t n)
{
	if ((c->key == SK_TEXT || (c->key == SK_BODY && !header)) &&
	    !match_found(c->match))
		(void)match_feed(c->match, p, n);
	for (c = c->child; c != NULL; c = c->next)
		feed_all(c, header, p, n);
}

static int
wants(const struct criteria *c, enum search_key key)
{
	if (c->key == key)
		return TRUE;
	for (c = c->child; c != NULL; c = c->next)
		if (wants(c, key))
			return TRUE;
	return FALSE;
}

/* ---- one message -------------------------------------------------------- */

/* Reports of mailers are message/..., and a multipart without parts is what was
   left of someone's text. */
static int
is_text(const struct mime_part *part)
{
	return part->kind == MIME_LEAF && (ctype_is(&part->ct, "text", NULL) ||
	    ctype_is(&part->ct, "message", NULL) ||
	    ctype_is(&part->ct, "multipart", NULL));
}

/* Headers and texts of all parts, embedded messages included, in order. */
static void
scan(struct searching *s)
{
	struct mime_part *root, *part;
	int headers;

	if (msgread_tree(s->msg, &root) != E_OK)
		return;
	headers = wants(s->root, SK_TEXT);
	s->pool = pool_new();
	for (part = root; part != NULL; part = mime_walk(part)) {
		if (headers)
			scan_header(s, &part->header);
		if (is_text(part))
			scan_body(s, part);
		if (all_found(s->root))
			break;
	}
	pool_free(&s->pool);
}

static int
str_sink(void *ctx, const char *p, size_t n)
{
	return str_cat(ctx, p, n);
}

/* "Name: value" of each field, decoded. */
static void
scan_header(struct searching *s, const struct mime_span *span)
{
	struct hdr_field f;
	struct str header, raw, text;
	size_t pos;

	str_init(&header, HEADER_MAX);
	str_init(&raw, 0);
	str_init(&text, 0);
	(void)msgread_raw(s->msg, span->start, span->end, str_sink, &header);
	pos = 0;
	while (hdr_next(str_c(&header), header.len, &pos, &f)) {
		str_reset(&text);
		if (f.namelen > 0) {
			str_cat(&text, f.name, f.namelen);
			str_cats(&text, ": ");
		}
		field_text(&f, &raw, &text);
		begin_all(s->root, TRUE);
		feed_all(s->root, TRUE, str_c(&text), text.len);
	}
	str_free(&header);
	str_free(&raw);
	str_free(&text);
}

static void
scan_body(struct searching *s, struct mime_part *part)
{
	struct decoding d;

	d.s = s;
	decode_init(&d.decode, part->ct.encoding);
	charset_open_lax(ctype_charset(s->pool, &part->ct), &d.conv);
	str_init(&d.bytes, 0);
	str_init(&d.text, 0);
	begin_all(s->root, FALSE);
	(void)msgread_raw(s->msg, part->body.start, part->body.end,
	    body_sink, &d);
	str_reset(&d.bytes);
	decode_end(&d.decode, &d.bytes);
	body_text(&d);
	str_reset(&d.text);
	charset_end(d.conv, &d.text);
	feed_all(s->root, FALSE, str_c(&d.text), d.text.len);
	charset_close(&d.conv);
	str_free(&d.bytes);
	str_free(&d.text);
}

static int
body_sink(void *ctx, const char *p, size_t n)
{
	struct decoding *d;

	d = ctx;
	str_reset(&d->bytes);
	decode_feed(&d->decode, p, n, &d->bytes);
	body_text(d);
	return all_found(d->s->root) ? 1 : E_OK;
}

static void
body_text(struct decoding *d)
{
	str_reset(&d->text);
	charset_feed(d->conv, str_c(&d->bytes), d->bytes.len, &d->text);
	feed_all(d->s->root, FALSE, str_c(&d->text), d->text.len);
}
