/* Bytes and a descriptor across a Unix socket.  SPDX-License-Identifier: ISC */

#include "base/base.h"

#include <sys/socket.h>
#include <sys/uio.h>

#include "base/fdpass.h"
#include "base/file.h"

#ifndef MSG_NOSIGNAL
#define MSG_NOSIGNAL	0
#endif

#define FDS_ROOM	4	/* descriptors that are taken to be closed */

union control {
	struct cmsghdr	head;
	char		room[CMSG_SPACE(FDS_ROOM * sizeof(int))];
};

static void prepare(struct msghdr *, struct iovec *, const void *, size_t);
static int take_fds(struct msghdr *, int *);

static void
prepare(struct msghdr *m, struct iovec *iov, const void *p, size_t n)
{
	memset(m, 0, sizeof(*m));
	memcpy(&iov->iov_base, &p, sizeof(p));
	iov->iov_len = n;
	m->msg_iov = iov;
	m->msg_iovlen = 1;
}

long
fdpass_write(int sock, const void *p, size_t n, int fd)
{
	struct msghdr m;
	struct iovec iov;
	struct cmsghdr *h;
	union control c;

	prepare(&m, &iov, p, n);
	if (fd >= 0) {
		memset(&c, 0, sizeof(c));
		m.msg_control = c.room;
		m.msg_controllen = CMSG_SPACE(sizeof(int));
		h = CMSG_FIRSTHDR(&m);
		h->cmsg_level = SOL_SOCKET;
		h->cmsg_type = SCM_RIGHTS;
		h->cmsg_len = CMSG_LEN(sizeof(int));
		memcpy(CMSG_DATA(h), &fd, sizeof(int));
	}
	return (long)sendmsg(sock, &m, MSG_NOSIGNAL);
}

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

long
fdpass_read(int sock, void *p, size_t n, int *out_fd)
{
	struct msghdr m;
	struct iovec iov;
	union control c;
	long got;

	prepare(&m, &iov, p, n);
	m.msg_control = c.room;
	m.msg_controllen = sizeof(c.room);
	got = (long)recvmsg(sock, &m, 0);
	return got >= 0 && take_fds(&m, out_fd) != E_OK ? E_INVAL : got;
}
