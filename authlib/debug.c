/* Messages on standard error.  SPDX-License-Identifier: ISC */

#include "base/base.h"

#include <stdio.h>

#include "base/num.h"
#include "conf/env.h"
#include "authlib/courierauth.h"
#include "authlib/courierauthdebug.h"
#include "authlib/text.h"

#define TEXT_MAX	1024	/* and its NUL */

static int say(const char *, const char *, va_list) PRINTFLIKE(2, 0);
static const char *or_null(const char *);

/* (again, so that the compiler looks at formats) */
void	courier_authdebug_login(int, const char *, ...) PRINTFLIKE(2, 3);
int	courier_authdebug_printf(const char *, ...) PRINTFLIKE(1, 2);
int	courier_safe_printf(const char *, ...) PRINTFLIKE(1, 2);
int	courier_auth_err(const char *, ...) PRINTFLIKE(1, 2);

int courier_authdebug_login_level;

static int
say(const char *prefix, const char *fmt, va_list ap)
{
	char buf[TEXT_MAX];
	int err = errno, n;
	char *p;

	vsnprintf(buf, sizeof(buf), fmt, ap);
	for (p = buf; *p != '\0'; p++)
		if ((unsigned char)*p < ' ' || (unsigned char)*p > '~')
			*p = '.';
	n = fprintf(stderr, "%s%s\n", prefix, buf);
	errno = err;
	return n;
}

void
courier_authdebug_login_init(void)
{
	const char *s = env_get(DEBUG_LOGIN_ENV);

	courier_authdebug_login_level = s == NULL ? 0 :
	    (int)strtol(s, NULL, 10);
}

void
courier_authdebug_login(int level, const char *fmt, ...)
{
	char prefix[128];
	const char *ip = env_get("TCPREMOTEIP");
	va_list ap;

	if (level > courier_authdebug_login_level)
		return;
	snprintf(prefix, sizeof(prefix), "DEBUG: LOGIN: ip=[%.80s], ",
	    ip == NULL ? "(null)" : ip);
	va_start(ap, fmt);
	say(prefix, fmt, ap);
	va_end(ap);
}

int
courier_authdebug_printf(const char *fmt, ...)
{
	va_list ap;
	int n;

	if (courier_authdebug_login_level <= 0)
		return 0;
	va_start(ap, fmt);
	n = say("DEBUG: ", fmt, ap);
	va_end(ap);
	return n;
}

int
courier_safe_printf(const char *fmt, ...)
{
	va_list ap;
	int n;

	va_start(ap, fmt);
	n = say("", fmt, ap);
	va_end(ap);
	return n;
}

int
courier_auth_err(const char *fmt, ...)
{
	va_list ap;
	int n;

	va_start(ap, fmt);
	n = say("ERR: ", fmt, ap);
	va_end(ap);
	return n;
}

static const char *
or_null(const char *s)
{
	return s == NULL ? "<null>" : s;
}

int
courier_authdebug_authinfo(const char *prefix, const struct authinfo *a,
    const char *clearpasswd, const char *passwd)
{
	char uid[32];

	if (courier_authdebug_login_level <= 0)
		return 0;
	text_copy(uid, sizeof(uid), "<null>");
	if (a->sysuserid != NULL)
		num_u64(uid, (u64)*a->sysuserid);
	fprintf(stderr, "%ssysusername=%s, sysuserid=%s, sysgroupid=%lu, "
	    "homedir=%s, address=%s, fullname=%s, maildir=%s, quota=%s, "
	    "options=%s\n", prefix, or_null(a->sysusername), uid,
	    (unsigned long)a->sysgroupid, or_null(a->homedir),
	    or_null(a->address), or_null(a->fullname), or_null(a->maildir),
	    or_null(a->quota), or_null(a->options));
	if (courier_authdebug_login_level > 1)
		fprintf(stderr, "%sclearpasswd=%s, passwd=%s\n", prefix,
		    or_null(clearpasswd), or_null(passwd));
	return 0;
}
