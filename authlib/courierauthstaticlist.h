/* What a loadable module of authdaemond is.  SPDX-License-Identifier: ISC */

#ifndef COURIERAUTHSTATICLIST_H
#define COURIERAUTHSTATICLIST_H

#include "courierauth.h"

#ifdef __cplusplus
extern "C" {
#endif

/*
 * Returned by the module's courier_NAME_init(void). Hooks give 0: accepted;
 * below 0: not mine or refused, the next module is asked; above 0: trouble,
 * nobody else is asked. NULL: there is no such hook. Order and types are the
 * ABI.
 */
struct authstaticinfo {
	const char	*auth_name;
	int		(*auth_func)(const char *service,
			    const char *authtype, char *authdata,
			    auth_callback_fn *, void *);
	int		(*auth_prefunc)(const char *userid,
			    const char *service, auth_callback_fn *, void *);
	void		(*auth_cleanupfunc)(void);
	int		(*auth_changepwd)(const char *service,
			    const char *userid, const char *oldpasswd,
			    const char *newpasswd);
	void		(*auth_idle)(void);
	void		(*auth_enumerate)(auth_enumerate_fn *, void *);
};

#ifdef __cplusplus
}
#endif
#endif
