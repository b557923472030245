/* Single environment variables.  SPDX-License-Identifier: ISC */

#include "base/base.h"

#include "base/ascii.h"
#include "base/mem.h"
#include "base/num.h"
#include "base/str.h"
#include "base/vec.h"
#include "conf/env.h"

extern char **environ;

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

char **
env_all(void)
{
	return environ;
}

char **
env_replace(char **list)
{
	char **old = environ;

	environ = list;
	return old;
}

void
env_remove(const char *prefix)
{
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

void
env_add(struct vec *list, const char *name, const char *value)
{
	struct str s;
	size_t i, n = strlen(name);
	char *v;

	str_init(&s, 0);
	str_cats(&s, name);
	if (value != NULL)
		str_catf(&s, "=%s", value);
	for (i = 0; i < list->n; i++) {
		v = list->v[i];
		if (strncmp(v, name, n) == 0 && (v[n] == '=' || v[n] == '\0'))
			break;
	}
	if (i == list->n) {
		vec_push(list, str_take(&s));
	} else {
		mem_free(list->v[i]);
		list->v[i] = str_take(&s);
	}
}

void
env_apply(const struct vec *list)
{
	char *v, *eq;
	size_t i;

	for (i = 0; i < list->n; i++) {
		v = list->v[i];
		eq = strchr(v, '=');
		if (eq != NULL)
			*eq = '\0';
		env_set(v, eq != NULL ? eq + 1 : NULL);
		if (eq != NULL)
			*eq = '=';
	}
}
