/* Writing LIST and LSUB lines.  SPDX-License-Identifier: ISC */

#ifndef IMAP_LIST_H
#define IMAP_LIST_H

struct imap;
struct imap_cmd;
struct reply;

enum { LIST_LIST, LIST_LSUB };

/* Return options. */
enum { LIST_ACL = 1, LIST_MYRIGHTS = 2, LIST_POSTADDRESS = 4 };

/* The LIST line of one mailbox, if it has one. */
void	list_one(struct imap *, const char *name, u32 options);

/* All of LIST or LSUB but the command's word. */
void	list_run(struct imap *, struct imap_cmd *, struct reply *, int which);

#endif
