/* Writing SMAP1 data.  SPDX-License-Identifier: ISC */

#include "base/base.h"

#include "base/io.h"

#include "wire/smapout.h"

static void text(struct io *, const char *);

static void
text(struct io *io, const char *s)
{
	size_t n;

	for (;;) {
		n = strcspn(s, "\"\r\n");
		io_put(io, s, n);
		s += n;
		if (*s == '\0')
			break;
		io_puts(io, *s == '"' ? "\"\"" : " ");
		s++;
	}
}

void
smapout_quoted(struct io *io, const char *s)
{
	io_putc(io, '"');
	text(io, s);
	io_putc(io, '"');
}

void
smapout_pair(struct io *io, const char *name, const char *value)
{
	io_putc(io, '"');
	text(io, name);
	io_putc(io, '=');
	text(io, value);
	io_putc(io, '"');
}

void
smapout_set_end(struct smapout_set *s)
{
	if (s->lo == 0)
		return;
	io_putc(s->io, ' ');
	io_put_u32(s->io, s->lo);
	if (s->hi > s->lo) {
		io_putc(s->io, '-');
		io_put_u32(s->io, s->hi);
	}
	s->lo = 0;
	s->n++;
}

void
smapout_set_add(struct smapout_set *s, u32 v)
{
	if (s->lo != 0 && v == s->hi + 1) {
		s->hi = v;
		return;
	}
	smapout_set_end(s);
	s->lo = s->hi = v;
}

void
smapout_dots(struct smapout_dots *d, const char *p, size_t n)
{
	const char *lf;
	size_t len;

	for (; n > 0; p += len, n -= len) {
		if (d->bol && *p == '.')
			io_putc(d->io, '.');
		lf = memchr(p, '\n', n);
		len = lf != NULL ? (size_t)(lf - p) + 1 : n;
		io_put(d->io, p, len);
		d->bol = lf != NULL;
	}
}

void
smapout_dots_end(struct smapout_dots *d)
{
	if (!d->bol)
		io_putc(d->io, '\n');
	io_puts(d->io, ".\n");
}
