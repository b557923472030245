/* The callbacks that become the account.  SPDX-License-Identifier: ISC */

#include "base/base.h"

#include <stdio.h>

#include "conf/env.h"
#include "login/skel.h"
#include "authlib/courierauth.h"
#include "authlib/helpers.h"

static int find_ids(const struct authinfo *, uid_t *, gid_t *);

static int
find_ids(const struct authinfo *a, uid_t *uid, gid_t *gid)
{
	*gid = a->sysgroupid;
	if (a->sysusername != NULL)
		*uid = libmail_getuid(a->sysusername, NULL);
	else if (a->sysuserid != NULL)
		*uid = *a->sysuserid;
	else
		return FALSE;
	return TRUE;
}

int
auth_mkhomedir(struct authinfo *a)
{
	const char *skel = env_get("AUTH_MKHOMEDIR_SKEL");
	uid_t uid;
	gid_t gid;

	if (skel != NULL && *skel != '\0' && access(skel, 0) == 0 &&
	    a->homedir != NULL && *a->homedir != '\0' &&
	    find_ids(a, &uid, &gid))
		skel_copy(skel, a->homedir, uid, gid);
	return 0;
}

int
auth_callback_default(struct authinfo *a)
{
	if (a->address == NULL) {
		fprintf(stderr, "WARN: No address!!\n");
		return -1;
	}
	if (a->sysusername != NULL)
		libmail_changeusername(a->sysusername, &a->sysgroupid);
	else if (a->sysuserid != NULL)
		libmail_changeuidgid(*a->sysuserid, a->sysgroupid);
	else {
		fprintf(stderr, "WARN: %s: No UID/GID!!\n", a->address);
		return -1;
	}
	if (a->homedir == NULL) {
		errno = EINVAL;
		fprintf(stderr, "WARN: %s: No homedir!!\n", a->address);
		return 1;
	}
	if (chdir(a->homedir) < 0) {
		int err = errno;

		fprintf(stderr, "WARN: %s: chdir(%s) failed!!\n", a->address,
		    a->homedir);
		fprintf(stderr, "WARN: error: %s\n", strerror(err));
		errno = err;
		return 1;
	}
	return 0;
}

int
auth_callback_default_autocreate(struct authinfo *a)
{
	auth_mkhomedir(a);
	return auth_callback_default(a);
}
