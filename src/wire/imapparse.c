/* IMAP commands into argument trees.  SPDX-License-Identifier: ISC

   Does not know any command; trusts nothing that it reads. */

#include "base/base.h"

#include "base/ascii.h"
#include "base/io.h"
#include "base/mem.h"
#include "base/num.h"
#include "base/pool.h"

#include "wire/imapparse_int.h"

static int begin_word(struct imapparse *, char *, size_t, const char *);
static int close_lists(struct imapparse *);
static int count_arg(struct imapparse *, size_t);
static int drop(struct imapparse *, u64);
static int drop_line(struct imapparse *);
static int is_text(const struct arg *);
static int parse_atom(struct imapparse *, const char *, struct arg *);
static int parse_literal(struct imapparse *, struct arg *, int);
static int parse_one(struct imapparse *, int, int, int, struct arg *);
static int parse_seq(struct imapparse *, int, int, struct arg **);
static int take_string(struct imapparse *, enum arg_type, struct arg *);
static u64 tail_literal(const char *, size_t);

struct imapparse *
imapparse_new(struct io *io)
{
	struct imapparse *p;

	p = mem_new(sizeof(*p));
	p->io = io;
	p->pool = pool_new();
	p->nonsync_max = U64_MAX;
	p->line_done = TRUE;
	str_init(&p->tok, IMAPPARSE_ATOM_MAX + 1);
	return p;
}

void
imapparse_free(struct imapparse **pp)
{
	struct imapparse *p = *pp;

	if (p == NULL)
		return;
	str_wipe_free(&p->tok);
	pool_free(&p->pool);
	*pp = mem_free(p);
}

struct pool *
imapparse_pool(struct imapparse *p)
{
	return p->pool;
}

void
imapparse_set_nonsync_max(struct imapparse *p, u64 max)
{
	p->nonsync_max = max;
}

const char *
imapparse_tag(const struct imapparse *p)
{
	return p->tag;
}

const char *
imapparse_name(const struct imapparse *p)
{
	return p->name;
}

/* ---- tag and name ------------------------------------------------------- */

/* One atom into buf (max bytes and a NUL), without those in `except`. */
static int
begin_word(struct imapparse *p, char *buf, size_t max, const char *except)
{
	int r;

	str_reset(&p->tok);
	r = lex_skip_space(p, NULL);
	if (r < 0)
		return r;
	r = lex_atom(p, max);
	if (r != E_OK)
		return r;
	if (p->tok.len == 0 ||
	    strpbrk(str_c(&p->tok), except) != NULL)
		return E_SYNTAX;
	memcpy(buf, str_c(&p->tok), p->tok.len + 1);
	return E_OK;
}

/*
 *   tag = 1*<any ASTRING-CHAR except "+">
 * "*" is let through, and one backslash in front, as Courier does.
 */
static int
begin_tag(struct imapparse *p)
{
	int c, lead, r;

	memcpy(p->tag, "*", 2);
	c = lex_skip_space(p, NULL);
	if (c < 0)
		return c;
	lead = c == '\\';
	if (lead) {
		io_take(p->io, 1);
		c = io_peek(p->io);
		if (c < 0 || !lex_is_atom(c, p->flags))
			return c < 0 ? c : E_SYNTAX;
	}
	r = begin_word(p, p->tag + lead, IMAPPARSE_TAG_MAX - (size_t)lead,
	    "+");
	if (lead && r == E_OK)
		p->tag[0] = '\\';
	return r;
}

int
imapparse_begin(struct imapparse *p)
{
	int r;

	pool_reset(p->pool);
	p->total = 0;
	p->nargs = 0;
	p->flags = 0;
	p->line_done = FALSE;
	p->open = 0;
	p->pending = PENDING_NONE;
	p->name[0] = '\0';
	r = begin_tag(p);
	if (r != E_OK)
		return r;
	return imapparse_subname(p);
}

int
imapparse_subname(struct imapparse *p)
{
	int c;

	c = io_peek(p->io);
	if (c < 0)
		return c;
	if (c != ' ' && c != '\t')
		return E_SYNTAX;
	return begin_word(p, p->name, IMAPPARSE_NAME_MAX, "");
}

/* ---- arguments ---------------------------------------------------------- */

static int
count_arg(struct imapparse *p, size_t bytes)
{
	p->nargs++;
	p->total += bytes;
	return p->nargs > IMAPPARSE_ARGS_MAX || p->total > IMAPPARSE_CMD_MAX ?
	    E_TOOBIG : E_OK;
}

