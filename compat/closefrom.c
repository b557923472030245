/* closefrom for systems without it.  SPDX-License-Identifier: ISC */

#include "config.h"
#include "compat.h"

#ifndef HAVE_CLOSEFROM

#define CLOSEFROM_MAX	65536	/* where the system names no limit */

void
closefrom(int low)
{
	long max;
	int fd;

	max = sysconf(_SC_OPEN_MAX);
	if (max < 0 || max > CLOSEFROM_MAX)
		max = CLOSEFROM_MAX;
	for (fd = low; fd < max; fd++)
		close(fd);
}

#endif
