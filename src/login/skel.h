/* Homes that are made at the first login.  SPDX-License-Identifier: ISC */

#ifndef LOGIN_SKEL_H
#define LOGIN_SKEL_H

#include <sys/types.h>

/*
 * Makes `home` a copy of the folder `skel`, owned by uid and gid, unless it is
 * there (AUTH_MKHOMEDIR_SKEL, daemons.md 5.11). Nobody sees half of it. Its
 * parent must be there. On failure one line is logged and nothing is left.
 */
void	skel_copy(const char *skel, const char *home, uid_t, gid_t);

#endif
