/* authuserdb's two halves: look-up and change.  SPDX-License-Identifier: ISC */

#ifndef AUTHDAEMON_MOD_USERDB_H
#define AUTHDAEMON_MOD_USERDB_H

struct auth_query;
struct str;

/* Appends the record of a key in userdb.dat, in userdbshadow.dat. E_NOENT: no
   such record, or no such database; E_TEMP, logged. */
int	userdb_fetch(const char *key, struct str *out);
int	userdb_fetch_secrets(const char *key, struct str *out);

/*
 * The module's `passwd`: each stored form of the old password is replaced in
 * the text, and the databases are made anew.
 */
int	userdb_passwd(const struct auth_query *, const char *newpass);

#endif
