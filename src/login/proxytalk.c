/* Logs in at a back end.  SPDX-License-Identifier: ISC

   Everything that a back end says is read here, without any rights; lines,
   their number and the time are limited. */

#include "base/base.h"

#include "base/ascii.h"
#include "base/clock.h"
#include "base/io.h"
#include "base/jail.h"
#include "base/log.h"
#include "base/vec.h"
#include "conf/conf.h"
#include "login/proxy.h"
#include "login/proxy_int.h"
#include "login/proxy_talk.h"

static int ask(struct proxy_talk *, int, const struct proxy_proto *);
static int tls_mode(const struct proxy *);
static int go_tls(struct proxy_talk *);
static int session(struct proxy_talk *);
static int one_host(struct proxy_talk *, int);

static const struct proxy_proto protos[] = {
	{ "IMAP", "IMAP", { "imap", "143" }, { "imaps", "993" },
	    proxy_imap_greeting, proxy_imap_offers, proxy_imap_starttls, proxy_imap_login,
	    "OK connected to proxy server.", TRUE },
	{ "SMAP1", "SMAP1", { "imap", "143" }, { "imaps", "993" },
	    proxy_imap_greeting, proxy_imap_offers, proxy_imap_starttls, proxy_smap_login,
	    "+OK connected to proxy server.", FALSE },
	{ "POP3", "", { "pop3", "110" }, { "pop3s", "995" },
	    proxy_pop3_greeting, proxy_pop3_offers, proxy_pop3_starttls, proxy_pop3_login,
	    "+OK Connected to proxy server.", FALSE }
};

static const char *const tls_modes[] = { "no", "may", "starttls", "tls" };

const struct proxy_proto *
proxy_proto(const char *name)
{
	size_t i;

	for (i = 0; i < NITEMS(protos); i++)
		if (strcmp(protos[i].name, name) == 0)
			return &protos[i];
	return NULL;
}

/* Asks the connector; on success the connection is new. */
static int
ask(struct proxy_talk *t, int what, const struct proxy_proto *proto)
{
	const char *const *service;
	struct wall_msg m;
	struct str buf;
	int r;

	if (t->fd >= 0)
		close(t->fd);
	io_free(&t->io);
	t->fd = -1;
	wall_begin(&m, what);
	if (what == PROXY_HOST) {
		service = t->tls == PROXY_TLS_TLS ? proto->tls_service :
		    proto->service;
		wall_adds(&m, t->host);
		wall_adds(&m, service[0]);
		wall_adds(&m, service[1]);
	}
	str_init(&buf, WALL_MAX);
	r = wall_send(&t->wall, &m, t->p->deadline);
	if (r == E_OK)
		r = wall_recv(&t->wall, &m, &buf, t->p->deadline);
	str_free(&buf);
	if (r != E_OK || m.type != PROXY_OK || m.fd < 0)
		return r == E_OK ? E_NOENT : r;
	t->fd = m.fd;
	t->io = io_fd_new(t->fd, t->fd);
	return E_OK;
}

/* Without a TLS program there is none. */
static int
tls_mode(const struct proxy *p)
{
	const char *prog = p->conf->couriertls;
	size_t i;

	for (i = 0; i < NITEMS(tls_modes); i++)
		if (ascii_casecmp(p->conf->proxy_tls, tls_modes[i]) == 0)
			break;
	if (i == NITEMS(tls_modes))
		i = PROXY_TLS_STARTTLS;		/* a misspelt wish is a wish */
	if (i == PROXY_TLS_MAY && (prog == NULL || access(prog, X_OK) < 0))
		i = PROXY_TLS_NO;
	return (int)i;
}

/* STARTTLS or STLS, if there is a need. Where TLS is not asked for, one that
   fails does not count: the connection is made once more. */
static int
go_tls(struct proxy_talk *t)
{
	const struct proxy_proto *proto = t->p->proto;
	int r, must = t->tls == PROXY_TLS_STARTTLS;

	r = proto->offers(t);
	if (r == E_PERM && !must)
		return E_OK;
	if (r == E_OK)
		r = proto->starttls(t);
	if (r == E_OK)
		r = ask(t, PROXY_TLS, proto);
	if (r == E_OK)
		return E_OK;
	if (must) {
		log_warn("No TLS with %s", t->host);
		return r;
	}
	t->tls = PROXY_TLS_NO;
	r = ask(t, PROXY_AGAIN, proto);
	return r == E_OK ? proto->greeting(t) : r;
}

/* All of the dialogue on a new connection. */
static int
session(struct proxy_talk *t)
{
	const struct proxy_proto *proto = t->p->proto;
	int r;

	r = t->tls == PROXY_TLS_TLS ? ask(t, PROXY_TLS, proto) : E_OK;
	if (r == E_OK && (r = proto->greeting(t)) != E_OK) {
		log_warn("Did not receive greeting from %s", t->host);
		return r == E_PERM ? E_TEMP : r;
	}
	if (r == E_OK && (t->tls == PROXY_TLS_MAY ||
	    t->tls == PROXY_TLS_STARTTLS)) {
		r = go_tls(t);
		if (r == E_PERM)
			r = E_TEMP;
	}
	return r == E_OK ? proto->login(t) : r;
}

/* Each address of a host. E_OK, E_PERM: at least one refuses the login, or
   E_TEMP. */
static int
one_host(struct proxy_talk *t, int mode)
{
	int r, what, refused;

	refused = FALSE;
	for (what = PROXY_HOST;; what = PROXY_NEXT) {
		t->tls = mode;
		if (ask(t, what, t->p->proto) != E_OK)
			break;
		r = session(t);
		if (r == E_OK)
			return E_OK;
		refused = refused || r == E_PERM;
		if (clock_left(t->p->deadline) == 0)
			break;
	}
	if (what == PROXY_HOST)
		log_warn("Connection to proxyhost %s failed.", t->host);
	return refused ? E_PERM : E_TEMP;
}

void
proxy_talk(const struct proxy *p, const struct vec *hosts, int program,
    int connector)
{
	struct proxy_talk t;
	struct wall up;
	struct wall_msg m;
	struct jail jail;
	const char *rest;
	size_t i, n;
	int r, mode;

	memset(&t, 0, sizeof(t));
	t.p = p;
	t.wall.fd = connector;
	t.fd = -1;
	str_init(&t.line, 0);
	up.fd = program;
	up.stop = NULL;
	mode = tls_mode(p);
	jail.user = LOGIN_USER;
	jail.dir = PATH_JAILDIR;
	jail.flags = JAIL_FDS | JAIL_WITH_PARENT;
	if (jail_enter(&jail) != E_OK)
		_exit(1);
	wall_begin(&m, PROXY_AWAY);
	for (i = 0; i < hosts->n && m.type != PROXY_OK; i++) {
		t.host = hosts->v[i];
		if (proxy_host_mine(p, t.host)) {
			proxy_trace(p, "Proxy host %s is me, normal login.",
			    t.host);
			m.type = PROXY_LOCAL;
			break;
		}
		r = one_host(&t, mode);
		if (r == E_OK)
			m.type = PROXY_OK;
		else if (r == E_PERM)
			m.type = PROXY_NO;
	}
	if (m.type == PROXY_OK) {
		m.fd = t.fd;
		rest = io_peek_buf(t.io, &n);
		wall_add(&m, rest, n);
	}
	_exit(wall_send(&up, &m, p->deadline) == E_OK ? 0 : 1);
}
