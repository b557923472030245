/* The first process: files, and the way to the program.
   SPDX-License-Identifier: ISC */

#include "base/base.h"

#include <sys/socket.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>

#include "base/ascii.h"
#include "base/clock.h"
#include "base/file.h"
#include "base/proc.h"
#include "base/sig.h"
#include "conf/conf.h"
#include "conf/env.h"
#include "conf/prestart.h"
#include "tls/certfile.h"
#include "tls/child.h"
#include "tls/say.h"
#include "tls/session.h"
#include "tls/tls.h"

#define SUBJECT		"TLS_SUBJECT_"
#define PROTOCOL	"TLS_CONNECTED_PROTOCOL"
#define EXPORTER	"CHAPAR_TLS_EXPORTER"
#define SPARE_SECONDS	5	/* that the other process has to tell of its
				   end, or to get ready */
#define DIALOGUE_SECONDS 600	/* for the clear words of a protocol */

struct first {
	const struct tls_opts	*opts;
	const struct conf	*conf;
	struct wall		wall;
	u64			deadline;
	int			status, x509;	/* -1 once closed */
	int			program;	/* its 0 and 1, or -1 */
};

static int start(const struct tls_opts *, const struct conf *,
	    const struct child_fds *, int *);
static int answer(struct first *, const char *);
static int may_set(const char *);
static void shut(int *);
static int failed(struct first *, const char *);
static int one(struct first *, const struct wall_msg *);
static int serve(struct first *);
static int become(struct first *);

void
tls_set_socket(int fd)
{
	struct linger l;
	int on = 1;

	l.l_onoff = 0;
	l.l_linger = 0;
	(void)setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof(on));
	if ((setsockopt(fd, SOL_SOCKET, SO_KEEPALIVE, &on, sizeof(on)) < 0 ||
	    setsockopt(fd, SOL_SOCKET, SO_LINGER, &l, sizeof(l)) < 0) &&
	    errno != ENOTSOCK)
		say_info("couriertls: setsockopt: %s", strerror(errno));
}

/* The jailed process is nobody's child: the program must find no stranger
   among its own, unless it will be another process. */
static int
start(const struct tls_opts *o, const struct conf *conf,
    const struct child_fds *fds, int *out_status)
{
	pid_t pid;

	fflush(NULL);
	*out_status = 0;
	pid = fork();
	if (pid > 0 && prestart_possible() != 0)
		return E_OK;
	if (pid == 0) {
		if (prestart_possible() == 0)
			pid = fork();
		if (pid == 0)
			_exit(child_run(o, conf, fds));
		_exit(pid < 0);
	}
	return pid < 0 ? E_TEMP : proc_wait(pid, out_status);
}

/* The certificate for a name; empty fields if there is none. */
static int
answer(struct first *p, const char *name)
{
	const char *base = p->conf->tls_certfile;
	struct wall_msg m;
	struct certfile f;
	struct str group;
	int r;

	str_init(&group, 2 * CERTFILE_MAX);
	r = certfile_read(base != NULL ? base : "", p->conf->tls_keyfile,
	    *name != '\0' ? name : NULL, env_get("TCPLOCALIP"), &f);
	if (r != E_OK)
		str_reset(&f.cert);
	else
		certfile_group(p->conf->tls_dhparams, &f, &group);
	wall_begin(&m, MSG_CERT);
	wall_add(&m, str_c(&f.cert), f.cert.len);
	wall_add(&m, str_c(&f.key), f.key.len);
	wall_add(&m, str_c(&f.ocsp), f.ocsp.len);
	wall_add(&m, str_c(&group), group.len);
	r = wall_send(&p->wall, &m, p->deadline);
	certfile_free(&f);
	str_free(&group);
	return r;
}

/* The jailed process may have been taken over. */
static int
may_set(const char *name)
{
	return ascii_begins(name, SUBJECT) ||
	    strcmp(name, PROTOCOL) == 0 ||
	    strcmp(name, EXPORTER) == 0;
}

static void
shut(int *fd)
{
	if (*fd >= 0)
		close(*fd);
	*fd = -1;
}

/* Why there is no TLS: to whom wants to know, else to the log. */
static int
failed(struct first *p, const char *why)
{
	struct str text;

	if (p->status < 0)
		return say_failure(why);
	str_init(&text, 0);
	say_text(*why != '\0' ? why : "couriertls: failed", &text);
	str_catc(&text, '\n');
	(void)file_write_all(p->status, text.data, text.len);
	str_free(&text);
	return E_TEMP;
}

