/* pop3login: POP3 before login.  SPDX-License-Identifier: ISC */

#include "base/base.h"

#include <stdio.h>

#include "base/log.h"
#include "base/proc.h"
#include "conf/conf.h"
#include "login/check.h"
#include "login/login.h"

/* pop3login POP3D MAILDIR, or pop3login -check FILE FILE... */
int
main(int argc, char **argv)
{
	struct conf conf;

	proc_fix_stdio();
	log_init(NULL, TRUE);
	log_set_debug(1);
	if (argc > 3 && strcmp(argv[1], "-check") == 0) {
		check_pop3(argv + 2, argc - 2);
		return 0;
	}
	if (argc != 3) {
		fputs("-ERR pop3login requires exactly two arguments.\r\n",
		    stdout);
		return 1;
	}
	conf_load(&conf, CONF_O);
	return login_run(&conf, &front_pop3, argv[1], argv[2]);
}
