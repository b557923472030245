/* BODY and BODYSTRUCTURE.  SPDX-License-Identifier: ISC

   The tree's depth is bounded by MIME_DEPTH_MAX, so is the recursion here.

     body = "(" (body-type-1part / body-type-mpart) ")"
     body-type-basic = media-basic SP body-fields
     media-basic = ((DQUOTE ("APPLICATION" / "AUDIO" / "IMAGE" / "MESSAGE" /
                   "VIDEO") DQUOTE) / string) SP media-subtype
     media-message = DQUOTE "MESSAGE" DQUOTE SP DQUOTE "RFC822" DQUOTE
     media-text = DQUOTE "TEXT" DQUOTE SP media-subtype
     media-subtype = string
     body-fld-id = nstring
     body-fld-desc = nstring
     body-fld-enc = (DQUOTE ("7BIT" / "8BIT" / "BINARY" / "BASE64" /
                    "QUOTED-PRINTABLE") DQUOTE) / string
     body-fld-octets = number
     body-fld-lines = number
     body-fld-md5 = nstring
     body-fld-loc = nstring
     body-extension = nstring / number / "(" body-extension ... ")"
   None of the last is sent. */

#include "base/base.h"

#include "base/io.h"

#include "mail/param.h"

#include "wire/imapout.h"

#include "imap/fetch.h"
#include "imap/imap.h"

static void put_disposition(struct fetch *, const struct ctype *);
static void put_languages(struct fetch *, const struct lang *);
static void put_multipart(struct fetch *, const struct mime_part *, int);
static void put_params(struct fetch *, const struct param *);
static void put_part(struct fetch *, const struct mime_part *, int);
static void put_single(struct fetch *, const struct mime_part *, int);
static void put_tail(struct fetch *, const struct ctype *);
static void run(struct fetch *, const char *, int);

/* body-fld-param = "(" string SP string *(SP string SP string) ")" / nil */
static void
put_params(struct fetch *f, const struct param *p)
{
	struct io *io = f->im->io;
	int first;

	if (p == NULL) {
		io_puts(io, "NIL");
		return;
	}
	io_putc(io, '(');
	for (first = TRUE; p != NULL; p = p->next, first = FALSE) {
		if (!first)
			io_putc(io, ' ');
		fetch_put_nstring(f, p->name);
		io_putc(io, ' ');
		fetch_put_nstring(f, p->value == NULL ? "" : p->value);
	}
	io_putc(io, ')');
}

/* body-fld-dsp = "(" string SP body-fld-param ")" / nil */
static void
put_disposition(struct fetch *f, const struct ctype *ct)
{
	if (ct->disposition == NULL) {
		io_puts(f->im->io, "NIL");
		return;
	}
	io_putc(f->im->io, '(');
	fetch_put_nstring(f, ct->disposition);
	io_putc(f->im->io, ' ');
	put_params(f, ct->disp_params);
	io_putc(f->im->io, ')');
}

/* body-fld-lang = nstring / "(" string *(SP string) ")" */
static void
put_languages(struct fetch *f, const struct lang *l)
{
	if (l == NULL || l->next == NULL) {
		fetch_put_nstring(f, l == NULL ? NULL : l->tag);
		return;
	}
	io_putc(f->im->io, '(');
	for (; l != NULL; l = l->next) {
		fetch_put_nstring(f, l->tag);
		if (l->next != NULL)
			io_putc(f->im->io, ' ');
	}
	io_putc(f->im->io, ')');
}

/*
 *   [SP body-fld-dsp [SP body-fld-lang [SP body-fld-loc *(SP ...)]]]
 * Courier never sends a location: there is one only where the part has it.
 */
static void
put_tail(struct fetch *f, const struct ctype *ct)
{
	io_putc(f->im->io, ' ');
	put_disposition(f, ct);
	io_putc(f->im->io, ' ');
	put_languages(f, ct->lang);
	if (ct->location == NULL)
		return;
	io_putc(f->im->io, ' ');
	fetch_put_nstring(f, ct->location);
}

/*
 *   body-type-mpart = 1*body SP media-subtype [SP body-ext-mpart]
 *   body-ext-mpart = body-fld-param [SP body-fld-dsp [SP body-fld-lang ...
 */
static void
put_multipart(struct fetch *f, const struct mime_part *p, int ext)
{
	const struct mime_part *c;

	for (c = p->child; c != NULL; c = c->next)
		put_part(f, c, ext);
	io_putc(f->im->io, ' ');
	fetch_put_nstring(f, p->ct.subtype);
	if (!ext)
		return;
	io_putc(f->im->io, ' ');
	put_params(f, p->ct.params);
	put_tail(f, &p->ct);
}

/*
 *   body-type-1part = (body-type-basic / body-type-msg / body-type-text)
 *                     [SP body-ext-1part]
 *   body-fields = body-fld-param SP body-fld-id SP body-fld-desc SP
 *                 body-fld-enc SP body-fld-octets
 *   body-type-msg = media-message SP body-fields SP envelope SP body SP
 *                   body-fld-lines
 *   body-type-text = media-text SP body-fields SP body-fld-lines
 *   body-ext-1part = body-fld-md5 [SP body-fld-dsp [SP body-fld-lang ...
 */
static void
put_single(struct fetch *f, const struct mime_part *p, int ext)
{
	struct io *io = f->im->io;

	fetch_put_nstring(f, p->ct.type);
	io_putc(io, ' ');
	fetch_put_nstring(f, p->ct.subtype);
	io_putc(io, ' ');
	put_params(f, p->ct.params);
	io_putc(io, ' ');
	fetch_put_nstring(f, p->ct.id);
	io_putc(io, ' ');
	fetch_put_nstring(f, p->ct.description);
	io_putc(io, ' ');
	fetch_put_nstring(f, p->ct.encoding);
	io_putc(io, ' ');
	io_put_u64(io, p->body.size);
	if (p->kind == MIME_MESSAGE && p->child != NULL) {
		io_putc(io, ' ');
		fetch_put_envelope(f, &p->child->env);
		io_putc(io, ' ');
		put_part(f, p->child, ext);
	}
	if (p->kind == MIME_MESSAGE || strcmp(p->ct.type, "text") == 0) {
		io_putc(io, ' ');
		io_put_u64(io, p->body.lines);
	}
	if (!ext)
		return;
	io_putc(io, ' ');
	fetch_put_nstring(f, p->ct.md5);
	put_tail(f, &p->ct);
}

static void
put_part(struct fetch *f, const struct mime_part *p, int ext)
{
	io_putc(f->im->io, '(');
	if (p->kind == MIME_MULTIPART && p->child != NULL)
		put_multipart(f, p, ext);
	else
		put_single(f, p, ext);
	io_putc(f->im->io, ')');
}

static void
run(struct fetch *f, const char *name, int ext)
{
	struct mime_part *root;

	io_puts(f->im->io, name);
	io_putc(f->im->io, ' ');
	if (msgread_tree(f->msg, &root) == E_OK)
		put_part(f, root, ext);
}

/* "BODY" SP body */
void
fetch_body(struct fetch *f, struct fetch_item *it)
{
	(void)it;
	run(f, "BODY", FALSE);
}

/* "BODYSTRUCTURE" SP body */
void
fetch_bodystructure(struct fetch *f, struct fetch_item *it)
{
	(void)it;
	run(f, "BODYSTRUCTURE", TRUE);
}
