/* Single environment variables.  SPDX-License-Identifier: ISC */

#ifndef CONF_ENV_H
#define CONF_ENV_H

/*
 * For the few values that are passed from program to program (TCPREMOTEIP,
 * OPTIONS, ...) rather than set by an administrator; those are in conf.h.
 */

/* The value, or NULL if the variable is unset. Owned by the environment. */
const char *env_get(const char *name);

/* The value, or other if it is unset or empty. */
const char *env_or(const char *name, const char *other);

/* Leading decimal digits; other if unset, not a number or 0. */
u32	env_u32(const char *name, u32 other);

/* Sets (value NULL: removes) a variable of this process. */
void	env_set(const char *name, const char *value);

/* The same for a list that env_apply makes true later, or a started program
   gets (conf/prestart.h): NAME=VALUE, or NAME to remove. Entries are the
   list's (vec_free_all). */
struct vec;
void	env_add(struct vec *, const char *name, const char *value);
void	env_apply(const struct vec *);

/* All of them; a NULL ends the list. env_replace puts other ones in their place
   (they stay the caller's) and returns those of before. */
char	**env_all(void);
char	**env_replace(char **);

/* Removes all variables whose names begin so. */
void	env_remove(const char *prefix);

#endif
