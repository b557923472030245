/* A session that goes on at another server (daemons.md 6).
   SPDX-License-Identifier: ISC */

#include "base/base.h"

#include <fcntl.h>
#include <signal.h>

#include "base/clock.h"
#include "base/io.h"
#include "base/jail.h"
#include "base/log.h"
#include "base/mem.h"
#include "base/proc.h"
#include "base/sig.h"
#include "base/str.h"
#include "base/vec.h"
#include "base/wall.h"
#include "conf/conf.h"
#include "login/proxy.h"
#include "login/proxy_int.h"
#include "login/relay.h"

#define TALKER_FDS	5

/* The two processes that know the way, and our end of the talker's wall. */
struct helpers {
	pid_t	talker, connector;
	int	fd;
};

static pid_t begin(void);
static void talk(const struct proxy *, const struct vec *, int, int) NORETURN;
static int start(const struct proxy *, const struct vec *, struct helpers *);
static void stop(struct helpers *);
static int ask(const struct proxy *, const struct vec *, int *,
	    struct str *);
static void greet(const struct proxy *, struct str *);

void
proxy_trace(const struct proxy *p, const char *format, ...)
{
	struct str_va v;
	struct str s;

	if (p->conf->debug_login < 1)
		return;
	str_init(&s, 0);
	va_start(v.ap, format);
	(void)str_vcatf(&s, format, &v.ap);
	va_end(v.ap);
	log_debug("%s", str_c(&s));
	str_wipe_free(&s);
}

u64
proxy_deadline(const struct proxy *p)
{
	u64 t;

	t = clock_deadline(PROXY_SECS);
	return p->deadline != 0 && p->deadline < t ? p->deadline : t;
}

/* A child that has nothing of the client and ends when it is told to. */
static pid_t
begin(void)
{
	pid_t pid;
	int fd;

	pid = fork();
	if (pid != 0)
		return pid;
	io_fd_stop_on(NULL);
	sig_reset();
	sig_ignore(SIGPIPE);
	fd = open("/dev/null", O_RDWR);
	if (fd < 0 || dup2(fd, 0) < 0 || dup2(fd, 1) < 0)
		_exit(1);
	return 0;
}

/* The talker's process: nothing is open in it but its two walls. */
static void
talk(const struct proxy *p, const struct vec *hosts, int up, int across)
{
	up = fcntl(up, F_DUPFD, TALKER_FDS);
	across = fcntl(across, F_DUPFD, TALKER_FDS);
	if (up < 0 || across < 0 || dup2(up, 3) < 0 || dup2(across, 4) < 0)
		_exit(1);
	proc_close_from(TALKER_FDS);
	proxy_talk(p, hosts, 3, 4);
}

static int
start(const struct proxy *p, const struct vec *hosts, struct helpers *h)
{
	int up[2], across[2];

	h->talker = h->connector = -1;
	h->fd = -1;
	if (wall_pair(up) != E_OK)
		return E_TEMP;
	if (wall_pair(across) != E_OK) {
		close(up[0]);
		close(up[1]);
		return E_TEMP;
	}
	h->connector = begin();
	if (h->connector == 0) {
		(void)dup2(across[1], 3);
		proc_close_from(4);
		proxy_reach(p, 3);
	}
	h->talker = h->connector < 0 ? -1 : begin();
	if (h->talker == 0)
		talk(p, hosts, up[1], across[0]);
	close(up[1]);
	close(across[0]);
	close(across[1]);
	h->fd = up[0];
	return h->talker < 0 ? E_TEMP : E_OK;
}

static void
stop(struct helpers *h)
{
	int status;

	if (h->fd >= 0)
		close(h->fd);
	if (h->talker > 0) {
		(void)kill(h->talker, SIGKILL);
		(void)proc_wait(h->talker, &status);
	}
	if (h->connector > 0) {
		(void)kill(h->connector, SIGKILL);
		(void)proc_wait(h->connector, &status);
	}
}

/* What the client reads first. With IMAP_PROXY_FOREIGN that is the back end's
   answer. */
static void
greet(const struct proxy *p, struct str *out)
{
	if (p->proto->tagged && p->conf->imap_proxy_foreign)
		return;
	if (p->proto->tagged)
		str_catf(out, "%s ", p->tag);
	str_catf(out, "%s\r\n", p->proto->done);
}

/* The talker's verdict. */
static int
ask(const struct proxy *p, const struct vec *hosts, int *out_fd,
    struct str *to_client)
{
	struct helpers h;
	struct wall_msg m;
	struct wall w;
	struct str buf;
	int r;

	str_init(&buf, WALL_MAX);
	r = start(p, hosts, &h);
	w.fd = h.fd;
	w.stop = p->stop;
	if (r == E_OK)
		r = wall_recv(&w, &m, &buf, p->deadline);
	if (r == E_EOF && (p->stop == NULL || !p->stop())) {
		log_err("proxy: a process has ended without a word");
		r = E_TEMP;
	}
	stop(&h);
	if (r == E_OK && m.type == PROXY_OK && m.fd >= 0 && m.n == 1) {
		*out_fd = m.fd;
		greet(p, to_client);
		str_cat(to_client, m.field[0], m.len[0]);
	} else if (r == E_OK) {
		r = m.type == PROXY_LOCAL ? E_NOENT :
		    m.type == PROXY_NO ? E_PERM : E_TEMP;
		if (m.fd >= 0)
			close(m.fd);
	}
	str_free(&buf);
	if (r == E_TEMP)
		errno = EHOSTUNREACH;
	return r;
}

int
proxy_login(const struct proxy *p, int *out_fd, struct str *to_client)
{
	struct vec hosts;
	int r, named;

	vec_init(&hosts);
	named = proxy_hosts(p->options, &hosts);
	r = E_PERM;
	if (hosts.n == 0) {
		log_warn("proxy enabled, but no proxy host defined for %s",
		    p->user);
		/* An empty one is a mistake, not a wish to be served here. */
		if (!named)
			r = E_NOENT;
	} else if (proxy_host_mine(p, hosts.v[0])) {
		proxy_trace(p, "Proxy host %s is me, normal login.",
		    (char *)hosts.v[0]);
		r = E_NOENT;
	} else if (*p->password == NULL || **p->password == '\0') {
		log_warn("proxy enabled, but no password for %s", p->user);
	} else {
		r = ask(p, &hosts, out_fd, to_client);
	}
	vec_free_all(&hosts);
	return r;
}

void
proxy_carry(const struct proxy *p, int fd, const struct str *to_client,
    const struct str *input)
{
	struct relay_side client, backend;
	struct jail jail;

	log_info("INFO: LOGIN, user=%s, ip=[%s], port=[%s], protocol=%s",
	    p->user, p->ip, p->port, p->proto->logged);
	mem_free_secret(p->password);
	client.rfd = 0;
	client.wfd = 1;
	client.first = str_c(to_client);
	client.nfirst = to_client->len;
	backend.rfd = backend.wfd = fd == 3 ? 3 : dup2(fd, 3);
	backend.first = str_c(input);
	backend.nfirst = input->len;
	proc_close_from(4);
	relay_prepare(&client);
	relay_prepare(&backend);
	io_fd_stop_on(NULL);
	sig_reset();
	sig_ignore(SIGPIPE);
	jail.user = LOGIN_USER;
	jail.dir = PATH_JAILDIR;
	jail.flags = 0;
	if (jail_enter(&jail) != E_OK) {
		log_err("proxy: cannot become " LOGIN_USER);
		_exit(1);
	}
	relay_run(&client, &backend);
	_exit(0);
}
