/* authenumerate: lists all accounts.  SPDX-License-Identifier: ISC */

#include "base/base.h"

#include <stdio.h>

#include "base/log.h"
#include "conf/env.h"
#include "authcl/authcl.h"

struct wish {
	int	hide_unshared;	/* -s */
	int	options;	/* -o */
};

static void show(void *, const char *, uid_t, gid_t, const char *,
    const char *, const char *);
static int usage(void);

static void
show(void *ctx, const char *name, uid_t uid, gid_t gid, const char *home,
    const char *maildir, const char *options)
{
	const struct wish *w = ctx;

	if (w->hide_unshared &&
	    authinfo_option_int(options, "disableshared") > 0)
		return;
	printf("%s\t%lu\t%lu\t%s\t%s", name, (unsigned long)uid,
	    (unsigned long)gid, home, maildir != NULL ? maildir : "");
	if (w->options)
		printf("\t%s", options != NULL ? options : "");
	putchar('\n');
}

static int
usage(void)
{
	fputs("Usage: authenumerate [-s] [-o]\n", stderr);
	return 1;
}

int
main(int argc, char **argv)
{
	struct authcl cl;
	struct wish w;
	int c, r;

	log_init(NULL, TRUE);
	memset(&w, 0, sizeof(w));
	opterr = 0;
	while ((c = getopt(argc, argv, "so")) != -1) {
		if (c == 's')
			w.hide_unshared = TRUE;
		else if (c == 'o')
			w.options = TRUE;
		else
			return usage();
	}
	if (optind < argc)
		return usage();
	authcl_init(&cl, env_get("CHAPAR_AUTHSOCKET"));
	r = authcl_enumerate(&cl, show, &w);
	if (fflush(stdout) != 0 || ferror(stdout))
		return 1;
	return r == E_OK ? 0 : 1;
}
