/* Connecting, for the client's side.  SPDX-License-Identifier: ISC */

#include "base/base.h"

#include <sys/socket.h>
#include <netdb.h>
#include <stdio.h>

#include "tls/tls.h"

static int try_one(const struct addrinfo *);

/* The socket, or -1. */
static int
try_one(const struct addrinfo *a)
{
	int fd, saved;

	fd = socket(a->ai_family, a->ai_socktype, a->ai_protocol);
	if (fd < 0)
		return -1;
	if (connect(fd, a->ai_addr, a->ai_addrlen) == 0)
		return fd;
	saved = errno;
	close(fd);
	errno = saved;
	return -1;
}

int
tls_connect(const char *host, const char *port)
{
	struct addrinfo hints, *list, *a;
	int fd = -1, r;

	memset(&hints, 0, sizeof(hints));
	hints.ai_socktype = SOCK_STREAM;
	r = getaddrinfo(NULL, port, &hints, &list);
	if (r != 0) {
		fprintf(stderr, "%s: invalid port.\n", port);
		return E_INVAL;
	}
	freeaddrinfo(list);
	if (getaddrinfo(host, port, &hints, &list) != 0) {
		fprintf(stderr, "%s: not found.\n", host);
		return E_NOENT;
	}
	for (a = list; a != NULL && fd < 0; a = a->ai_next)
		fd = try_one(a);
	if (fd < 0)
		perror("connect");
	freeaddrinfo(list);
	return fd < 0 ? E_TEMP : fd;
}
