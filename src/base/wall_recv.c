/* Messages between two processes of unequal rights: receiving.
   SPDX-License-Identifier: ISC */

#include "base/base.h"

#include <poll.h>

#include "base/fdpass.h"
#include "base/pack.h"
#include "base/str.h"
#include "base/wall.h"

static int read_all(const struct wall *, char *, size_t, int *, u64);
static int split(struct wall_msg *, const struct str *);

static int
read_all(const struct wall *w, char *p, size_t n, int *out_fd, u64 deadline)
{
	size_t done;
	long got;
	int r;

	for (done = 0; done < n;) {
		got = fdpass_read(w->fd, p + done, n - done, out_fd);
		if (got == 0)
			return done == 0 ? E_EOF : E_INVAL;
		if (got == E_INVAL)
			return E_INVAL;
		if (got > 0) {
			done += (size_t)got;
		} else if (errno == EAGAIN || errno == EWOULDBLOCK) {
			r = wall_wait(w, POLLIN, deadline);
			if (r != E_OK)
				return r;
		} else if (errno != EINTR) {
			return errno == ECONNRESET ? E_EOF : E_TEMP;
		}
	}
	return E_OK;
}

static int
split(struct wall_msg *m, const struct str *buf)
{
	size_t i, at, n;

	at = 0;
	for (i = 0; i < m->n; i++) {
		if (buf->len - at < WALL_FIELD_HEAD)
			return E_INVAL;
		n = unpack_u32((const u8 *)buf->data + at);
		at += WALL_FIELD_HEAD;
		if (n >= buf->len - at || buf->data[at + n] != '\0')
			return E_INVAL;
		m->field[i] = buf->data + at;
		m->len[i] = n;
		at += n + 1;
	}
	return at == buf->len ? E_OK : E_INVAL;
}

int
wall_recv(const struct wall *w, struct wall_msg *m, struct str *buf,
    u64 deadline)
{
	char head[WALL_HEAD], *p;
	u32 n;
	int r;

	m->fd = -1;
	str_reset(buf);
	r = read_all(w, head, WALL_HEAD, &m->fd, deadline);
	if (r == E_OK) {
		m->type = (u8)head[0];
		m->n = (u8)head[1];
		n = unpack_u32((const u8 *)head + 4);
		if (m->n > WALL_FIELDS_MAX || n > WALL_MAX || head[2] != 0 ||
		    head[3] != 0)
			r = E_INVAL;
	}
	if (r == E_OK && n > 0) {
		p = str_ready(buf, n);
		r = p == NULL ? E_INVAL :
		    read_all(w, p, n, &m->fd, deadline);
		if (r == E_OK)
			str_commit(buf, n);
		else if (r == E_EOF && (w->stop == NULL || !w->stop()))
			r = E_INVAL;
	}
	if (r == E_OK)
		r = split(m, buf);
	if (r != E_OK && m->fd >= 0) {
		close(m->fd);
		m->fd = -1;
	}
	return r;
}
