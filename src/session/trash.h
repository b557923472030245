/* Removing for good, or to the trash.  SPDX-License-Identifier: ISC */

#ifndef SESSION_TRASH_H
#define SESSION_TRASH_H

struct sess;
struct view;

/*
 * Removes message seq; with IMAP_MOVE_EXPUNGE_TO_TRASH it goes to the user's
 * own trash, unless it is there, was copied while the mailbox was selected, or
 * is in a view of a linked maildir. Logs it if IMAP_LOG_DELETIONS is set
 * (maildir.md 7.3). If it cannot be moved it stays.
 */
int	trash_remove(struct view *, u32 seq);

/* IMAP_EMPTYTRASH, at login and LOGOUT (maildir.md 7.2). */
void	trash_purge(struct sess *);

#endif
