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

/* Removes all variables whose names begin so. */
void	env_remove(const char *prefix);

#endif
