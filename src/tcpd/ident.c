/* Who the peer's system says is connected.  SPDX-License-Identifier: ISC */

#include "base/base.h"

#include <poll.h>

#include "base/ascii.h"
#include "base/clock.h"
#include "base/file.h"
#include "base/io.h"
#include "base/num.h"
#include "base/str.h"
#include "tcpd/ident.h"
#include "tcpd/peer.h"

#define IDENT_PORT	113

static int dial(const struct peer *, const struct peer *, u64);
static const char *field(const char *, const char *);
static const char *port(const char *, u32, int);

/* "A number, blanks, the mark"; returns what follows or NULL. */
static const char *
port(const char *p, u32 want, int mark)
{
	size_t n;
	u32 got;

	p += strspn(p, " \t");
	n = num_scan_u32(p, strlen(p), &got);
	if (n == 0 || got != want)
		return NULL;
	p += n + strspn(p + n, " \t");
	return *p == mark ? p + 1 : NULL;
}

/* The word (any if NULL), up to a colon. */
static const char *
field(const char *p, const char *word)
{
	const char *colon;

	colon = strchr(p, ':');
	p += strspn(p, " \t");
	if (colon == NULL || (word != NULL && !ascii_casebegins(p, word)))
		return NULL;
	return colon + 1;
}

/* port , port : USERID : opsys : user-id */
int
ident_parse(const char *line, u32 remote, u32 local, struct str *out)
{
	const char *p;

	p = port(line, remote, ',');
	if (p != NULL)
		p = port(p, local, ':');
	if (p != NULL)
		p = field(p, "USERID");
	if (p != NULL)
		p = field(p, NULL);
	if (p == NULL)
		return E_SYNTAX;
	for (p += strspn(p, " \t"); *p != '\0'; p++)
		str_catc(out, ascii_isprint((unsigned char)*p) ? *p : '?');
	return E_OK;
}

static int
dial(const struct peer *remote, const struct peer *local, u64 deadline)
{
	union peer_sa to, from;
	struct pollfd p;
	socklen_t len, n;
	int fd, error;

	len = peer_sockaddr(remote, IDENT_PORT, &to);
	fd = socket(to.sa.sa_family, SOCK_STREAM, 0);
	if (fd < 0)
		return -1;
	file_nonblock(fd, TRUE);
	n = peer_sockaddr(local, 0, &from);
	error = 0;
	if (n == len && bind(fd, &from.sa, n) < 0)
		error = errno;
	if (error == 0 && connect(fd, &to.sa, len) < 0)
		error = errno;
	if (error == EINPROGRESS) {
		p.fd = fd;
		p.events = POLLOUT;
		n = sizeof(error);
		if (poll(&p, 1, clock_left(deadline)) != 1 ||
		    getsockopt(fd, SOL_SOCKET, SO_ERROR, &error, &n) < 0)
			error = ETIMEDOUT;
	}
	if (error == 0)
		return fd;
	close(fd);
	return -1;
}

int
ident_ask(const struct peer *remote, const struct peer *local,
    struct str *out)
{
	struct str line;
	struct io *io;
	u64 deadline;
	int fd, r;

	deadline = clock_deadline(IDENT_SECS);
	fd = dial(remote, local, deadline);
	if (fd < 0)
		return E_TEMP;
	io = io_fd_new(fd, fd);
	io_set_deadline(io, deadline);
	io_putf(io, "%lu,%lu\r\n", (unsigned long)remote->port,
	    (unsigned long)local->port);
	r = io_flush(io);
	str_init(&line, 0);
	if (r == E_OK)
		r = io_get_line(io, IDENT_MAX, &line);
	if (r == E_OK || (r == E_EOF && line.len > 0))
		r = ident_parse(str_c(&line), remote->port, local->port, out);
	str_free(&line);
	io_free(&io);
	close(fd);
	return r;
}
