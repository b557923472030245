/* Turning a client away with a reason.  SPDX-License-Identifier: ISC */

#include "base/base.h"

#include <sys/socket.h>
#include <poll.h>

#include "base/clock.h"
#include "base/file.h"
#include "base/str.h"
#include "tcpd/refuse.h"

static int drained(int);
static void last_words(int, const char *, size_t);
static void forget(size_t);

static struct {
	int	fd;
	u64	until;
} kept[REFUSE_MAX];		/* oldest first */
static size_t nkept;

/* TRUE when the client has closed its side. */
static int
drained(int fd)
{
	char buf[512];
	ssize_t n;

	while ((n = read(fd, buf, sizeof(buf))) > 0)
		;
	return n == 0 || (errno != EAGAIN && errno != EWOULDBLOCK &&
	    errno != EINTR);
}

static void
forget(size_t i)
{
	close(kept[i].fd);
	nkept--;
	memmove(kept + i, kept + i + 1, (nkept - i) * sizeof(*kept));
}

static void
last_words(int fd, const char *text, size_t len)
{
	ssize_t n;

	file_nonblock(fd, TRUE);
	n = write(fd, text, len);
	(void)n;	/* it may have gone already */
	shutdown(fd, SHUT_WR);
	drained(fd);
}

void
refuse_tell(int fd, const char *prefix, const char *reason, const char *end)
{
	struct str line;

	str_init(&line, 0);
	if (prefix != NULL)
		str_catf(&line, "%s%s%s", prefix, reason, end);
	last_words(fd, str_c(&line), line.len);
	str_free(&line);
}

/* A record of TLS 1.0 form, which all versions read. */
void
refuse_alert(int fd)
{
	static const char record[] = { 21, 3, 1, 0, 2, 2, 49 };

	last_words(fd, record, sizeof(record));
}

void
refuse_keep(int fd)
{
	if (nkept == REFUSE_MAX)
		forget(0);
	kept[nkept].fd = fd;
	kept[nkept].until = clock_msec() + REFUSE_MS;
	nkept++;
}

size_t
refuse_poll(struct pollfd *p)
{
	size_t i;

	for (i = 0; i < nkept; i++) {
		p[i].fd = kept[i].fd;
		p[i].events = POLLIN;
		p[i].revents = 0;
	}
	return nkept;
}

int
refuse_left(int ms)
{
	int left;

	if (nkept == 0)
		return ms;
	left = clock_left(kept[0].until);
	return ms >= 0 && ms < left ? ms : left;
}

void
refuse_work(void)
{
	size_t i;

	for (i = nkept; i-- > 0;)
		if (drained(kept[i].fd) || clock_left(kept[i].until) == 0)
			forget(i);
}
