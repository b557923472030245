/* Who starts a program ahead of need.  SPDX-License-Identifier: ISC */

#include "base/base.h"

#include <sys/socket.h>
#include <sys/stat.h>
#include <fcntl.h>
#include <poll.h>

#include "base/clock.h"
#include "base/file.h"
#include "base/mem.h"
#include "base/proc.h"
#include "base/sig.h"
#include "conf/env.h"
#include "conf/prestart_int.h"

#define AGAIN_SECS	5	/* between two starts of a program */
#define FIRST_FD	PROC_FD_REPORTS
#define N_FDS		4	/* the two of penalties; in, report */
#define BUFFER		(4 * (int)PRESTART_MAX)	/* of the socket */

struct prestart {
	char		**argv;
	const int	*penalty;	/* two descriptors, or NULL */
	int		report;
	int		fd;		/* -1: not running, or not to be used */
	pid_t		pid;		/* of the process behind fd */
	int		ready;		/* it has said so: PRESTART_* */
	int		unable;		/* a program that takes no part */
	u64		again;		/* no start before, 0: any time */
	struct stat	file;		/* as it was at the start */
};

static int same_file(const struct prestart *);
static void forget(struct prestart *);
static int place(const int *);
static void run(const struct prestart *, int) NORETURN;
static void start(struct prestart *);

struct prestart *
prestart_new(char **argv, int report, const int *penalty)
{
	struct prestart *p;

	p = mem_new(sizeof(*p));
	p->argv = argv;
	p->penalty = penalty;
	p->report = report;
	p->fd = -1;
	return p;
}

void
prestart_free(struct prestart **pp)
{
	if (*pp != NULL)
		forget(*pp);
	*pp = mem_free(*pp);
}

static int
same_file(const struct prestart *p)
{
	struct stat st;

	return stat(p->argv[0], &st) == 0 && file_is_same(&st, &p->file);
}

/* The process ends by itself when nobody can send to it any more. */
static void
forget(struct prestart *p)
{
	if (p->fd >= 0)
		close(p->fd);
	p->fd = -1;
	p->ready = 0;
}

/* Puts descriptors in their places. */
static int
place(const int *from)
{
	int fd[N_FDS], i;

	for (i = 0; i < N_FDS; i++)
		if ((fd[i] = from[i]) >= 0 && (fd[i] = fcntl(from[i],
		    F_DUPFD, FIRST_FD + N_FDS)) < 0)
			return E_TEMP;
	for (i = 0; i < N_FDS; i++) {
		close(FIRST_FD + i);
		if (fd[i] >= 0 && dup2(fd[i], FIRST_FD + i) < 0)
			return E_TEMP;
	}
	proc_close_from(FIRST_FD + N_FDS);
	return E_OK;
}

/* The program's process: nothing is open in it but what it needs. */
static void
run(const struct prestart *p, int in)
{
	struct str var;
	int fd[N_FDS], null;

	fd[0] = p->penalty != NULL ? p->penalty[0] : -1;
	fd[1] = p->penalty != NULL ? p->penalty[1] : -1;
	fd[2] = in;
	fd[3] = p->report;
	null = open("/dev/null", O_RDWR);
	if (null < 0 || dup2(null, 0) < 0 || dup2(null, 1) < 0 ||
	    place(fd) != E_OK)
		_exit(1);
	str_init(&var, 0);
	str_catf(&var, "%d,%d", FIRST_FD + 2, FIRST_FD + 3);
	env_set(PRESTART_VAR, str_c(&var));
	/* What a function of a library is, is found out once. */
	env_set("LD_BIND_NOW", "1");
	sig_reset();
	execv(p->argv[0], p->argv);
	_exit(1);
}

static void
start(struct prestart *p)
{
	int ends[2], size = BUFFER;

	p->again = clock_deadline(AGAIN_SECS);
	p->unable = FALSE;
	if (stat(p->argv[0], &p->file) < 0)
		return;
#ifdef SOCK_SEQPACKET
	if (socketpair(AF_UNIX, SOCK_SEQPACKET, 0, ends) < 0)
#endif
	{
		p->unable = TRUE;
		return;
	}
	file_cloexec(ends[0], TRUE);
	file_cloexec(ends[1], TRUE);
	file_nonblock(ends[0], TRUE);
	(void)setsockopt(ends[0], SOL_SOCKET, SO_SNDBUF, &size, sizeof(size));
	p->pid = fork();
	if (p->pid == 0)
		run(p, ends[1]);
	close(ends[1]);
	p->fd = ends[0];
	if (p->pid < 0)
		forget(p);
}

void
prestart_check(struct prestart *p)
{
	if (p->fd >= 0 || p->unable) {
		if (same_file(p))
			return;
		forget(p);
		p->again = 0;
	}
	if (p->again == 0 || clock_left(p->again) == 0)
		start(p);
}

void
prestart_poll(const struct prestart *p, struct pollfd *out)
{
	out->fd = p->fd;
	out->events = POLLIN;
	out->revents = 0;
}

/* It says one byte when it is ready. At its end it says nothing. */
void
prestart_work(struct prestart *p, const struct pollfd *pfd)
{
	char byte;

	if (p->fd < 0 || pfd->fd != p->fd || pfd->revents == 0)
		return;
	if (!p->ready && recv(p->fd, &byte, 1, 0) == 1 && byte > 0) {
		p->ready = byte;
		return;
	}
	p->unable = !p->ready;
	forget(p);
}

void
prestart_died(struct prestart *p, pid_t pid)
{
	if (pid != p->pid)
		return;
	p->unable = p->fd >= 0 && !p->ready;
	p->pid = 0;
	forget(p);
}

pid_t
prestart_pid(const struct prestart *p)
{
	return p->ready ? p->pid : 0;
}

int
prestart_kind(const struct prestart *p)
{
	return p->ready;
}

int
prestart_send(struct prestart *p, const struct prestart_conn *c)
{
	int r;

	if (!p->ready)
		return E_TEMP;
	r = prestart_msg_send(p->fd, c);
	if (r == E_TEMP && errno != EAGAIN && errno != EWOULDBLOCK &&
	    errno != ENOBUFS)
		forget(p);
	return r;
}
