/* Reading a message: the file and its spans.  SPDX-License-Identifier: ISC */

#include "base/base.h"

#include <sys/stat.h>

#include "base/mem.h"
#include "base/pool.h"
#include "mail/crlf.h"
#include "maildir/folder.h"

#include "session/msgread_int.h"
#include "session/view.h"

#define KEEP_MAX	(256UL * 1024)	/* files up to this are kept whole */
#define PIECE		(32UL * 1024)	/* converted at once */

static long	read_at(struct msg *, u64, char *, size_t);
static int	send_sink(void *, const char *, size_t);
static int	fill(u64, msg_sink_fn *, void *);

void
msgread_forget(struct msg **mp)
{
	struct msg *m;

	m = *mp;
	if (m == NULL)
		return;
	close(m->fd);
	pool_free(&m->pool);
	str_free(&m->out);
	mem_free(m->buf);
	mem_free(m);
	*mp = NULL;
}

int
msgread_open(struct view *view, u32 seq, struct msg **out)
{
	struct msg **last, *m;
	struct stat st;
	int e, fd;
	u32 uid;

	uid = view_uid(view, seq);
	if (uid == 0)
		return E_INVAL;
	last = view_last_msg(view);
	if (*last != NULL && (*last)->uid == uid && !(*last)->open) {
		(*last)->open = TRUE;
		*out = *last;
		return E_OK;
	}
	e = folder_open_msg(view_folder(view), seq - 1, &fd);
	if (e != E_OK)
		return e;
	if (fstat(fd, &st) != 0) {
		e = err_from_errno(errno);
		close(fd);
		return e;
	}
	m = mem_new(sizeof(*m));
	m->view = view;
	m->uid = uid;
	m->fd = fd;
	m->open = TRUE;
	m->fsize = (u64)st.st_size;
	m->pool = pool_new();
	str_init(&m->out, 0);
	if (*last == NULL || !(*last)->open) {
		msgread_forget(last);
		*last = m;
	}
	*out = m;
	return E_OK;
}

/* The view keeps it, with what was found out, until another is opened. */
void
msgread_close(struct msg **mp)
{
	struct msg *m;

	m = *mp;
	if (m == NULL)
		return;
	*mp = NULL;
	m->open = FALSE;
	if (m != *view_last_msg(m->view))
		msgread_forget(&m);
}

u64
msgread_stored_size(const struct msg *m)
{
	return m->fsize;
}

/* 1 to n bytes, 0 at the end of the file, or E_TEMP. */
static long
read_at(struct msg *m, u64 pos, char *buf, size_t n)
{
	ssize_t r;

	do
		r = pread(m->fd, buf, n, (off_t)pos);
	while (r < 0 && errno == EINTR);
	return r < 0 ? E_TEMP : (long)r;
}

/* Has the first `upto` bytes in m->buf, or all there are. */
int
msgread_keep(struct msg *m, u64 upto)
{
	size_t want;
	long r;

	if (upto > m->fsize)
		upto = m->fsize;
	while (m->buflen < upto) {
		want = (size_t)upto;
		if (want < MSG_READ_FIRST)
			want = MSG_READ_FIRST;
		if (want > m->fsize)
			want = (size_t)m->fsize;
		if (want > m->bufsize) {
			m->buf = mem_grow(m->buf, want, 1);
			m->bufsize = want;
		}
		r = read_at(m, m->buflen, m->buf + m->buflen,
		    m->bufsize - m->buflen);
		if (r < 0)
			return (int)r;
		if (r == 0) {
			m->fsize = m->buflen;
			break;
		}
		m->buflen += (size_t)r;
	}
	return E_OK;
}

