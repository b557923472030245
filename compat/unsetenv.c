/* unsetenv for systems without it.  SPDX-License-Identifier: ISC */

#include "config.h"
#include "compat.h"

#ifndef HAVE_UNSETENV

extern char **environ;

int
unsetenv(const char *name)
{
	char **from, **to;
	size_t n;

	n = strlen(name);
	for (from = to = environ; from != NULL && *from != NULL; from++)
		if (strncmp(*from, name, n) != 0 || (*from)[n] != '=')
			*to++ = *from;
	if (to != NULL)
		*to = NULL;
	return 0;
}

#endif
