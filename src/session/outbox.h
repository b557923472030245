/* The folder whose messages are sent.  SPDX-License-Identifier: ISC */

#ifndef SESSION_OUTBOX_H
#define SESSION_OUTBOX_H

struct folder;
struct sess;
struct upload;

/* Is this mailbox the one of OUTBOX? */
int	outbox_is(const struct sess *, const char *name);

/* An envelope of the client's own. */
struct outbox_mail {
	const char	*from;		/* NULL: the user's address */
	const char	*notify;	/* NULL, or the argument of -N */
	const char *const *rcpt;	/* outbox_rcpt_ok */
	size_t		n;
};

#define OUTBOX_RCPT_MAX	1000		/* recipients of one message */

/* TRUE if a program takes it for an address: not empty, no option. */
int	outbox_addr_ok(const char *);

/*
 * Gives the message to SENDMAIL, behind a line of HEADERFROM; what is stored
 * has no such line (maildir.md 9.3): with -oi -t -f sender, or to the
 * recipients of an envelope, if there is one (imap-wire.md 14). E_NOTSUP: it
 * was not taken, the log says why. It waits until the program has ended.
 */
int	outbox_send(const struct sess *, struct folder *, struct upload *,
	    const struct outbox_mail *);

#endif