int
msgread_raw(struct msg *m, u64 start, u64 end, msg_sink_fn *fn, void *ctx)
{
	char *chunk;
	size_t n;
	long r;
	int e;

	if (end > m->fsize)
		end = m->fsize;
	e = E_OK;
	if (end > m->buflen && end <= MSG_READ_FIRST)
		e = msgread_keep(m, end);
	else if (end > m->buflen && m->fsize <= KEEP_MAX)
		e = msgread_keep(m, m->fsize);
	if (e != E_OK)
		return e;
	if (start < m->buflen && start < end) {
		n = (size_t)((end < m->buflen ? end : m->buflen) - start);
		e = fn(ctx, m->buf + start, n);
		start += n;
	}
	if (e != E_OK || start >= end)
		return e;
	chunk = mem_array(MSG_READ_CHUNK, 1);
	while (e == E_OK && start < end) {
		n = MSG_READ_CHUNK;
		if (n > end - start)
			n = (size_t)(end - start);
		r = read_at(m, start, chunk, n);
		if (r <= 0) {
			e = E_TEMP;	/* it is shorter than it was */
			break;
		}
		e = fn(ctx, chunk, (size_t)r);
		start += (u64)r;
	}
	mem_free(chunk);
	return e;
}

/* ---- sending ------------------------------------------------------------ */

u64
msgread_partial(u64 size, u64 start, u64 len)
{
	if (start >= size)
		return 0;
	return len < size - start ? len : size - start;
}

struct sending {
	struct msg	*m;
	u64		wire;		/* of the next byte read */
	u64		file;
	int		last;
	u64		start;		/* wanted: [start, start + left) */
	u64		left;
	msg_sink_fn	*fn;
	void		*ctx;
};

/*
 * Takes raw bytes in pieces. Those before the wanted range are only measured.
 * The place where the piece with the range's end begins is remembered, so that
 * a client that fetches a message in parts goes over it once.
 */
static int
send_sink(void *ctx, const char *p, size_t n)
{
	struct sending *s;
	struct str *out;
	size_t take, skip;
	u64 size;
	int e;

	s = ctx;
	out = &s->m->out;
	for (; n > 0; p += take, n -= take) {
		take = n < PIECE ? n : PIECE;
		s->m->hint_wire = s->wire;
		s->m->hint_file = s->file;
		s->m->hint_last = s->last;
		str_reset(out);
		if (s->wire + 2 * take <= s->start)
			size = crlf_size(&s->last, p, take);
		else {
			e = crlf_cat(&s->last, p, take, out);
			if (e != E_OK)
				return e;
			size = out->len;
		}
		s->file += take;
		s->wire += size;
		if (s->wire <= s->start)
			continue;
		skip = 0;
		if (s->wire - size < s->start)
			skip = (size_t)(s->start - (s->wire - size));
		size = out->len - skip;
		if (size > s->left)
			size = s->left;
		e = s->fn(s->ctx, out->data + skip, (size_t)size);
		s->left -= size;
		if (e != E_OK)
			return e;
		if (s->left == 0)
			return MSG_STOP;
	}
	return E_OK;
}

static int
fill(u64 n, msg_sink_fn *fn, void *ctx)
{
	char blanks[256];
	size_t take;
	int e;

	memset(blanks, ' ', sizeof(blanks));
	for (; n > 0; n -= take) {
		take = n < sizeof(blanks) ? (size_t)n : sizeof(blanks);
		e = fn(ctx, blanks, take);
		if (e != E_OK)
			return e;
	}
	return E_OK;
}

int
msgread_send(struct msg *m, const struct mime_span *span, u64 start,
    u64 octets, msg_sink_fn *fn, void *ctx)
{
	struct sending s;
	int e, filled;

	if (octets == 0)
		return E_OK;
	s.m = m;
	s.file = span->start;
	s.wire = 0;
	s.last = 0;
	if (m->hint_start == span->start && m->hint_wire <= start &&
	    m->hint_file > span->start && m->hint_file <= span->end) {
		s.file = m->hint_file;
		s.wire = m->hint_wire;
		s.last = m->hint_last;
	}
	s.start = start;
	s.left = octets;
	s.fn = fn;
	s.ctx = ctx;
	m->hint_start = span->start;
	e = msgread_raw(m, s.file, span->end, send_sink, &s);
	if (e == MSG_STOP)
		return E_OK;
	if (e != E_OK && e != E_TEMP)
		return e;
	/* The literal was announced: its length must hold. */
	filled = fill(s.left, fn, ctx);
	if (filled != E_OK)
		return filled;
	return s.left > 0 ? E_TEMP : e;
}
