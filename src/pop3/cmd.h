/* The table of commands.  SPDX-License-Identifier: ISC */

#ifndef POP3_CMD_H
#define POP3_CMD_H

struct pop3;

/* Handlers take words from the line and write the whole answer. */
typedef void cmd_fn(struct pop3 *);

struct command {
	const char	*name;
	cmd_fn		*run;
};

/* The row, or NULL. */
const struct command *pop3_cmd_find(const char *name);

cmd_fn	pop3_cmd_capa, pop3_cmd_dele, pop3_cmd_lang, pop3_cmd_list,
	pop3_cmd_noop, pop3_cmd_quit, pop3_cmd_retr, pop3_cmd_rset,
	pop3_cmd_stat, pop3_cmd_top, pop3_cmd_uidl, pop3_cmd_utf8;

#endif
