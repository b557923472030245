/* Who is at the other end of the socket.  SPDX-License-Identifier: ISC */

#include "base/base.h"

#include <sys/socket.h>
#include <sys/stat.h>
#include <grp.h>
#include <pwd.h>

#include "base/log.h"
#include "authdaemon/module.h"
#include "authdaemon/peer.h"

static int ids_of(int, uid_t *, gid_t *);
static int is_member(uid_t, gid_t);

#if defined(HAVE_GETPEEREID)

static int
ids_of(int fd, uid_t *uid, gid_t *gid)
{
	return getpeereid(fd, uid, gid) == 0 ? E_OK : E_NOTSUP;
}

#elif defined(__linux__) && defined(SO_PEERCRED)

/* The kernel's form; <sys/socket.h> shows it to GNU sources only. */
static int
ids_of(int fd, uid_t *uid, gid_t *gid)
{
	struct {
		pid_t	pid;
		uid_t	uid;
		gid_t	gid;
	} cred;
	socklen_t n = sizeof(cred);

	if (getsockopt(fd, SOL_SOCKET, SO_PEERCRED, &cred, &n) < 0 ||
	    n != sizeof(cred))
		return E_NOTSUP;
	*uid = cred.uid;
	*gid = cred.gid;
	return E_OK;
}

#else

static int
ids_of(int fd, uid_t *uid, gid_t *gid)
{
	(void)fd;
	(void)uid;
	(void)gid;
	return E_NOTSUP;
}

#endif

/* By the group database: the groups of the process itself are not told. */
static int
is_member(uid_t uid, gid_t gid)
{
	struct passwd *pw;
	struct group *gr;
	char **p;

	pw = getpwuid(uid);
	gr = pw == NULL ? NULL : getgrgid(gid);
	if (gr == NULL)
		return FALSE;
	for (p = gr->gr_mem; *p != NULL; p++)
		if (strcmp(*p, pw->pw_name) == 0)
			return TRUE;
	return pw->pw_gid == gid;
}

int
peer_is_trusted(int fd)
{
	struct stat st;
	uid_t uid;
	gid_t gid;

	if (stat(auth_vardir(), &st) < 0 || (st.st_mode & S_IXOTH) == 0 ||
	    ids_of(fd, &uid, &gid) != E_OK)
		return TRUE;
	if (uid == 0 || uid == geteuid() || uid == st.st_uid ||
	    gid == st.st_gid || is_member(uid, st.st_gid))
		return TRUE;
	log_debug("uid %lu is not told stored passwords", (unsigned long)uid);
	return FALSE;
}
