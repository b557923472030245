/* What the modules of system accounts share.  SPDX-License-Identifier: ISC */

#ifndef AUTHDAEMON_MOD_PWD_H
#define AUTHDAEMON_MOD_PWD_H

#include "authdaemon/module.h"

/* The account of the password file. E_PERM: there is none; E_TEMP, logged. */
int	pwd_fill(const char *module, const char *userid, struct authinfo *);

/* The password against out->passwd; it is then also out->clearpasswd. */
int	pwd_check(const struct auth_query *, struct authinfo *out);

/* Refuses: there is no clear password to compute with. */
int	pwd_no_cram(const struct auth_query *, const struct cram *,
	    struct authinfo *);

/* Changes it as the user himself can, by authsystem.passwd. */
int	pwd_passwd(const struct auth_query *, const char *newpass);

/* The accounts of people: uid 100 and above. E_TEMP, logged: not all. */
int	pwd_enumerate(auth_entry_fn *, void *);

#endif
