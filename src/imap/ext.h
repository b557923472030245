/* Extensions: the rows that each adds.  SPDX-License-Identifier: ISC */

#ifndef IMAP_EXT_H
#define IMAP_EXT_H

#include "imap/cmd.h"

struct fetch_row;
struct imap;
struct key_row;
struct status_row;

/* Bits of imap->enabled. Later extensions add theirs. */
enum {
	EXT_UTF8_ACCEPT = 1
};

/*
 * One extension. The engines look names up here after their own tables, so
 * that an extension is a file, a row in ext_tab.c and its word in
 * wire/imapcapa.c. Positional; new members last.
 */
struct ext {
	const char	*capability;	/* word that is announced */
	const char	*enable;	/* word of ENABLE, or NULL */
	u32		enable_bit;
	const struct command *commands;	/* ended by a NULL name, or NULL */
};

/* The row of a command that an extension adds, or NULL. */
const struct command *ext_command(const char *name);

/* The row whose ENABLE word this is, or NULL. */
const struct ext *ext_enable(const char *word);

#endif
