/* The folder whose messages are sent.  SPDX-License-Identifier: ISC */

#ifndef SESSION_OUTBOX_H
#define SESSION_OUTBOX_H

struct folder;
struct sess;
struct upload;

/* Is this mailbox the one of OUTBOX? */
int	outbox_is(const struct sess *, const char *name);

/*
 * Gives the message to SENDMAIL (-oi -t -f sender), behind a line of
 * HEADERFROM; what is stored has no such line (maildir.md 9.3). E_NOTSUP: it
 * was not taken, the log says why. It waits until the program has ended.
 */
int	outbox_send(const struct sess *, struct folder *, struct upload *);

#endif
