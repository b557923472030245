/* From the login to the user's mailbox server (daemons.md 5.11).
   SPDX-License-Identifier: ISC */

#include "base/base.h"

#include <pwd.h>
#include <signal.h>

#include "base/log.h"
#include "base/mem.h"
#include "base/proc.h"
#include "base/sig.h"
#include "conf/conf.h"
#include "conf/env.h"
#include "conf/prestart.h"
#include "login/login.h"
#include "login/skel.h"

static int identity(const struct authinfo *, uid_t *, gid_t *);
static int enter_home(struct login *, const char *);
static void become(struct login *, char **);

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

/* By the way of a program that has been started already, else by exec. */
static void
become(struct login *l, char **argv)
{
	struct prestart_conn c;

	memset(&c, 0, sizeof(c));
	c.fd = 0;
	c.argv = argv;
	c.become = TRUE;
	c.uid = l->uid;
	c.gid = l->gid;
	c.home = l->account.homedir;
	if (prestart_become(&c) == E_OK)
		_exit(0);
	if (proc_set_ids(l->uid, l->gid) != E_OK) {
		log_err("%s: cannot become uid %ld gid %ld",
		    l->account.address, (long)l->uid, (long)l->gid);
		_exit(1);
	}
	sig_reset();
	proc_close_from(3);
	execv(argv[0], argv);
	log_err("exec(%s) failed!!", argv[0]);
}

int
login_become(struct login *l)
{
	const struct authinfo *a = &l->account;
	const char *maildir;
	char *argv[3];

	env_set("AUTHENTICATED", a->address);
	env_set("OPTIONS", a->options != NULL ? a->options : "");
	/* (good for one login, RFC 9266) */
	env_set("CHAPAR_TLS_EXPORTER", NULL);
	l->front->hand_over(l);
	maildir = a->maildir != NULL && *a->maildir != '\0' ? a->maildir :
	    l->maildir;
	argv[0] = mem_strdup(l->program);
	argv[1] = mem_strdup(maildir);
	argv[2] = NULL;
	become(l, argv);
	mem_free(argv[0]);
	mem_free(argv[1]);
	return E_TEMP;
}
