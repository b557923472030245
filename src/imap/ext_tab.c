/* All extensions.  SPDX-License-Identifier: ISC */

#include "base/base.h"

#include "base/ascii.h"

#include "imap/ext.h"

static const struct command cmds_namespace[] = {	/* RFC 2342 */
	{ "NAMESPACE", CMD_SEQ | CMD_NOARGS, cmd_namespace, NULL },
	{ NULL, 0, NULL, NULL }
};
static const struct command cmds_idle[] = {		/* RFC 2177 */
	{ "IDLE", CMD_SEQ | CMD_NOARGS, cmd_idle, NULL },
	{ NULL, 0, NULL, NULL }
};
static const struct command cmds_id[] = {		/* RFC 2971 */
	{ "ID", CMD_SEQ, cmd_id, "ID" },
	{ NULL, 0, NULL, NULL }
};
static const struct command cmds_unselect[] = {		/* RFC 3691 */
	{ "UNSELECT", CMD_SEQ | CMD_NOARGS | CMD_SELECTED | CMD_LEAVE,
	    cmd_unselect, "UNSELECT" },
	{ NULL, 0, NULL, NULL }
};
static const struct command cmds_enable[] = {		/* RFC 5161 */
	{ "ENABLE", CMD_SEQ, cmd_enable, NULL },
	{ NULL, 0, NULL, NULL }
};
static const struct command cmds_move[] = {		/* RFC 6851 */
	{ "MOVE", CMD_SEQ | CMD_UID | CMD_SELECTED | CMD_POLL, cmd_move,
	    "MOVE" },
	{ NULL, 0, NULL, NULL }
};
static const struct command cmds_acl[] = {		/* RFC 4314 */
	{ "ACL", CMD_SEQ, cmd_acl, NULL },
	{ "DELETEACL", CMD_SEQ | CMD_MAILBOX, cmd_deleteacl, NULL },
	{ "GETACL", CMD_SEQ | CMD_MAILBOX, cmd_getacl, NULL },
	{ "LISTRIGHTS", CMD_SEQ | CMD_MAILBOX, cmd_listrights, NULL },
	{ "MYRIGHTS", CMD_SEQ | CMD_MAILBOX, cmd_myrights, NULL },
	{ "SETACL", CMD_SEQ | CMD_MAILBOX, cmd_setacl, NULL },
	{ NULL, 0, NULL, NULL }
};

/* RFC 5256; by whatever word they are announced, or not (daemons.md 5.3). */
static const struct command cmds_sort[] = {
	{ "SORT", CMD_SEQ | CMD_UID | CMD_SELECTED | CMD_TELL, cmd_sort,
	    NULL },
	{ NULL, 0, NULL, NULL }
};
static const struct command cmds_thread[] = {
	{ "THREAD", CMD_SEQ | CMD_UID | CMD_SELECTED | CMD_TELL, cmd_thread,
	    NULL },
	{ NULL, 0, NULL, NULL }
};
static const struct command cmds_quota[] = {		/* RFC 2087, 9208 */
	{ "GETQUOTA", CMD_SEQ, cmd_getquota, NULL },
	{ "GETQUOTAROOT", CMD_SEQ | CMD_MAILBOX, cmd_getquotaroot, NULL },
	{ "SETQUOTA", CMD_SEQ, cmd_setquota, NULL },
	{ NULL, 0, NULL, NULL }
};

/* To add an extension: see ext.h. */
static const struct ext exts[] = {
	{ "UIDPLUS", NULL, 0, NULL },		/* RFC 4315: in EXPUNGE,
						   APPEND, COPY */
	{ "CHILDREN", NULL, 0, NULL },		/* RFC 3348: in LIST */
	{ "NAMESPACE", NULL, 0, cmds_namespace },
	{ "THREAD=ORDEREDSUBJECT", NULL, 0, cmds_thread },
	{ "THREAD=REFERENCES", NULL, 0, NULL },	/* the same command */
	{ "SORT", NULL, 0, cmds_sort },
	{ "IDLE", NULL, 0, cmds_idle },
	{ "ID", NULL, 0, cmds_id },
	{ "UNSELECT", NULL, 0, cmds_unselect },
	{ "ENABLE", NULL, 0, cmds_enable },
	{ "UTF8=ACCEPT", "UTF8=ACCEPT", EXT_UTF8_ACCEPT, NULL },
						/* RFC 6855: in names, quoted
						   strings, APPEND, SEARCH */
	{ "LITERAL+", NULL, 0, NULL },		/* RFC 7888: in the parser */
	{ "LITERAL-", NULL, 0, NULL },
	{ "SASL-IR", NULL, 0, NULL },		/* RFC 4959: in imaplogin */
	{ "MOVE", NULL, 0, cmds_move },
	{ "ACL", NULL, 0, cmds_acl },
	{ "ACL2=UNION", NULL, 0, NULL },	/* in cmd_acl.c, LIST, SELECT */
	{ "RIGHTS=texk", NULL, 0, NULL },	/* RFC 4314: acl.h, cmd_setacl.c */
	{ "QUOTA", NULL, 0, cmds_quota },
	{ "QUOTA=RES-STORAGE", NULL, 0, NULL },	/* RFC 9208: in QUOTA, and */
	{ "QUOTA=RES-MESSAGE", NULL, 0, NULL }	/* in STATUS */
};

const struct command *
ext_command(const char *name)
{
	const struct command *c;
	size_t i;

	for (i = 0; i < NITEMS(exts); i++) {
		if (exts[i].commands == NULL)
			continue;
		for (c = exts[i].commands; c->name != NULL; c++)
			if (ascii_casecmp(name, c->name) == 0)
				return c;
	}
	return NULL;
}

const struct ext *
ext_enable(const char *word)
{
	size_t i;

	for (i = 0; i < NITEMS(exts); i++)
		if (exts[i].enable != NULL &&
		    ascii_casecmp(word, exts[i].enable) == 0)
			return &exts[i];
	return NULL;
}
