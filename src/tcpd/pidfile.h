/* Daemons and their pid files (daemons.md 4.3).  SPDX-License-Identifier: ISC */

#ifndef TCPD_PIDFILE_H
#define TCPD_PIDFILE_H

/*
 * Forks into the background and takes FILE.lock. Returns in the daemon with
 * E_OK; the caller ends its start with pidfile_ready. The process that was
 * started waits for that and exits 0; if the daemon ends before, it exits 1.
 * If another daemon holds the lock everything exits 0: a second start is no
 * error.
 */
int	pidfile_start(const char *file);

/* Writes FILE and lets the waiting parent exit 0. */
int	pidfile_ready(const char *file);

/* TERM, then KILL every PIDFILE_KILL_SECS seconds, until the lock is free.
   E_OK also if nothing runs; E_PERM: the lock cannot be looked at (told). */
#define PIDFILE_KILL_SECS	10
int	pidfile_stop(const char *file);

/* HUP, if it runs; E_PERM as above. */
int	pidfile_restart(const char *file);

/* Whether it runs, in the numbers of the Linux Standard Base. */
enum { PIDFILE_RUNS = 0, PIDFILE_DEAD = 1, PIDFILE_NONE = 3,
    PIDFILE_UNKNOWN = 4 };
int	pidfile_status(const char *file);

#endif
