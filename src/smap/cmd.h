/* The table of commands.  SPDX-License-Identifier: ISC */

#ifndef SMAP_CMD_H
#define SMAP_CMD_H

struct smap;

enum {				/* what the loop does for a row */
	CMD_OPEN = 1,		/* -ERR without an open folder */
	CMD_SYNC = 2		/* afterwards look at the disk and tell */
};

/* Handlers take words from sm->line, write "*" lines and say by smap_ok or
   smap_err what the last line will be; they never write it. */
typedef void cmd_fn(struct smap *);

struct command {
	const char	*name;
	int		flags;
	cmd_fn		*run;
};

/* The row, or NULL. */
const struct command *smap_cmd_find(const char *name);

cmd_fn	smap_cmd_acl, smap_cmd_add, smap_cmd_close, smap_cmd_copy,
	smap_cmd_create, smap_cmd_delete, smap_cmd_deleteacl,
	smap_cmd_expunge, smap_cmd_fetch, smap_cmd_getacl, smap_cmd_idle,
	smap_cmd_list, smap_cmd_logout, smap_cmd_mkdir, smap_cmd_move,
	smap_cmd_noop, smap_cmd_open, smap_cmd_rename, smap_cmd_rmdir,
	smap_cmd_rset, smap_cmd_search, smap_cmd_setacl, smap_cmd_sopen,
	smap_cmd_status, smap_cmd_store;

#endif
