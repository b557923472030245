/* authpwd: system accounts with their password (authdaemon.md 4.7).
   SPDX-License-Identifier: ISC */

#include "base/base.h"

#include "authcl/authproto.h"
#include "authdaemon/mod_pwd.h"
#include "authdaemon/module.h"

static int pwd_pre(const struct auth_query *, struct authinfo *);
static int pwd_login(const struct auth_query *, struct authinfo *);
static int pwd_needs_root(int);

extern const struct auth_module AUTH_MODULE(mod_pwd);
const struct auth_module AUTH_MODULE(mod_pwd) = {
	AUTH_MODULE_ABI,	/* abi */
	"authpwd",		/* name */
	NULL,			/* init */
	pwd_pre,		/* pre */
	pwd_login,		/* login */
	pwd_no_cram,		/* cram */
	pwd_passwd,		/* passwd */
	pwd_enumerate,		/* enumerate */
	NULL,			/* idle */
	NULL,			/* done */
	NULL,			/* auth */
	pwd_needs_root,		/* needs_root */
	NULL,			/* files */
	NULL,			/* settings */
	NULL,			/* forget */
	NULL			/* ahead */
};

static int
pwd_pre(const struct auth_query *q, struct authinfo *out)
{
	int r;

	r = pwd_fill("authpwd", q->userid, out);
	if (r == E_OK)
		auth_dump("authpwd: ", FALSE, out);
	return r;
}

static int
pwd_login(const struct auth_query *q, struct authinfo *out)
{
	int r;

	r = pwd_pre(q, out);
	return r == E_OK ? pwd_check(q, out) : r;
}

/* Systems without a shadow file show root alone the passwords. */
static int
pwd_needs_root(int verb)
{
#ifdef HAVE_SHADOW_H
	return verb == AUTH_PASSWD;
#else
	return verb != AUTH_ENUMERATE;
#endif
}
