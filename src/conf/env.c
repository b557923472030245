/* Single environment variables.  SPDX-License-Identifier: ISC */

#include "base/base.h"

#include "base/ascii.h"
#include "base/num.h"
#include "base/str.h"
#include "conf/env.h"

const char *
env_get(const char *name)
{
	return getenv(name);
}

const char *
env_or(const char *name, const char *other)
{
	const char *v = getenv(name);

	return v != NULL && *v != '\0' ? v : other;
}

u32
env_u32(const char *name, u32 other)
{
	const char *v = getenv(name);
	u32 n;

	if (v == NULL || num_scan_u32(v, strlen(v), &n) == 0 || n == 0)
		return other;
	return n;
}

void
env_set(const char *name, const char *value)
{
	if (value == NULL)
		unsetenv(name);
	else
		setenv(name, value, 1);
}

void
env_remove(const char *prefix)
{
	extern char **environ;
	struct str name;
	char **e;

	str_init(&name, 0);
	for (e = environ; e != NULL && *e != NULL; ) {
		if (!ascii_begins(*e, prefix)) {
			e++;
			continue;
		}
		str_reset(&name);
		str_cat(&name, *e, strcspn(*e, "="));
		unsetenv(str_c(&name));
		e = environ;
	}
	str_free(&name);
}
