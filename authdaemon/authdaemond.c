/* authdaemond: the parent of the workers.  SPDX-License-Identifier: ISC */

/*
 * The parent reads the settings, loads the modules, starts workers (pool.h)
 * and replaces those that die. Each worker holds the reading end of a pipe,
 * the lifeline: when the parent closes the other one, or dies, the worker ends
 * after the requests that it has.
 */

#include "base/base.h"

#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>

#include "base/clock.h"
#include "base/file.h"
#include "base/log.h"
#include "base/proc.h"
#include "base/sig.h"
#include "base/str.h"
#include "conf/env.h"
#include "conf/rcfile.h"
#include "authdaemon/board.h"
#include "authdaemon/chain.h"
#include "authdaemon/client.h"
#include "authdaemon/module.h"
#include "authdaemon/peer.h"
#include "authdaemon/pool.h"

#define GRACE_SECS	5	/* for workers to finish when we stop */
#define REAP_MS		20
#define BACKLOG		4096	/* clients that wait; the system's limit cuts */

struct daemon {
	struct rcfile	*rc;
	u32		workers;
};

static int open_socket(void);
static void from_file(const struct rcfile *, const char *, int);
static int daemons_of(const struct rcfile *, int, u32 *);
static void set_user(struct pool_settings *);
static void set_pool(const struct rcfile *, u32);
static int load_rc(struct daemon *);
static void load_modules(struct daemon *);
static void stop(void);
static void reload(struct daemon *);
static void serve(struct daemon *);

/* Bound under another name first: when it appears it is listening. */
static int
open_socket(void)
{
	struct sockaddr_un sun;
	struct str tmp, path;
	mode_t mask;
	int fd;

	str_init(&tmp, 0);
	str_init(&path, 0);
	str_catf(&path, "%s/socket", auth_vardir());
	str_catf(&tmp, "%s.tmp", str_c(&path));
	memset(&sun, 0, sizeof(sun));
	sun.sun_family = AF_UNIX;
	if (tmp.len >= sizeof(sun.sun_path))
		die("%s: name too long", str_c(&tmp));
	memcpy(sun.sun_path, str_c(&tmp), tmp.len + 1);
	unlink(str_c(&tmp));
	fd = socket(AF_UNIX, SOCK_STREAM, 0);
	if (fd < 0)
		die_sys("socket");
	file_cloexec(fd, TRUE);
	file_nonblock(fd, TRUE);
	mask = umask(0);
	if (bind(fd, (struct sockaddr *)&sun, sizeof(sun)) < 0)
		die_sys("bind %s", str_c(&tmp));
	umask(mask);
	if (listen(fd, BACKLOG) < 0 || chmod(str_c(&tmp), 0777) < 0 ||
	    rename(str_c(&tmp), str_c(&path)) < 0)
		die_sys("%s", str_c(&path));
	str_free(&tmp);
	str_free(&path);
	return fd;
}

/* ---- settings ----------------------------------------------------------- */

/* The start script's shell has put the value into the environment; a reload
   takes the file's. */
static void
from_file(const struct rcfile *rc, const char *name, int again)
{
	const char *value;

	value = rcfile_get(rc, name);
	if (value != NULL && (again || env_get(name) == NULL))
		env_set(name, value);
}

static int
daemons_of(const struct rcfile *rc, int again, u32 *out)
{
	const char *value;

	value = rcfile_get(rc, "daemons");
	if (rcfile_u32(rc, "daemons", out) != E_OK) {
		if (value != NULL)
			log_err("%s: line %u: daemons: \"%s\" is no number",
			    rcfile_name(rc),
			    (unsigned int)rcfile_line(rc, "daemons"), value);
		if (value != NULL && again)
			return E_SYNTAX;
		*out = 0;
	}
	if (*out == 0) {
		log_err("Configuration error - missing 'daemons' setting, "
		    "using 1");
		*out = 1;
	}
	if (*out > POOL_WORKERS_MAX)
		*out = POOL_WORKERS_MAX;
	return E_OK;
}

/* The mail user, unless CHAPAR_AUTHUSER names another one; only root can
   become somebody. */
static void
set_user(struct pool_settings *set)
{
	const char *name;
	uid_t uid;
	gid_t gid, group;

	if (geteuid() != 0)
		return;
	name = env_or("CHAPAR_AUTHUSER", MAIL_USER);
	if (proc_find_user(name, &uid, &gid) != E_OK) {
		log_warn("no user %s here: the workers are root", name);
		return;
	}
	if (strcmp(name, MAIL_USER) == 0 &&
	    proc_find_group(MAIL_GROUP, &group) == E_OK)
		gid = group;
	set->user = name;
	set->uid = uid;
	set->gid = gid;
}

