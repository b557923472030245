/* makeuserdb: the userdb's databases from its text.
   SPDX-License-Identifier: ISC */

#include "base/base.h"

#include <stdio.h>

#include "base/log.h"
#include "base/str.h"
#include "authdaemon/module.h"
#include "authdaemon/userdb.h"

static int usage(void);
static int status_of(int);

static int
usage(void)
{
	fputs("Usage: makeuserdb [-f file]\n", stderr);
	return 1;
}

/* Exit codes that scripts know. */
static int
status_of(int r)
{
	return r == E_OK ? 0 : r == E_NOENT ? 2 : r == E_PERM ? 255 : 1;
}

int
main(int argc, char **argv)
{
	struct str root, why;
	int c, r;

	log_init(NULL, TRUE);
	str_init(&root, 0);
	str_init(&why, 0);
	str_catf(&root, "%s/userdb", auth_confdir());
	opterr = 0;
	while ((c = getopt(argc, argv, "f:")) != -1) {
		if (c != 'f')
			return usage();
		str_reset(&root);
		str_cats(&root, optarg);
	}
	if (optind < argc)
		return usage();
	r = userdb_make(str_c(&root), &why);
	if (r != E_OK)
		fprintf(stderr, "%s\n", str_c(&why));
	str_free(&root);
	str_free(&why);
	return status_of(r);
}
