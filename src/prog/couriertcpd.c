/* couriertcpd: listens and starts a program for each connection.
   SPDX-License-Identifier: ISC */

#include "base/base.h"

#include <sys/socket.h>
#include <fcntl.h>
#include <stdio.h>

#include "base/args.h"
#include "base/ascii.h"
#include "base/file.h"
#include "base/i18n.h"
#include "base/log.h"
#include "base/mem.h"
#include "base/num.h"
#include "base/proc.h"
#include "base/vec.h"
#include "tcpd/access.h"
#include "tcpd/dnslist.h"
#include "tcpd/guess.h"
#include "tcpd/haproxy.h"
#include "tcpd/listen.h"
#include "tcpd/pidfile.h"
#include "tcpd/serve.h"

#define MAXPROCS_DEFAULT	40
#define MAXPROCS_MAX		100000
#define MAXPERIP_DEFAULT	4

static const char *address = "0", *maxprocs, *maxperip, *maxperc, *warn;
static const char *penalty, *backlog, *user, *group, *pidfile, *err;
static const char *logger, *loggername;
static int nodns, ident, noident, do_stop, do_restart, do_check, proxy;
static struct vec lists;	/* values of -block and -allow */
static struct tcpd_opts opts;

static const struct arg_opt options[] = {
	{ "address", ARG_STR, &address },
	{ "access", ARG_STR, &opts.access },
	{ "checkaccess", ARG_FLAG, &do_check },
	{ "accesslocal", ARG_FLAG, &opts.accesslocal },
	{ "block", ARG_LIST, &lists },
	{ "allow", ARG_LIST, &lists },
	{ "drop", ARG_OPTSTR, &opts.drop },
	{ "haproxy", ARG_OPTSTR, &opts.haproxy },
	{ "denymsg", ARG_STR, &opts.denymsg },
	{ "refuse", ARG_STR, &opts.refuse },
	{ "refusetls", ARG_FLAG, &opts.refuse_tls },
	{ "maxprocs", ARG_STR, &maxprocs },
	{ "maxperip", ARG_STR, &maxperip },
	{ "maxperc", ARG_STR, &maxperc },
	{ "penalty", ARG_STR, &penalty },
	{ "warn", ARG_STR, &warn },
	{ "listen", ARG_STR, &backlog },
	{ "nodnslookup", ARG_FLAG, &nodns },
	{ "identlookup", ARG_FLAG, &ident },
	{ "noidentlookup", ARG_FLAG, &noident },
	{ "user", ARG_STR, &user },
	{ "group", ARG_STR, &group },
	{ "pid", ARG_STR, &pidfile },
	{ "stop", ARG_FLAG, &do_stop },
	{ "restart", ARG_FLAG, &do_restart },
	{ "stderr", ARG_STR, &err },
	{ "stderrlogger", ARG_STR, &logger },
	{ "stderrloggername", ARG_STR, &loggername },
	{ "proxy", ARG_FLAG, &proxy },
	{ "prestart", ARG_FLAG, &opts.prestart },
	{ NULL, 0, NULL }
};

static int number(const char *, const char *, u32, u32 *);
static int numbers(void);
static int identity(void);
static int redirect(void);
static int start_logger(void);
static int dns_lists(void);
static void check(void);
static int control(const char *);

/* A positive number, or the default if the option was not given. */
static int
number(const char *text, const char *message, u32 def, u32 *out)
{
	*out = def;
	if (text == NULL)
		return E_OK;
	if (num_parse_u32(text, out) == E_OK && *out > 0)
		return E_OK;
	fprintf(stderr, "%s\n", message);
	return E_SYNTAX;
}

static int
numbers(void)
{
	u32 w;

	if (number(maxprocs, "Invalid -maxprocsarg option.",
	    MAXPROCS_DEFAULT, &opts.maxprocs) != E_OK)
		return E_SYNTAX;
	if (opts.maxprocs > MAXPROCS_MAX)
		opts.maxprocs = MAXPROCS_MAX;
	opts.warn = opts.maxprocs - (opts.maxprocs / 10 + 1);
	if (warn != NULL && num_parse_u32(warn, &w) == E_OK &&
	    w <= opts.maxprocs)
		opts.warn = w;
	if (penalty != NULL && (num_parse_u32(penalty, &opts.penalty) !=
	    E_OK || opts.penalty > GUESS_MAX)) {
		fputs("Invalid -penalty option.\n", stderr);
		return E_SYNTAX;
	}
	if (number(maxperip, "Invalid -maxperip option.", MAXPERIP_DEFAULT,
	    &opts.maxperip) != E_OK ||
	    number(maxperc, "Invalid -maxperc option.", opts.maxprocs,
	    &opts.maxperc) != E_OK ||
	    dns_lists() != E_OK)
		return E_SYNTAX;
	return E_OK;
}