static void
set_pool(const struct rcfile *rc, u32 workers)
{
	struct pool_settings set;

	memset(&set, 0, sizeof(set));
	set.user = NULL;
	set.workers = workers;
	set.most = POOL_WORKERS_MORE;
	if (rcfile_u32(rc, "CHAPAR_MAXDAEMONS", &set.most) == E_SYNTAX)
		log_err("%s: line %u: CHAPAR_MAXDAEMONS: \"%s\" is no number",
		    rcfile_name(rc),
		    (unsigned int)rcfile_line(rc, "CHAPAR_MAXDAEMONS"),
		    rcfile_get(rc, "CHAPAR_MAXDAEMONS"));
	if (set.most > POOL_WORKERS_MAX)
		set.most = POOL_WORKERS_MAX;
	if (set.most < workers)
		set.most = workers;
	set_user(&set);
	pool_set(&set);
}

/* On a bad file the old settings stay. */
static int
load_rc(struct daemon *d)
{
	struct rcfile *rc;
	struct str path;
	u32 n;
	int again = d->rc != NULL, r;

	str_init(&path, 0);
	str_catf(&path, "%s/authdaemonrc", auth_confdir());
	r = rcfile_load(str_c(&path), RCFILE_ASSIGN, &rc);
	str_free(&path);
	if (r != E_OK)
		return r;
	r = daemons_of(rc, again, &n);
	if (r != E_OK) {
		rcfile_free(&rc);
		return r;
	}
	if (again)
		rcfile_free(&d->rc);
	d->rc = rc;
	d->workers = n;
	from_file(rc, "DEBUG_LOGIN", again);
	from_file(rc, "DEFAULTOPTIONS", again);
	from_file(rc, "CHAPAR_SCRAM_ITERATIONS", again);
	from_file(rc, "AUTHDAEMON_TEMPFAIL", again);
	from_file(rc, "AUTHDAEMON_TRUST", again);
	from_file(rc, "CHAPAR_AUTHUSER", again);
	client_settings();
	peer_settings();
	set_pool(rc, n);
	log_set_debug(auth_debug_level());
	return E_OK;
}

static void
load_modules(struct daemon *d)
{
	const char *list;

	list = rcfile_get(d->rc, "authmodulelist");
	if (list == NULL)
		list = "";
	log_info("INFO: modules=\"%s\", daemons=%u", list,
	    (unsigned int)d->workers);
	if (chain_load(list) != E_OK)
		log_err("no usable module in authmodulelist");
}

/* ---- the end, the beginning --------------------------------------------- */

/* Gently, then not; a second SIGTERM shortens it. */
static void
stop(void)
{
	u64 until;

	log_info("INFO: stopping authdaemond children");
	pool_dismiss();
	until = clock_deadline(GRACE_SECS);
	while (pool_left() > 0 && clock_left(until) > 0 &&
	    !sig_caught(SIGTERM)) {
		pool_reap();
		clock_sleep_ms(REAP_MS);
	}
	pool_kill(SIGTERM);
	for (; pool_left() > 0; clock_sleep_ms(REAP_MS))
		pool_reap();
}

/* The new workers serve while the old ones finish. */
static void
reload(struct daemon *d)
{
	if (load_rc(d) != E_OK) {
		log_err("%s/authdaemonrc: the settings from before stay in "
		    "use", auth_confdir());
		return;
	}
	log_info("INFO: stopping authdaemond children");
	pool_dismiss();
	chain_unload();
	log_info("INFO: restarting authdaemond children");
	load_modules(d);
}

static void
serve(struct daemon *d)
{
	struct pollfd p[2];

	for (;;) {
		p[0].fd = sig_fd();
		p[1].fd = pool_fd();
		p[0].events = p[1].events = POLLIN;
		poll(p, 2, pool_look());
		sig_drain();
		if (sig_caught(SIGTERM))
			break;
		pool_reap();
		if (sig_caught(SIGHUP))
			reload(d);
	}
}

int
main(int argc, char **argv)
{
	struct daemon d;

	(void)argv;
	if (argc > 1) {
		fputs("Error: authdaemond no longer handles its own "
		    "daemonizing.\nUse new startup script.\n", stderr);
		return 1;
	}
	proc_fix_stdio();
	log_init(NULL, TRUE);
	memset(&d, 0, sizeof(d));
	if (load_rc(&d) != E_OK)
		die("cannot use %s/authdaemonrc", auth_confdir());
	if (chain_scram_init() != E_OK)
		die("no random bytes");
	load_modules(&d);
	sig_ignore(SIGPIPE);
	sig_catch(SIGTERM);
	sig_catch(SIGHUP);
	sig_catch(SIGCHLD);
	if (board_open(auth_vardir()) != E_OK)
		die_sys("%s", auth_vardir());
	pool_init(open_socket());
	serve(&d);
	stop();
	rcfile_free(&d.rc);
	return 0;
}
