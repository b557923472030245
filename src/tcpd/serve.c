/* Accepting connections.  SPDX-License-Identifier: ISC */

/*
 * This process is root and looks at nothing that a client sends. Whom to turn
 * away is decided here (limits.c), before anything is started, so that those
 * who are turned away hold no place and cost no process.
 */

#include "base/base.h"

#include <sys/socket.h>
#include <sys/wait.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <signal.h>

#include "base/clock.h"
#include "base/file.h"
#include "base/log.h"
#include "base/mem.h"
#include "base/sig.h"
#include "conf/env.h"
#include "conf/prestart.h"
#include "tcpd/access.h"
#include "tcpd/guess.h"
#include "tcpd/haproxy.h"
#include "tcpd/listen.h"
#include "tcpd/refuse.h"
#include "tcpd/serve_int.h"
#include "tcpd/started.h"

#define COMPLAIN_EVERY	60	/* seconds between warnings of one kind */
#define ACCEPT_REST_MS	200	/* when the system has no descriptor left */

static void reap(struct server *);
static void end(struct server *, struct slot *);
static void lost(struct server *, pid_t);
static void report(void *, const struct prestart_report *);
static void complain(struct server *);
static void exhausted(struct server *, int);
static void forget(struct tcpd_conn *);
static int fork_child(struct server *, struct slot *, struct tcpd_conn *);
static int start(struct server *, struct slot *, struct tcpd_conn *);
static void admit(struct server *, struct tcpd_conn *);
static void read_header(const struct tcpd_conn *, u32, int) NORETURN;
static void ask_proxy(struct server *, struct tcpd_conn *, u32);
static void answer(struct server *, struct slot *);
static void take(struct server *, int);
static void work(struct server *, struct pollfd *, const int *, size_t);

/* The last process of a connection has ended. What it reported counts before
   the place is another's. */
static void
end(struct server *s, struct slot *slot)
{
	if (s->guess != NULL) {
		guess_work(s->guess);
		guess_end(s->guess, (u32)(slot - s->slots.v));
	}
	slot_drop(&s->slots, slot);
}

/* A started program has died, and told of no process of its own. */
static void
lost(struct server *s, pid_t pid)
{
	u32 i;

	for (i = 0; i < s->slots.high; i++)
		if (slot_lost(s->slots.v + i, pid))
			end(s, s->slots.v + i);
}

static void
report(void *ctx, const struct prestart_report *r)
{
	struct server *s = ctx;

	if (r->what == PRESTART_LOST)
		lost(s, (pid_t)r->pid);
	else if (slot_report(&s->slots, r))
		end(s, s->slots.v + r->place);
}

static void
reap(struct server *s)
{
	struct slot *slot;
	pid_t pid;

	while ((pid = waitpid(-1, NULL, WNOHANG)) > 0) {
		slot = slot_of_pid(&s->slots, pid);
		if (slot != NULL) {
			end(s, slot);
		} else if (s->started != NULL) {
			started_died(s->started, pid);
			lost(s, pid);
		}
	}
}

/* After a connection was counted. */
static void
complain(struct server *s)
{
	if (s->slots.used == s->opts->maxprocs) {
		if (s->alerted == 0 || clock_left(s->alerted) == 0) {
			log_err("ALERT: %u maximum active connections.",
			    s->slots.used);
			s->alerted = clock_deadline(COMPLAIN_EVERY);
		}
	} else if (s->slots.used >= s->opts->warn) {
		if (s->warned == 0 || clock_left(s->warned) == 0) {
			log_warn("WARN: %u active connections.", s->slots.used);
			s->warned = clock_deadline(COMPLAIN_EVERY);
		}
	}
}

/* accept failed. Most often the client has gone again; but without a free
   descriptor it would fail over and over while poll finds work. */
static void
exhausted(struct server *s, int no)
{
	if (no != EMFILE && no != ENFILE && no != ENOBUFS && no != ENOMEM)
		return;
	if (s->starved == 0 || clock_left(s->starved) == 0) {
		log_err("ALERT: accept: %s", strerror(no));
		s->starved = clock_deadline(COMPLAIN_EVERY);
	}
	clock_sleep_ms(ACCEPT_REST_MS);
}

