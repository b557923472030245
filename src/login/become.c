/* From the login to the user's mailbox server (daemons.md 5.11).
   SPDX-License-Identifier: ISC */

#include "base/base.h"

#include <pwd.h>
#include <signal.h>

#include "base/log.h"
#include "base/proc.h"
#include "base/sig.h"
#include "conf/conf.h"
#include "conf/env.h"
#include "login/login.h"
#include "login/skel.h"

static int identity(const struct authinfo *, uid_t *, gid_t *);
static int enter_home(struct login *, const char *);

/* Who it is on this system. */
static int
identity(const struct authinfo *a, uid_t *uid, gid_t *gid)
{
	struct passwd *pw;

	if (a->address == NULL || *a->address == '\0') {
		log_warn("No address!!");
		return E_TEMP;
	}
	if (a->sysusername != NULL) {
		pw = getpwnam(a->sysusername);
		if (pw == NULL) {
			log_warn("%s: No UID/GID!!", a->address);
			return E_TEMP;
		}
		*uid = pw->pw_uid;
		*gid = pw->pw_gid;
		return E_OK;
	}
	if (!a->has_uid) {
		log_warn("%s: No UID/GID!!", a->address);
		return E_TEMP;
	}
	*uid = a->uid;
	*gid = a->gid;
	return E_OK;
}

/* With the user's rights: what root may not enter, on another machine's disk,
   he may, and the other way round. */
static int
enter_home(struct login *l, const char *home)
{
	const struct authinfo *a = &l->account;
	int r, no, root;

	root = geteuid() == 0;
	if (root && (proc_set_groups(a->sysusername, l->gid) != E_OK ||
	    seteuid(l->uid) < 0)) {
		no = errno;
		log_err("%s: cannot become uid %ld gid %ld", a->address,
		    (long)l->uid, (long)l->gid);
		errno = no;
		return E_TEMP;
	}
	r = chdir(home);
	no = errno;
	if (root && seteuid(0) < 0)
		die("cannot be root again");
	if (r == 0)
		return E_OK;
	log_warn("%s: chdir(%s) failed!!", a->address, home);
	log_warn("error: %s", strerror(no));
	errno = no;
	return E_TEMP;
}

int
login_home(struct login *l)
{
	const struct authinfo *a = &l->account;
	const char *home, *skel;

	if (identity(a, &l->uid, &l->gid) != E_OK)
		return E_TEMP;
	home = a->homedir;
	if (home == NULL || *home == '\0') {
		log_warn("%s: No homedir!!", a->address);
		return E_TEMP;
	}
	skel = l->conf->auth_mkhomedir_skel;
	if (skel != NULL && *skel != '\0')
		skel_copy(skel, home, l->uid, l->gid);
	return enter_home(l, home);
}

int
login_become(struct login *l)
{
	const struct authinfo *a = &l->account;
	const char *maildir;

	if (proc_set_ids(l->uid, l->gid) != E_OK) {
		log_err("%s: cannot become uid %ld gid %ld", a->address,
		    (long)l->uid, (long)l->gid);
		_exit(1);
	}
	env_set("AUTHENTICATED", a->address);
	env_set("OPTIONS", a->options != NULL ? a->options : "");
	/* (good for one login, RFC 9266) */
	env_set("CHAPAR_TLS_EXPORTER", NULL);
	l->front->hand_over(l);
	maildir = a->maildir != NULL && *a->maildir != '\0' ? a->maildir :
	    l->maildir;
	sig_default(SIGTERM);
	sig_default(SIGINT);
	sig_default(SIGHUP);
	sig_default(SIGPIPE);
	proc_close_from(3);
	execl(l->program, l->program, maildir, (char *)0);
	log_err("exec(%s) failed!!", l->program);
	return E_TEMP;
}
