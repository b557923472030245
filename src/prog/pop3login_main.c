/* pop3login: POP3 before login.  SPDX-License-Identifier: ISC */

#include "base/base.h"

#include "login/login.h"

int
main(int argc, char **argv)
{
	return login_main(argc, argv, &front_pop3);
}
