/* Options of an account.  SPDX-License-Identifier: ISC */

#include "base/base.h"

#include "conf/options.h"

const char *
option_next(const char **pos, const char *name, size_t *out_len)
{
	const char *s, *v;
	size_t n, len;

	n = strlen(name);
	for (s = *pos; s != NULL && *s != '\0'; s += len) {
		s += strspn(s, ", ");
		len = strcspn(s, ",");
		if (len < n || strncmp(s, name, n) != 0 ||
		    (len > n && s[n] != '='))
			continue;
		v = s + n + (len > n);
		*out_len = (size_t)(s + len - v);
		*pos = s + len;
		return v;
	}
	*pos = NULL;
	return NULL;
}

int
option_on(const char *list, const char *name)
{
	const char *v;
	size_t n;

	v = option_next(&list, name, &n);
	return v != NULL && (n == 0 || strchr("tTyY", *v) != NULL ||
	    strtol(v, NULL, 10) != 0);
}
