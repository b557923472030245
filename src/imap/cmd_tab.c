/* All commands.  SPDX-License-Identifier: ISC */

#include "base/base.h"

#include "base/ascii.h"

#include "imap/cmd.h"
#include "imap/ext.h"

/*
 * To add a command of RFC 3501: a row here, sorted, and cmd_<name>.c. Those of
 * extensions are rows of ext_tab.c.
 *
 *   command = tag SP (command-any / command-auth / command-nonauth /
 *             command-select) CRLF
 *   command-any = "CAPABILITY" / "LOGOUT" / "NOOP" / x-command
 *   x-command = "X" atom <experimental command arguments>     ; none here
 *   command-auth = append / create / delete / examine / list / lsub /
 *                  rename / select / status / subscribe / unsubscribe
 *   command-select = "CHECK" / "CLOSE" / "EXPUNGE" / copy / fetch / store /
 *                    uid / search
 *   uid = "UID" SP (copy / fetch / search / store)
 */
static const struct command commands[] = {
	{ "APPEND", CMD_SEQ | CMD_MAILBOX | CMD_STREAM, cmd_append, NULL },
	{ "CAPABILITY", CMD_SEQ | CMD_NOARGS, cmd_capability, NULL },
	{ "CHECK", CMD_SEQ | CMD_NOARGS | CMD_SELECTED | CMD_POLL, cmd_check,
	    NULL },
	{ "CLOSE", CMD_SEQ | CMD_NOARGS | CMD_SELECTED | CMD_LEAVE, cmd_close,
	    NULL },
	{ "COPY", CMD_SEQ | CMD_UID | CMD_SELECTED | CMD_TELL, cmd_copy,
	    NULL },
	{ "CREATE", CMD_SEQ | CMD_MAILBOX, cmd_create, NULL },
	{ "DELETE", CMD_SEQ | CMD_MAILBOX, cmd_delete, NULL },
	{ "EXAMINE", CMD_SEQ | CMD_MAILBOX | CMD_DESELECT, cmd_examine,
	    NULL },
	{ "EXPUNGE", CMD_SEQ | CMD_UID | CMD_SELECTED | CMD_POLL,
	    cmd_expunge, NULL },
	{ "FETCH", CMD_SEQ | CMD_UID | CMD_SELECTED | CMD_SECTION | CMD_TELL,
	    cmd_fetch, NULL },
	{ "LIST", CMD_SEQ | CMD_MAILBOX, cmd_list, NULL },
	{ "LOGOUT", CMD_SEQ | CMD_NOARGS, cmd_logout, NULL },
	{ "LSUB", CMD_SEQ | CMD_MAILBOX, cmd_lsub, NULL },
	{ "NOOP", CMD_SEQ | CMD_NOARGS | CMD_POLL, cmd_noop, NULL },
	{ "RENAME", CMD_SEQ | CMD_MAILBOX, cmd_rename, NULL },
	{ "SEARCH", CMD_SEQ | CMD_UID | CMD_SELECTED | CMD_TELL, cmd_search,
	    NULL },
	{ "SELECT", CMD_SEQ | CMD_MAILBOX | CMD_DESELECT, cmd_select, NULL },
	{ "STATUS", CMD_SEQ | CMD_MAILBOX, cmd_status, NULL },
	{ "STORE", CMD_SEQ | CMD_UID | CMD_SELECTED | CMD_TELL, cmd_store,
	    NULL },
	{ "SUBSCRIBE", CMD_SEQ | CMD_MAILBOX, cmd_subscribe, NULL },
	{ "UNSUBSCRIBE", CMD_SEQ | CMD_MAILBOX, cmd_unsubscribe, NULL }
};

const struct command *
cmd_find(const char *name)
{
	size_t lo, hi, mid;
	int c;

	for (lo = 0, hi = NITEMS(commands); lo < hi; ) {
		mid = (lo + hi) / 2;
		c = ascii_casecmp(name, commands[mid].name);
		if (c == 0)
			return &commands[mid];
		if (c < 0)
			hi = mid;
		else
			lo = mid + 1;
	}
	return ext_command(name);
}
