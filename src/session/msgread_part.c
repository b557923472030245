/* Reading a message: header, parts.  SPDX-License-Identifier: ISC */

#include "base/base.h"

#include "base/pool.h"
#include "mail/crlf.h"

#include "session/msgread_int.h"
#include "session/view.h"

#define HEADER_KEEP	MIME_HEADER_MAX	/* longer headers are cut for parsing */

struct count {
	struct mime_span *span;
	int		last;
	int		header;		/* stop after the blank line */
	int		bol;		/* 1: a line begins; 2: with one CR */
	int		found;
};

static size_t	blank_line(struct count *, const char *, size_t);
static int	count_sink(void *, const char *, size_t);
static int	find_header(struct msg *);
static int	find_whole(struct msg *);
static int	feed_mime(void *, const char *, size_t);

/* Bytes up to the end of the first empty line, or all n. */
static size_t
blank_line(struct count *c, const char *p, size_t n)
{
	const char *lf;
	size_t i;

	for (i = 0; i < n; ) {
		if (p[i] == '\n' && c->bol) {
			c->found = TRUE;
			return i + 1;
		}
		if (c->bol == 1 && p[i] == '\r') {
			c->bol = 2;
			i++;
			continue;
		}
		lf = memchr(p + i, '\n', n - i);
		c->bol = lf != NULL;
		if (lf == NULL)
			break;
		i = (size_t)(lf - p) + 1;
	}
	return n;
}

static int
count_sink(void *ctx, const char *p, size_t n)
{
	struct count *c;
	const char *lf;

	c = ctx;
	if (c->header)
		n = blank_line(c, p, n);
	c->span->end += n;
	c->span->size += crlf_size(&c->last, p, n);
	for (; (lf = memchr(p, '\n', n)) != NULL; p = lf + 1) {
		n -= (size_t)(lf + 1 - p);
		c->span->lines++;
	}
	return c->found ? MSG_STOP : E_OK;
}

static int
find_header(struct msg *m)
{
	struct count c;
	u64 upto;
	int e;

	if (m->has_header)
		return E_OK;
	memset(&c, 0, sizeof(c));
	memset(&m->header, 0, sizeof(m->header));
	c.span = &m->header;
	c.header = TRUE;
	c.bol = TRUE;
	for (upto = MSG_READ_FIRST; ; upto += MSG_READ_CHUNK) {
		e = upto <= HEADER_KEEP ? msgread_keep(m, upto) : E_OK;
		if (e == E_OK)
			e = msgread_raw(m, m->header.end, upto, count_sink,
			    &c);
		if (e == MSG_STOP)
			break;
		if (e != E_OK)
			return e;
		if (upto >= m->fsize)
			break;
	}
	m->has_header = TRUE;
	return E_OK;
}

static int
find_whole(struct msg *m)
{
	struct count c;
	int e;

	if (m->has_whole)
		return E_OK;
	memset(&m->whole, 0, sizeof(m->whole));
	if (m->root != NULL)
		mime_whole(m->root, &m->whole);
	else {
		memset(&c, 0, sizeof(c));
		c.span = &m->whole;
		e = msgread_raw(m, 0, m->fsize, count_sink, &c);
		if (e != E_OK)
			return e;
	}
	m->has_whole = TRUE;
	return E_OK;
}

int
msgread_size(struct msg *m, u64 *out)
{
	int e;

	e = find_whole(m);
	if (e == E_OK)
		*out = m->whole.size;
	return e;
}

static int
feed_mime(void *ctx, const char *p, size_t n)
{
	mime_feed(ctx, p, n);
	return E_OK;
}

int
msgread_tree(struct msg *m, struct mime_part **out_root)
{
	struct mime_parser *parser;
	int e;

	if (m->root == NULL) {
		parser = mime_new(m->pool);
		e = msgread_raw(m, 0, m->fsize, feed_mime, parser);
		m->root = mime_finish(&parser);
		if (e != E_OK) {
			m->root = NULL;
			return e;
		}
	}
	*out_root = m->root;
	return E_OK;
}

int
msgread_header(struct msg *m, const char **out, size_t *out_len)
{
	u64 n;
	int e;

	e = find_header(m);
	n = m->header.end < HEADER_KEEP ? m->header.end : HEADER_KEEP;
	if (e == E_OK)
		e = msgread_keep(m, n);
	if (e != E_OK)
		return e;
	*out = m->buf;
	*out_len = m->buflen < n ? m->buflen : (size_t)n;
	return E_OK;
}

int
msgread_envelope(struct msg *m, struct envelope **out)
{
	const char *header;
	size_t n;
	int e;

	if (m->env == NULL && m->root != NULL)
		m->env = &m->root->env;
	if (m->env == NULL) {
		e = msgread_header(m, &header, &n);
		if (e != E_OK)
			return e;
		m->env = pool_alloc(m->pool, sizeof(*m->env));
		envelope_parse(m->pool, header, n, m->env);
	}
	*out = m->env;
	return E_OK;
}

int
msgread_section(struct msg *m, const u32 *path, size_t n,
    enum mime_what what, struct mime_span *out)
{
	struct mime_part *root;
	int e;

	if (n > 0) {
		e = msgread_tree(m, &root);
		return e == E_OK ? mime_section(root, path, n, what, out) : e;
	}
	e = what == MIME_ALL ? E_OK : find_header(m);
	if (e == E_OK && what != MIME_HEADER && what != MIME_MIME)
		e = find_whole(m);
	if (e != E_OK)
		return e;
	if (what == MIME_ALL)
		*out = m->whole;
	else if (what == MIME_TEXT) {
		out->start = m->header.end;
		out->end = m->whole.end;
		out->size = m->whole.size - m->header.size;
		out->lines = m->whole.lines - m->header.lines;
	} else
		*out = m->header;
	return E_OK;
}
