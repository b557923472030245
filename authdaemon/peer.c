/* Who is at the other end of the socket.  SPDX-License-Identifier: ISC */

#include "base/base.h"

#include <sys/socket.h>
#include <grp.h>
#include <pwd.h>

#include "base/clock.h"
#include "base/log.h"
#include "base/mem.h"
#include "base/proc.h"
#include "conf/env.h"
#include "authdaemon/peer.h"

#define TRUST_MAX	32	/* users, groups */
#define KEEP_SECS	10	/* that the last verdict is good for */

static int ids_of(int, uid_t *, gid_t *);
static void trust(const char *);
static int is_member(uid_t, gid_t);
static int look_up(uid_t, gid_t);

static uid_t users[TRUST_MAX + 1];
static gid_t groups[TRUST_MAX + 1];
static size_t nusers, ngroups;

/* One client after another is the same one, mostly. */
static uid_t last_uid;
static gid_t last_gid;
static int last_verdict;
static u64 last_until;

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

/* ---- who is trusted ----------------------------------------------------- */

/* One word of AUTHDAEMON_TRUST: a user, or @group. */
static void
trust(const char *word)
{
	uid_t uid;
	gid_t gid;
	int r;

	if (nusers == TRUST_MAX || ngroups == TRUST_MAX) {
		log_err("AUTHDAEMON_TRUST: more than %d names", TRUST_MAX);
		return;
	}
	r = *word == '@' ? proc_find_group(word + 1, &gid) :
	    proc_find_user(word, &uid, &gid);
	if (r != E_OK)
		log_err("AUTHDAEMON_TRUST: there is no %s", word);
	else if (*word == '@')
		groups[ngroups++] = gid;
	else
		users[nusers++] = uid;
}

void
peer_settings(void)
{
	char *list, *p, *end;
	uid_t uid;
	gid_t gid;

	nusers = ngroups = 0;
	last_until = 0;
	users[nusers++] = geteuid();
	if (proc_find_user(MAIL_USER, &uid, &gid) == E_OK)
		users[nusers++] = uid;
	if (proc_find_group(MAIL_GROUP, &gid) == E_OK)
		groups[ngroups++] = gid;
	list = mem_strdup(env_or("AUTHDAEMON_TRUST", ""));
	for (p = list; ; p = end) {
		p += strspn(p, ", \t");
		if (*p == '\0')
			break;
		end = p + strcspn(p, ", \t");
		if (*end != '\0')
			*end++ = '\0';
		trust(p);
	}
	mem_free(list);
}

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

static int
look_up(uid_t uid, gid_t gid)
{
	size_t i;

	for (i = 0; i < nusers; i++)
		if (users[i] == uid)
			return TRUE;
	for (i = 0; i < ngroups; i++)
		if (groups[i] == gid || is_member(uid, groups[i]))
			return TRUE;
	return FALSE;
}

int
peer_is_trusted(int fd)
{
	uid_t uid;
	gid_t gid;

	if (ids_of(fd, &uid, &gid) != E_OK || uid == 0)
		return TRUE;
	if (clock_msec() >= last_until || uid != last_uid ||
	    gid != last_gid) {
		last_verdict = look_up(uid, gid);
		last_uid = uid;
		last_gid = gid;
		last_until = clock_deadline(KEEP_SECS);
	}
	if (!last_verdict)
		log_debug("uid %lu is not told stored passwords",
		    (unsigned long)uid);
	return last_verdict;
}
