/* System accounts and their passwords.  SPDX-License-Identifier: ISC */

#ifndef AUTHDAEMON_SYSPW_H
#define AUTHDAEMON_SYSPW_H

struct passwd;

/* The account of that name; module is for the log. E_PERM: there is none;
   E_TEMP, logged: who knows could not be asked. */
int	syspw_find(const char *module, const char *userid,
	    struct passwd **out);

/* The same two results, of a look-up by `call` that found nothing: no is the
   errno that it left, 0 before. */
int	syspw_none(const char *module, const char *call, int no);

/* Changes it as the user himself can, by authsystem.passwd of that folder
   (authdaemon.md 4.7). E_OK; E_PERM: no such user; E_TEMP: it did not work. */
int	syspw_change(const char *folder, const char *userid,
	    const char *oldpass, const char *newpass);

#endif
