/* Signals that only set flags.  SPDX-License-Identifier: ISC */

#ifndef BASE_SIG_H
#define BASE_SIG_H

/* Catches the signal: sig_caught(n) tells once whether it came since. A pipe
   is written too, so that poll wakes up: sig_fd is its reading end. */
int	sig_catch(int signo);
int	sig_caught(int signo);
int	sig_fd(void);
void	sig_drain(void);

/* In a child: the pipe is its parent's. sig_catch makes one of its own; until
   then a signal sets its flag only. */
void	sig_forked(void);

/* TRUE if it came and sig_caught has not been asked since. */
int	sig_pending(int signo);

/* The three that ask a program to end: TERM, HUP, INT. caught tells it once. */
void	sig_stop_catch(void);
int	sig_stop_pending(void);
int	sig_stop_caught(void);

/* What the system does with all that programs here catch or ignore, for execve;
   what has come is forgotten. */
void	sig_reset(void);

/* Not delivered; or what the system does with it. */
void	sig_ignore(int signo);
void	sig_default(int signo);

#endif
