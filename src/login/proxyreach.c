/* Finds and calls back ends, for the talker.  SPDX-License-Identifier: ISC

   Runs as nobody, but sees the system's files: the resolver and couriertls
   need them. Of what a back end sends it reads nothing. */

#include "base/base.h"

#include <sys/socket.h>
#include <fcntl.h>
#include <netdb.h>
#include <poll.h>

#include "base/clock.h"
#include "base/io.h"
#include "base/log.h"
#include "base/proc.h"
#include "base/str.h"
#include "base/wall.h"
#include "conf/conf.h"
#include "conf/env.h"
#include "login/proxy.h"
#include "login/proxy_int.h"

#define TEXT_MAX	128	/* bytes of what couriertls says */
#define SPARE_FD	20	/* descriptors of couriertls are moved away first */

struct reach {
	const struct proxy *p;
	struct wall	wall;
	struct addrinfo	*list, *at;	/* of the host; the present one */
	struct str	host, name;	/* as written; without its port */
	int		fd;		/* the connection, -1: none */
};

static void drop(struct reach *);
static int find(struct reach *, const struct wall_msg *);
static int call(const struct addrinfo *, u64);
static int connect_on(struct reach *);
static void exec_tls(struct reach *, int, int, int) NORETURN;
static int start_tls(struct reach *, int, int, int);
static int read_all(int, u64, struct str *);
static int go_tls(struct reach *);
static int serve(struct reach *, const struct wall_msg *);

static void
drop(struct reach *c)
{
	if (c->fd >= 0)
		close(c->fd);
	c->fd = -1;
}

/* The host's addresses. Fields: host, service, number of its port. */
static int
find(struct reach *c, const struct wall_msg *m)
{
	struct addrinfo hints;
	const char *port;
	int r;

	str_reset(&c->host);
	str_reset(&c->name);
	str_cats(&c->host, m->field[0]);
	proxy_host_split(m->field[0], &c->name, &port);
	if (c->list != NULL)
		freeaddrinfo(c->list);
	c->list = c->at = NULL;
	memset(&hints, 0, sizeof(hints));
	hints.ai_socktype = SOCK_STREAM;
	r = getaddrinfo(str_c(&c->name), port != NULL ? port : m->field[1],
	    &hints, &c->list);
	if (r == EAI_SERVICE && port == NULL)
		r = getaddrinfo(str_c(&c->name), m->field[2], &hints,
		    &c->list);
	if (r != 0) {
		c->list = NULL;
		log_warn("getaddrinfo on proxyhost %s failed: %s",
		    str_c(&c->host), gai_strerror(r));
	}
	c->at = c->list;
	return r == 0 ? E_OK : E_NOENT;
}

/* A descriptor that blocks and is closed on exec, or -1 and errno. */
static int
call(const struct addrinfo *a, u64 deadline)
{
	struct pollfd p;
	socklen_t len;
	int fd, err;

	fd = socket(a->ai_family, a->ai_socktype, a->ai_protocol);
	if (fd < 0)
		return -1;
	(void)fcntl(fd, F_SETFD, FD_CLOEXEC);
	(void)fcntl(fd, F_SETFL, O_NONBLOCK);
	err = 0;
	len = sizeof(err);
	p.fd = fd;
	p.events = POLLOUT;
	if (connect(fd, a->ai_addr, a->ai_addrlen) < 0) {
		err = errno;
		if (err == EINPROGRESS) {
			err = ETIMEDOUT;
			if (poll(&p, 1, clock_left(deadline)) > 0 &&
			    getsockopt(fd, SOL_SOCKET, SO_ERROR, &err,
			    &len) < 0)
				err = errno;
		}
	}
	if (err != 0) {
		close(fd);
		errno = err;
		return -1;
	}
	(void)fcntl(fd, F_SETFL, 0);
	return fd;
}

/* The next address that answers, from the present one on. */
static int
connect_on(struct reach *c)
{
	char text[NI_MAXHOST];

	for (; c->at != NULL; c->at = c->at->ai_next) {
		c->fd = call(c->at, proxy_deadline(c->p));
		if (c->fd >= 0) {
			proxy_trace(c->p, "Proxy connected to %s",
			    str_c(&c->host));
			return E_OK;
		}
		if (getnameinfo(c->at->ai_addr, c->at->ai_addrlen, text,
		    sizeof(text), NULL, 0, NI_NUMERICHOST) != 0)
			text[0] = '\0';
		log_warn("Proxy connection to %s failed: %s", text,
		    strerror(errno));
	}
	return E_NOENT;
}

/* Descriptors 3 to 6: status, certificate, clear text, back end. The
   variables name the server's own certificate, which is not for clients. */
