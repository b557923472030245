/* authshadow: system accounts with the shadow file's password
   (authdaemon.md 4.7).  SPDX-License-Identifier: ISC */

#include "base/base.h"

#ifdef HAVE_SHADOW_H

#include <shadow.h>

#include "base/clock.h"
#include "base/log.h"
#include "base/mem.h"
#include "authdaemon/mod_pwd.h"
#include "authdaemon/module.h"
#include "authdaemon/syspw.h"

#define DAY_SECS	86400L

static int shadow_pre(const struct auth_query *, struct authinfo *);
static int shadow_login(const struct auth_query *, struct authinfo *);

extern const struct auth_module AUTH_MODULE(mod_shadow);
const struct auth_module AUTH_MODULE(mod_shadow) = {
	AUTH_MODULE_ABI,	/* abi */
	"authshadow",		/* name */
	NULL,			/* init */
	shadow_pre,		/* pre */
	shadow_login,		/* login */
	pwd_no_cram,		/* cram */
	pwd_passwd,		/* passwd */
	pwd_enumerate,		/* enumerate */
	NULL,			/* idle */
	NULL,			/* done */
	NULL,			/* auth */
	auth_always_root,	/* needs_root */
	NULL,			/* files */
	NULL,			/* settings */
	NULL,			/* forget */
	NULL			/* ahead */
};

/* The password comes from the shadow file, and may have had its time. */
static int
shadow_pre(const struct auth_query *q, struct authinfo *out)
{
	struct spwd *sp;
	long today;
	int r;

	r = pwd_fill("authshadow", q->userid, out);
	if (r != E_OK)
		return r;
	mem_free_secret(&out->passwd);
	errno = 0;
	sp = getspnam(q->userid);
	if (sp == NULL) {
		r = syspw_none("authshadow", "getspnam", errno);
		if (r == E_PERM)
			log_debug("authshadow: username '%s' not found in "
			    "shadow file", q->userid);
		return r;
	}
	today = (long)(clock_now() / DAY_SECS);
	if (sp->sp_expire > 0 && today > sp->sp_expire) {
		log_debug("authshadow: %s - account expired", q->userid);
		return E_PERM;
	}
	if (sp->sp_lstchg > 0 && sp->sp_max > 0 &&
	    sp->sp_lstchg + sp->sp_max < today) {
		log_debug("authshadow: %s - password expired", q->userid);
		return E_PERM;
	}
	out->passwd = mem_strdup(sp->sp_pwdp);
	auth_dump("authshadow: ", FALSE, out);
	return E_OK;
}

static int
shadow_login(const struct auth_query *q, struct authinfo *out)
{
	int r;

	r = shadow_pre(q, out);
	return r == E_OK ? pwd_check(q, out) : r;
}

#endif
