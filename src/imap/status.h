/* Items of STATUS.  SPDX-License-Identifier: ISC */

#ifndef IMAP_STATUS_H
#define IMAP_STATUS_H

struct arg;
struct io;
struct view_status;

/* The bits of the items named: one atom, or a list; unknown ones are skipped
   (imap-wire.md 5.2). E_SYNTAX. */
int	status_parse(struct arg **pos, u32 *out_items);

/* "(MESSAGES 2 ...)" in Courier's order. */
void	status_put(struct io *, u32 items, const struct view_status *);

#endif
