/* The password of a system account.  SPDX-License-Identifier: ISC */

#ifndef AUTHDAEMON_SYSPW_H
#define AUTHDAEMON_SYSPW_H

/* Changes it as the user himself can, by authsystem.passwd of that folder
   (authdaemon.md 4.7). E_OK; E_PERM: no such user; E_TEMP: it did not work. */
int	syspw_change(const char *folder, const char *userid,
	    const char *oldpass, const char *newpass);

#endif
