/* What authpwd and authshadow have in common (authdaemon.md 4.7).
   SPDX-License-Identifier: ISC */

#include "base/base.h"

#include <pwd.h>

#include "base/log.h"
#include "base/mem.h"
#include "authdaemon/mod_pwd.h"
#include "authdaemon/module.h"
#include "authdaemon/syspw.h"

#define UID_LISTED	100	/* accounts below are not enumerated */

int
pwd_fill(const char *module, const char *userid, struct authinfo *out)
{
	struct passwd *pw;
	int r;

	r = syspw_find(module, userid, &pw);
	if (r == E_PERM)
		log_debug("%s: username '%s' not found in password file",
		    module, userid);
	if (r != E_OK)
		return r;
	out->sysusername = mem_strdup(userid);
	out->gid = pw->pw_gid;
	out->homedir = mem_strdup(pw->pw_dir);
	out->address = mem_strdup(userid);
	if (pw->pw_gecos != NULL)
		out->fullname = mem_strdup(pw->pw_gecos);
	if (pw->pw_passwd != NULL)
		out->passwd = mem_strdup(pw->pw_passwd);
	return E_OK;
}

int
pwd_check(const struct auth_query *q, struct authinfo *out)
{
	int r;

	r = auth_check_pair(q->password, out->passwd, NULL, NULL);
	if (r == E_OK)
		out->clearpasswd = mem_strdup(q->password);
	return r;
}

int
pwd_no_cram(const struct auth_query *q, const struct cram *c,
    struct authinfo *out)
{
	(void)q;
	(void)c;
	(void)out;
	return E_PERM;
}

int
pwd_passwd(const struct auth_query *q, const char *newpass)
{
	return syspw_change(auth_libexecdir(), q->userid, q->password,
	    newpass);
}

/* A list that breaks off is not to look complete. Some systems say ENOENT at
   its end, and some nothing if there is no file; then not even root is there. */
int
pwd_enumerate(auth_entry_fn *fn, void *ctx)
{
	struct passwd *pw;
	int r = E_OK, no, some = FALSE;

	setpwent();
	for (;; some = TRUE) {
		errno = 0;
		pw = getpwent();
		no = errno;
		if (pw == NULL || r != E_OK)
			break;
		if (pw->pw_uid >= UID_LISTED)
			r = fn(ctx, pw->pw_name, pw->pw_uid, pw->pw_gid,
			    pw->pw_dir, NULL, NULL);
	}
	endpwent();
	if (no == 0 || no == ENOENT)
		no = some ? 0 : ENOENT;
	if (r == E_OK && syspw_none("system accounts", "getpwent", no) !=
	    E_PERM)
		r = E_TEMP;
	return r;
}
