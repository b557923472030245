/* libcourierauthcommon: passwords for modules.  SPDX-License-Identifier: ISC */

#include "base/base.h"

#include <pwd.h>

#include "base/ascii.h"
#include "base/mem.h"
#include "base/str.h"
#include "authdaemon/pw_check.h"
#include "authdaemon/syspw.h"
#include "authlib/authcommon.h"
#include "authlib/courierauthdebug.h"
#include "authlib/courierauthsasl.h"
#include "authlib/helpers.h"
#include "authlib/text.h"

#define STORED_MAX	256
#define UID_LISTED	100	/* accounts below are not enumerated */

struct sys_login {
	const char		*pass;
	auth_callback_fn	*fn;
	void			*arg;
};

static int check_one_of(const char *const *, const char *, const char *);
static int sys_login(struct authinfo *, void *);

int
authcheckpassword(const char *password, const char *encrypted)
{
	if (pw_check(password, encrypted) == E_OK) {
		courier_authdebug_printf("password matches successfully");
		return 0;
	}
	if (courier_authdebug_login_level >= DEBUG_AUTH_PASSWD)
		courier_authdebug_printf("supplied password '%s' does not "
		    "match encrypted password '%s'", password, encrypted);
	else
		courier_authdebug_printf("supplied password does not match "
		    "encrypted password");
	return 1;
}

static int
check_one_of(const char *const *prefixes, const char *password,
    const char *encrypted)
{
	for (; *prefixes != NULL; prefixes++)
		if (ascii_casebegins(encrypted, *prefixes))
			return pw_check(password, encrypted) == E_OK ? 0 : 1;
	return -1;
}

int
authcheckpasswordmd5(const char *password, const char *encrypted)
{
	static const char *const forms[] = { "$1$", "{MD5}", "{MD5RAW}",
	    NULL };

	return check_one_of(forms, password, encrypted);
}

int
authcheckpasswordsha1(const char *password, const char *encrypted)
{
	static const char *const forms[] = { "{SHA}", "{SHA256}", "{SHA512}",
	    "{SSHA}", NULL };

	return check_one_of(forms, password, encrypted);
}

char *
authcryptpasswd(const char *password, const char *hint)
{
	static char buf[STORED_MAX];
	struct str s;
	int ok;

	str_init(&s, sizeof(buf) - 1);
	ok = pw_make(password, hint, &s) == E_OK && !s.toobig;
	if (ok)
		text_copy(buf, sizeof(buf), str_c(&s));
	str_wipe_free(&s);
	return ok ? buf : NULL;
}

static int
sys_login(struct authinfo *a, void *arg)
{
	struct sys_login *l = arg;

	if (a->passwd == NULL) {
		courier_authdebug_printf("no password available to compare");
		return -1;
	}
	if (authcheckpassword(l->pass, a->passwd) != 0)
		return -1;
	a->clearpasswd = l->pass;
	return l->fn(a, l->arg);
}

int
auth_sys_common(int (*prefunc)(const char *, const char *,
    auth_callback_fn *, void *), const char *user, const char *pass,
    const char *service, auth_callback_fn *fn, void *arg)
{
	struct sys_login l;

	l.pass = pass;
	l.fn = fn;
	l.arg = arg;
	return prefunc(user, service, sys_login, &l);
}

int
auth_syspasswd(const char *service, const char *user, const char *oldpass,
    const char *newpass)
{
	(void)service;
	return syspw_change(PATH_AUTHLIBEXECDIR, user, oldpass, newpass) ==
	    E_OK ? 0 : -1;
}

void
auth_pwd_enumerate(auth_enumerate_fn *fn, void *arg)
{
	struct passwd *pw;

	setpwent();
	while ((pw = getpwent()) != NULL)
		if (pw->pw_uid >= UID_LISTED)
			fn(pw->pw_name, pw->pw_uid, pw->pw_gid, pw->pw_dir,
			    NULL, NULL, arg);
	endpwent();
	fn(NULL, 0, 0, NULL, NULL, NULL, arg);
}

int
authsasl_frombase64(char *s)
{
	return authlib_unbase64(s);
}

char *
authsasl_tobase64(const char *s, int n)
{
	return authlib_base64(s, n < 0 ? strlen(s) : (size_t)n);
}

/* RFC 4515 section 3. */
char *
courier_auth_ldap_escape(const char *s)
{
	char *out = malloc(3 * strlen(s) + 1), *p = out;

	if (out == NULL)
		return NULL;
	for (; *s != '\0'; s++) {
		if (strchr("*()\\", *s) == NULL) {
			*p++ = *s;
			continue;
		}
		*p++ = '\\';
		*p++ = "0123456789abcdef"[*s >> 4 & 15];
		*p++ = "0123456789abcdef"[*s & 15];
	}
	*p = '\0';
	return out;
}
