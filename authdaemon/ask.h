/* A password from standard input.  SPDX-License-Identifier: ISC */

#ifndef AUTHDAEMON_ASK_H
#define AUTHDAEMON_ASK_H

struct str;

/*
 * Appends one line of standard input. On a terminal it is asked for on
 * standard error, twice and without echo, until both are the same. E_EOF if
 * there is no line; an empty one is one.
 */
int	ask_password(struct str *out);

/* One line, asked for on standard output if standard input is a terminal. */
int	ask_line(const char *prompt, struct str *out);

#endif
