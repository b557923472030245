/* A program that was started ahead of need.  SPDX-License-Identifier: ISC */

#include "base/base.h"

#include <sys/socket.h>
#include <sys/wait.h>
#include <fcntl.h>
#include <grp.h>
#include <poll.h>
#include <signal.h>

#include "base/file.h"
#include "base/log.h"
#include "base/mem.h"
#include "base/num.h"
#include "base/proc.h"
#include "base/sig.h"
#include "conf/env.h"
#include "conf/prestart_int.h"

#define ROOM	((size_t)100 * 1024)	/* bytes: twice as much is free for each
					   child, or what the C library keeps */

struct child {
	pid_t	pid;		/* 0: free */
	u32	place, serial;
};

static struct {
	int		in, report;
	const struct prestart_hooks *hooks;
	struct prestart	*next;		/* NULL: none */
	struct child	*child;
	size_t		n;		/* room for so many */
	int		retired;
	u32		place, serial;	/* of the connection: in its process */
	char		**args, **env;	/* the same: kept until the end, */
	struct str	buf;		/* where their strings are */
} at;

static void make_room(void);
static int begin(int, char **, const struct prestart_hooks *);
static void retire(void);
static int crashed(int);
static void reap(void);
static struct child *room(void);
static void enter(struct prestart_msg *, int *, char ***);
static int direct(const struct prestart_msg *);
static void say(const struct prestart_msg *);
static int become(const struct prestart_msg *);
static int serve(struct prestart_msg *, int *, char ***);
static int take(int *, char ***);
static size_t children(void);
static int work(int *, char ***);

/* So that no child asks the system for memory, and gives it back. */
static void
make_room(void)
{
	void *a = mem_grow(NULL, ROOM, 1), *b = mem_grow(NULL, ROOM, 1);

	mem_free(a);
	mem_free(b);
}

/* Were we started to wait? */
static int
begin(int argc, char **argv, const struct prestart_hooks *hooks)
{
	static const int penalty[] = { PROC_FD_REPORTS, PROC_FD_DELAYS };
	const char *s = env_get(PRESTART_VAR);
	char **next;
	u32 in, out;
	size_t n;

	if (s == NULL)
		return FALSE;
	n = num_scan_u32(s, strlen(s), &in);
	if (n == 0 || s[n] != ',' || num_parse_u32(s + n + 1, &out) != E_OK)
		return FALSE;
	env_set(PRESTART_VAR, NULL);
	env_set("LD_BIND_NOW", NULL);
	at.in = (int)in;
	at.report = (int)out;
	at.hooks = hooks;
	if (file_cloexec(at.in, TRUE) != E_OK ||
	    file_cloexec(at.report, TRUE) != E_OK)
		return FALSE;
	next = hooks->next != NULL ? hooks->next(argc, argv) : NULL;
	if (next != NULL && strchr(next[0], '/') != NULL)
		at.next = prestart_new(next, at.report, hooks->penalty &&
		    fcntl(PROC_FD_REPORTS, F_GETFD) >= 0 ? penalty : NULL);
	sig_catch(SIGCHLD);
	sig_stop_catch();
	sig_ignore(SIGPIPE);
	if (hooks->prepare != NULL)
		hooks->prepare();
	if (at.next != NULL)
		prestart_check(at.next);
	str_init(&at.buf, PRESTART_MAX + 1);
	(void)str_ready(&at.buf, PRESTART_MAX);
	make_room();
	return TRUE;
}

/* No more connections; those that are on their way are served. */
static void
retire(void)
{
	if (at.retired)
		return;
	at.retired = TRUE;
	(void)shutdown(at.in, SHUT_RDWR);
}

/* Memory went wrong. The layout of it is not to be tried once more. */
static int
crashed(int status)
{
	static const int signals[] = { SIGSEGV, SIGBUS, SIGILL, SIGFPE,
	    SIGABRT, SIGSYS, SIGTRAP };
	size_t i;

	if (WIFEXITED(status))
		return WEXITSTATUS(status) == PRESTART_EXIT;
	for (i = 0; i < NITEMS(signals); i++)
		if (WTERMSIG(status) == signals[i])
			return TRUE;
	return FALSE;
}

static void
reap(void)
{
	pid_t pid;
	size_t i;
	int status;

	while ((pid = waitpid(-1, &status, WNOHANG)) > 0) {
		for (i = 0; i < at.n && at.child[i].pid != pid; i++)
			;
		if (crashed(status))
			retire();
		if (i < at.n) {
			at.child[i].pid = 0;
			prestart_report(at.report, at.child[i].place,
			    at.child[i].serial, PRESTART_END, getpid());
		} else if (at.next != NULL && (WIFSIGNALED(status) ||
		    pid == prestart_pid(at.next))) {
			prestart_report(at.report, 0, 0, PRESTART_LOST, pid);
			prestart_died(at.next, pid);
		}
	}
}

static struct child *
room(void)
{
	size_t i;

	for (i = 0; i < at.n && at.child[i].pid != 0; i++)
		;
	if (i == at.n) {
		at.child = mem_grow(at.child, at.n * 2 + 16,
		    sizeof(*at.child));
		memset(at.child + at.n, 0, (at.n + 16) * sizeof(*at.child));
		at.n = at.n * 2 + 16;
	}
	return at.child + i;
}

pid_t
prestart_fork(void)
{
	pid_t pid;

	pid = fork();
	if (pid != 0)
		return pid;
	sig_forked();
	sig_reset();
	close(at.in);
	at.in = -1;
	return 0;
}