static void
forget(struct tcpd_conn *c)
{
	mem_free(c->entry[0]);
	mem_free(c->entry[1]);
	c->entry[0] = c->entry[1] = NULL;
}

/* A process of our own for it. */
static int
fork_child(struct server *s, struct slot *slot, struct tcpd_conn *c)
{
	slot->pid = fork();
	if (slot->pid == 0)
		tcpd_child(s->opts, c);
	if (slot->pid > 0)
		return E_OK;
	log_syserr("CRIT: fork");
	tcpd_refuse(s, c->fd, TRY_LATER, NULL);
	return E_TEMP;
}

/* The connection is another process's from now on, or gone (E_TEMP). */
static int
start(struct server *s, struct slot *slot, struct tcpd_conn *c)
{
	int r;

	c->guess = s->guess;
	c->slot = (u32)(slot - s->slots.v);
	if (s->guess != NULL)
		guess_start(s->guess, c->slot, &c->remote);
	r = s->started != NULL ? started_take(s->started, slot, c) : E_TEMP;
	if (r != E_OK)
		r = fork_child(s, slot, c);
	if (r != E_OK) {
		end(s, slot);
		return r;
	}
	close(c->fd);
	slot->conn = *c;
	slot->conn.entry[0] = slot->conn.entry[1] = NULL;
	return E_OK;
}

/* Both ends are known now. */
static void
admit(struct server *s, struct tcpd_conn *c)
{
	struct slot *slot;

	if (!tcpd_denied(s, c, 0) && !tcpd_denied(s, c, 1)) {
		if (s->slots.used == s->slots.n)
			tcpd_full(s, c);
		else if (!tcpd_over_limit(s, c) && (slot = slot_take(&s->slots)) !=
		    NULL && start(s, slot, c) == E_OK)
			complain(s);
	}
	forget(c);
}

/* ---- connections from a proxy ------------------------------------------- */

/* Runs in a process of its own, so that a silent proxy holds nobody up. */
static void
read_header(const struct tcpd_conn *c, u32 secs, int out)
{
	struct peer both[2];

	sig_default(SIGTERM);
	sig_default(SIGINT);
	both[0] = c->remote;
	both[1] = c->local;
	if (haproxy_read(c->fd, secs, both, both + 1) != E_OK ||
	    file_write_all(out, both, sizeof(both)) != E_OK)
		_exit(1);
	_exit(0);
}

static void
ask_proxy(struct server *s, struct tcpd_conn *c, u32 secs)
{
	struct slot *slot;
	pid_t pid;
	int p[2];

	if (s->slots.used == s->slots.n) {
		tcpd_full(s, c);
		return;
	}
	if (pipe(p) < 0) {
		log_syserr("CRIT: pipe");
		tcpd_refuse(s, c->fd, TRY_LATER, NULL);
		return;
	}
	file_cloexec(p[0], TRUE);
	file_cloexec(p[1], TRUE);
	pid = fork();
	if (pid == 0)
		read_header(c, secs, p[1]);
	close(p[1]);
	if (pid < 0) {
		log_syserr("CRIT: fork");
		close(p[0]);
		tcpd_refuse(s, c->fd, TRY_LATER, NULL);
		return;
	}
	slot = slot_take(&s->slots);
	slot->pid = pid;
	slot->reading = TRUE;
	slot->pipe = p[0];
	slot->conn = *c;
}

/* What the process that read the header found. */
static void
answer(struct server *s, struct slot *slot)
{
	struct tcpd_conn c;
	struct peer both[2];
	ssize_t n;

	n = read(slot->pipe, both, sizeof(both));
	if (n < 0 && errno == EINTR)
		return;
	close(slot->pipe);
	c = slot->conn;
	slot_drop(&s->slots, slot);
	if (n != (ssize_t)sizeof(both)) {
		close(c.fd);
		return;
	}
	c.proxied = TRUE;
	c.via = c.local;
	c.remote = both[0];
	c.local = both[1];
	admit(s, &c);
}

/* ---- the loop ----------------------------------------------------------- */

