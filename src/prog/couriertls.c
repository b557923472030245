/* couriertls: TLS in front of a program.  SPDX-License-Identifier: ISC */

#include "base/base.h"

#include <stdio.h>

#include "base/args.h"
#include "base/jail.h"
#include "base/log.h"
#include "base/num.h"
#include "base/proc.h"
#include "conf/conf.h"
#include "conf/prestart.h"
#include "tls/direct.h"
#include "tls/ready.h"
#include "tls/tls.h"

static struct tls_opts opts;
static const char *remotefd, *localfd, *statusfd, *x509fd, *host, *port, *user;
static int tcpd;

static const struct arg_opt options[] = {
	{ "server", ARG_FLAG, &opts.server },
	{ "tcpd", ARG_FLAG, &tcpd },
	{ "remotefd", ARG_STR, &remotefd },
	{ "host", ARG_STR, &host },
	{ "port", ARG_STR, &port },
	{ "localfd", ARG_STR, &localfd },
	{ "statusfd", ARG_STR, &statusfd },
	{ "printx509", ARG_STR, &x509fd },
	{ "verify", ARG_STR, &opts.verify },
	{ "domain", ARG_STR, &opts.verify },
	{ "protocol", ARG_STR, &opts.protocol },
	{ "user", ARG_STR, &user },
	{ NULL, 0, NULL }
};

static int number(const char *);
static int remote(const char *);
static char **next(int, char **);
static void prepare(void);
static int direct(int);

/* A descriptor, or -1. */
static int
number(const char *text)
{
	u32 n;

	return text != NULL && num_parse_u32(text, &n) == E_OK &&
	    n < 0x7fffffff ? (int)n : -1;
}

/* The other side; below 0 if there is none. */
static int
remote(const char *argv0)
{
	if (tcpd) {
		if (dup2(2, 1) < 0)
			return -1;
		return 0;
	}
	if (remotefd != NULL)
		return number(remotefd);
	if (host != NULL && port != NULL)
		return tls_connect(host, port);
	fprintf(stderr, "%s: specify remote location.\n", argv0);
	return -1;
}

/* Behind couriertcpd the program comes next. */
static char **
next(int argc, char **argv)
{
	const char *bad;
	int i;

	i = args_parse(options, argc, argv, &bad);
	if (i < 0 || !opts.server || !tcpd || argv[i] == NULL)
		return NULL;
	opts.local = opts.status = opts.x509 = -1;
	opts.argv = argv + i;
	return opts.argv;
}

static void
prepare(void)
{
	static struct conf conf;
	static int known;

	if (opts.argv == NULL)
		return;
	if (!known) {
		log_init(NULL, TRUE);
		log_set_debug(1);
		conf_load(&conf, CONF_T);
		jail_prepare(LOGIN_USER);
		known = TRUE;
	}
	ready_make(&opts, &conf);
}

static int
direct(int fd)
{
	struct conf conf;

	conf_load(&conf, CONF_T);
	return direct_serve(&opts, &conf, fd);
}

int
main(int argc, char **argv)
{
	static const struct prestart_hooks hooks = { PRESTART_PLAIN, next,
	    TRUE, prepare, direct, NULL };
	const char *bad;
	struct conf conf;
	int i;

	prestart_serve(&argc, &argv, &hooks);
	proc_fix_stdio();
	i = args_parse(options, argc, argv, &bad);
	if (i < 0) {
		fprintf(stderr, "%s: Invalid option: %s\n", argv[0], bad);
		return 1;
	}
	if (opts.protocol != NULL && !tls_protocol_known(opts.protocol)) {
		fprintf(stderr, "--protocol=%s - unknown protocol.\n",
		    opts.protocol);
		return 1;
	}
	opts.remote = remote(argv[0]);
	if (opts.remote < 0)
		return 1;
	opts.local = number(localfd);
	opts.status = number(statusfd);
	opts.x509 = number(x509fd);
	opts.argv = argv + i;
	log_init(NULL, TRUE);
	log_set_debug(1);
	conf_load(&conf, CONF_T);
	i = tls_run(&opts, &conf);
	/* (the library would take itself to pieces first) */
	fflush(NULL);
	_exit(i);
}
