/* All commands.  SPDX-License-Identifier: ISC */

#include "base/base.h"

#include "base/ascii.h"

#include "smap/cmd.h"

/* To add a command: a row, its prototype in cmd.h, a function. */
static const struct command commands[] = {
	{ "ACL", 0, smap_cmd_acl },
	{ "ADD", 0, smap_cmd_add },
	{ "CLOSE", 0, smap_cmd_close },
	{ "COPY", CMD_OPEN, smap_cmd_copy },
	{ "CREATE", 0, smap_cmd_create },
	{ "DELETE", 0, smap_cmd_delete },
	{ "DELETEACL", 0, smap_cmd_deleteacl },
	{ "EXPUNGE", CMD_OPEN | CMD_SYNC, smap_cmd_expunge },
	{ "FETCH", CMD_OPEN, smap_cmd_fetch },
	{ "GETACL", 0, smap_cmd_getacl },
	{ "IDLE", 0, smap_cmd_idle },
	{ "LIST", 0, smap_cmd_list },
	{ "LOGOUT", 0, smap_cmd_logout },
	{ "MKDIR", 0, smap_cmd_mkdir },
	{ "MOVE", CMD_OPEN | CMD_SYNC, smap_cmd_move },
	{ "NOOP", 0, smap_cmd_noop },
	{ "OPEN", 0, smap_cmd_open },
	{ "RENAME", 0, smap_cmd_rename },
	{ "RMDIR", 0, smap_cmd_rmdir },
	{ "RSET", 0, smap_cmd_rset },
	{ "SEARCH", CMD_OPEN, smap_cmd_search },
	{ "SETACL", 0, smap_cmd_setacl },
	{ "SOPEN", 0, smap_cmd_sopen },
	{ "STATUS", 0, smap_cmd_status },
	{ "STORE", CMD_OPEN, smap_cmd_store }
};

const struct command *
smap_cmd_find(const char *name)
{
	size_t i;

	for (i = 0; i < NITEMS(commands); i++)
		if (ascii_casecmp(name, commands[i].name) == 0)
			return &commands[i];
	return NULL;
}
