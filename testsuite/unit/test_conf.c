/* conf/conf.  SPDX-License-Identifier: ISC */

#include "base/base.h"

#include "conf/conf.h"
#include "conf/env.h"

#include "t.h"

int
main(void)
{
	struct conf c;

	t_catch_log();
	env_set("IMAP_KEYWORDS", NULL);
	env_set("IMAP_TRASHFOLDERNAME", NULL);
	conf_load(&c, CONF_D);
	T_INT(c.imap_keywords, 1);
	T_STR(c.imap_trashfoldername, "Trash");
	T_OK(c.imapdebugfile == NULL);
	env_set("IMAP_KEYWORDS", "2x");
	env_set("IMAP_USELOCKS", "5");
	env_set("IMAP_IDLE_TIMEOUT", "99999");
	env_set("IMAP_STARTTLS", "Yes");
	conf_load(&c, CONF_D);
	T_INT(c.imap_keywords, 2);
	T_INT(c.imap_uselocks, 1);
	T_INT(c.imap_idle_timeout, 3600);
	T_INT(c.imap_starttls, TRUE);
	T_OK(t_logged("IMAP_IDLE_TIMEOUT: 99999 is not between 1 and 3600"));
	env_set("IMAP_KEYWORDS", "no");
	env_set("IMAP_IDLE_TIMEOUT", "");
	conf_load(&c, CONF_D);
	T_INT(c.imap_keywords, 0);
	T_INT(c.imap_idle_timeout, 60);
	T_OK(!t_logged("IMAP"));
	return t_done();
}
