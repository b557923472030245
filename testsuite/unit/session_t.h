/* A maildir and a recording front end for the session's tests.
   SPDX-License-Identifier: ISC */

#ifndef UNIT_SESSION_T_H
#define UNIT_SESSION_T_H

struct sess;
struct str;

/* Makes cur, new, tmp in dir (relative to t_tmpdir; "" is the maildir). */
void	st_mkdir(const char *dir);

/* Writes a message file, e.g. st_file("cur/100.a.h:2,S", text). */
void	st_file(const char *path, const char *text);
void	st_remove(const char *path);
void	st_rename(const char *from, const char *to);

/* A session on the maildir whose front end writes to st_events:
   "gone 2/5 exists 3/1 flags 1 keywords+ ". */
struct sess *st_session(void);
const char *st_events(void);		/* and forgets them */

/* How often idle_wait still says E_OK before E_EOF; -1: for ever. */
extern int st_pulses;

/* Empties a static string. */
void	st_fresh(struct str *);

#endif
