/* What the modules of SQL databases share.  SPDX-License-Identifier: ISC */

#ifndef AUTHDAEMON_MOD_SQL_H
#define AUTHDAEMON_MOD_SQL_H

#include "authdaemon/module.h"

struct rcfile;
struct str;

/*
 * How to add a database: mod_foo.c with a `sql_kind` and a
 * `chapar_auth_module` whose hooks are those below; both go into libauthfoo.so
 * together with mod_sql*.o.
 */

/* Columns of the look-up, in Courier's order. */
enum { SQL_ID, SQL_CRYPT, SQL_CLEAR, SQL_UID, SQL_GID, SQL_HOME, SQL_MAILDIR,
    SQL_QUOTA, SQL_NAME, SQL_OPTIONS, SQL_COLUMNS };

#define SQL_ROW_MAX	(SQL_COLUMNS + 1)	/* with a number before it */

/* Settings that each database has, under a name of its own. */
enum { KEY_TABLE, KEY_LOGIN, KEY_CRYPT, KEY_CLEAR, KEY_UID, KEY_GID, KEY_HOME,
    KEY_NAME, KEY_MAILDIR, KEY_DELIVERY, KEY_QUOTA, KEY_OPTIONS, KEY_WHERE,
    KEY_SELECT, KEY_ENUMERATE, KEY_CHPASS, KEY_COUNT };

/* A second spelling of a setting. */
struct sql_alias {
	const char	*name;
	const char	*other;
};

/* A row; values that are NULL or empty are NULL. E_INVAL (logged) ends the
   statement. */
typedef int sql_row_fn(void *ctx, char *const *text, unsigned int n);

struct sql_kind {
	const char	*name;		/* "authfoo" */
	const char	*file;		/* "authfoorc" */
	const char	*const *keys;	/* KEY_COUNT names */
	const struct sql_alias *aliases;	/* up to { NULL, NULL } */
	const char	*const *files;	/* settings that name files, up to NULL */
	u32		empty_ones;	/* 1 << SQL_NAME ...: sent if empty */
	int		one_row;	/* TRUE: several rows are an error */

	/* E_SYNTAX, logged: a setting of the connection is missing, wrong. */
	int		(*check)(const struct rcfile *);
	/* E_OK at once if there is a connection; E_TEMP, logged. */
	int		(*connect)(const struct rcfile *);
	void		(*disconnect)(void);
	int		(*connected)(void);
	/* Appends text escaped for the connection's character set; E_TOOBIG,
	   E_CHARSET. Only with a connection. */
	int		(*escape)(const char *, size_t, struct str *out);
	/* Runs a statement. E_EOF: the connection is lost; E_TIMEOUT, logged:
	   no answer in time, and disconnected; E_CHARSET: the
	   text does not go with a character set; E_TEMP; E_INVAL of the row
	   function. */
	int		(*run)(const char *, sql_row_fn *, void *);
	/* Rows that the last statement changed; may be NULL. */
	u32		(*changed)(void);
	const char	*(*error)(void);	/* of the last statement */
};

extern const struct sql_kind sql_kind;	/* this module's */

/* The hooks. */
int	sql_pre(const struct auth_query *, struct authinfo *);
int	sql_login(const struct auth_query *, struct authinfo *);
int	sql_cram(const struct auth_query *, const struct cram *,
	    struct authinfo *);
int	sql_passwd(const struct auth_query *, const char *newpass);
int	sql_enumerate(auth_entry_fn *, void *);
void	sql_idle(void);
void	sql_done(void);
void	sql_settings(void);
void	sql_forget(void);
int	sql_needs_root(int verb);
void	sql_ahead(const struct auth_query *, size_t n);

/* What sql_ahead found for this request, once; E_BUSY: it was not in there. */
int	sql_ahead_take(const struct auth_query *, struct authinfo *);

/* Settings and connection, as auth_backend_reach. */
int	sql_reach(const struct rcfile **out_rc);

/*
 * Runs a statement. A connection that was lost since the last one is made
 * anew, once. E_CHARSET; E_TEMP, logged; what the row function said.
 */
int	sql_run(const char *, sql_row_fn *, void *);

/* A setting, or other if it is absent or empty; by name, or KEY_... */
const char *sql_setting(const struct rcfile *, const char *name,
	    const char *other);
const char *sql_key(const struct rcfile *, int key, const char *other);

/* TRUE, logged, if a setting is not there. */
int	sql_missing(const struct rcfile *, const char *name);

/* E_SYNTAX, logged with file and line, if something that every request needs
   is missing or wrong. */
int	sql_settings_check(const struct rcfile *);

/* The user id as the site's table knows it: DEFAULT_DOMAIN added. */
void	sql_full_id(const struct rcfile *, const char *userid,
	    struct str *out);

/* The quote that is open after a piece of a statement, if `quote` was before it;
   0: none. */
int	sql_quote_after(int quote, const char *s, size_t n);

/* A value for a place that the site has quoted that way. Where there are no
   backslash escapes the double quote has none: E_PERM; what `escape` says. */
int	sql_put_value(const char *value, size_t n, int quote, struct str *out);

/*
 * Queries. Values of the user reach them only escaped, and what was put in is
 * never looked at again. The numbered one is the usual look-up with a first
 * column that tells whose row it is. E_SYNTAX: a setting is missing (logged); E_PERM: a
 * value that cannot be put there safely; what `escape` says.
 */
int	sql_query_select(const struct rcfile *, const char *userid,
	    const char *service, struct str *out);
int	sql_query_numbered(const struct rcfile *, u32 number,
	    const char *userid, const char *service, struct str *out);
int	sql_query_chpass(const struct rcfile *, const char *userid,
	    const char *service, const char *newpass, const char *crypted,
	    struct str *out);
int	sql_query_enumerate(const struct rcfile *, struct str *out);
void	sql_query_forget(void);		/* what is kept of the settings */
void	sql_query_done(void);		/* that, and what was said of them */

/* Rows of the look-up and of the list. E_TEMP, logged: incomplete or wrong. */
int	sql_row_account(const struct rcfile *, char *const *text,
	    unsigned int n, struct authinfo *out);
int	sql_row_entry(char *const *text, unsigned int n, auth_entry_fn *,
	    void *);

#endif
