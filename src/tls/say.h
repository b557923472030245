/* Log lines of couriertls.  SPDX-License-Identifier: ISC */

#ifndef TLS_SAY_H
#define TLS_SAY_H

struct str;

/* Each line begins with "ip=[ADDRESS], " if there is an address (NULL or "":
   none; daemons.md 3.7). */
void	say_init(const char *address);
void	say_info(const char *, ...) PRINTFLIKE(1, 2);
void	say_debug(const char *, ...) PRINTFLIKE(1, 2);

/* Why there is no TLS (may be ""). That the other side just went is for the
   debug log: E_EOF; else E_TEMP. */
int	say_failure(const char *);

/* The same text, for others than the log. */
void	say_text(const char *text, struct str *out);

#endif
