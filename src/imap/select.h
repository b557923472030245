/* Opening and announcing a mailbox.  SPDX-License-Identifier: ISC */

#ifndef IMAP_SELECT_H
#define IMAP_SELECT_H

struct imap;
struct imap_cmd;
struct reply;

/* SELECT, or EXAMINE with `readonly`: opens, announces, fills the reply
   (RFC 3501 6.3.1, 6.3.2). */
void	select_mailbox(struct imap *, struct imap_cmd *, struct reply *,
	    int readonly);

#endif