static int
identity(void)
{
	const char *name = NULL;
	uid_t uid = geteuid();
	gid_t gid = getegid();

	if (user != NULL) {
		if (proc_find_user(user, &uid, &gid) != E_OK) {
			fprintf(stderr, "getpwnam: %s not found\n", user);
			return E_NOENT;
		}
		name = group == NULL ? user : NULL;
	}
	if (group != NULL && proc_find_group(group, &gid) != E_OK) {
		fprintf(stderr, "Group not found: %s\n", group);
		return E_NOENT;
	}
	if (user == NULL && group == NULL)
		return E_OK;
	return proc_become(name, uid, gid);
}

/* Where standard error goes. */
static int
redirect(void)
{
	int fd;

	if (pidfile != NULL && (fd = open("/dev/null", O_RDWR)) >= 0) {
		dup2(fd, 0);
		dup2(fd, 1);
		if (err == NULL)
			dup2(fd, 2);
		if (fd > 2)
			close(fd);
	}
	if (logger != NULL)
		return start_logger();
	if (err == NULL)
		return E_OK;
	if (strcmp(err, "socket") == 0) {
		opts.err_socket = TRUE;
		return E_OK;
	}
	fd = open(err, O_WRONLY | O_CREAT | O_APPEND, 0660);
	if (fd < 0) {
		perror(err);
		return E_TEMP;
	}
	dup2(fd, 2);
	if (fd > 2)
		close(fd);
	return E_OK;
}

/* One program reads everybody's standard error. A group of its own lets it
   outlive us, to log what the sessions say when they are told to end. */
static int
start_logger(void)
{
	const char *slash;
	int p[2];
	pid_t pid;

	if (loggername == NULL) {
		slash = strrchr(opts.argv[0], '/');
		loggername = slash != NULL ? slash + 1 : opts.argv[0];
	}
	if (pipe(p) < 0 || (pid = fork()) < 0) {
		perror(logger);
		return E_TEMP;
	}
	if (pid == 0) {
		setpgid(0, 0);
		dup2(p[0], 0);
		proc_close_from(3);
		execlp(logger, logger, loggername, (char *)0);
		perror(logger);
		_exit(1);
	}
	dup2(p[1], 2);
	close(p[0]);
	close(p[1]);
	return E_OK;
}

/* The options in their order, which matters. */
static int
dns_lists(void)
{
	const char *text;
	size_t i;

	opts.lists = mem_array(lists.n + 1, sizeof(*opts.lists));
	for (i = 0; i < lists.n; i++) {
		text = lists.v[i];
		if (dnslist_parse(text, ascii_begins(text - strlen("allow="),
		    "allow="), &opts.lists[i]) != E_OK) {
			fprintf(stderr, "Invalid -block or -allow option: "
			    "%s\n", text);
			return E_SYNTAX;
		}
	}
	opts.nlists = lists.n;
	return E_OK;
}

/* What is odd but no reason to stop. */
static void
check(void)
{
	if (opts.accesslocal && opts.access == NULL) {
		fputs("-accesslocal requires -access\n", stderr);
		opts.accesslocal = FALSE;
	}
	if (opts.haproxy != NULL)
		haproxy_check(opts.haproxy);
}

static int
control(const char *argv0)
{
	if (pidfile == NULL) {
		fprintf(stderr, _("%s: -pid argument is required.\n"), argv0);
		return 1;
	}
	return do_stop ? pidfile_stop(pidfile) != E_OK :
	    pidfile_restart(pidfile) != E_OK;
}

int
main(int argc, char **argv)
{
	const char *bad;
	int fds[LISTEN_MAX];
	size_t n;
	u32 queue;
	int i;

	i18n_init();
	i = args_parse(options, argc, argv, &bad);
	if (i < 0) {
		fprintf(stderr, _("%s: Invalid option: %s\n"), argv[0], bad);
		return 1;
	}
	if (do_stop || do_restart)
		return control(argv[0]);
	if (do_check)
		return opts.access == NULL || access_check(opts.access) !=
		    E_OK;
	if (argc - i < 2) {
		fprintf(stderr, _("Usage: %s [options] port prog arg1 "
		    "arg2...\n"), argv[0]);
		return 1;
	}
	opts.argv = argv + i + 1;
	if (number(backlog, "Invalid -listen option.", SOMAXCONN, &queue) !=
	    E_OK)
		return 1;
	if (pidfile != NULL && pidfile_start(pidfile) != E_OK)
		return 1;
	if (listen_open(argv[i], address, queue, fds, &n) != E_OK)
		return 1;
	if (pidfile != NULL && pidfile_ready(pidfile) != E_OK)
		return 1;
	if (identity() != E_OK || redirect() != E_OK || numbers() != E_OK)
		return 1;
	opts.names = !nodns;
	/* Unasked, settings of releases that lack the lookup would make each
	   client behind a firewall wait for it. */
	opts.ident = ident && !noident;
	check();
	if (pidfile == NULL)
		setpgid(0, 0);
	serve(&opts, fds, n);
	return 0;
}
