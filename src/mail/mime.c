/*
 * The part tree of a message.  SPDX-License-Identifier: ISC
 *
 * Mail is hostile: nothing here recurses, each line is looked at once, and a
 * boundary line is compared with at most MIME_DEPTH_MAX boundaries.
 */

#include "base/base.h"

#include "base/ascii.h"
#include "base/mem.h"
#include "base/pool.h"
#include "base/str.h"
#include "mail/mime.h"
#include "mail/param.h"

#define READ_SIZE	65536
#define BOUNDARY_MAX	1000	/* RFC 2046 says 70; longer ones are none */

/* A place in the message, in all three measures. */
struct mark {
	u64	pos;
	u64	wire;
	u64	lines;
};

/* An open multipart. */
struct level {
	struct mime_part *part;
	const char	*boundary;
	size_t		len;
};

struct mime_parser {
	struct pool	*pool;
	struct mime_part *root;
	struct mime_part *cur;		/* innermost open part */
	int		in_header;	/* of cur */
	u32		nparts;
	struct str	header;		/* of cur, cut at MIME_HEADER_MAX */
	size_t		headers;	/* bytes of all headers so far */
	struct mark	here;		/* start of the current line */
	struct mark	eol;		/* before the last line end */
	struct str	line;		/* begin of a line still incomplete */
	u64		linelen;	/* all of it, also what is not kept */
	int		prev;		/* its last byte */
	struct level	levels[MIME_DEPTH_MAX + 1];
	size_t		nlevels;
};

static void span_start(struct mime_span *, const struct mark *);
static void span_end(struct mime_span *, const struct mark *);
static void mark_of_end(const struct mime_span *, const struct mark *,
    struct mark *);
static struct mime_part *part_new(struct mime_parser *, struct mime_part *,
    int, const struct mark *);
static void header_end(struct mime_parser *, const struct mark *);
static void open_content(struct mime_parser *, struct mime_part *,
    const struct mark *);
static void open_multipart(struct mime_parser *, struct mime_part *);
static void close_part(struct mime_parser *, struct mark *);
static void close_below(struct mime_parser *, const struct mime_part *,
    const struct mark *);
static int boundary_line(struct mime_parser *, const char *, size_t);
static int match_boundary(const struct level *, const char *, size_t,
    int *);
static void header_line(struct mime_parser *, const char *, size_t);
static void take_line(struct mime_parser *, const char *, size_t, u64, int,
    int);
static void keep(struct mime_parser *, const char *, size_t);

/* While a span is open, its size and lines hold where it began. */
static void
span_start(struct mime_span *sp, const struct mark *m)
{
	sp->start = m->pos;
	sp->end = m->pos;
	sp->size = m->wire;
	sp->lines = m->lines;
}

static void
span_end(struct mime_span *sp, const struct mark *m)
{
	sp->end = m->pos;
	sp->size = m->wire - sp->size;
	sp->lines = m->lines - sp->lines;
}

/* Where a span may end: not before its start. */
static void
mark_of_end(const struct mime_span *sp, const struct mark *m,
    struct mark *out)
{
	*out = *m;
	if (m->pos < sp->start) {
		out->pos = sp->start;
		out->wire = sp->size;
		out->lines = sp->lines;
	}
}

static struct mime_part *
part_new(struct mime_parser *mp, struct mime_part *parent, int is_root,
    const struct mark *at)
{
	struct mime_part *p;

	p = pool_alloc(mp->pool, sizeof(*p));
	p->parent = parent;
	p->is_root = is_root;
	p->number = 1;
	if (parent != NULL) {
		p->number = ++parent->nchild;
		p->depth = parent->depth + 1;
		if (parent->last == NULL)
			parent->child = p;
		else
			parent->last->next = p;
		parent->last = p;
	}
	span_start(&p->header, at);
	mp->nparts++;
	mp->cur = p;
	mp->in_header = TRUE;
	str_reset(&mp->header);
	return p;
}

/* The header of cur ends here, its body begins. */
static void
header_end(struct mime_parser *mp, const struct mark *at)
{
	struct mime_part *p = mp->cur;
	int digest;

	mp->in_header = FALSE;
	mp->headers += mp->header.len;
	if (pool_used(mp->pool) > MIME_POOL_MAX)
		str_reset(&mp->header);
	span_end(&p->header, at);
	span_start(&p->body, at);
	digest = !p->is_root && p->parent != NULL &&
	    strcmp(p->parent->ct.subtype, "digest") == 0;
	ctype_parse(mp->pool, str_c(&mp->header), mp->header.len, digest,
	    p->is_root, &p->ct);
	if (p->is_root)
		envelope_parse(mp->pool, str_c(&mp->header), mp->header.len,
		    &p->env);
}

