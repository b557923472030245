/* Becoming somebody else.  SPDX-License-Identifier: ISC */

#include "base/base.h"

#include <grp.h>
#include <pwd.h>
#include <stdio.h>

#include "authlib/helpers.h"

static void fail(const char *) NORETURN;
static struct passwd *find(const char *);

static void
fail(const char *what)
{
	perror(what);
	exit(1);
}

static struct passwd *
find(const char *name)
{
	struct passwd *pw;

	errno = ENOENT;
	pw = getpwnam(name);
	if (pw == NULL)
		fail("getpwnam");
	return pw;
}

void
libmail_changegroup(gid_t gid)
{
	if (setgid(gid) < 0)
		fail("setgid");
	if (getuid() == 0 && setgroups(1, &gid) < 0)
		fail("setgroups");
}

void
libmail_changeuidgid(uid_t uid, gid_t gid)
{
	libmail_changegroup(gid);
	if (setuid(uid) < 0)
		fail("setuid");
}

void
libmail_changeusername(const char *name, const gid_t *gid)
{
	struct passwd *pw = find(name);
	gid_t g = gid != NULL ? *gid : pw->pw_gid;
	uid_t uid = pw->pw_uid;

	if (setgid(g) < 0)
		fail("setgid");
	if (getuid() == 0 && initgroups(name, g) < 0)
		fail("initgroups");
	if (setuid(uid) < 0)
		fail("setuid");
}

uid_t
libmail_getuid(const char *name, gid_t *out_gid)
{
	struct passwd *pw = find(name);

	if (out_gid != NULL)
		*out_gid = pw->pw_gid;
	return pw->pw_uid;
}

gid_t
libmail_getgid(const char *name)
{
	struct group *gr = getgrnam(name);

	if (gr == NULL) {
		fprintf(stderr, "CRIT: Group %s not found\n", name);
		exit(1);
	}
	return gr->gr_gid;
}