static void
exec_tls(struct reach *c, int status, int cert, int clear)
{
	static const char *const unset[] = { "TLS_CERTFILE",
	    "TLS_PRIVATE_KEYFILE", "TLS_CACHEFILE", "TLS_ALPN" };
	const char *prog = c->p->conf->couriertls;
	struct str verify;
	int fd[4];
	size_t i;

	fd[0] = status;
	fd[1] = cert;
	fd[2] = clear;
	fd[3] = c->fd;
	for (i = 0; i < NITEMS(fd); i++)
		fd[i] = fcntl(fd[i], F_DUPFD, SPARE_FD);
	for (i = 0; i < NITEMS(fd); i++)
		if (fd[i] < 0 || dup2(fd[i], (int)i + 3) < 0)
			_exit(1);
	proc_close_from(7);
	for (i = 0; i < NITEMS(unset); i++)
		env_set(unset[i], NULL);
	env_set("TLS_VERIFYPEER", c->p->conf->proxy_verify ? "REQUIREPEER" :
	    "NONE");
	str_init(&verify, 0);
	str_catf(&verify, "-verify=%s", str_c(&c->name));
	execl(prog, prog, "-statusfd=3", "-printx509=4", "-localfd=5",
	    "-remotefd=6", c->p->conf->proxy_verify ? str_c(&verify) :
	    (char *)0, (char *)0);
	_exit(1);
}

/* The TLS program is nobody's child, as it outlives us. */
static int
start_tls(struct reach *c, int status, int cert, int clear)
{
	pid_t pid;
	int ended;

	pid = fork();
	if (pid == 0) {
		if (fork() == 0)
			exec_tls(c, status, cert, clear);
		_exit(0);
	}
	return pid > 0 && proc_wait(pid, &ended) == E_OK ? E_OK : E_TEMP;
}

/* All that comes, as far as there is room for it. */
static int
read_all(int fd, u64 deadline, struct str *out)
{
	char buf[256];
	struct io *io;
	long n;

	io = io_fd_new(fd, -1);
	io_set_deadline(io, deadline);
	while ((n = io_read(io, buf, sizeof(buf))) > 0)
		(void)str_cat(out, buf, (size_t)n);
	io_free(&io);
	return n == E_EOF ? E_OK : (int)n;
}

/* Clear text is on the other end of a pair of sockets then. No word of failure
   is not enough (a program that could not start says nothing): the connection
   must have been described. */
static int
go_tls(struct reach *c)
{
	int clear[2], status[2], cert[2], r;
	struct str text, seen;

	if (wall_pair(clear) != E_OK || pipe(status) < 0 || pipe(cert) < 0)
		_exit(1);
	r = start_tls(c, status[1], cert[1], clear[1]);
	close(status[1]);
	close(cert[1]);
	close(clear[1]);
	str_init(&text, TEXT_MAX);
	str_init(&seen, 0);
	if (r == E_OK)
		r = read_all(status[0], proxy_deadline(c->p), &text);
	if (r == E_OK)
		r = read_all(cert[0], proxy_deadline(c->p), &seen);
	if (r == E_OK && (text.len > 0 || seen.len == 0))
		r = E_PERM;
	str_trunc(&text, strcspn(str_c(&text), "\r\n"));
	if (r != E_OK)
		log_warn("TLS with %s failed%s%s", str_c(&c->host),
		    text.len > 0 ? ": " : "", str_c(&text));
	str_free(&text);
	str_free(&seen);
	close(status[0]);
	close(cert[0]);
	close(c->fd);
	c->fd = clear[0];
	return r;
}

static int
serve(struct reach *c, const struct wall_msg *m)
{
	switch (m->type) {
	case PROXY_HOST:
		drop(c);
		if (!wall_strings(m, 3) || find(c, m) != E_OK)
			return E_NOENT;
		return connect_on(c);
	case PROXY_NEXT:
		drop(c);
		if (c->at != NULL)
			c->at = c->at->ai_next;
		return connect_on(c);
	case PROXY_AGAIN:
		drop(c);
		return connect_on(c);
	case PROXY_TLS:
		return c->fd < 0 ? E_NOENT : go_tls(c);
	}
	return E_INVAL;
}

void
proxy_reach(const struct proxy *p, int fd)
{
	struct reach c;
	struct wall_msg m;
	struct str buf;
	uid_t uid;
	gid_t gid;
	int r;

	if (geteuid() == 0 && (proc_find_user(LOGIN_USER, &uid, &gid) != E_OK ||
	    uid == 0 || proc_become(NULL, uid, gid) != E_OK)) {
		log_err("proxy: cannot become %s", LOGIN_USER);
		_exit(1);
	}
	memset(&c, 0, sizeof(c));
	c.p = p;
	c.wall.fd = fd;
	c.fd = -1;
	str_init(&c.host, 0);
	str_init(&c.name, 0);
	str_init(&buf, WALL_MAX);
	while (wall_recv(&c.wall, &m, &buf, p->deadline) == E_OK) {
		r = serve(&c, &m);
		wall_begin(&m, r == E_OK ? PROXY_OK : PROXY_NO);
		m.fd = r == E_OK ? c.fd : -1;
		if (wall_send(&c.wall, &m, p->deadline) != E_OK)
			break;
	}
	_exit(0);
}
