/* All commands.  SPDX-License-Identifier: ISC */

#include "base/base.h"

#include "base/ascii.h"

#include "pop3/cmd.h"

/* To add a command: a row, its prototype in cmd.h, a function. */
static const struct command commands[] = {
	{ "CAPA", pop3_cmd_capa },
	{ "DELE", pop3_cmd_dele },
	{ "LANG", pop3_cmd_lang },
	{ "LIST", pop3_cmd_list },
	{ "NOOP", pop3_cmd_noop },
	{ "QUIT", pop3_cmd_quit },
	{ "RETR", pop3_cmd_retr },
	{ "RSET", pop3_cmd_rset },
	{ "STAT", pop3_cmd_stat },
	{ "TOP", pop3_cmd_top },
	{ "UIDL", pop3_cmd_uidl },
	{ "UTF8", pop3_cmd_utf8 }
};

const struct command *
pop3_cmd_find(const char *name)
{
	size_t i;

	for (i = 0; i < NITEMS(commands); i++)
		if (ascii_casecmp(name, commands[i].name) == 0)
			return &commands[i];
	return NULL;
}
