/* The state of a connection before login.  SPDX-License-Identifier: ISC */

#ifndef LOGIN_LOGIN_H
#define LOGIN_LOGIN_H

#include <time.h>

#include "base/str.h"
#include "base/wall.h"
#include "authcl/authcl.h"

struct conf;
struct io;
struct imapparse;
struct mech;

#define LOGIN_SECS	60	/* from the start to a login */
#define LOGIN_DELAY	5	/* seconds before a refusal is answered */
#define LOGIN_ERRORS	10	/* consecutive bad commands */
#define LOGIN_NAME_MAX	256	/* bytes of a name in a log line */
#define LOGIN_PART_MS	200	/* of silence, after a BYE */
#define LOGIN_PART_MAX	(4UL * 1024 * 1024)	/* bytes, the same */
#define LOGIN_ID_MAX	1024	/* bytes of a client's ID in a log line */
#define LOGIN_SMAP_TAG	"\\SMAP1"	/* a client's wish for SMAP1 */
#define SASL_LINE_MAX	16384	/* of a client's answer */

/*
 * Two processes serve a connection, both begin with this record. The jailed
 * one (login_child) has the client's stream and reads it; the other one
 * (login_monitor) has the rights, never reads from the client, and does what
 * the first asks for through the wall (askwall.c asks, requests.c answers).
 */
struct login {
	const struct conf *conf;
	const struct front *front;
	struct io	*io;
	struct imapparse *parse;	/* IMAP */
	struct authcl	auth;
	const char	*service;	/* "imap" or AUTHSERVICE<port> */
	const char	*ip, *port;	/* for log lines */
	const char	*program, *maildir;	/* the server, its argument */
	struct wall	wall;
	time_t		start;
	int		errors;		/* in a row */
	int		status;		/* to exit with */
	int		tls;		/* the connection is encrypted */
	int		tls_wait;	/* it will be */
	int		binding;	/* and has a channel binding */
	int		tls_required;	/* for logging in */
	int		starttls;	/* is on offer */
	int		variant;	/* IMAP: the client speaks SMAP1; POP3: it
					   has said UTF8 */
	char		*user;		/* POP3: the name, NULL: none yet */
	const char	*refusal;	/* POP3: what is said then, behind a
					   response code */
	struct authinfo	account;	/* monitor: who has proved to be it */
	uid_t		uid;		/* monitor: of that account */
	gid_t		gid;
	u64		again;		/* monitor: no proof is looked at before */
	char		*tag;		/* monitor: of the command that logs in */
	char		*what;		/* monitor: that login, for log lines */
	int		proved, entered; /* monitor: the account is known; the
					   mailbox server may start */
	int		elsewhere;	/* monitor: it is another machine's */
	int		backend;	/* monitor: the connection to that, */
	struct str	to_client;	/* what the client reads first, */
	struct str	input;		/* and what it has sent already */
};

/*
 * A protocol before login. To add one: its functions, its row (in its own
 * file), a main in src/prog.
 */
struct front {
	const char	*protocol;	/* "IMAP" */
	const char	*service;	/* of authdaemond: "imap" */
	const char	*port;		/* if TCPLOCALPORT is not set */
	const char	*trouble;	/* the line for a temporary problem */
	const char	*tls_var, *starttls_var, *required_var;
	const char	*usage;		/* the line for wrong arguments */
	int		reader;		/* CONF_* */
	int		(*check)(char **files, int n);	/* see check.h */
	void		(*setup)(struct login *);
	void		(*begin)(struct login *);	/* the child: once */
	int		(*command)(struct login *);	/* LOGIN_*: one */
	void		(*end)(struct login *);
	int		(*announced)(struct login *, const char *mechanism);
	/* A challenge in base64; the answer of at most SASL_LINE_MAX bytes. */
	int		(*ask)(struct login *, const char *, struct str *out);
	void		(*refused)(struct login *, int);	/* says so, after
					   the delay; E_NOENT: there is no such
					   mechanism */
	void		(*aborted)(struct login *);	/* the client has given
					   up, or sent no base64: says so, at
					   once; NULL: that is a refusal */
	int		(*ended)(struct login *, int);	/* see login_ended */
	const char	*(*tag)(const struct login *);
	void		(*hand_over)(struct login *);	/* the monitor: what
					   the mailbox server has to know */
};

extern const struct front front_imap, front_pop3;

/*
 * The program: "NAME SERVER MAILDIR" speaks to the client until it has logged
 * in (does not return then), gives up, or its time is over. SERVER is started
 * with the account's maildir or else MAILDIR. "NAME -check FILE FILE..." is
 * for start scripts. Returns the exit status.
 */
int	login_main(int argc, char **argv, const struct front *);

/* run.c, monitor.c: the two processes, each with its end of the wall. */
void	login_child(struct login *) NORETURN;
int	login_monitor(struct login *, pid_t child);

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

