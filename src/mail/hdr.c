/* Header fields.  SPDX-License-Identifier: ISC */

#include "base/base.h"

#include "base/ascii.h"
#include "base/pool.h"
#include "base/str.h"
#include "mail/hdr.h"

static size_t line_len(const char *, size_t);
static int is_blank_line(const char *, size_t);
static void split(const char *, size_t, struct hdr_field *);

static size_t
line_len(const char *s, size_t n)
{
	const char *lf;

	lf = n > 0 ? memchr(s, '\n', n) : NULL;
	return lf == NULL ? n : (size_t)(lf - s) + 1;
}

static int
is_blank_line(const char *s, size_t n)
{
	return (n == 1 && s[0] == '\n') ||
	    (n == 2 && s[0] == '\r' && s[1] == '\n');
}

/* field = field-name *WSP ":" unstructured CRLF, obsolete form included. */
static void
split(const char *s, size_t n, struct hdr_field *f)
{
	const char *colon;
	size_t i;

	f->raw = s;
	f->rawlen = n;
	if (n > 0 && s[n - 1] == '\n')
		n--;
	if (n > 0 && s[n - 1] == '\r')
		n--;
	f->name = s;
	f->namelen = 0;
	f->value = s;
	f->valuelen = n;
	colon = n > 0 ? memchr(s, ':', line_len(s, n)) : NULL;
	if (colon == NULL || colon == s)
		return;
	for (i = 0; s + i < colon; i++)
		if ((u8)s[i] < 0x20)
			return;
	f->namelen = (size_t)(colon - s);
	f->value = colon + 1;
	f->valuelen = n - f->namelen - 1;
}

int
hdr_next(const char *h, size_t n, size_t *pos, struct hdr_field *out)
{
	size_t start = *pos, end;

	if (start >= n)
		return FALSE;
	end = start + line_len(h + start, n - start);
	if (is_blank_line(h + start, end - start))
		return FALSE;
	while (end < n && (h[end] == ' ' || h[end] == '\t'))
		end += line_len(h + end, n - end);
	split(h + start, end - start, out);
	*pos = end;
	return TRUE;
}

int
hdr_is(const struct hdr_field *f, const char *name)
{
	size_t n = f->namelen;

	while (n > 0 && (f->name[n - 1] == ' ' || f->name[n - 1] == '\t'))
		n--;
	return n > 0 && n == strlen(name) &&
	    ascii_memcasecmp(f->name, name, n) == 0;
}

int
hdr_unfold(const char *s, size_t n, struct str *out)
{
	size_t i, run, cr;

	while (n > 0 && ascii_isspace((u8)s[n - 1]))
		n--;
	for (i = 0; i < n && ascii_isspace((u8)s[i]); i++)
		;
	while (i < n) {
		for (run = i; run < n && s[run] != '\n' && s[run] != '\r' &&
		    s[run] != '\0'; run++)
			;
		str_cat(out, s + i, run - i);
		for (cr = 0; run < n && s[run] == '\r'; run++)
			cr++;
		/* A CR that ends no line stands between words. */
		if (cr == 0 || (run < n && s[run] == '\n'))
			run++;
		else
			while (cr-- > 0)
				str_catc(out, ' ');
		i = run;
	}
	return out->toobig ? E_TOOBIG : E_OK;
}

char *
hdr_get(struct pool *p, const char *h, size_t n, const char *name)
{
	struct hdr_field f;
	struct str s;
	size_t pos = 0;
	char *value;

	while (hdr_next(h, n, &pos, &f)) {
		if (!hdr_is(&f, name))
			continue;
		str_init(&s, 0);
		hdr_unfold(f.value, f.valuelen, &s);
		value = pool_strndup(p, str_c(&s), s.len);
		str_free(&s);
		return value;
	}
	return NULL;
}
