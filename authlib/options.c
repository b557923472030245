/* Items of option strings.  SPDX-License-Identifier: ISC */

#include "base/base.h"

#include "conf/env.h"
#include "authlib/courierauth.h"

char *
auth_getoption(const char *options, const char *keyword)
{
	size_t n = strlen(keyword), len;
	const char *p = options;
	char *v;

	while (p != NULL && *p != '\0') {
		len = strcspn(p, ",");
		if (n > 0 && len >= n && memcmp(p, keyword, n) == 0 &&
		    (len == n || p[n] == '=')) {
			if (len > n)
				n++;
			v = malloc(len - n + 1);
			if (v == NULL)
				return NULL;
			memcpy(v, p + n, len - n);
			v[len - n] = '\0';
			return v;
		}
		p += len;
		if (*p == ',')
			p++;
	}
	errno = ENOENT;
	return NULL;
}

char *
auth_getoptionenv(const char *keyword)
{
	return auth_getoption(env_get("OPTIONS"), keyword);
}

int
auth_getoptionenvint(const char *keyword)
{
	char *v = auth_getoptionenv(keyword);
	int n;

	if (v == NULL)
		return 0;
	n = (int)strtol(v, NULL, 10);
	if (n == 0 && (*v == '\0' || strchr("tTyY", *v) != NULL))
		n = 1;
	free(v);
	return n;
}
