/* Listening sockets.  SPDX-License-Identifier: ISC */

#include "base/base.h"

#include <sys/socket.h>
#include <netinet/in.h>
#include <arpa/inet.h>
#include <netdb.h>
#include <stdio.h>

#include "base/file.h"
#include "base/mem.h"
#include "base/num.h"
#include "tcpd/listen.h"

static int backlog = SOMAXCONN;

static int find_port(const char *, u32 *);
static int add(int, const struct sockaddr *, socklen_t, int, int *,
    size_t *);
static int open_any(u32, int *, size_t *);
static int open_one(const char *, const char *, int *, size_t *);

static int
find_port(const char *text, u32 *out)
{
	struct servent *se;

	se = getservbyname(text, "tcp");
	if (se != NULL) {
		*out = ntohs((u16)se->s_port);
		return E_OK;
	}
	if (num_parse_u32(text, out) == E_OK && *out >= 1 && *out <= 65535)
		return E_OK;
	fprintf(stderr, "Invalid port: %s\n", text);
	return E_SYNTAX;
}

/* quiet: a failure to bind is no error. */
static int
add(int family, const struct sockaddr *sa, socklen_t len, int quiet,
    int *fds, size_t *n)
{
	const char *what;
	int fd, on = 1, off = 0;

	if (*n == LISTEN_MAX) {
		fputs("too many addresses\n", stderr);
		return E_TOOBIG;
	}
	fd = socket(family, SOCK_STREAM, 0);
	if (fd < 0) {
		if (!quiet)
			perror("socket");
		return E_TEMP;
	}
	file_cloexec(fd, TRUE);
	file_nonblock(fd, TRUE);
	setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof(on));
#ifdef IPV6_V6ONLY
	if (family == AF_INET6)
		setsockopt(fd, IPPROTO_IPV6, IPV6_V6ONLY, &off, sizeof(off));
#endif
#ifdef IP_FREEBIND
	setsockopt(fd, IPPROTO_IP, IP_FREEBIND, &on, sizeof(on));
#endif
	(void)off;
	what = bind(fd, sa, len) < 0 ? "bind" :
	    listen(fd, backlog) < 0 ? "listen" : NULL;
	if (what != NULL) {
		if (!quiet)
			perror(what);
		close(fd);
		return E_TEMP;
	}
	fds[(*n)++] = fd;
	return E_OK;
}

/* Both families on one socket where the system can, else one each. */
static int
open_any(u32 port, int *fds, size_t *n)
{
	struct sockaddr_in6 a6;
	struct sockaddr_in a4;
	int got6;

	memset(&a6, 0, sizeof(a6));
	a6.sin6_family = AF_INET6;
	a6.sin6_port = htons((u16)port);
	got6 = add(AF_INET6, (struct sockaddr *)&a6, sizeof(a6), TRUE, fds,
	    n) == E_OK;
	memset(&a4, 0, sizeof(a4));
	a4.sin_family = AF_INET;
	a4.sin_port = htons((u16)port);
	return add(AF_INET, (struct sockaddr *)&a4, sizeof(a4), got6, fds,
	    n) == E_OK || got6 ? E_OK : E_TEMP;
}

static int
open_one(const char *address, const char *text, int *fds, size_t *n)
{
	struct sockaddr_in6 a6;
	struct sockaddr_in a4;
	u32 port;

	if (find_port(text, &port) != E_OK)
		return E_SYNTAX;
	if (strcmp(address, "0") == 0)
		return open_any(port, fds, n);
	memset(&a4, 0, sizeof(a4));
	memset(&a6, 0, sizeof(a6));
	if (inet_pton(AF_INET, address, &a4.sin_addr) == 1) {
		a4.sin_family = AF_INET;
		a4.sin_port = htons((u16)port);
		return add(AF_INET, (struct sockaddr *)&a4, sizeof(a4),
		    FALSE, fds, n);
	}
	if (inet_pton(AF_INET6, address, &a6.sin6_addr) == 1) {
		a6.sin6_family = AF_INET6;
		a6.sin6_port = htons((u16)port);
		return add(AF_INET6, (struct sockaddr *)&a6, sizeof(a6),
		    FALSE, fds, n);
	}
	fprintf(stderr, "Invalid IP address: %s\n", address);
	return E_SYNTAX;
}

int
listen_open(const char *ports, const char *address, u32 queue, int *fds,
    size_t *out_n)
{
	char *list, *item, *next, *dot;
	int r;

	*out_n = 0;
	backlog = queue < 65535 ? (int)queue : 65535;
	list = mem_strdup(ports);
	r = E_OK;
	for (item = list; item != NULL && r == E_OK; item = next) {
		next = strchr(item, ',');
		if (next != NULL)
			*next++ = '\0';
		dot = strrchr(item, '.');
		if (dot != NULL)
			*dot = '\0';
		r = open_one(dot != NULL ? item : address,
		    dot != NULL ? dot + 1 : item, fds, out_n);
	}
	mem_free(list);
	return r;
}