/* imaplogin.c: a tagged line, text beginning with OK or NO; an untagged BYE
   (LOGIN_END). */
void	login_tagged(struct login *, const char *);
int	login_bye(struct login *, const char *);

/* logincmd.c. login_need_tls: clear-text logins are refused now (answered):
   LOGIN_OK or not. */
int	login_need_tls(struct login *);
int	login_cmd_login(struct login *, struct arg *);
int	login_cmd_auth(struct login *, struct arg *);
int	login_cmd_starttls(struct login *, struct arg *);

/* ---- result.c ----------------------------------------------------------- */

/* What came of a mechanism or a password, E_*. E_OK: the mailbox server takes
   over, never returns. Else logs and answers: LOGIN_REFUSED or LOGIN_END.
   what is "user=NAME" or "method=MECH". */
int	login_result(struct login *, int r, const char *what);

/* Runs a mechanism (initial: the client's initial response, "=" is empty;
   NULL: none), and what has to be logged of it. */
int	login_mechanism(struct login *, const char *name, const char *initial);

/* Logs that the login could not be decided, for a reason in errno terms. */
void	login_trouble(const struct login *, const char *what, int no);

/* Last words have been written: waits until the client has them. */
int	login_part(struct login *);

/* The stream is over: E_EOF, E_TIMEOUT, E_INVAL (too much to drop) or trouble.
   login_ending logs it, with more fields behind the port, and says TRUE if the
   client has to be told. */
int	login_ended(struct login *, int);
int	login_ending(struct login *, int r, const char *fields);

/* A name for a log line: what is not printable ASCII, and the , = [ ] that
   make up such lines, become '.'; at most LOGIN_NAME_MAX bytes. */
void	login_clean(const char *name, struct str *out);

/* ---- askwall.c: the child asks ------------------------------------------ */

enum {
	ASK_PASSWORD, ASK_CRAM, ASK_SCRAM_FIRST, ASK_SCRAM_FINAL,
	ASK_EXTERNAL, ASK_TOKEN,
	ASK_FAILED,		/* refused here already: count it */
	ASK_PENALTY,		/* seconds to wait longer */
	ASK_TLS,		/* encrypt the connection */
	ASK_ENTER		/* start the mailbox server */
};
#define ASK_BAD		1	/* a request that makes no sense */
#define ASK_BAD_MAX	3	/* so many end the child */

/* STARTTLS: E_OK: the stream is encrypted from now on, and empty. E_PERM and
   other errors: why is what the client may be told; the connection is of no
   more use. */
int	login_ask_tls(struct login *, struct str *why);

/* what: as for login_result. The mailbox server takes over, with what was read too much; never returns
   then. Else E_TEMP (errno), or what authcl says. */
int	login_ask_enter(struct login *, const char *what);

/* For couriertcpd -penalty: a login was refused on this side; the seconds to
   wait now. */
void	login_ask_failed(struct login *);
u32	login_ask_penalty(struct login *);

/* ---- the monitor's ------------------------------------------------------ */

/* requests.c: does what a message asks for, and answers. ASK_BAD; E_OK; or
   E_*: the child cannot be reached. */
int	login_answer(struct login *, const struct wall_msg *);

/* starttls.c: runs couriertls on the client's connection, for either side of
   the wall 0 and 1 are then the plain end. E_OK; else why is one line. text:
   what it says of the session (-printx509). */
int	login_tls_start(struct login *, struct str *text, struct str *why);

/* tlsinfo.c: what is known of the TLS session, in the environment.
   login_tls_init removes what nobody but couriertls can know, unless it has
   started us; login_tls_take waits for couriertls if it is to tell later, E_*:
   there is no TLS; login_tls_apply takes the text of -printx509. */
void	login_tls_init(struct login *);
int	login_tls_take(struct login *);
void	login_tls_apply(struct login *, const char *text);

/* Appends the bytes of the channel binding that couriertls has handed on;
   E_PERM: there are none. They are gone once the mailbox server takes over. */
int	login_tls_binding(struct str *out);

/* elsewhere.c: logs in at the server where the account lives; input: what was
   read too much. E_OK: login_relay will take over; E_NOENT: the account is
   ours; else as proxy_login says. */
int	login_elsewhere(struct login *, const char *input, size_t);
void	login_relay(struct login *) NORETURN;

/* become.c: login_home finds out who the account is on this system and enters
   its home folder; E_TEMP (errno), logged. login_become: from here on the
   process is the user's mailbox server. Returns only on failure, logged. */
int	login_home(struct login *);
int	login_become(struct login *);

/* capa.c */
void	login_capability(const struct login *, struct str *out);

/* TRUE if the list holds this word. */
int	login_capable(const struct login *, const char *word);

#endif
