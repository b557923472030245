/* seteuid for systems without it.  SPDX-License-Identifier: ISC */

#include "config.h"
#include "compat.h"

#ifndef HAVE_SETEUID

int
seteuid(uid_t uid)
{
	return setreuid((uid_t)-1, uid);
}

#endif
