/* The tagged line of a command.  SPDX-License-Identifier: ISC */

#ifndef IMAP_REPLY_H
#define IMAP_REPLY_H

#include "base/str.h"

struct imap;

enum reply_status {
	REPLY_OK,
	REPLY_NO,
	REPLY_BAD		/* not counted as a protocol violation */
};

struct reply {
	enum reply_status status;
	int		violation;	/* counts towards IMAP_ERRORS_MAX */
	int		over_quota;	/* said in a line of its own, too */
	struct str	text;		/* response code and text */
};

#define REPLY_TEXT_MAX	(1024UL * 1024)	/* COPYUID of very many messages */

/* "Ok"; frees the text. */
void	reply_init(struct reply *);
void	reply_free(struct reply *);

/* Each sets status and text anew; the last one counts. */
void	reply_ok(struct reply *, const char *text);
void	reply_no(struct reply *, const char *text);
void	reply_nof(struct reply *, const char *, ...) PRINTFLIKE(2, 3);
void	reply_bad(struct reply *, const char *text);

/* "Error in IMAP command received by server.": BAD and counted (RFC 3501
   7.1.3; imap-wire.md 16 Q9). */
void	reply_syntax(struct reply *);

/* The answer for a code of the layers below where a command has no text of
   its own for it. */
void	reply_error(struct reply *, int err);

/* Writes the line. */
void	reply_send(struct imap *, const struct reply *, const char *tag);

#endif
