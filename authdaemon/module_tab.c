/* The built-in modules.  SPDX-License-Identifier: ISC */

#include "base/base.h"

#include "authdaemon/module.h"

#ifndef HAVE_DLOPEN
extern const struct auth_module mod_custom;
extern const struct auth_module mod_pipe;
extern const struct auth_module mod_pwd;
extern const struct auth_module mod_shadow;
extern const struct auth_module mod_userdb;
#endif

/* None where they can be loaded. */
static const struct auth_module *const modules[] = {
#ifndef HAVE_DLOPEN
#ifdef HAVE_AUTHCUSTOM
	&mod_custom,
#endif
#ifdef HAVE_AUTHPIPE
	&mod_pipe,
#endif
#ifdef HAVE_AUTHPWD
	&mod_pwd,
#endif
#ifdef HAVE_AUTHSHADOW
	&mod_shadow,
#endif
#ifdef HAVE_AUTHUSERDB
	&mod_userdb,
#endif
#endif
	NULL
};

const struct auth_module *
module_builtin(const char *name)
{
	size_t i;

	for (i = 0; modules[i] != NULL; i++)
		if (strcmp(modules[i]->name, name) == 0)
			return modules[i];
	return NULL;
}
