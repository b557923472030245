/* couriertls: TLS in front of a program.  SPDX-License-Identifier: ISC */

#include "base/base.h"

#include <stdio.h>

#include "base/args.h"
#include "base/log.h"
#include "base/num.h"
#include "base/proc.h"
#include "conf/conf.h"
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

int
main(int argc, char **argv)
{
	const char *bad;
	struct conf conf;
	int i;

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
	return tls_run(&opts, &conf);
}