static void
take(struct server *s, int listener)
{
	struct tcpd_conn c;
	struct linger lg;
	u32 secs;
	int on = 1;

	memset(&c, 0, sizeof(c));
	c.fd = accept(listener, NULL, NULL);
	if (c.fd < 0) {
		exhausted(s, errno);
		return;
	}
	file_cloexec(c.fd, TRUE);
	file_nonblock(c.fd, FALSE);
	setsockopt(c.fd, SOL_SOCKET, SO_KEEPALIVE, &on, sizeof(on));
	lg.l_onoff = lg.l_linger = 0;
	setsockopt(c.fd, SOL_SOCKET, SO_LINGER, &lg, sizeof(lg));
	/* Answers are sent whole: nothing follows that is worth waiting for. */
	setsockopt(c.fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof(on));
	if (peer_remote(c.fd, &c.remote) != E_OK ||
	    peer_local(c.fd, &c.local) != E_OK) {
		close(c.fd);
		return;
	}
	if (sig_caught(SIGHUP) && s->access != NULL)
		access_reload(s->access);
	secs = s->opts->haproxy != NULL ? haproxy_wants(s->opts->haproxy,
	    &c.local) : 0;
	if (secs > 0)
		ask_proxy(s, &c, secs);
	else
		admit(s, &c);
}

/* Waits once and does what there is to do. p has room for everything. */
static void
work(struct server *s, struct pollfd *p, const int *fds, size_t n)
{
	size_t i, k, started = 0;

	for (i = 0; i <= n; i++) {
		p[i].fd = i < n ? fds[i] : sig_fd();
		p[i].events = POLLIN;
		p[i].revents = 0;
	}
	k = n + 1 + refuse_poll(p + n + 1);
	if (s->guess != NULL) {
		p[k].fd = guess_fd(s->guess);
		p[k].events = POLLIN;
		p[k++].revents = 0;
	}
	if (s->started != NULL) {
		started = k;
		started_poll(s->started, p + k);
		k += STARTED_POLL;
	}
	for (i = 0; s->opts->haproxy != NULL && i < s->slots.high; i++)
		if (s->slots.v[i].used && s->slots.v[i].reading) {
			p[k].fd = s->slots.v[i].pipe;
			p[k].events = POLLIN;
			p[k++].revents = 0;
		}
	poll(p, (nfds_t)k, refuse_left(-1));
	sig_drain();
	if (s->guess != NULL)
		guess_work(s->guess);
	if (sig_caught(SIGCHLD))
		reap(s);
	if (s->started != NULL)
		started_work(s->started, p + started, report, s);
	refuse_work();
	while (k-- > n + 1)
		for (i = 0; p[k].revents != 0 && i < s->slots.high; i++)
			if (s->slots.v[i].used && s->slots.v[i].reading &&
			    s->slots.v[i].pipe == p[k].fd) {
				answer(s, s->slots.v + i);
				break;
			}
	for (i = 0; i < n; i++)
		if (p[i].revents & POLLIN)
			take(s, fds[i]);
}

void
serve(const struct tcpd_opts *opts, const int *fds, size_t n)
{
	struct pollfd *p;
	struct server s;

	memset(&s, 0, sizeof(s));
	s.opts = opts;
	slots_init(&s.slots, opts->maxprocs);
	p = mem_array(opts->maxprocs + LISTEN_MAX + REFUSE_MAX +
	    STARTED_POLL + 2, sizeof(*p));
	env_set("CHAPAR_PENALTY", NULL);
	if (opts->penalty > 0)
		s.guess = guess_new(opts->penalty, opts->maxprocs);
	if (opts->access != NULL)
		s.access = access_new(opts->access);
	sig_catch(SIGCHLD);
	sig_catch(SIGTERM);
	sig_catch(SIGINT);
	sig_catch(SIGHUP);
	sig_ignore(SIGPIPE);
	s.started = started_new(opts, s.guess);
	while (!sig_caught(SIGTERM) && !sig_caught(SIGINT))
		work(&s, p, fds, n);
	sig_ignore(SIGTERM);
	if (getpgrp() == getpid())
		kill(0, SIGTERM);
	access_free(&s.access);
	started_free(&s.started);
	guess_free(&s.guess);
	mem_free(p);
	slots_free(&s.slots);
}
