/* Logins and look-ups.  SPDX-License-Identifier: ISC */

#include "base/base.h"

#include "base/clock.h"
#include "base/mem.h"
#include "base/num.h"
#include "conf/env.h"
#include "authlib/courierauthdebug.h"
#include "authlib/lib.h"
#include "authlib/text.h"

#define DEBUG_MS	100	/* so that lines come in order */

static struct auth_meta no_meta;

char *
strdupdefdomain(const char *userid, const char *s1, const char *s2,
    const char *s3)
{
	const char *domain = env_get("DEFDOMAIN"), *sep = env_get("DOMAINSEP");
	char first[2];

	if (domain == NULL || *domain == '\0')
		domain = "";
	first[0] = *domain;
	first[1] = '\0';
	if (strpbrk(userid, sep != NULL ? sep : first) != NULL)
		domain = "";
	return text_join(userid, domain, s1, s2, s3, (char *)NULL);
}

int
auth_generic_meta(struct auth_meta *meta, const char *service,
    const char *authtype, char *authdata, auth_callback_fn *fn, void *arg)
{
	size_t n = strlen(service) + strlen(authtype) + strlen(authdata) + 2;
	char len[NUM_BUF], *s;
	int r, err;

	if (strcmp(authtype, "EXTERNAL") == 0)
		return auth_getuserinfo_meta(meta, service, authdata, fn, arg);
	num_u64(len, n);
	s = text_join("AUTH ", len, "\n", service, "\n", authtype, "\n",
	    authdata, (char *)NULL);
	if (s == NULL)
		return 1;
	r = authdaemondo_meta(meta, s, fn, arg);
	err = errno;
	mem_wipe(s, strlen(s));
	free(s);
	if (courier_authdebug_login_level > 0)
		clock_sleep_ms(DEBUG_MS);
	errno = err;
	return r;
}

int
auth_generic(const char *service, const char *authtype, char *authdata,
    auth_callback_fn *fn, void *arg)
{
	return auth_generic_meta(&no_meta, service, authtype, authdata, fn,
	    arg);
}

int
auth_login_meta(struct auth_meta *meta, const char *service,
    const char *userid, const char *passwd, auth_callback_fn *fn, void *arg)
{
	char *s;
	int r;

	if (lib_has_control(userid) || lib_has_control(passwd)) {
		errno = EINVAL;
		return -1;
	}
	courier_authdebug_login_init();
	courier_authdebug_login(DEBUG_AUTH, "username=%s", userid);
	courier_authdebug_login(DEBUG_AUTH_PASSWD, "password=%s", passwd);
	s = strdupdefdomain(userid, "\n", passwd, "\n");
	if (s == NULL)
		return 1;
	r = auth_generic_meta(meta, service, "login", s, fn, arg);
	mem_wipe(s, strlen(s));
	free(s);
	return r;
}

int
auth_login(const char *service, const char *userid, const char *passwd,
    auth_callback_fn *fn, void *arg)
{
	return auth_login_meta(&no_meta, service, userid, passwd, fn, arg);
}

int
auth_getuserinfo_meta(struct auth_meta *meta, const char *service,
    const char *userid, auth_callback_fn *fn, void *arg)
{
	char *s;
	int r, err;

	s = text_join("PRE . ", service, " ", userid, "\n", (char *)NULL);
	if (s == NULL)
		return 1;
	r = authdaemondo_meta(meta, s, fn, arg);
	err = errno;
	free(s);
	errno = err;
	return r;
}

int
auth_getuserinfo(const char *service, const char *userid,
    auth_callback_fn *fn, void *arg)
{
	return auth_getuserinfo_meta(&no_meta, service, userid, fn, arg);
}
