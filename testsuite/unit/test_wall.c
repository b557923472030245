/* base/wall.  SPDX-License-Identifier: ISC */

#include "base/base.h"

#include <sys/socket.h>
#include <fcntl.h>
#include <poll.h>

#include "base/clock.h"
#include "base/mem.h"
#include "base/str.h"
#include "base/wall.h"

#include "t.h"

static struct wall a, b;

static void fresh(void);
static void done(void);
static void messages(void);
static void large(void);
static void descriptors(void);
static void too_many(void);
static void garbage(void);
static void waiting(void);

static void
fresh(void)
{
	int fd[2];

	T_INT(wall_pair(fd), E_OK);
	memset(&a, 0, sizeof(a));
	memset(&b, 0, sizeof(b));
	a.fd = fd[0];
	b.fd = fd[1];
}

static void
done(void)
{
	close(a.fd);
	close(b.fd);
}

static void
messages(void)
{
	struct wall_msg m, got;
	struct str buf;

	fresh();
	str_init(&buf, 0);
	wall_begin(&m, 7);
	wall_adds(&m, "name");
	wall_adds(&m, NULL);
	wall_add(&m, "a\0b", 3);
	T_INT(wall_send(&a, &m, 0), E_OK);
	wall_begin(&m, 255);
	T_INT(wall_send(&a, &m, 0), E_OK);
	T_INT(wall_recv(&b, &got, &buf, 0), E_OK);
	T_INT(got.type, 7);
	T_INT(got.n, 3);
	T_INT(got.fd, -1);
	T_STR(got.field[0], "name");
	T_STR(got.field[1], "");
	T_MEM(got.field[2], got.len[2], "a\0b", 3);
	T_OK(wall_strings(&got, 3));
	T_OK(!wall_strings(&got, 2));
	got.n = 4;
	got.field[3] = "";
	got.len[3] = 0;
	T_OK(!wall_strings(&got, 4));
	T_INT(wall_recv(&b, &got, &buf, 0), E_OK);
	T_INT(got.type, 255);
	T_INT(got.n, 0);
	str_free(&buf);
	done();
}

/* More than the system buffers: the writer is another process. */
static void
large(void)
{
	struct wall_msg m, got;
	struct str buf;
	char *big;
	size_t n;

	n = WALL_MAX - WALL_FIELD_HEAD - 1;
	big = mem_new(n + 1);
	memset(big, 'x', n + 1);
	str_init(&buf, 0);
	fresh();
	wall_begin(&m, 1);
	wall_add(&m, big, n);
	if (fork() == 0) {
		close(b.fd);
		_exit(wall_send(&a, &m, 0) != E_OK);
	}
	T_INT(wall_recv(&b, &got, &buf, clock_deadline(20)), E_OK);
	T_INT(got.len[0], n);
	T_OK(memcmp(got.field[0], big, n) == 0);
	wall_begin(&m, 1);
	wall_add(&m, big, n + 1);
	T_INT(wall_send(&a, &m, 0), E_TOOBIG);
	wall_begin(&m, 1);
	wall_add(&m, big, n);
	wall_add(&m, big, n);
	T_INT(wall_send(&a, &m, 0), E_TOOBIG);
	mem_free(big);
	str_free(&buf);
	done();
}

static void
descriptors(void)
{
	struct wall_msg m, got;
	struct str buf;
	char c;
	int fd[2];

	fresh();
	str_init(&buf, 0);
	T_INT(pipe(fd), 0);
	wall_begin(&m, 3);
	wall_adds(&m, "x");
	m.fd = fd[1];
	T_INT(wall_send(&a, &m, 0), E_OK);
	close(fd[1]);
	T_INT(wall_recv(&b, &got, &buf, 0), E_OK);
	T_STR(got.field[0], "x");
	T_OK(got.fd >= 0);
	T_OK((fcntl(got.fd, F_GETFD) & FD_CLOEXEC) != 0);
	T_INT(write(got.fd, "y", 1), 1);
	T_INT(read(fd[0], &c, 1), 1);
	T_INT(c, 'y');
	close(got.fd);
	close(fd[0]);
	str_free(&buf);
	done();
}

