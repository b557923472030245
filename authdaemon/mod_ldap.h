/* The parts of authldap.  SPDX-License-Identifier: ISC */

#ifndef AUTHDAEMON_MOD_LDAP_H
#define AUTHDAEMON_MOD_LDAP_H

#include "authdaemon/module.h"

struct rcfile;
struct str;

#define LDAP_MODULE	"authldap"

/* What is asked of an entry; WANT_COUNT values, and the options. */
enum { WANT_HOME, WANT_MAILDIR, WANT_DELIVERY, WANT_QUOTA, WANT_NAME,
    WANT_CLEAR, WANT_CRYPT, WANT_UID, WANT_GID, WANT_MAIL, WANT_COUNT };

/* An entry: first values, NULL if absent. */
struct dir_entry {
	char		*dn;
	char		*value[WANT_COUNT];
	struct str	options;	/* "name=value,..." */
};

/* ---- settings (mod_ldap_conf.c) ---- */

/* E_SYNTAX, logged: something is missing or wrong. */
int	dir_conf_check(const struct rcfile *);

/* A setting, or other if it is absent or empty. */
const char *dir_conf(const struct rcfile *, const char *name,
	    const char *other);
u32	dir_conf_u32(const struct rcfile *, const char *name, u32 other);

/* The attribute that has a WANT_..., or NULL. */
const char *dir_conf_attr(const struct rcfile *, int want);

/* LDAP_GLOB_UID and _GID, numbers or names; 0 if there is none. */
u32	dir_conf_glob(const struct rcfile *, int want);

/* The next "attribute=option" of LDAP_AUXOPTIONS: E_OK with both appended, or
   E_NOENT. *at is "" or the rest, NULL at first. */
int	dir_conf_option(const struct rcfile *, const char **at,
	    struct str *attr, struct str *option);

/* Filters; what a user sent is escaped in them. */
void	dir_filter_user(const struct rcfile *, const char *userid,
	    struct str *out);
void	dir_filter_mapped(const struct rcfile *, const char *key,
	    struct str *out);
void	dir_filter_map(const struct rcfile *, const char *userid,
	    struct str *out);
void	dir_filter_list(const struct rcfile *, struct str *out);

/* ---- the connections (mod_ldap_conn.c) ---- */

int	dir_conn_open(const struct rcfile *);	/* see struct auth_backend */
int	dir_conn_is_open(void);
void	dir_conn_close(void);

/*
 * The one entry that matches; attribute NULL: all that is wanted, else that
 * one, as value[WANT_MAIL]. E_PERM: none, or several (*count tells). E_TEMP,
 * logged. Free it in any case; it may be uninitialised before.
 */
int	dir_conn_find(const struct rcfile *, const char *base,
	    const char *filter, const char *attribute,
	    struct dir_entry *out, u32 *count);
void	dir_entry_free(struct dir_entry *);

/* Each entry that matches, for the list; fn is called for each mail address.
   E_TEMP, logged, or because fn failed. */
int	dir_conn_list(const struct rcfile *, const char *filter,
	    int (*fn)(void *, const struct dir_entry *), void *ctx);

/* Is this the entry's password? E_OK, E_PERM; E_TEMP, logged. */
int	dir_conn_bind(const struct rcfile *, const char *dn,
	    const char *password);

/* Replaces values (NULL: not that one), as whom the last dir_conn_bind made
   us, if it did. E_PERM: refused; E_TEMP, logged. */
int	dir_conn_modify(const struct rcfile *, const char *dn,
	    const char *clear, const char *crypted);

#endif