/* Copies the token into the tree. */
static int
take_string(struct imapparse *p, enum arg_type type, struct arg *a)
{
	a->type = type;
	a->len = p->tok.len;
	a->s = pool_strndup(p->pool, str_c(&p->tok), a->len);
	return count_arg(p, a->len);
}

/* `lead` is what has been taken already: "", "~" or "\". */
static int
parse_atom(struct imapparse *p, const char *lead, struct arg *a)
{
	int r;

	str_cats(&p->tok, lead);
	r = lex_atom(p, IMAPPARSE_ATOM_MAX);
	if (r != E_OK)
		return r;
	if (p->tok.len == 0 || (p->tok.len == 1 && lead[0] == '\\'))
		return E_SYNTAX;
	return take_string(p, ascii_casecmp(str_c(&p->tok), "NIL") == 0 ?
	    ARG_NIL : ARG_ATOM, a);
}

/* literal = "{" number "}" CRLF *CHAR8
   CHAR8 = %x01-ff */
static int
parse_literal(struct imapparse *p, struct arg *a, int stream)
{
	u64 size;
	char *s;
	int nonsync, r;

	r = lex_literal_head(p, &size, &nonsync);
	if (r != E_OK)
		return r;
	p->pending = nonsync ? PENDING_NONSYNC : PENDING_SYNC;
	p->pending_size = size;
	a->size = size;
	if (nonsync && size > p->nonsync_max)
		return E_TOOBIG;
	if (stream) {
		a->type = ARG_STREAM;
		return E_OK;
	}
	if (size > IMAPPARSE_LITERAL_MAX)
		return E_TOOBIG;
	r = imapparse_accept(p);
	if (r != E_OK)
		return r;
	s = str_ready(&p->tok, (size_t)size);
	if (s == NULL)
		return E_TOOBIG;
	r = io_read_full(p->io, s, (size_t)size);
	if (r != E_OK)
		return r;
	str_commit(&p->tok, (size_t)size);
	if (memchr(str_c(&p->tok), '\0', p->tok.len) != NULL)
		return E_SYNTAX;
	return take_string(p, ARG_LITERAL, a);
}

/* c is the first byte, not yet taken. */
static int
parse_one(struct imapparse *p, int c, int depth, int stream, struct arg *a)
{
	int r;

	str_reset(&p->tok);
	switch (c) {
	case '"':
		io_take(p->io, 1);
		r = lex_quoted(p);
		return r != E_OK ? r : take_string(p, ARG_QUOTED, a);
	case '{':
		io_take(p->io, 1);
		return parse_literal(p, a, stream);
	case '~':
		io_take(p->io, 1);
		r = io_peek(p->io);
		if (r != '{')
			return r < 0 ? r : parse_atom(p, "~", a);
		io_take(p->io, 1);
		a->literal8 = TRUE;
		return parse_literal(p, a, stream);
	case '\\':
		io_take(p->io, 1);
		return parse_atom(p, "\\", a);
	case '(':
	case '[':
		if (lex_is_atom(c, p->flags))
			return parse_atom(p, "", a);
		if (depth >= IMAPPARSE_DEPTH_MAX)
			return E_TOOBIG;
		io_take(p->io, 1);
		a->type = c == '(' ? ARG_LIST : ARG_SECTION;
		r = count_arg(p, 0);
		return r != E_OK ? r : parse_seq(p, depth + 1,
		    c == '(' ? ')' : ']', &a->list);
	default:
		return parse_atom(p, "", a);
	}
}

static int
is_text(const struct arg *a)
{
	return a->type != ARG_LIST && a->type != ARG_SECTION;
}

/* Arguments up to the byte `close`, or to the line's end if that is 0. */
static int
parse_seq(struct imapparse *p, int depth, int close, struct arg **out)
{
	struct arg *a, *prev, **tail;
	int c, r, space, stream;

	*out = NULL;
	tail = out;
	for (prev = NULL; ; prev = a) {
		c = lex_skip_space(p, &space);
		if (c < 0)
			return c;
		if (c == '\n') {
			if (close != 0)
				return E_SYNTAX;
			io_take(p->io, 1);
			p->line_done = TRUE;
			return E_OK;
		}
		if (close != 0 && c == close) {
			io_take(p->io, 1);
			return E_OK;
		}
		a = pool_alloc(p->pool, sizeof(*a));
		stream = (p->flags & IMAPPARSE_STREAM) != 0 &&
		    (depth == 0 ? prev != NULL :
		    depth == 1 && prev == NULL && c == '~');
		a->glued = prev != NULL && !space;
		if (a->glued && is_text(prev) && ((p->flags & IMAPPARSE_FLAT) ||
		    (c != '(' && c != '[')))
			return E_SYNTAX;
		r = parse_one(p, c, depth, stream, a);
		if (r != E_OK)
			return r;
		*tail = a;
		tail = &a->next;
		if (a->type == ARG_STREAM)
			p->open = depth;
		if (p->pending != PENDING_NONE)
			return E_OK;
	}
}

