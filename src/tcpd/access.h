/* The access database (daemons.md 2.5).  SPDX-License-Identifier: ISC */

#ifndef TCPD_ACCESS_H
#define TCPD_ACCESS_H

struct access;
struct str;
struct vec;

/*
 * The file is opened now and again after access_reload. Trouble is told at level
 * ALERT. A file that is not there has no rules: everybody is allowed. One that
 * cannot be read, or is no database, leaves the rules of before in force; if
 * there are none, access_find fails.
 */
struct access *access_new(const char *path);
void	access_reload(struct access *);
int	access_check(const char *path);		/* tells what is wrong with it */
void	access_free(struct access **);

/*
 * Looks an address up ("192.0.2.1", "::ffff:192.0.2.1", or IPv6) from the most
 * specific key to "*". With port (the local end) the keys with ".port" behind
 * them are asked first. E_OK: the entry's value is appended; E_NOENT: there is
 * none, which means allowed; E_TEMP: nobody knows.
 */
int	access_find(struct access *, const char *ip, const char *port,
	    struct str *out);

/* TRUE if the entry refuses. */
int	access_denies(const char *value);

/* Adds the variables of an entry's value (conf/env.h); E_PERM if it says
   deny. */
int	access_vars(const char *value, struct vec *);

/* The number that an entry assigns to a variable; other if it is none. The
   environment is left alone. */
u32	access_u32(const char *value, const char *name, u32 other);

#endif
