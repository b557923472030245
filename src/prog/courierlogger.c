/* courierlogger: standard error to syslog; starts and stops daemons.
   SPDX-License-Identifier: ISC */

#include "base/base.h"

#include <fcntl.h>
#include <stdio.h>
#include <syslog.h>

#include "base/args.h"
#include "base/i18n.h"
#include "tcpd/logger.h"
#include "tcpd/pidfile.h"

static struct logger_child child;
static const char *name, *facility = "mail";
static int do_start, do_stop, do_restart, do_status;

static const struct arg_opt options[] = {
	{ "name", ARG_STR, &name },
	{ "facility", ARG_STR, &facility },
	{ "pid", ARG_STR, &child.pidfile },
	{ "start", ARG_FLAG, &do_start },
	{ "stop", ARG_FLAG, &do_stop },
	{ "restart", ARG_FLAG, &do_restart },
	{ "status", ARG_FLAG, &do_status },
	{ "respawn", ARG_FLAG, &child.respawn },
	{ "user", ARG_STR, &child.user },
	{ "group", ARG_STR, &child.group },
	{ "droproot", ARG_FLAG, &child.droproot },
	{ NULL, 0, NULL }
};

static int fail(const char *);
static int usage(void);
static const char *base_name(const char *);

static int
fail(const char *text)
{
	fprintf(stderr, "%s\n", _(text));
	return 1;
}

static int
usage(void)
{
	fputs(_("Usage: courierlogger [-name=name] [-pid=pidfile] "
	    "[-facility=type]\n"
	    "       [-start|-stop|-restart] [cmd [args...]]\n"), stderr);
	return 1;
}

static const char *
base_name(const char *path)
{
	const char *slash;

	slash = strrchr(path, '/');
	return slash == NULL ? path : slash + 1;
}

int
main(int argc, char **argv)
{
	const char *bad;
	int i, fac;

	i18n_init();
	if (argc < 2)
		return usage();
	i = args_parse(options, argc, argv, &bad);
	if (i < 0) {
		fprintf(stderr, _("Unknown option '%s'\n"), bad);
		return 1;
	}
	if (logger_facility(facility, &fac) != E_OK) {
		fprintf(stderr, _("Unknown facility name '%s'\n"), facility);
		return 1;
	}
	if ((do_start || do_stop || do_restart || do_status) && child.pidfile == NULL)
		return fail(N_("-pid argument required"));
	if (do_stop)
		return pidfile_stop(child.pidfile) != E_OK;
	if (do_restart)
		return pidfile_restart(child.pidfile) != E_OK;
	if (do_status)
		return pidfile_status(child.pidfile);
	if (argc == 2 && i == 1) {
		openlog(argv[1], 0, fac);
		return logger_stdin();
	}
	if (i == argc) {
		if (do_start || child.pidfile != NULL)
			return fail(N_("-start must be followed by a command "
			    "to execute"));
		if (name == NULL)
			return fail(N_("-name option required for standalone "
			    "logger"));
		openlog(name, 0, fac);
		return logger_stdin();
	}
	child.argv = argv + i;
	openlog(name != NULL ? name : base_name(argv[i]), 0, fac);
	return logger_run(&child);
}
