/* imaplogin: IMAP before login.  SPDX-License-Identifier: ISC */

#include "base/base.h"

#include <stdio.h>

#include "base/log.h"
#include "base/proc.h"
#include "conf/conf.h"
#include "login/check.h"
#include "login/login.h"

/* imaplogin IMAPD MAILDIR, or imaplogin -check FILE FILE... */
int
main(int argc, char **argv)
{
	struct conf conf;

	proc_fix_stdio();
	log_init(NULL, TRUE);
	log_set_debug(1);
	if (argc > 3 && strcmp(argv[1], "-check") == 0) {
		check_imap(argv + 2, argc - 2);
		return 0;
	}
	if (argc != 3) {
		fputs("* BYE imaplogin expected exactly two arguments.\r\n",
		    stdout);
		return 1;
	}
	conf_load(&conf, CONF_L);
	return login_run(&conf, &front_imap, argv[1], argv[2]);
}
