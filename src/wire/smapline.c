/* Reading SMAP1 commands.  SPDX-License-Identifier: ISC

   Input is a stranger's: every length here is bounded by a named limit. */

#include "base/base.h"

#include "base/ascii.h"
#include "base/io.h"
#include "base/num.h"
#include "base/pool.h"
#include "base/str.h"

#include "wire/smapline.h"

#define CHUNK_LINE_MAX	100		/* bytes of a line with a size */

static void add(struct smapline *, struct pool *, size_t *, const char *,
	    size_t);
static const char *quoted(const char *, struct str *);
static void cut(const char *, struct pool *, struct smapline *);
static int is_blank(int);

static int
is_blank(int c)
{
	return c == ' ' || c == '\t' || c == '\r';
}

static void
add(struct smapline *l, struct pool *pool, size_t *size, const char *s,
    size_t n)
{
	const char **v;

	if (l->n == *size) {
		*size = *size * 2 + 16;
		v = pool_array(pool, *size, sizeof(*v));
		if (l->n > 0)
			memcpy(v, l->word, l->n * sizeof(*v));
		l->word = v;
	}
	l->word[l->n++] = pool_strndup(pool, s, n);
}

/* Behind the opening quote; returns what follows the closing one. */
static const char *
quoted(const char *s, struct str *out)
{
	str_reset(out);
	for (; *s != '\0'; s++) {
		if (*s == '"' && *++s != '"')
			break;
		str_catc(out, *s);
	}
	return s;
}

/*
 *   line = [word *(1*WSP word)] [CR] LF
 *   word = 1*(any but WSP, not beginning with DQUOTE) /
 *          DQUOTE *(any but DQUOTE / 2DQUOTE) [DQUOTE]
 *   WSP = SP / HTAB / CR
 * A word may follow a closing quote at once.
 */
static void
cut(const char *s, struct pool *pool, struct smapline *l)
{
	struct str text;
	const char *from;
	size_t size;

	size = 0;
	str_init(&text, 0);
	for (;;) {
		while (is_blank((unsigned char)*s))
			s++;
		if (*s == '\0')
			break;
		if (*s == '"') {
			s = quoted(s + 1, &text);
			add(l, pool, &size, str_c(&text), text.len);
			continue;
		}
		for (from = s; *s != '\0' && !is_blank((unsigned char)*s); )
			s++;
		add(l, pool, &size, from, (size_t)(s - from));
	}
	str_free(&text);
}

int
smapline_read(struct io *io, struct pool *pool, struct smapline *out)
{
	struct str line;
	int r;

	memset(out, 0, sizeof(*out));
	str_init(&line, SMAPLINE_MAX + 1);
	r = io_get_line(io, SMAPLINE_MAX, &line);
	if (r == E_TOOBIG) {
		r = io_skip_line(io);
		if (r == E_OK)
			r = E_TOOBIG;
	} else if (r == E_OK && memchr(str_c(&line), '\0', line.len) != NULL) {
		r = E_SYNTAX;
	} else if (r == E_OK) {
		cut(str_c(&line), pool, out);
	}
	str_free(&line);
	return r;
}

const char *
smapline_peek(const struct smapline *l)
{
	return l->pos < l->n ? l->word[l->pos] : NULL;
}

const char *
smapline_next(struct smapline *l)
{
	return l->pos < l->n ? l->word[l->pos++] : NULL;
}

int
smapline_take(struct smapline *l, const char *word)
{
	if (l->pos == l->n || ascii_casecmp(l->word[l->pos], word) != 0)
		return FALSE;
	l->pos++;
	return TRUE;
}

const char *
smapline_value(const char *word, const char *name)
{
	size_t n;

	n = strlen(name);
	return ascii_ncasecmp(word, name, n) == 0 && word[n] == '=' ?
	    word + n + 1 : NULL;
}

/* range = number ["-" number] */
int
smapline_range(const char *word, u32 *out_lo, u32 *out_hi)
{
	const char *dash;

	dash = strchr(word, '-');
	if (dash == NULL) {
		if (num_parse_u32(word, out_lo) != E_OK)
			return FALSE;
		*out_hi = *out_lo;
		return TRUE;
	}
	return num_scan_u32(word, (size_t)(dash - word), out_lo) ==
	    (size_t)(dash - word) && dash > word &&
	    num_parse_u32(dash + 1, out_hi) == E_OK;
}

/* upload = "{." number "}" / "{" number "/" number "}" */
int
smapline_upload(const char *word, struct smap_upload *out)
{
	const char *s = word;
	size_t used;
	u64 total;

	if (*s++ != '{')
		return FALSE;
	out->dotted = *s == '.';
	s += out->dotted;
	used = num_scan_u64(s, strlen(s), &out->n);
	if (used == 0)
		return FALSE;
	s += used;
	if (!out->dotted) {
		if (*s++ != '/')
			return FALSE;
		used = num_scan_u64(s, strlen(s), &total);
		if (used == 0)
			return FALSE;
		s += used;
	}
	return strcmp(s, "}") == 0;
}

int
smapline_chunk(struct io *io, u64 *out)
{
	struct str line;
	int r;

	*out = 0;
	str_init(&line, CHUNK_LINE_MAX + 1);
	r = io_get_line(io, CHUNK_LINE_MAX, &line);
	if (r == E_TOOBIG)
		r = io_skip_line(io);
	else if (r == E_OK && num_parse_u64(str_c(&line), out) != E_OK)
		*out = 0;
	str_free(&line);
	return r;
}

int
smapline_octets(struct io *io, u64 left, smapline_sink *sink, void *ctx)
{
	const char *p;
	size_t n;
	int r;

	for (; left > 0; left -= n) {
		r = io_fill(io);
		if (r != E_OK)
			return r;
		p = io_peek_buf(io, &n);
		if (n > left)
			n = (size_t)left;
		sink(ctx, p, n);
		io_take(io, n);
	}
	return E_OK;
}

enum dots { AT_LINE, AFTER_DOT, AFTER_DOT_CR, IN_LINE };

/* What a byte makes of the state; *out is set when bytes must be passed on
   that were held back. -1: the end. */
static int
step(enum dots was, int c, const char **out)
{
	*out = "";
	switch (was) {
	case AT_LINE:
		return c == '.' ? (int)AFTER_DOT : c == '\n' ? (int)AT_LINE :
		    (int)IN_LINE;
	case AFTER_DOT_CR:
		*out = "\r";
		/* FALLTHROUGH */
	case AFTER_DOT:
		if (c == '\n')
			return -1;
		if (c == '\r' && was == AFTER_DOT)
			return AFTER_DOT_CR;
		return IN_LINE;
	default:
		return c == '\n' ? (int)AT_LINE : (int)IN_LINE;
	}
}

int
smapline_dots(struct io *io, smapline_sink *sink, void *ctx)
{
	const char *p, *held;
	size_t i, n, from;
	int r, state, next;

	for (state = AT_LINE; ; ) {
		r = io_fill(io);
		if (r != E_OK)
			return r;
		p = io_peek_buf(io, &n);
		for (i = from = 0; i < n; i++) {
			next = step((enum dots)state, (unsigned char)p[i],
			    &held);
			if (next < 0) {
				io_take(io, i + 1);
				return E_OK;
			}
			if (next == AFTER_DOT || next == AFTER_DOT_CR) {
				if (i > from)
					sink(ctx, p + from, i - from);
				from = i + 1;
			} else if (*held != '\0') {
				sink(ctx, held, 1);
			}
			state = next;
		}
		if (n > from)
			sink(ctx, p + from, n - from);
		io_take(io, n);
	}
}
