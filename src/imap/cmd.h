/* The table of commands.  SPDX-License-Identifier: ISC */

#ifndef IMAP_CMD_H
#define IMAP_CMD_H

struct arg;
struct imap;
struct pool;
struct reply;

enum {				/* what the loop does for a row */
	CMD_NOARGS = 1,		/* BAD if there is an argument */
	CMD_SELECTED = 2,	/* BAD without a selected mailbox */
	CMD_UID = 4,		/* may follow "UID" */
	CMD_SEQ = 8,		/* may be used without "UID" */
	CMD_MAILBOX = 16,	/* first argument is a mailbox: its absence is
				   "Invalid command" (imap-wire.md 2) */
	CMD_SECTION = 32,	/* arguments may hold BODY[...] */
	CMD_STREAM = 64,	/* a literal stays in the stream */
	CMD_POLL = 128,		/* afterwards look at the disk, tell all */
	CMD_TELL = 256,		/* afterwards tell pending flags only: the
				   command uses message numbers */
	CMD_DESELECT = 512,	/* leaves the selected mailbox, even if its
				   arguments are wrong (RFC 3501 6.3.1) */
	CMD_LEAVE = 1024	/* may run when right r has been lost */
};

/* One command, as read. Lives until its tagged line is out. */
struct imap_cmd {
	const struct command *row;
	const char	*name;		/* as in the row */
	struct pool	*pool;
	struct arg	*args;
	int		uid;		/* prefixed with UID */
	int		sync;		/* CMD_POLL or CMD_TELL or 0; handlers
					   may change it */
};

/* Handlers fill the reply and write untagged data; they never write the
   tagged line. */
typedef void cmd_fn(struct imap *, struct imap_cmd *, struct reply *);

struct command {
	const char	*name;
	int		flags;
	cmd_fn		*run;
	const char	*capability;	/* NULL: always there; else only while
					   this word is announced */
};

/* The row, or NULL. */
const struct command *cmd_find(const char *name);

cmd_fn	cmd_acl, cmd_append, cmd_capability, cmd_check, cmd_close, cmd_copy,
	cmd_create, cmd_delete, cmd_deleteacl, cmd_enable, cmd_examine,
	cmd_expunge, cmd_fetch, cmd_getacl, cmd_getquota, cmd_getquotaroot,
	cmd_id, cmd_idle, cmd_list, cmd_listrights, cmd_logout, cmd_lsub,
	cmd_move, cmd_myrights, cmd_namespace, cmd_noop, cmd_rename,
	cmd_search, cmd_select, cmd_setacl, cmd_setquota, cmd_sort,
	cmd_status, cmd_store, cmd_subscribe, cmd_thread, cmd_unselect,
	cmd_unsubscribe;

#endif