/* The ")" behind a literal that was in the stream. */
static int
close_lists(struct imapparse *p)
{
	int c;

	for (; p->open > 0; p->open--) {
		c = lex_skip_space(p, NULL);
		if (c != ')')
			return c < 0 ? c : E_SYNTAX;
		io_take(p->io, 1);
	}
	return E_OK;
}

int
imapparse_args(struct imapparse *p, int flags, struct arg **out)
{
	int c;

	p->flags = flags;
	*out = NULL;
	if (p->nargs == 0) {
		c = io_peek(p->io);
		if (c < 0)
			return c;
		if (c != ' ' && c != '\t' && c != '\r' && c != '\n')
			return E_SYNTAX;
	}
	c = close_lists(p);
	if (c != E_OK)
		return c;
	return parse_seq(p, 0, 0, out);
}

/* continue-req = "+" SP (resp-text / base64) CRLF */
int
imapparse_accept(struct imapparse *p)
{
	int sync;

	sync = p->pending == PENDING_SYNC;
	p->pending = PENDING_NONE;
	if (!sync)
		return E_OK;
	io_puts(p->io, "+ OK\r\n");
	return io_flush(p->io);
}

/* ---- the rest ----------------------------------------------------------- */

static int
drop(struct imapparse *p, u64 n)
{
	size_t have;
	int r;

	while (n > 0) {
		r = io_fill(p->io);
		if (r != E_OK)
			return r;
		io_peek_buf(p->io, &have);
		if ((u64)have > n)
			have = (size_t)n;
		io_take(p->io, have);
		n -= have;
	}
	return E_OK;
}

/* The n of "{n+}" that ends a line, or U64_MAX. */
static u64
tail_literal(const char *s, size_t n)
{
	size_t i;
	u64 v;

	while (n > 0 && (s[n - 1] == '\r' || s[n - 1] == '\n'))
		n--;
	if (n < 4 || s[n - 1] != '}' || s[n - 2] != '+')
		return U64_MAX;
	for (i = n - 2; i > 0 && ascii_isdigit((unsigned char)s[i - 1]); i--)
		;
	if (i == 0 || s[i - 1] != '{' ||
	    num_scan_u64(s + i, n - 2 - i, &v) != n - 2 - i)
		return U64_MAX;
	return v;
}

/* Drops a line; if it ends with {n+} that literal is pending. */
static int
drop_line(struct imapparse *p)
{
	char last[32];
	size_t n, len;
	u64 lit;
	int c;

	len = 0;
	for (n = 0; n < IMAPPARSE_SKIP_MAX; n++) {
		c = io_getc(p->io);
		if (c < 0)
			return c;
		if (c == '\n')
			break;
		if (len == sizeof(last)) {
			memmove(last, last + 1, sizeof(last) - 1);
			len--;
		}
		last[len++] = (char)c;
	}
	if (n == IMAPPARSE_SKIP_MAX)
		return E_INVAL;
	lit = tail_literal(last, len);
	if (lit != U64_MAX) {
		p->pending = PENDING_NONSYNC;
		p->pending_size = lit;
	} else
		p->line_done = TRUE;
	return E_OK;
}

int
imapparse_end(struct imapparse *p)
{
	u64 total;
	int r;

	for (total = 0; ; ) {
		if (p->pending == PENDING_SYNC) {
			/* Not asked for: the client will not send it. */
			p->pending = PENDING_NONE;
			p->line_done = TRUE;
		}
		if (p->pending == PENDING_NONSYNC) {
			total += p->pending_size;
			if (p->pending_size > IMAPPARSE_SKIP_MAX ||
			    total > IMAPPARSE_SKIP_MAX)
				return E_INVAL;
			p->pending = PENDING_NONE;
			r = drop(p, p->pending_size);
			if (r != E_OK)
				return r;
		}
		if (p->line_done)
			return E_OK;
		r = drop_line(p);
		if (r != E_OK)
			return r;
	}
}

int
imapparse_line(struct imapparse *p, size_t max, struct str *out)
{
	int r;

	r = io_get_line(p->io, max, out);
	if (r == E_TOOBIG) {
		r = io_skip_line(p->io);
		return r != E_OK ? r : E_TOOBIG;
	}
	return r;
}