static void
open_multipart(struct mime_parser *mp, struct mime_part *p)
{
	const char *b;
	size_t len;

	b = param_ascii(mp->pool, p->ct.params, "boundary");
	if (b == NULL)
		return;
	len = strlen(b);
	/* White space at the end is not compared in lines either. */
	while (len > 0 && ascii_isspace((u8)b[len - 1]))
		len--;
	if (len == 0 || len > BOUNDARY_MAX)
		return;
	p->kind = MIME_MULTIPART;
	mp->levels[mp->nlevels].part = p;
	mp->levels[mp->nlevels].boundary = b;
	mp->levels[mp->nlevels].len = len;
	mp->nlevels++;
}

/*
 * What is inside of a part whose body begins. A message/rfc822 that a limit
 * keeps closed must not be shown as one: such a type wants an envelope.
 */
static void
open_content(struct mime_parser *mp, struct mime_part *p,
    const struct mark *at)
{
	int may = p->depth < MIME_DEPTH_MAX && mp->nparts < MIME_PARTS_MAX;

	if (may && ctype_is(&p->ct, "multipart", NULL))
		open_multipart(mp, p);
	else if (ctype_is(&p->ct, "message", "rfc822")) {
		if (may) {
			p->kind = MIME_MESSAGE;
			part_new(mp, p, TRUE, at);
		} else {
			p->ct.type = "application";
			p->ct.subtype = "octet-stream";
		}
	}
}

/*
 * Closes cur at *m and goes up. A part may have to end later than *m, when
 * the boundary's line end was also that of a header's blank line: then *m is
 * moved, so that no part ends before what it contains.
 */
static void
close_part(struct mime_parser *mp, struct mark *m)
{
	struct mime_part *p = mp->cur;

	if (mp->in_header) {
		if (p->is_root)
			mark_of_end(&p->header, m, m);
		else if (m->pos < mp->here.pos)
			*m = mp->here;
		header_end(mp, m);
		open_content(mp, p, m);
		if (mp->cur != p)
			return;
	}
	mark_of_end(&p->body, m, m);
	span_end(&p->body, m);
	if (p->kind == MIME_MULTIPART) {
		mp->nlevels--;
		if (p->child == NULL)
			p->kind = MIME_LEAF;
	}
	mp->cur = p->parent;
}

/* Closes all open parts inside of `stop` (NULL: all there are). */
static void
close_below(struct mime_parser *mp, const struct mime_part *stop,
    const struct mark *at)
{
	struct mark m = *at;

	while (mp->cur != stop)
		close_part(mp, &m);
}

/* "--" boundary ["--"] and white space, all of the line. */
static int
match_boundary(const struct level *lv, const char *s, size_t n,
    int *out_close)
{
	if (n < lv->len + 2 || memcmp(s + 2, lv->boundary, lv->len) != 0)
		return FALSE;
	s += lv->len + 2;
	n -= lv->len + 2;
	*out_close = n >= 2 && s[0] == '-' && s[1] == '-';
	if (*out_close) {
		s += 2;
		n -= 2;
	}
	for (; n > 0; s++, n--)
		if (!ascii_isspace((u8)*s))
			return FALSE;
	return TRUE;
}

/* An outer boundary ends inner parts that lack theirs (RFC 2046 5.1.2); a
   multipart that was closed has length 0 in the list. Returns 0: no boundary,
   1: it closes a multipart, 2: another part begins. */
static int
boundary_line(struct mime_parser *mp, const char *s, size_t n)
{
	struct level *lv;
	size_t i;
	int closing;

	for (i = mp->nlevels; i-- > 0; ) {
		lv = &mp->levels[i];
		if (lv->len == 0 || !match_boundary(lv, s, n, &closing))
			continue;
		if (!closing && mp->nparts >= MIME_PARTS_MAX)
			return 0;
		close_below(mp, lv->part, &mp->eol);
		if (closing)
			lv->len = 0;
		return closing ? 1 : 2;
	}
	return 0;
}

static void
header_line(struct mime_parser *mp, const char *s, size_t n)
{
	size_t room = 0;

	if (mp->headers + mp->header.len < MIME_HDRS_MAX)
		room = MIME_HEADER_MAX - mp->header.len;
	str_cat(&mp->header, s, n < room ? n : room);
}