/* For the client, if there can be no session. */
static void
say(const struct prestart_msg *m)
{
	int fd = m->fd >= 0 ? m->fd : 1;

	if (at.hooks->trouble != NULL)
		(void)file_write_all(fd, at.hooks->trouble,
		    strlen(at.hooks->trouble));
}

static int
become(const struct prestart_msg *m)
{
	if (geteuid() == 0 && setgroups((size_t)m->ngroups, m->group) < 0)
		return E_PERM;
	if (proc_set_ids(m->uid, m->gid) != E_OK)
		return E_PERM;
	return chdir(m->home) < 0 ? E_TEMP : E_OK;
}

/* In the new process: as execve leaves it. */
static void
enter(struct prestart_msg *m, int *argc, char ***argv)
{
	if (at.next == NULL)
		close(at.report);	/* nothing for a user's process */
	at.args = m->argv;
	at.env = m->env;
	(void)env_replace(at.env);
	*argc = m->argc;
	*argv = at.args;
	if (dup2(m->fd, 0) < 0 || dup2(m->fd, 1) < 0)
		_exit(1);
	close(m->fd);
	m->fd = -1;
	if (m->become && become(m) != E_OK) {
		log_init(NULL, TRUE);
		log_err("cannot become uid %ld gid %ld in %s: %s",
		    (long)m->uid, (long)m->gid, m->home, strerror(errno));
		say(m);
		_exit(1);
	}
}

/* With its environment in force. */
static int
direct(const struct prestart_msg *m)
{
	char **saved;
	int r;

	if (at.hooks->direct == NULL)
		return E_TEMP;
	saved = env_replace(m->env);
	r = at.hooks->direct(m->fd);
	(void)env_replace(saved);
	if (r == E_OK)
		prestart_report(at.report, m->place, m->serial, PRESTART_END,
		    getpid());
	return r;
}

/* TRUE in the process of a connection. */
static int
serve(struct prestart_msg *m, int *argc, char ***argv)
{
	struct child *c;
	pid_t pid;

	at.place = m->place;
	at.serial = m->serial;
	if (direct(m) == E_OK)
		return FALSE;
	c = room();
	pid = prestart_fork();
	if (pid == 0) {
		enter(m, argc, argv);
		return TRUE;
	}
	if (pid < 0) {
		say(m);
		prestart_report(at.report, m->place, m->serial, PRESTART_END,
		    getpid());
		return FALSE;
	}
	c->pid = pid;
	c->place = m->place;
	c->serial = m->serial;
	return FALSE;
}

/* Takes a connection, if there is one. TRUE in its process. */
static int
take(int *argc, char ***argv)
{
	struct prestart_msg m;
	int r;

	if (at.next != NULL)
		prestart_check(at.next);
	if (at.hooks->prepare != NULL)
		at.hooks->prepare();
	r = prestart_msg_recv(at.in, &at.buf, &m);
	if (r == E_EOF) {
		close(at.in);
		at.in = -1;
	}
	/* (what lost its descriptor on the way has a place all the same) */
	if (r == E_INVAL && m.serial != 0)
		prestart_report(at.report, m.place, m.serial, PRESTART_END,
		    getpid());
	if (r != E_OK)
		return FALSE;
	if (serve(&m, argc, argv))
		return TRUE;
	close(m.fd);
	prestart_msg_free(&m);
	return FALSE;
}

static size_t
children(void)
{
	size_t i, n;

	for (i = n = 0; i < at.n; i++)
		n += at.child[i].pid != 0;
	return n;
}

/* Waits once. TRUE in the process of a connection. */
static int
work(int *argc, char ***argv)
{
	struct pollfd p[3];

	p[0].fd = at.in;
	p[0].events = POLLIN;
	p[0].revents = 0;
	p[1].fd = sig_fd();
	p[1].events = POLLIN;
	p[2].fd = -1;
	p[2].events = p[2].revents = 0;
	if (at.next != NULL)
		prestart_poll(at.next, p + 2);
	if (poll(p, 3, -1) < 0)
		p[0].revents = p[2].revents = 0;
	sig_drain();
	if (sig_caught(SIGCHLD))
		reap();
	if (at.next != NULL)
		prestart_work(at.next, p + 2);
	if (sig_stop_caught())
		retire();
	return p[0].revents != 0 && take(argc, argv);
}

void
prestart_serve(int *argc, char ***argv, const struct prestart_hooks *hooks)
{
	char kind;

	if (!begin(*argc, *argv, hooks))
		return;
	kind = (char)hooks->kind;
	if (send(at.in, &kind, 1, 0) != 1)
		_exit(1);
	do {
		if (work(argc, argv))
			return;
	} while (at.in >= 0 || children() > 0);
	_exit(0);
}

int
prestart_crashed(void)
{
	return at.hooks != NULL ? PRESTART_EXIT : 1;
}

int
prestart_possible(void)
{
	return at.next != NULL ? prestart_kind(at.next) : 0;
}

int
prestart_become(struct prestart_conn *c)
{
	pid_t pid;
	int r;

	if (prestart_possible() == 0)
		return E_TEMP;
	pid = prestart_pid(at.next);
	c->place = at.place;
	c->serial = at.serial;
	prestart_report(at.report, c->place, c->serial, PRESTART_HOLD, pid);
	r = prestart_send(at.next, c);
	if (r != E_OK)
		prestart_report(at.report, c->place, c->serial, PRESTART_END,
		    pid);
	return r;
}
