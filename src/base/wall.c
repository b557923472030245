/* Messages between two processes of unequal rights.
   SPDX-License-Identifier: ISC */

#include "base/base.h"

#include <sys/socket.h>
#include <poll.h>

#include "base/clock.h"
#include "base/fdpass.h"
#include "base/file.h"
#include "base/pack.h"
#include "base/sig.h"
#include "base/str.h"
#include "base/wall.h"

static void encode(const struct wall_msg *, struct str *);

int
wall_pair(int out[2])
{
	if (socketpair(AF_UNIX, SOCK_STREAM, 0, out) < 0)
		return E_TEMP;
	if (file_cloexec(out[0], TRUE) == E_OK &&
	    file_cloexec(out[1], TRUE) == E_OK &&
	    file_nonblock(out[0], TRUE) == E_OK &&
	    file_nonblock(out[1], TRUE) == E_OK)
		return E_OK;
	close(out[0]);
	close(out[1]);
	return E_TEMP;
}

void
wall_begin(struct wall_msg *m, int type)
{
	m->type = type;
	m->n = 0;
	m->fd = -1;
}

void
wall_add(struct wall_msg *m, const void *p, size_t n)
{
	m->field[m->n] = p;
	m->len[m->n++] = n;
}

void
wall_adds(struct wall_msg *m, const char *s)
{
	wall_add(m, s != NULL ? s : "", s != NULL ? strlen(s) : 0);
}

int
wall_strings(const struct wall_msg *m, size_t n)
{
	size_t i;

	if (m->n != n)
		return FALSE;
	for (i = 0; i + 1 < n; i++)
		if (memchr(m->field[i], '\0', m->len[i]) != NULL)
			return FALSE;
	return TRUE;
}

int
wall_wait(const struct wall *w, int events, u64 deadline)
{
	struct pollfd p[2];
	int n;

	p[0].fd = w->fd;
	p[0].events = (short)events;
	p[1].fd = w->stop != NULL ? sig_fd() : -1;
	p[1].events = POLLIN;
	for (;;) {
		if (w->stop != NULL && w->stop())
			return E_EOF;
		n = poll(p, 2, clock_left(deadline));
		if (n > 0 && p[0].revents != 0)
			return E_OK;
		if (n > 0)
			sig_drain();
		if (n == 0)
			return E_TIMEOUT;
		if (n < 0 && errno != EINTR)
			return E_TEMP;
	}
}

static void
encode(const struct wall_msg *m, struct str *out)
{
	u8 head[WALL_HEAD];
	size_t i;

	memset(head, 0, sizeof(head));
	str_cat(out, head, WALL_HEAD);
	for (i = 0; i < m->n; i++) {
		pack_u32(head, (u32)m->len[i]);
		str_cat(out, head, WALL_FIELD_HEAD);
		str_cat(out, m->field[i], m->len[i]);
		str_catc(out, '\0');
	}
	memset(head, 0, sizeof(head));
	head[0] = (u8)m->type;
	head[1] = (u8)m->n;
	pack_u32(head + 4, (u32)(out->len - WALL_HEAD));
	memcpy(out->data, head, WALL_HEAD);
}

int
wall_send(const struct wall *w, const struct wall_msg *m, u64 deadline)
{
	struct str out;
	size_t done;
	long n;
	int r;

	str_init(&out, WALL_HEAD + WALL_MAX);
	encode(m, &out);
	r = out.toobig ? E_TOOBIG : E_OK;
	for (done = 0; r == E_OK && done < out.len;) {
		n = fdpass_write(w->fd, out.data + done, out.len - done,
		    done == 0 ? m->fd : -1);
		if (n > 0)
			done += (size_t)n;
		else if (errno == EAGAIN || errno == EWOULDBLOCK)
			r = wall_wait(w, POLLOUT, deadline);
		else if (errno != EINTR)
			r = errno == EPIPE || errno == ECONNRESET ? E_EOF :
			    E_TEMP;
	}
	str_wipe_free(&out);
	return r;
}
