/* Writing LIST and LSUB lines.  SPDX-License-Identifier: ISC */

#ifndef IMAP_LIST_H
#define IMAP_LIST_H

struct imap;
struct imap_cmd;
struct reply;

enum { LIST_LIST, LIST_LSUB };

/* All of LIST or LSUB but the command's word. */
void	list_run(struct imap *, struct imap_cmd *, struct reply *, int which);

#endif
