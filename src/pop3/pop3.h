/* A POP3 session after login (RFC 1939, pop3-wire.md).
   SPDX-License-Identifier: ISC */

#ifndef POP3_POP3_H
#define POP3_POP3_H

#include "base/str.h"

#include "session/client.h"

#include "pop3/snapshot.h"

struct conf;
struct io;
struct sess;

#define POP3_IDLE_MAX	600	/* seconds without a command (RFC 1939 3) */
#define POP3_LINE_MAX	8191	/* bytes; the rest of a line is passed over */

struct pop3 {
	const struct conf *conf;
	struct sess	*sess;
	struct io	*io;
	int		rfd;
	struct inbox	snap;
	struct str	line;		/* what the client sent; cut into words */
	char		*rest;		/* of it, for pop3_word */
	int		utf8;		/* the client said UTF8 */
	const char	*language;	/* of our texts, or NULL: English */
	enum client_end	end;
	int		io_failed;	/* a message could not be read */
	u64		started;	/* clock_msec */
	u64		top, retr;	/* octets of messages sent */
};

/* Takes the list of messages. E_NOENT, E_PERM, E_TEMP: there is none, and no
   session. All but the pop3 is borrowed. */
int	pop3_new(const struct conf *, struct sess *, struct io *, int rfd,
	    struct pop3 **out);

/* Runs until QUIT, or until the client is gone. */
enum client_end pop3_run(struct pop3 *);
void	pop3_free(struct pop3 **);

/* The last log line (pop3-wire.md 5). */
void	pop3_log_end(const struct pop3 *);

/* ---- replies ------------------------------------------------------------ */

/* "+OK text", "-ERR text": the text is marked by N_ and is said in the client's
   language. */
void	pop3_ok(struct pop3 *, const char *);
void	pop3_err(struct pop3 *, const char *);
const char *pop3_text(const struct pop3 *, const char *);

/* The two that many commands give. */
void	pop3_invalid(struct pop3 *);		/* -ERR Invalid command. */
void	pop3_no_message(struct pop3 *);

/* "+OK a b", for STAT, LIST n and UIDL n. */
void	pop3_ok_pair(struct pop3 *, u64 a, u64 b);

/* ---- arguments ---------------------------------------------------------- */

/* The next word of the line, NULL at its end. Blanks, tabs and CR separate. */
char	*pop3_word(struct pop3 *);

/* The message that the next word names and that is not deleted; NULL, and the
   reply has been given, if there is none. */
struct pop3_msg *pop3_message(struct pop3 *, const char *word);

/* Number and sign as atol reads them, with limits. */
i64	pop3_number(const char *);

#endif