/* 1: TLS is there. */
static int
one(struct first *p, const struct wall_msg *m)
{
	if (!wall_strings(m, m->n))
		return E_INVAL;
	switch (m->type) {
	case MSG_ASK:
		return m->n == 1 ? answer(p, m->field[0]) : E_INVAL;
	case MSG_ENV:
		if (m->n != 2 || !may_set(m->field[0]))
			return E_INVAL;
		env_set(m->field[0], m->field[1]);
		return E_OK;
	case MSG_X509:
		if (m->n != 1)
			return E_INVAL;
		if (p->x509 >= 0)
			(void)file_write_all(p->x509, m->field[0], m->len[0]);
		return E_OK;
	case MSG_FAILED:
		return m->n == 1 ? failed(p, m->field[0]) : E_INVAL;
	case MSG_DONE:
		return 1;
	}
	return E_INVAL;
}

static int
serve(struct first *p)
{
	struct wall_msg m;
	struct str buf;
	int r, told = FALSE;

	str_init(&buf, 0);
	do {
		r = wall_recv(&p->wall, &m, &buf, p->deadline);
		if (r == E_OK) {
			r = one(p, &m);
			told = m.type == MSG_FAILED;
			if (m.fd >= 0)
				close(m.fd);
		}
	} while (r == E_OK);
	if (r != 1 && !told)
		(void)failed(p, r == E_TIMEOUT ?
		    "couriertls: accept: Connection timed out" :
		    "couriertls: the TLS process has ended");
	str_free(&buf);
	return r == 1 ? E_OK : r == E_EOF && !told ? E_EOF : E_TEMP;
}

/* Nothing but 0, 1 and 2 goes on, and what couriertcpd has for the program. */
static int
become(struct first *p)
{
	char **argv = p->opts->argv;
	struct prestart_conn c;

	memset(&c, 0, sizeof(c));
	c.fd = p->program;
	c.argv = argv;
	if (prestart_become(&c) == E_OK)
		return 0;

	if (dup2(p->program, 0) < 0 || dup2(p->program, 1) < 0) {
		say_info("couriertls: dup2: %s", strerror(errno));
		return 1;
	}
	proc_close_from(env_get("CHAPAR_PENALTY") != NULL ? PROC_FD_FREE : 3);
	sig_default(SIGPIPE);
	execvp(argv[0], argv);
	say_info("couriertls: %s: %s", argv[0], strerror(errno));
	return 1;
}

int
tls_run(const struct tls_opts *o, const struct conf *conf)
{
	struct child_fds fds;
	struct first p;
	int wall[2], ends[2], status = 1, r;
	u32 seconds;

	memset(&p, 0, sizeof(p));
	p.opts = o;
	p.conf = conf;
	p.status = o->status;
	p.x509 = o->x509;
	p.program = ends[0] = ends[1] = -1;
	say_init(env_get("TCPREMOTEIP"));
	sig_ignore(SIGPIPE);
	tls_set_socket(o->remote);
	/* What a certificate says comes from us and nobody else. */
	env_remove(SUBJECT);
	env_remove(PROTOCOL);
	env_remove(EXPORTER);
	if (wall_pair(wall) != E_OK || (o->local < 0 && o->argv[0] != NULL &&
	    socketpair(AF_UNIX, SOCK_STREAM, 0, ends) < 0)) {
		say_info("couriertls: socketpair: %s", strerror(errno));
		return 1;
	}
	p.program = ends[0];
	if (p.program >= 0)
		file_cloexec(p.program, TRUE);
	fds.remote = o->remote;
	fds.wall = wall[1];
	fds.local = o->local >= 0 ? o->local : ends[1];
	if (start(o, conf, &fds, &status) != E_OK || status != 0) {
		failed(&p, "couriertls: fork: try again later");
		return 1;
	}
	close(wall[1]);
	if (ends[1] >= 0)
		close(ends[1]);
	p.wall.fd = wall[0];
	seconds = (u32)conf->tls_handshake + SPARE_SECONDS;
	if (o->protocol != NULL)
		seconds += DIALOGUE_SECONDS;
	p.deadline = clock_deadline(seconds);
	r = serve(&p);
	if (r != E_OK)
		return r == E_EOF ? prestart_crashed() : 1;
	shut(&p.x509);
	shut(&p.status);
	if (p.program >= 0)
		return become(&p);
	if (o->local < 0)
		(void)wall_wait(&p.wall, POLLIN, 0);
	return 0;
}
