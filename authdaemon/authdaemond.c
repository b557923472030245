/* authdaemond: the parent of the workers.  SPDX-License-Identifier: ISC */

/*
 * The parent reads the settings, loads the modules, starts workers and
 * replaces those that die; it never reads a byte of a client. Each worker
 * holds the reading end of a pipe, the lifeline: when the parent closes the
 * other one, or dies, the worker ends after the requests that it has.
 */

#include "base/base.h"

#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>

#include "base/clock.h"
#include "base/file.h"
#include "base/log.h"
#include "base/mem.h"
#include "base/proc.h"
#include "base/sig.h"
#include "base/str.h"
#include "conf/env.h"
#include "conf/rcfile.h"
#include "authdaemon/chain.h"
#include "authdaemon/module.h"
#include "authdaemon/worker.h"

#define WORKERS_MAX	200
#define SLOTS		(4 * WORKERS_MAX)	/* with those that end */
#define RESTART_MS	500	/* before a worker that died is replaced */
#define GRACE_SECS	5	/* for workers to finish when we stop */
#define REAP_MS		20

struct worker {
	pid_t	pid;		/* 0: free slot */
	int	ending;		/* its lifeline is closed */
};

struct daemon {
	struct rcfile	*rc;
	int		sock;
	int		lifeline[2];
	struct worker	*workers;
	u32		n;
};

static int open_socket(void);
static void from_file(const struct rcfile *, const char *, int);
static int daemons_of(const struct rcfile *, int, u32 *);
static int load_rc(struct daemon *);
static void load_modules(struct daemon *);
static void work(struct daemon *) NORETURN;
static void new_lifeline(struct daemon *);
static int start_workers(struct daemon *);
static void dismiss_workers(struct daemon *);
static u32 reap(struct daemon *);
static u32 workers_left(const struct daemon *);
static void stop(struct daemon *);
static void reload(struct daemon *);

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
	if (listen(fd, SOMAXCONN) < 0 || chmod(str_c(&tmp), 0777) < 0 ||
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
	if (*out > WORKERS_MAX)
		*out = WORKERS_MAX;
	return E_OK;
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
	d->n = n;
	from_file(rc, "DEBUG_LOGIN", again);
	from_file(rc, "DEFAULTOPTIONS", again);
	from_file(rc, "CHAPAR_SCRAM_ITERATIONS", again);
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
	    (unsigned int)d->n);
	if (chain_load(list) != E_OK)
		log_err("no usable module in authmodulelist");
}

/* ---- workers ------------------------------------------------------------ */

static void
work(struct daemon *d)
{
	close(d->lifeline[1]);
	sig_default(SIGTERM);
	sig_default(SIGHUP);
	sig_default(SIGCHLD);
	worker_run(d->sock, d->lifeline[0]);
	chain_idle();
	_exit(0);
}

static void
new_lifeline(struct daemon *d)
{
	if (pipe(d->lifeline) < 0)
		die("pipe() failed: %s", strerror(errno));
	file_cloexec(d->lifeline[0], TRUE);
	file_cloexec(d->lifeline[1], TRUE);
}

/* FALSE if some are missing. */
static int
start_workers(struct daemon *d)
{
	struct worker *w;
	u32 i, have;

	for (i = 0, have = 0; i < SLOTS; i++)
		if (d->workers[i].pid != 0 && !d->workers[i].ending)
			have++;
	for (i = 0; i < SLOTS && have < d->n; i++) {
		w = d->workers + i;
		if (w->pid != 0)
			continue;
		w->pid = fork();
		w->ending = FALSE;
		if (w->pid == 0)
			work(d);
		if (w->pid < 0) {
			log_info("CRIT: fork() failed: %s", strerror(errno));
			w->pid = 0;
			return FALSE;
		}
		have++;
	}
	return have >= d->n;
}

/* They end when they have nothing left to do. */
static void
dismiss_workers(struct daemon *d)
{
	u32 i;

	close(d->lifeline[0]);
	close(d->lifeline[1]);
	for (i = 0; i < SLOTS; i++)
		d->workers[i].ending = TRUE;
}

/* Buries the dead; returns how many of them should not have died. */
static u32
reap(struct daemon *d)
{
	pid_t pid;
	u32 i, n = 0;
	int status;

	while ((pid = waitpid(-1, &status, WNOHANG)) > 0)
		for (i = 0; i < SLOTS; i++) {
			if (d->workers[i].pid != pid)
				continue;
			d->workers[i].pid = 0;
			if (d->workers[i].ending)
				break;
			n++;
			log_err("worker %ld ended (%s %d), another one takes "
			    "its place", (long)pid, WIFSIGNALED(status) ?
			    "signal" : "status", WIFSIGNALED(status) ?
			    WTERMSIG(status) : WEXITSTATUS(status));
			break;
		}
	return n;
}

static u32
workers_left(const struct daemon *d)
{
	u32 i, n;

	for (i = 0, n = 0; i < SLOTS; i++)
		if (d->workers[i].pid != 0)
			n++;
	return n;
}

/* Gently, then not; a second SIGTERM shortens it. */
static void
stop(struct daemon *d)
{
	u64 until;
	u32 i;

	log_info("INFO: stopping authdaemond children");
	dismiss_workers(d);
	until = clock_deadline(GRACE_SECS);
	while (workers_left(d) > 0 && clock_left(until) > 0 &&
	    !sig_caught(SIGTERM)) {
		reap(d);
		clock_sleep_ms(REAP_MS);
	}
	for (i = 0; i < SLOTS; i++)
		if (d->workers[i].pid != 0)
			kill(d->workers[i].pid, SIGTERM);
	for (; workers_left(d) > 0; clock_sleep_ms(REAP_MS))
		reap(d);
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
	dismiss_workers(d);
	chain_unload();
	log_info("INFO: restarting authdaemond children");
	load_modules(d);
	new_lifeline(d);
}

int
main(int argc, char **argv)
{
	struct daemon d;
	struct pollfd p;

	(void)argv;
	if (argc > 1) {
		fputs("Error: authdaemond no longer handles its own "
		    "daemonizing.\nUse new startup script.\n", stderr);
		return 1;
	}
	proc_fix_stdio();
	log_init(NULL, TRUE);
	memset(&d, 0, sizeof(d));
	d.workers = mem_array(SLOTS, sizeof(*d.workers));
	if (load_rc(&d) != E_OK)
		die("cannot use %s/authdaemonrc", auth_confdir());
	if (chain_scram_init() != E_OK)
		die("no random bytes");
	load_modules(&d);
	sig_ignore(SIGPIPE);
	sig_catch(SIGTERM);
	sig_catch(SIGHUP);
	sig_catch(SIGCHLD);
	d.sock = open_socket();
	new_lifeline(&d);
	for (;;) {
		p.fd = sig_fd();
		p.events = POLLIN;
		poll(&p, 1, start_workers(&d) ? -1 : RESTART_MS);
		sig_drain();
		if (sig_caught(SIGTERM))
			break;
		if (reap(&d) > 0)
			clock_sleep_ms(RESTART_MS);
		if (sig_caught(SIGHUP))
			reload(&d);
	}
	stop(&d);
	rcfile_free(&d.rc);
	mem_free(d.workers);
	return 0;
}
