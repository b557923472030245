/* The program whose standard error is logged.  SPDX-License-Identifier: ISC */

#include "base/base.h"

#include <sys/wait.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>

#include "base/clock.h"
#include "base/file.h"
#include "base/mem.h"
#include "base/proc.h"
#include "base/sig.h"
#include "tcpd/logger.h"
#include "tcpd/pidfile.h"

#define READ_SIZE	8192
#define RESPAWN_MS	5000	/* between an end and the next start */
#define KILL_MS		8000	/* from TERM to KILL */

struct run {
	const struct logger_child *child;
	struct logger	*logger;
	pid_t		pid;		/* 0: it has ended */
	int		out;		/* reading end of its standard error */
	int		stopping;
	int		restarting;
	u64		kill_at, start_at;
};

static int drop(const struct logger_child *);
static void quiet(void);
static int start(struct run *);
static void signals(struct run *);
static void reap(struct run *);
static int collect(struct run *, int);
static int earliest(const struct run *);

static int
drop(const struct logger_child *c)
{
	const char *name = NULL;
	uid_t uid = geteuid();
	gid_t gid = getegid();

	if (c->user != NULL) {
		if (proc_find_user(c->user, &uid, &gid) != E_OK) {
			fprintf(stderr, "User not found: %s\n", c->user);
			return E_NOENT;
		}
		name = c->group == NULL ? c->user : NULL;
	}
	if (c->group != NULL && proc_find_group(c->group, &gid) != E_OK) {
		fprintf(stderr, "Group not found: %s\n", c->group);
		return E_NOENT;
	}
	if (c->user == NULL && c->group == NULL)
		return E_OK;
	return proc_become(name, uid, gid);
}

/* A daemon keeps nothing of its caller's open. */
static void
quiet(void)
{
	int fd, i;

	fd = open("/dev/null", O_RDWR);
	for (i = 0; fd >= 0 && i <= 2; i++)
		dup2(fd, i);
	if (fd > 2)
		close(fd);
}

static int
start(struct run *r)
{
	int p[2];

	if (pipe(p) < 0) {
		perror("pipe");
		return E_TEMP;
	}
	r->pid = fork();
	if (r->pid < 0) {
		perror("fork");
		return E_TEMP;
	}
	if (r->pid == 0) {
		int null = open("/dev/null", O_RDWR);

		sig_default(SIGTERM);
		sig_default(SIGHUP);
		sig_default(SIGCHLD);
		dup2(p[1], 2);
		if (null >= 0) {
			dup2(null, 0);
			dup2(null, 1);
		}
		proc_close_from(3);
		if (r->child->droproot && drop(r->child) != E_OK)
			_exit(1);
		execvp(r->child->argv[0], r->child->argv);
		perror(r->child->argv[0]);
		_exit(1);
	}
	close(p[1]);
	file_cloexec(p[0], TRUE);
	r->out = p[0];
	r->start_at = r->kill_at = 0;
	return E_OK;
}

static void
reap(struct run *r)
{
	int status;

	if (r->pid == 0 || waitpid(r->pid, &status, WNOHANG) != r->pid)
		return;
	r->pid = 0;
	if (r->stopping)
		return;
	if (r->restarting)
		r->start_at = clock_msec();
	else if (r->child->respawn)
		r->start_at = clock_msec() + RESPAWN_MS;
	r->restarting = FALSE;
}

static void
signals(struct run *r)
{
	sig_drain();
	if (sig_caught(SIGCHLD))
		reap(r);
	if (sig_caught(SIGTERM)) {
		r->stopping = TRUE;
		r->start_at = 0;
		r->kill_at = clock_msec() + KILL_MS;
		if (r->pid > 0)
			kill(r->pid, SIGTERM);
	}
	if (sig_caught(SIGHUP) && r->pid > 0) {
		r->restarting = TRUE;
		kill(r->pid, SIGHUP);
	}
}

/* Milliseconds until something is due, -1: nothing is. */
static int
earliest(const struct run *r)
{
	u64 t;

	t = r->start_at;
	if (r->kill_at != 0 && r->pid > 0 && (t == 0 || r->kill_at < t))
		t = r->kill_at;
	return clock_left(t);
}

/* FALSE at the end of the pipe. */
static int
collect(struct run *r, int fd)
{
	char buf[READ_SIZE];
	ssize_t n;

	n = read(fd, buf, sizeof(buf));
	if (n < 0)
		return errno == EINTR || errno == EAGAIN;
	logger_feed(r->logger, buf, (size_t)n);
	if (n == 0)
		logger_end(r->logger);
	return n > 0;
}

int
logger_run(const struct logger_child *child)
{
	struct pollfd p[2];
	struct run r;

	memset(&r, 0, sizeof(r));
	r.child = child;
	r.out = -1;
	if (child->pidfile != NULL) {
		proc_close_from(3);
		if (pidfile_start(child->pidfile) != E_OK)
			return 1;
	}
	sig_catch(SIGCHLD);
	sig_catch(SIGTERM);
	sig_catch(SIGHUP);
	sig_ignore(SIGPIPE);
	if (start(&r) != E_OK)
		return 1;
	if (child->pidfile != NULL &&
	    pidfile_ready(child->pidfile) != E_OK) {
		kill(r.pid, SIGTERM);
		return 1;
	}
	if (drop(child) != E_OK) {
		kill(r.pid, SIGTERM);
		return 1;
	}
	if (chdir("/") < 0)
		return 1;
	if (child->pidfile != NULL)
		quiet();
	r.logger = logger_new();
	for (;;) {
		signals(&r);
		if (r.kill_at != 0 && r.pid > 0 && clock_left(r.kill_at) == 0) {
			kill(r.pid, SIGKILL);
			r.kill_at = 0;
		}
		if (r.start_at != 0 && clock_left(r.start_at) == 0 &&
		    r.out < 0)
			start(&r);
		if (r.out < 0 && r.start_at == 0 && r.pid == 0)
			break;
		p[0].fd = sig_fd();
		p[0].events = POLLIN;
		p[1].fd = r.out;
		p[1].events = POLLIN;
		p[0].revents = p[1].revents = 0;
		poll(p, r.out < 0 ? 1 : 2, earliest(&r));
		if (r.out >= 0 && p[1].revents != 0 && !collect(&r, r.out)) {
			close(r.out);
			r.out = -1;
			reap(&r);
		}
	}
	logger_free(&r.logger);
	return 0;
}

int
logger_stdin(void)
{
	struct run r;

	memset(&r, 0, sizeof(r));
	r.logger = logger_new();
	while (collect(&r, 0))
		;
	logger_free(&r.logger);
	return 0;
}
