/* Messages between two processes of unequal rights: receiving.
   SPDX-License-Identifier: ISC */

#include "base/base.h"

#include <sys/socket.h>
#include <sys/uio.h>
#include <poll.h>

#include "base/file.h"
#include "base/pack.h"
#include "base/str.h"
#include "base/wall.h"

#define FDS_ROOM	4	/* descriptors that are taken to be closed */

union control {
	struct cmsghdr	head;
	char		room[CMSG_SPACE(FDS_ROOM * sizeof(int))];
};

static int take_fds(struct msghdr *, int *);
static long recv_some(int, char *, size_t, int *);
static int read_all(const struct wall *, char *, size_t, int *, u64);
static int split(struct wall_msg *, const struct str *);

/* Keeps one descriptor; closes what nobody asked for (E_INVAL). */
static int
take_fds(struct msghdr *m, int *out_fd)
{
	struct cmsghdr *h;
	size_t i, n;
	int fd, r;

	r = (m->msg_flags & MSG_CTRUNC) != 0 ? E_INVAL : E_OK;
	for (h = CMSG_FIRSTHDR(m); h != NULL; h = CMSG_NXTHDR(m, h)) {
		if (h->cmsg_level != SOL_SOCKET || h->cmsg_type != SCM_RIGHTS)
			continue;
		n = (h->cmsg_len - CMSG_LEN(0)) / sizeof(int);
		for (i = 0; i < n; i++) {
			memcpy(&fd, (const char *)CMSG_DATA(h) +
			    i * sizeof(int), sizeof(int));
			if (*out_fd < 0) {
				*out_fd = fd;
				(void)file_cloexec(fd, TRUE);
			} else {
				close(fd);
				r = E_INVAL;
			}
		}
	}
	return r;
}

/* As read(): the number of bytes, 0 at the end, -1; or E_INVAL below that. */
static long
recv_some(int sock, char *p, size_t n, int *out_fd)
{
	struct msghdr m;
	struct iovec iov;
	union control c;
	long got;

	memset(&m, 0, sizeof(m));
	iov.iov_base = p;
	iov.iov_len = n;
	m.msg_iov = &iov;
	m.msg_iovlen = 1;
	m.msg_control = c.room;
	m.msg_controllen = sizeof(c.room);
	got = (long)recvmsg(sock, &m, 0);
	return got > 0 && take_fds(&m, out_fd) != E_OK ? E_INVAL : got;
}

static int
read_all(const struct wall *w, char *p, size_t n, int *out_fd, u64 deadline)
{
	size_t done;
	long got;
	int r;

	for (done = 0; done < n;) {
		got = recv_some(w->fd, p + done, n - done, out_fd);
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
