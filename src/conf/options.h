/* Options of an account.  SPDX-License-Identifier: ISC */

#ifndef CONF_OPTIONS_H
#define CONF_OPTIONS_H

/* OPTIONS is NAME=VALUE,NAME=VALUE (authdaemon.md; auth_generic of Courier).
   `list` may be NULL. */

/* The value of the next one of this name from *pos on, which moves behind it;
   NULL: no more. *pos begins as the list; the value ends before a comma. */
const char *option_next(const char **pos, const char *name, size_t *out_len);

/* TRUE if the first one of this name is on: no value, t, y or not 0. */
int	option_on(const char *list, const char *name);

#endif
