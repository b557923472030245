/* The monitor: TLS on a connection that began without (daemons.md 3.3).
   SPDX-License-Identifier: ISC */

#include "base/base.h"

#include <sys/socket.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>

#include "base/clock.h"
#include "base/file.h"
#include "base/proc.h"
#include "base/sig.h"
#include "base/str.h"
#include "conf/conf.h"
#include "login/login.h"

#define MORE_SECS	5	/* than couriertls, which then says why */
#define WHY_MAX		126	/* bytes of what the client is told */
#define TEXT_MAX	65536UL	/* bytes of what is told of a session */

/* What couriertls gets, as the descriptors after 2; we have the other ends. */
enum { STATUS, X509, PLAIN, N_ENDS };

struct ends {
	int	ours[N_ENDS], theirs[N_ENDS];
};

static int open_ends(struct ends *);
static void close_ends(int *);
static void become_couriertls(const struct login *, struct ends *) NORETURN;
static int start(const struct login *, struct ends *);
static int take(int *, struct str *);
static int read_both(struct ends *, u32, struct str *, struct str *);

static int
open_ends(struct ends *e)
{
	int i, fd[2];

	for (i = 0; i < N_ENDS; i++)
		e->ours[i] = e->theirs[i] = -1;
	for (i = 0; i < N_ENDS; i++) {
		if ((i == PLAIN ? socketpair(AF_UNIX, SOCK_STREAM, 0, fd) :
		    pipe(fd)) < 0)
			return E_TEMP;
		e->ours[i] = fd[0];
		e->theirs[i] = fd[1];
		if (file_cloexec(fd[0], TRUE) != E_OK ||
		    file_cloexec(fd[1], TRUE) != E_OK)
			return E_TEMP;
	}
	return E_OK;
}

static void
close_ends(int *fd)
{
	int i;

	for (i = 0; i < N_ENDS; i++) {
		if (fd[i] >= 0)
			close(fd[i]);
		fd[i] = -1;
	}
}

/* The client is descriptor 0, as under couriertcpd. */
static void
become_couriertls(const struct login *l, struct ends *e)
{
	struct str s;
	int i, fd;

	for (i = 0; i < N_ENDS; i++) {
		fd = fcntl(e->theirs[i], F_DUPFD, 3 + N_ENDS);
		if (fd < 0 || dup2(fd, 3 + i) < 0)
			_exit(1);
	}
	proc_close_from(3 + N_ENDS);
	sig_default(SIGTERM);
	sig_default(SIGINT);
	sig_default(SIGHUP);
	sig_default(SIGPIPE);
	execl(l->conf->couriertls, "couriertls", "-statusfd=3",
	    "-printx509=4", "-localfd=5", "-tcpd", "-server", (char *)0);
	str_init(&s, 0);
	str_catf(&s, "500 Unable to start couriertls: %s\n",
	    strerror(errno));
	(void)file_write_all(3, str_c(&s), s.len);
	_exit(1);
}

/* It is nobody's child, so that the mailbox server, which this process may
   become, has none that it does not know of. */
static int
start(const struct login *l, struct ends *e)
{
	pid_t pid;
	int status;

	pid = fork();
	if (pid < 0)
		return E_TEMP;
	if (pid == 0) {
		pid = fork();
		if (pid == 0)
			become_couriertls(l, e);
		_exit(pid < 0);
	}
	return proc_wait(pid, &status) == E_OK && status == 0 ? E_OK : E_TEMP;
}

/* Some bytes; at the end the descriptor becomes -1. */
static int
take(int *fd, struct str *out)
{
	char buf[1024];
	ssize_t n;

	n = read(*fd, buf, sizeof(buf));
	if (n < 0)
		return errno == EINTR || errno == EAGAIN ? E_OK : E_TEMP;
	if (n == 0) {
		close(*fd);
		*fd = -1;
		return E_OK;
	}
	return str_cat(out, buf, (size_t)n);
}

/* Until couriertls has closed both, or for so many seconds. */
static int
read_both(struct ends *e, u32 seconds, struct str *status, struct str *text)
{
	struct pollfd p[3];
	u64 end;
	int n, r;

	end = clock_deadline(seconds);
	for (r = E_OK; r == E_OK &&
	    (e->ours[STATUS] >= 0 || e->ours[X509] >= 0);) {
		p[0].fd = e->ours[STATUS];
		p[1].fd = e->ours[X509];
		p[2].fd = sig_fd();
		p[0].events = p[1].events = p[2].events = POLLIN;
		n = poll(p, 3, clock_left(end));
		if (sig_stop_pending())
			return E_EOF;
		if (n == 0)
			return E_TIMEOUT;
		if (n < 0 && errno != EINTR)
			return E_TEMP;
		if (n > 0 && p[0].revents != 0)
			r = take(&e->ours[STATUS], status);
		if (n > 0 && p[1].revents != 0 && r == E_OK)
			r = take(&e->ours[X509], text);
		if (n > 0 && p[2].revents != 0)
			sig_drain();
	}
	return r;
}

/* The reason's first line, or one of ours. */
static void say_why(const struct str *, const char *, struct str *);

static void
say_why(const struct str *status, const char *other, struct str *why)
{
	size_t n;

	n = strcspn(str_c(status), "\r\n");
	if (n > WHY_MAX)
		n = WHY_MAX;
	if (n > 0)
		str_cat(why, str_c(status), n);
	else
		str_cats(why, other);
}

int
login_tls_start(struct login *l, struct str *text, struct str *why)
{
	struct ends e;
	struct str status;
	int r;

	str_init(&status, TEXT_MAX);
	r = open_ends(&e);
	if (r == E_OK)
		r = start(l, &e);
	close_ends(e.theirs);
	if (r != E_OK)
		say_why(&status, "500 Unable to start couriertls - "
		    "insufficient resources.", why);
	else
		r = read_both(&e, (u32)l->conf->tls_handshake + MORE_SECS,
		    &status, text);
	/* Courier's dies without a word now and then: that is no success. */
	if (r == E_OK && (status.len > 0 || text->len == 0))
		r = E_PERM;
	if (r == E_OK && (dup2(e.ours[PLAIN], 0) < 0 ||
	    dup2(e.ours[PLAIN], 1) < 0))
		r = E_TEMP;
	/* It may be at work still, and wait for the client. */
	if (r != E_OK)
		shutdown(0, SHUT_RD);
	if (r != E_OK && why->len == 0)
		say_why(&status, "Failed to initialize TLS/SSL", why);
	close_ends(e.ours);
	str_free(&status);
	return r;
}