/* Two descriptors in one message: both are closed again. */
static void
too_many(void)
{
	union {
		struct cmsghdr	head;
		char		room[CMSG_SPACE(2 * sizeof(int))];
	} c;
	static char head[WALL_HEAD] = { 1, 0, 0, 0, 0, 0, 0, 0 };
	struct cmsghdr *h;
	struct msghdr mh;
	struct iovec iov;
	struct wall_msg got;
	struct pollfd p;
	struct str buf;
	int fd[2], both[2];

	fresh();
	str_init(&buf, 0);
	T_INT(pipe(fd), 0);
	memset(&mh, 0, sizeof(mh));
	memset(&c, 0, sizeof(c));
	iov.iov_base = head;
	iov.iov_len = sizeof(head);
	mh.msg_iov = &iov;
	mh.msg_iovlen = 1;
	mh.msg_control = c.room;
	mh.msg_controllen = sizeof(c.room);
	h = CMSG_FIRSTHDR(&mh);
	h->cmsg_level = SOL_SOCKET;
	h->cmsg_type = SCM_RIGHTS;
	h->cmsg_len = CMSG_LEN(2 * sizeof(int));
	both[0] = both[1] = fd[1];
	memcpy(CMSG_DATA(h), both, sizeof(both));
	T_INT(sendmsg(a.fd, &mh, 0), WALL_HEAD);
	close(fd[1]);
	T_INT(wall_recv(&b, &got, &buf, clock_deadline(5)), E_INVAL);
	T_INT(got.fd, -1);
	p.fd = fd[0];
	p.events = POLLIN;
	T_INT(poll(&p, 1, 5000), 1);
	T_OK((p.revents & POLLHUP) != 0);
	close(fd[0]);
	str_free(&buf);
	done();
}

static const struct {
	const char	*bytes;
	size_t		n;
	int		result;
} bad[] = {
	{ "", 0, E_EOF },
	{ "\1\0\0", 3, E_INVAL },
	{ "\1\0\0\1\0\0\0\0", 8, E_INVAL },
	{ "\1\11\0\0\0\0\0\0", 8, E_INVAL },
	{ "\1\1\0\0\377\377\377\377", 8, E_INVAL },
	{ "\1\1\0\0\0\4\0\1", 8, E_INVAL },
	{ "\1\1\0\0\0\0\0\0", 8, E_INVAL },
	{ "\1\1\0\0\0\0\0\6\0\0\0\1", 12, E_INVAL },
	{ "\1\1\0\0\0\0\0\6\0\0\0\1xx", 14, E_INVAL },
	{ "\1\1\0\0\0\0\0\6\0\0\0\2x", 14, E_INVAL },
	{ "\1\1\0\0\0\0\0\6\377\377\377\377x", 14, E_INVAL },
	{ "\1\0\0\0\0\0\0\6\0\0\0\1x", 14, E_INVAL },
	{ "\1\1\0\0\0\0\0\6\0\0\0\1x", 14, E_OK }
};

static void
garbage(void)
{
	struct wall_msg got;
	struct str buf;
	size_t i;

	str_init(&buf, 0);
	for (i = 0; i < NITEMS(bad); i++) {
		fresh();
		T_INT(write(a.fd, bad[i].bytes, bad[i].n), bad[i].n);
		close(a.fd);
		T_INT(wall_recv(&b, &got, &buf, clock_deadline(5)),
		    bad[i].result);
		close(b.fd);
	}
	str_free(&buf);
}

static int said_stop;
static int stop(void);

static int
stop(void)
{
	return said_stop;
}

static void
waiting(void)
{
	struct wall_msg m;
	struct str buf;
	u64 began;

	fresh();
	str_init(&buf, 0);
	began = clock_msec();
	T_INT(wall_recv(&b, &m, &buf, began + 50), E_TIMEOUT);
	T_OK(clock_msec() - began >= 50);
	said_stop = TRUE;
	b.stop = stop;
	T_INT(wall_recv(&b, &m, &buf, 0), E_EOF);
	close(b.fd);
	wall_begin(&m, 1);
	T_INT(wall_send(&a, &m, 0), E_EOF);
	close(a.fd);
	str_free(&buf);
}

int
main(void)
{
	messages();
	large();
	descriptors();
	too_many();
	garbage();
	waiting();
	return t_done();
}
