/* The state of a connection before login.  SPDX-License-Identifier: ISC */

#ifndef LOGIN_LOGIN_H
#define LOGIN_LOGIN_H

#include <time.h>

#include "authcl/authcl.h"

struct conf;
struct io;
struct imapparse;
struct mech;
struct str;

#define LOGIN_SECS	60	/* from the start to a login */
#define LOGIN_DELAY	5	/* seconds before a refusal is answered */
#define LOGIN_ERRORS	10	/* consecutive bad commands */
#define LOGIN_NAME_MAX	256	/* bytes of a name in a log line */
#define LOGIN_PART_MS	200	/* of silence, after a BYE */
#define LOGIN_PART_MAX	(4UL * 1024 * 1024)	/* bytes, the same */
#define LOGIN_ID_MAX	1024	/* bytes of a client's ID in a log line */
#define LOGIN_SMAP_TAG	"\\SMAP1"	/* a client's wish for SMAP1 */
#define SASL_LINE_MAX	16384	/* of a client's answer */

struct login {
	const struct conf *conf;
	struct io	*io;
	struct imapparse *parse;
	struct authcl	auth;
	const char	*service;	/* "imap" or AUTHSERVICE<port> */
	const char	*ip, *port;	/* for log lines */
	const char	*imapd, *maildir;	/* program and its argument */
	time_t		start;
	int		errors;		/* in a row */
	int		smap;		/* the client said it speaks SMAP1 */
	int		status;		/* to exit with */
	char		*tag;		/* of the command that logs in */
};

/*
 * Speaks to the client until it has logged in (does not return then), gives
 * up, or its time is over. argv: imapd's path and the default maildir.
 * Returns the exit status.
 */
int	imaplogin_run(const struct conf *, const char *imapd,
	    const char *maildir);

/* DEBUG_LOGIN of at least this level: one line for the log that tells what a
   client sent. */
void	login_debug(const struct login *, int level, const char *what,
	    const char *text);

/* What a handler wants done. */
enum {
	LOGIN_OK,		/* answered */
	LOGIN_SYNTAX,		/* answer the error line, count it */
	LOGIN_REFUSED,		/* wrong name or password; answered */
	LOGIN_END		/* close the connection */
};

struct arg;

/* One command; what follows its name. */
typedef int login_handler(struct login *, struct arg *);

/* imaplogin.c: a tagged line, text beginning with OK or NO; an untagged BYE (LOGIN_END); the end of the
   stream for a reason E_* (LOGIN_END). */
void	login_tagged(struct login *, const char *);
int	login_bye(struct login *, const char *);
int	login_ended(struct login *, int);

/* logincmd.c */
int	login_cmd_login(struct login *, struct arg *);
int	login_cmd_auth(struct login *, struct arg *);

/* E_OK: never returns. Else logs and answers: LOGIN_REFUSED or LOGIN_END.
   what is "user=NAME" or "method=MECH". */
int	login_result(struct login *, int r, struct authinfo *,
	    const char *what);

/* Clear-text logins are refused now (answered): LOGIN_OK or not. */
int	login_need_tls(struct login *);

/* become.c: from here on the process is the user's imapd. Returns only on
   failure, which is logged. */
int	login_become(struct login *, const struct authinfo *);

/* capa.c */
void	login_capability(const struct login *, struct str *out);
int	login_starttls_available(const struct login *);

/* TRUE if the list holds this word. */
int	login_capable(const struct login *, const char *word);

/* A name for a log line: what is not printable ASCII, and the , = [ ] that
   make up such lines, become '.'; at most LOGIN_NAME_MAX bytes. */
void	login_clean(const char *name, struct str *out);

#endif
