/* A process that gives up its rights for ever.  SPDX-License-Identifier: ISC */

#include "base/base.h"

#include <signal.h>
#include <sys/resource.h>
#include <sys/stat.h>
#ifdef HAVE_SYS_PRCTL_H
#include <sys/prctl.h>
#endif

#include "base/jail.h"
#include "base/proc.h"

#define FDS_MAX		64	/* numbers of descriptors, passed ones too */
#define TMP_NAME	"/tmp/chapar.XXXXXX"

static const struct {
	int	what;
	rlim_t	value;
} limits[] = {
	{ RLIMIT_CORE, 0 },
#ifdef RLIMIT_NPROC
	{ RLIMIT_NPROC, 0 },
#endif
	{ RLIMIT_NOFILE, FDS_MAX }
};

static struct {
	const char	*user;	/* NULL: nobody has been looked up */
	uid_t		uid;
	gid_t		gid;
} known;

static int enter_limits(void);
static int enter_own(void);
static int enter_dir(const char *);
static void no_way_back(int);
static int find(const char *, uid_t *, gid_t *);

/* What is lower already stays so. */
static int
enter_limits(void)
{
	struct rlimit r;
	size_t i;

	for (i = 0; i < NITEMS(limits); i++) {
		if (getrlimit(limits[i].what, &r) < 0)
			return E_TEMP;
		if (r.rlim_cur == RLIM_INFINITY ||
		    r.rlim_cur > limits[i].value)
			r.rlim_cur = limits[i].value;
		r.rlim_max = r.rlim_cur;
		if (setrlimit(limits[i].what, &r) < 0)
			return E_TEMP;
	}
	return E_OK;
}

/* A folder that is gone once we are in it: nobody can put anything there. */
static int
enter_own(void)
{
	char name[sizeof(TMP_NAME)];
	int r;

	memcpy(name, TMP_NAME, sizeof(TMP_NAME));
	if (mkdtemp(name) == NULL)
		return E_TEMP;
	r = chdir(name) < 0 ? E_TEMP : E_OK;
	if (rmdir(name) < 0 && r == E_OK && errno != EBUSY)
		r = E_TEMP;
	return r == E_OK && chroot(".") < 0 ? E_PERM : r;
}

static int
enter_dir(const char *dir)
{
	struct stat st;

	if (dir == NULL || chdir(dir) < 0 || stat(".", &st) < 0 ||
	    st.st_uid != 0 || (st.st_mode & (S_IWGRP | S_IWOTH)) != 0)
		return enter_own();
	return chroot(".") < 0 ? E_PERM : E_OK;
}

/* No set-user-id program helps, and nobody looks into our memory. */
static void
no_way_back(int flags)
{
	(void)flags;
#ifdef PR_SET_PDEATHSIG
	if ((flags & JAIL_WITH_PARENT) != 0)
		(void)prctl(PR_SET_PDEATHSIG, (long)SIGKILL, 0L, 0L, 0L);
#endif
#ifdef PR_SET_NO_NEW_PRIVS
	(void)prctl(PR_SET_NO_NEW_PRIVS, 1L, 0L, 0L, 0L);
#endif
#ifdef PR_SET_DUMPABLE
	(void)prctl(PR_SET_DUMPABLE, 0L, 0L, 0L, 0L);
#endif
}

static int
find(const char *user, uid_t *uid, gid_t *gid)
{
	if (known.user == NULL || strcmp(known.user, user) != 0)
		return proc_find_user(user, uid, gid);
	*uid = known.uid;
	*gid = known.gid;
	return E_OK;
}

void
jail_prepare(const char *user)
{
	if (known.user == NULL && proc_find_user(user, &known.uid,
	    &known.gid) == E_OK)
		known.user = user;
}

int
jail_enter(const struct jail *j)
{
	uid_t uid;
	gid_t gid;
	int r;

	if (geteuid() == 0) {
		r = find(j->user, &uid, &gid);
		if (r == E_OK && uid == 0)
			r = E_PERM;
		if (r == E_OK)
			r = enter_dir(j->dir);
		if (r == E_OK)
			r = proc_become(NULL, uid, gid);
		if (r != E_OK)
			return r;
	}
	no_way_back(j->flags);
	r = enter_limits();
	return r == E_OK ? jail_filter(j->flags) : r;
}
