/* setenv for systems without it.  SPDX-License-Identifier: ISC */

#include "config.h"
#include "compat.h"

#ifndef HAVE_SETENV

/* The memory of an older value is not freed: others may point to it. */
int
setenv(const char *name, const char *value, int overwrite)
{
	char *entry;
	size_t n;

	if (!overwrite && getenv(name) != NULL)
		return 0;
	n = strlen(name);
	entry = malloc(n + strlen(value) + 2);
	if (entry == NULL)
		return -1;
	memcpy(entry, name, n);
	entry[n] = '=';
	memcpy(entry + n + 1, value, strlen(value) + 1);
	return putenv(entry);
}

#endif
