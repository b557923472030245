/* Programs that are started before they are needed.
   SPDX-License-Identifier: ISC */

#ifndef CONF_PRESTART_H
#define CONF_PRESTART_H

#include "base/str.h"

struct vec;
struct pollfd;

/*
 * Most of the time of a short program is its start. A program that calls
 * prestart_serve first of all in main may be started once and then, for each
 * connection, be sent what it would get by execve: it forks, and in the child
 * prestart_serve returns. To the child nothing tells the two ways apart; who
 * cannot go this way goes the other one, with the same result.
 *
 * Each program knows the next one of its chain and keeps it started
 * (couriertcpd, couriertls, the login program, the mailbox server). The way of
 * a connection is followed by couriertcpd: every process of it holds the
 * connection's place. Reports of that come through one pipe, PRESTART_REPORT
 * bytes each: the place and its serial number, what happened, the process id of
 * the started program that took the connection.
 *
 * A started program that may not serve any longer (its file was replaced, a
 * process of it has died of a signal, so that somebody might be guessing
 * addresses) takes no more connections, stays until its children have ended,
 * and is replaced by a new one.
 */
#define PRESTART_VAR	"CHAPAR_PRESTART_FDS"	/* IN,OUT: two descriptors */
#define PRESTART_REPORT	13
#define PRESTART_EXIT	70	/* see prestart_crashed */
#define PRESTART_MAX	((size_t)64 * 1024)	/* bytes of one connection's
						   arguments and environment */

enum {
	PRESTART_HOLD = '+',	/* the program has the connection now, too */
	PRESTART_END = '-',	/* its process has ended */
	PRESTART_LOST = 'L'	/* the program has died, nobody tells of its
				   processes any more (any place) */
};

struct prestart_report {
	u32	place, serial;
	int	what;
	u32	pid;		/* of the started program */
};

/* From its PRESTART_REPORT bytes. */
void	prestart_get_report(const u8 *, struct prestart_report *);

/* What a connection's process is to be. */
struct prestart_conn {
	u32		place, serial;
	int		fd;		/* its 0 and 1 */
	char		**argv;
	const struct vec *vars;		/* NAME=VALUE, or NAME to remove:
					   changes to the sender's environment;
					   NULL: none */
	int		become;		/* the user: */
	uid_t		uid;
	gid_t		gid;
	const char	*home;		/* entered as the user */
};

/* ---- who starts a program ----------------------------------------------- */

struct prestart;

/*
 * argv must stay. report: the pipe's writing end. penalty: what it gets
 * as PROC_FD_REPORTS and PROC_FD_DELAYS, or NULL. Nothing is started before
 * prestart_check, which starts it if it is not there and this is worth trying;
 * called before each connection, it also sees that the file was replaced.
 */
struct prestart *prestart_new(char **argv, int report,
	    const int *penalty);
void	prestart_check(struct prestart *);
void	prestart_free(struct prestart **);

/* Is there an answer? For poll; prestart_work does what there is to do. */
void	prestart_poll(const struct prestart *, struct pollfd *);
void	prestart_work(struct prestart *, const struct pollfd *);

/* A child has ended, this program or another one. Places that were held for
   it are free (PRESTART_LOST). */
void	prestart_died(struct prestart *, pid_t);

/* The program's process, 0: it takes no connections now; its PRESTART_*. */
pid_t	prestart_pid(const struct prestart *);
int	prestart_kind(const struct prestart *);

/* E_OK: the connection is the program's, the descriptor may be closed. E_TEMP,
   E_TOOBIG: it is still ours. */
int	prestart_send(struct prestart *, const struct prestart_conn *);

/* ---- the program -------------------------------------------------------- */

/* What a program can do: it says so when it is ready. */
#define PRESTART_PLAIN	1
#define PRESTART_TLS	2	/* waits for TLS, if PRESTART_TLS_VAR is set: its 0 is
				   a wall then, where one message tells of it (the
				   text of couriertls -printx509), and after it the
				   clear side */
#define PRESTART_TLS_VAR	"CHAPAR_TLS_WAIT"

struct prestart_hooks {
	int	kind;		/* PRESTART_* */
	/* The next program's arguments, part of argv; NULL: there is none. */
	char	**(*next)(int argc, char **argv);
	int	penalty;	/* the next one's children report failures */
	/* Does what need not be done for each connection; again before each of
	   them, to see what has changed. NULL: nothing. */
	void	(*prepare)(void);
	/* Serves a connection without a process that goes through main: its
	   environment is in force. E_OK: done, or the next program's
	   (prestart_become); else there will be such a process. NULL: always. */
	int	(*direct)(int fd);
	const char *trouble;	/* the client reads this if there can be no
				   process; NULL: nothing */
};

/* First of all in main. Returns at once if the program was started as usual; or
   in the process of a connection, with its arguments. */
void	prestart_serve(int *argc, char ***argv, const struct prestart_hooks *);

/* The status to exit with after a helper process has died of a signal: 1, or
   what ends the started program. */
int	prestart_crashed(void);

/* The PRESTART_* of the next program, 0: there is none, or it is not there. */
int	prestart_possible(void);

/* For direct: fork; the child has lost what only the program needs. */
pid_t	prestart_fork(void);

/* In the process of a connection, or direct: the next program takes over, and
   the process has to end at once. Else E_TEMP or E_TOOBIG: exec it. place and
   serial are not the caller's concern. */
int	prestart_become(struct prestart_conn *);

#endif
