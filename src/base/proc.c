/* Processes and privilege.  SPDX-License-Identifier: ISC */

#include "base/base.h"

#include <sys/wait.h>
#include <fcntl.h>
#include <grp.h>
#include <pwd.h>

#include "base/num.h"
#include "base/proc.h"

void
proc_close_from(int first)
{
	closefrom(first);
}

void
proc_fix_stdio(void)
{
	int fd;

	for (fd = 0; fd <= 2; fd++)
		if (fcntl(fd, F_GETFD) < 0 && errno == EBADF)
			if (open("/dev/null", O_RDWR) < 0)
				_exit(1);
}

int
proc_set_groups(const char *name, gid_t gid)
{
	if (name != NULL && getpwnam(name) != NULL)
		return initgroups(name, gid) < 0 ? E_PERM : E_OK;
	return setgroups(1, &gid) < 0 ? E_PERM : E_OK;
}

int
proc_set_ids(uid_t uid, gid_t gid)
{
	int was_root;

	was_root = geteuid() == 0;
	if (getgid() != gid || getegid() != gid)
		if (setgid(gid) < 0)
			return E_PERM;
	if (getuid() != uid || geteuid() != uid)
		if (setuid(uid) < 0)
			return E_PERM;
	if (getuid() != uid || geteuid() != uid || getgid() != gid ||
	    getegid() != gid)
		return E_PERM;
	if (was_root && uid != 0 && (setuid(0) == 0 || seteuid(0) == 0))
		return E_PERM;
	return E_OK;
}

int
proc_become(const char *name, uid_t uid, gid_t gid)
{
	if (geteuid() == 0 && proc_set_groups(name, gid) != E_OK)
		return E_PERM;
	return proc_set_ids(uid, gid);
}

int
proc_find_user(const char *name, uid_t *out_uid, gid_t *out_gid)
{
	struct passwd *pw;
	u32 id;

	if (num_parse_u32(name, &id) == E_OK) {
		pw = getpwuid((uid_t)id);
		*out_uid = (uid_t)id;
		*out_gid = pw != NULL ? pw->pw_gid : (gid_t)id;
		return E_OK;
	}
	pw = getpwnam(name);
	if (pw == NULL)
		return E_NOENT;
	*out_uid = pw->pw_uid;
	*out_gid = pw->pw_gid;
	return E_OK;
}

int
proc_find_group(const char *name, gid_t *out_gid)
{
	struct group *gr;
	u32 id;

	if (num_parse_u32(name, &id) == E_OK) {
		*out_gid = (gid_t)id;
		return E_OK;
	}
	gr = getgrnam(name);
	if (gr == NULL)
		return E_NOENT;
	*out_gid = gr->gr_gid;
	return E_OK;
}

int
proc_wait(pid_t pid, int *out_status)
{
	pid_t r;

	do
		r = waitpid(pid, out_status, 0);
	while (r < 0 && errno == EINTR);
	return r == pid ? E_OK : E_TEMP;
}
