/* From the login to the user's imapd (daemons.md 5.11).
   SPDX-License-Identifier: ISC */

#include "base/base.h"

#include <pwd.h>
#include <signal.h>

#include "base/base64.h"
#include "base/io.h"
#include "base/log.h"
#include "base/proc.h"
#include "base/sig.h"
#include "base/str.h"
#include "conf/conf.h"
#include "conf/env.h"
#include "login/login.h"
#include "login/skel.h"

static int identity(const struct authinfo *, uid_t *, gid_t *);
static void hand_over(struct login *);

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

/* Commands that came in one packet with the login are not lost. */
static void
hand_over(struct login *l)
{
	struct str text;
	const char *p;
	size_t n;

	p = io_peek_buf(l->io, &n);
	env_set("CHAPAR_INPUT", NULL);
	if (n == 0)
		return;
	str_init(&text, 0);
	base64_encode(p, n, &text);
	env_set("CHAPAR_INPUT", str_c(&text));
	str_free(&text);
}

int
login_become(struct login *l, const struct authinfo *a)
{
	const char *home, *maildir;
	uid_t uid;
	gid_t gid;

	if (identity(a, &uid, &gid) != E_OK)
		return E_TEMP;
	home = a->homedir;
	if (home == NULL || *home == '\0') {
		log_warn("%s: No homedir!!", a->address);
		return E_TEMP;
	}
	if (l->conf->auth_mkhomedir_skel != NULL &&
	    *l->conf->auth_mkhomedir_skel != '\0')
		skel_copy(l->conf->auth_mkhomedir_skel, home, uid, gid);
	if (proc_become(a->sysusername, uid, gid) != E_OK) {
		log_err("%s: cannot become uid %ld gid %ld",
		    a->address, (long)uid, (long)gid);
		_exit(1);
	}
	if (chdir(home) < 0) {
		log_warn("%s: chdir(%s) failed!!", a->address, home);
		log_warn("error: %s", strerror(errno));
		return E_TEMP;
	}
	env_set("AUTHENTICATED", a->address);
	env_set("OPTIONS", a->options != NULL ? a->options : "");
	env_set("IMAPLOGINTAG", l->tag);
	env_set("PROTOCOL", l->smap ? "SMAP1" : "IMAP");
	hand_over(l);
	maildir = a->maildir != NULL && *a->maildir != '\0' ? a->maildir :
	    l->maildir;
	sig_default(SIGTERM);
	sig_default(SIGINT);
	sig_default(SIGHUP);
	sig_default(SIGPIPE);
	proc_close_from(3);
	execl(l->imapd, l->imapd, maildir, (char *)0);
	log_err("exec(%s) failed!!", l->imapd);
	return E_TEMP;
}
