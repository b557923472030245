/* authmysql's two halves: connection and queries.
   SPDX-License-Identifier: ISC */

#ifndef AUTHDAEMON_MOD_MYSQL_H
#define AUTHDAEMON_MOD_MYSQL_H

struct rcfile;
struct str;

/*
 * Appends text escaped for the connection's character set. Given to the query
 * builder, so that this knows no database library.
 */
typedef int mysql_escape_fn(const char *, size_t, struct str *out);

/* E_SYNTAX, logged with file and line, if something that every request needs
   is missing or wrong. */
int	mysql_settings_check(const struct rcfile *);

/* A number, 0 if it is not there; E_SYNTAX, logged, if it is none. */
int	mysql_setting_number(const struct rcfile *, const char *name,
	    u32 *out);

/* The user id as the site's table knows it: DEFAULT_DOMAIN added. */
void	mysql_full_id(const struct rcfile *, const char *userid,
	    struct str *out);

/* Queries. Values of the user reach them only escaped, and what was put in is
   never looked at again. E_SYNTAX: a setting is missing (logged); E_PERM: a
   value that cannot be put there safely. */
int	mysql_query_select(const struct rcfile *, mysql_escape_fn *,
	    const char *userid, const char *service, struct str *out);
int	mysql_query_chpass(const struct rcfile *, mysql_escape_fn *,
	    const char *userid, const char *service, const char *newpass,
	    const char *crypted, struct str *out);
int	mysql_query_enumerate(const struct rcfile *, struct str *out);

/* A setting, or other if it is absent or empty. */
const char *mysql_setting(const struct rcfile *, const char *name,
	    const char *other);

#endif
