/* What a mailbox server does before its first reply (daemons.md 5.12).
   SPDX-License-Identifier: ISC */

#ifndef SESSION_START_H
#define SESSION_START_H

struct io;
struct sess;

/* Whom the session is for and where from: for logs. Borrowed. */
struct start {
	const char	*user;
	const char	*ip, *port;
};

/* First of all, with main's arguments: waits for a connection if the program
   was started ahead of need (conf/prestart.h; trouble is what the client reads
   if it cannot be served); descriptors, memory, log, signals, HOSTNAME. */
void	start_process(int *argc, char ***argv, const char *trouble);

/* TRUE if the directory we are in has the sticky bit: nobody may log in, and
   that is logged. */
int	start_locked(const struct start *);

/*
 * Goes to the maildir: *dir, or if that is NULL the one that MAILDIR names
 * (NULL or empty: "./Maildir"), which *dir is then. If it cannot, that is
 * logged, and *out_why is the reason: E_NOENT, E_PERM, E_TEMP.
 */
int	start_enter(const char **dir, const char *maildir,
	    const char **out_why);

/* Runs ./loginexec, once: it is removed when it succeeded. */
void	start_login_exec(void);

/* Sets sess->peer. */
void	start_name_peer(struct sess *, const struct start *);

/* Puts what the login program had read behind its last command, `after`, in
   front of the input. */
void	start_take_input(struct io *, const struct start *,
	    const char *after);

#endif
