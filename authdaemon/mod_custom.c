/* authcustom: a name in the lists of old installations, without accounts
   (authdaemon.md 4.9).  SPDX-License-Identifier: ISC */

#include "base/base.h"

#include "base/log.h"
#include "authdaemon/module.h"

static int custom_refuse(const struct auth_query *, struct authinfo *);

extern const struct auth_module AUTH_MODULE(mod_custom);
const struct auth_module AUTH_MODULE(mod_custom) = {
	AUTH_MODULE_ABI,	/* abi */
	"authcustom",		/* name */
	NULL,			/* init */
	custom_refuse,		/* pre */
	NULL,			/* login: see auth */
	NULL,			/* cram */
	NULL,			/* passwd */
	NULL,			/* enumerate */
	NULL,			/* idle */
	NULL,			/* done */
	custom_refuse,		/* auth */
	NULL,			/* needs_root */
	NULL,			/* files */
	NULL,			/* settings */
	NULL,			/* forget */
	NULL			/* ahead */
};

static int
custom_refuse(const struct auth_query *q, struct authinfo *out)
{
	(void)q;
	(void)out;
	log_debug("authcustom: nothing implemented in do_auth_custom()");
	return E_PERM;
}
