/* Descriptors across a Unix socket.  SPDX-License-Identifier: ISC */

#include "base/base.h"

#include <sys/socket.h>
#include <sys/uio.h>

#include "base/fdpass.h"

union control {
	struct cmsghdr	head;
	char		room[CMSG_SPACE(sizeof(int))];
};

static void prepare(struct msghdr *, struct iovec *, char *, union control *);

static void
prepare(struct msghdr *m, struct iovec *iov, char *byte, union control *c)
{
	memset(m, 0, sizeof(*m));
	memset(c, 0, sizeof(*c));
	iov->iov_base = byte;
	iov->iov_len = 1;
	m->msg_iov = iov;
	m->msg_iovlen = 1;
	m->msg_control = c->room;
	m->msg_controllen = sizeof(c->room);
}

int
fdpass_send(int sock, int fd)
{
	struct msghdr m;
	struct iovec iov;
	struct cmsghdr *h;
	union control c;
	char byte = 0;
	ssize_t n;

	prepare(&m, &iov, &byte, &c);
	h = CMSG_FIRSTHDR(&m);
	h->cmsg_level = SOL_SOCKET;
	h->cmsg_type = SCM_RIGHTS;
	h->cmsg_len = CMSG_LEN(sizeof(int));
	memcpy(CMSG_DATA(h), &fd, sizeof(int));
	do
		n = sendmsg(sock, &m, 0);
	while (n < 0 && errno == EINTR);
	return n == 1 ? E_OK : E_TEMP;
}

int
fdpass_recv(int sock, int *out_fd)
{
	struct msghdr m;
	struct iovec iov;
	struct cmsghdr *h;
	union control c;
	char byte;
	ssize_t n;

	prepare(&m, &iov, &byte, &c);
	do
		n = recvmsg(sock, &m, 0);
	while (n < 0 && errno == EINTR);
	if (n <= 0)
		return n == 0 ? E_EOF : E_TEMP;
	h = CMSG_FIRSTHDR(&m);
	if (h == NULL || h->cmsg_level != SOL_SOCKET ||
	    h->cmsg_type != SCM_RIGHTS || h->cmsg_len != CMSG_LEN(sizeof(int)))
		return E_SYNTAX;
	memcpy(out_fd, CMSG_DATA(h), sizeof(int));
	return E_OK;
}
