/* A connection before login: what both protocols have in common.
   SPDX-License-Identifier: ISC */

#include "base/base.h"

#include <signal.h>

#include "base/clock.h"
#include "base/file.h"
#include "base/io.h"
#include "base/jail.h"
#include "base/log.h"
#include "base/mem.h"
#include "base/proc.h"
#include "base/sig.h"
#include "base/str.h"
#include "conf/conf.h"
#include "conf/env.h"
#include "conf/prestart.h"
#include "login/login.h"
#include "login/penalty.h"

#define WALL_FD	3		/* the child's end */

static void setup(struct login *, const struct conf *, const struct front *);
static void setup_auth(struct login *);
static int trouble(const struct login *, const char *);
static void enter_jail(struct login *);
static char **next(int, char **);
static void prepare(void);
static int run(const struct conf *, const struct front *, const char *,
	    const char *);

static void
setup_auth(struct login *l)
{
	const struct conf *c = l->conf;
	struct str name;

	str_init(&name, 0);
	str_catf(&name, "AUTHSERVICE%s", env_or("TCPLOCALPORT",
	    l->front->port));
	l->service = env_or(str_c(&name), l->front->service);
	str_free(&name);
	authcl_init(&l->auth, env_get("CHAPAR_AUTHSOCKET"));
	l->auth.remote_ip = l->ip;
	l->auth.default_domain = c->defdomain;
	l->auth.domain_sep = c->domainsep;
	l->auth.connect_secs = (u32)c->timeout_sock;
	l->auth.read_secs = (u32)c->timeout_read;
	l->auth.write_secs = (u32)c->timeout_write;
}

static void
setup(struct login *l, const struct conf *conf, const struct front *front)
{
	memset(l, 0, sizeof(*l));
	l->conf = conf;
	l->front = front;
	l->start = clock_now();
	authinfo_init(&l->account);
	front->setup(l);
	l->starttls = l->starttls && conf->couriertls != NULL &&
	    access(conf->couriertls, X_OK) == 0;
	penalty_init();
	login_tls_init(l);
	l->ip = env_or("TCPREMOTEIP", "127.0.0.1");
	l->port = env_or("TCPREMOTEPORT", "N/A");
	setup_auth(l);
}

/* Nobody can be served now. */
static int
trouble(const struct login *l, const char *what)
{
	log_err("%s: %s", what, strerror(errno));
	(void)file_write_all(1, l->front->trouble, strlen(l->front->trouble));
	return 1;
}

/* Descriptors 0 to 2 and the wall are all that is left. */
static void
enter_jail(struct login *l)
{
	struct jail j;

	sig_forked();
	if (l->wall.fd != WALL_FD && dup2(l->wall.fd, WALL_FD) < 0)
		_exit(trouble(l, "dup2"));
	proc_close_from(WALL_FD + 1);
	l->wall.fd = WALL_FD;
	l->wall.stop = sig_stop_pending;
	sig_stop_catch();
	j.user = LOGIN_USER;
	j.dir = PATH_JAILDIR;
	j.flags = JAIL_FDS | JAIL_WITH_PARENT;
	errno = 0;
	if (jail_enter(&j) != E_OK)
		_exit(trouble(l, "cannot become " LOGIN_USER));
}

void
login_child(struct login *l)
{
	int r;

	enter_jail(l);
	l->io = io_fd_new(0, 1);
	io_set_deadline(l->io, clock_deadline(LOGIN_SECS));
	io_fd_stop_on(sig_stop_pending);
	l->front->begin(l);
	log_debug("Connection, ip=[%s], port=[%s]", l->ip, l->port);
	do {
		r = l->front->command(l);
		if (r != LOGIN_END && io_flush(l->io) != E_OK)
			r = l->front->ended(l, E_EOF);
	} while (r != LOGIN_END);
	l->front->end(l);
	io_free(&l->io);
	_exit(l->status);
}

static int
run(const struct conf *conf, const struct front *front, const char *program,
    const char *maildir)
{
	struct login l;
	pid_t child;
	int ends[2];

	setup(&l, conf, front);
	l.program = program;
	l.maildir = maildir;
	sig_ignore(SIGPIPE);
	sig_stop_catch();
	if (login_tls_take(&l) != E_OK)
		return 0;
	if (wall_pair(ends) != E_OK)
		return trouble(&l, "socketpair");
	child = fork();
	if (child < 0)
		return trouble(&l, "fork");
	l.wall.fd = ends[child == 0];
	if (child == 0)
		login_child(&l);
	close(ends[1]);
	return login_monitor(&l, child);
}

/* The mailbox server. */
static char **
next(int argc, char **argv)
{
	return argc == 3 ? argv + 1 : NULL;
}

static void
prepare(void)
{
	jail_prepare(LOGIN_USER);
}

int
login_main(int argc, char **argv, const struct front *front)
{
	struct prestart_hooks hooks;
	struct conf conf;

	memset(&hooks, 0, sizeof(hooks));
	hooks.kind = PRESTART_TLS;
	hooks.next = next;
	hooks.prepare = prepare;
	hooks.trouble = front->trouble;
	prestart_serve(&argc, &argv, &hooks);
	proc_fix_stdio();
	log_init(NULL, TRUE);
	log_set_debug(1);
	if (argc > 3 && strcmp(argv[1], "-check") == 0) {
		front->check(argv + 2, argc - 2);
		return 0;
	}
	if (argc != 3) {
		(void)file_write_all(1, front->usage, strlen(front->usage));
		return 1;
	}
	conf_load(&conf, front->reader);
	return run(&conf, front, argv[1], argv[2]);
}

void
login_debug(const struct login *l, int level, const char *what,
    const char *text)
{
	struct str s;

	if (l->conf->debug_login < level)
		return;
	str_init(&s, 0);
	login_clean(text, &s);
	log_debug("LOGIN: ip=[%s], %s=%s", l->ip, what, str_c(&s));
	str_wipe_free(&s);
}