/* One line: the n bytes that were kept of its `all` bytes. */
static void
take_line(struct mime_parser *mp, const char *s, size_t n, u64 all, int lf,
    int crlf)
{
	struct mime_part *p;
	int found = 0, blank, was_header;

	if (n >= 2 && s[0] == '-' && s[1] == '-' && mp->nlevels > 0)
		found = boundary_line(mp, s, n);
	was_header = !found && mp->in_header;
	blank = was_header && lf && all == (crlf ? 2 : 1);
	if (was_header && !blank)
		header_line(mp, s, n);
	p = mp->cur;
	mp->eol = mp->here;
	mp->eol.pos += all - (lf ? 1 : 0) - (crlf ? 1 : 0);
	mp->eol.wire += all - (lf ? 1 : 0) - (crlf ? 1 : 0);
	mp->here.pos += all;
	mp->here.wire += all + (lf && !crlf ? 1 : 0);
	mp->here.lines += lf ? 1 : 0;
	if (found == 2)
		part_new(mp, p, FALSE, &mp->here);
	else if (blank) {
		header_end(mp, &mp->here);
		open_content(mp, p, &mp->here);
	}
}

struct mime_parser *
mime_new(struct pool *pool)
{
	struct mime_parser *mp;

	mp = mem_new(sizeof(*mp));
	mp->pool = pool;
	str_init(&mp->header, MIME_HEADER_MAX + 1);
	str_init(&mp->line, MIME_HEADER_MAX + 1);
	mp->root = part_new(mp, NULL, TRUE, &mp->here);
	return mp;
}

static void
keep(struct mime_parser *mp, const char *s, size_t n)
{
	size_t room, max;

	if (n == 0)
		return;
	max = mp->in_header ? MIME_HEADER_MAX : BOUNDARY_MAX + 100;
	room = mp->line.len < max ? max - mp->line.len : 0;
	str_cat(&mp->line, s, n < room ? n : room);
	mp->linelen += n;
	mp->prev = s[n - 1];
}

void
mime_feed(struct mime_parser *mp, const char *s, size_t n)
{
	const char *lf;
	size_t len;
	int cr;

	while (n > 0) {
		lf = memchr(s, '\n', n);
		if (lf == NULL) {
			keep(mp, s, n);
			return;
		}
		len = (size_t)(lf - s) + 1;
		if (mp->linelen == 0) {
			cr = len >= 2 && lf[-1] == '\r';
			take_line(mp, s, len, len, TRUE, cr);
		} else {
			keep(mp, s, len - 1);
			cr = mp->prev == '\r';
			keep(mp, "\n", 1);
			take_line(mp, str_c(&mp->line), mp->line.len,
			    mp->linelen, TRUE, cr);
			str_reset(&mp->line);
			mp->linelen = 0;
		}
		s += len;
		n -= len;
	}
}

struct mime_part *
mime_finish(struct mime_parser **mpp)
{
	struct mime_parser *mp = *mpp;
	struct mime_part *root = mp->root;

	if (mp->linelen > 0)
		take_line(mp, str_c(&mp->line), mp->line.len, mp->linelen,
		    FALSE, FALSE);
	close_below(mp, NULL, &mp->here);
	str_free(&mp->header);
	str_free(&mp->line);
	*mpp = mem_free(mp);
	return root;
}

struct mime_part *
mime_parse_mem(struct pool *pool, const char *s, size_t n)
{
	struct mime_parser *mp;

	mp = mime_new(pool);
	mime_feed(mp, s, n);
	return mime_finish(&mp);
}

int
mime_parse_fd(struct pool *pool, int fd, struct mime_part **out_root)
{
	struct mime_parser *mp;
	char *buf;
	off_t off = 0;
	ssize_t n;

	mp = mime_new(pool);
	buf = mem_new(READ_SIZE);
	for (;;) {
		n = pread(fd, buf, READ_SIZE, off);
		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0)
			break;
		mime_feed(mp, buf, (size_t)n);
		off += n;
	}
	mem_free(buf);
	*out_root = mime_finish(&mp);
	if (n == 0)
		return E_OK;
	*out_root = NULL;
	return E_TEMP;
}

void
mime_whole(const struct mime_part *root, struct mime_span *out)
{
	out->start = root->header.start;
	out->end = root->body.end;
	out->size = root->header.size + root->body.size;
	out->lines = root->header.lines + root->body.lines;
}
