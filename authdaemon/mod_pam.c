/* authpam: system accounts, their passwords checked by PAM
   (authdaemon.md 4.7).  SPDX-License-Identifier: ISC */

/*
 * Each check runs in a process of its own: PAM's modules leave traces, wait,
 * and crash. The process's exit status is the verdict.
 */

#include "base/base.h"

#include <security/pam_appl.h>
#include <sys/wait.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#ifdef HAVE_SHADOW_H
#include <shadow.h>
#endif

#include "base/clock.h"
#include "base/file.h"
#include "base/log.h"
#include "base/mem.h"
#include "base/proc.h"
#include "base/str.h"
#include "authdaemon/mod_pwd.h"

#define CHECK_SECS	60	/* for the whole stack */

enum { YES = 0, NO = 1, LATER = 2 };	/* exit status */

static char *answer_to(int, const char *, const struct auth_query *);
static int converse(int, const struct pam_message **,
    struct pam_response **, void *);
static int is_trouble(int);
static int step(pam_handle_t *, const char *, int);
static int check(const struct auth_query *);
static int verdict_of(pid_t, int);
static int ask_pam(const struct auth_query *);
static int pam_pre(const struct auth_query *, struct authinfo *);
static int pam_login(const struct auth_query *, struct authinfo *);

extern const struct auth_module chapar_auth_module;
const struct auth_module chapar_auth_module = {
	AUTH_MODULE_ABI,	/* abi */
	"authpam",		/* name */
	NULL,			/* init */
	pam_pre,		/* pre */
	pam_login,		/* login */
	pwd_no_cram,		/* cram */
	pwd_passwd,		/* passwd */
	pwd_enumerate,		/* enumerate */
	NULL,			/* idle */
	NULL,			/* done */
	NULL,			/* auth */
	auth_always_root,	/* needs_root */
	NULL,			/* files */
	NULL,			/* settings */
	NULL,			/* forget */
	NULL			/* ahead */
};

/* ---- in the process that checks ----------------------------------------- */

/* To a question that shows what is typed the name, else the password; NULL
   to anything else. PAM frees it. */
static char *
answer_to(int style, const char *text, const struct auth_query *q)
{
	const char *said;
	char *copy;

	switch (style) {
	case PAM_PROMPT_ECHO_ON:
		said = q->userid;
		break;
	case PAM_PROMPT_ECHO_OFF:
		said = q->password;
		break;
	default:
		log_info("%s", text);
		said = "";
		break;
	}
	copy = malloc(strlen(said) + 1);
	if (copy != NULL)
		memcpy(copy, said, strlen(said) + 1);
	return copy;
}

static int
converse(int n, const struct pam_message **msg, struct pam_response **out,
    void *ctx)
{
	struct pam_response *r;
	int i;

	if (n <= 0 || n > PAM_MAX_NUM_MSG)
		return PAM_CONV_ERR;
	r = calloc((size_t)n, sizeof(*r));
	if (r == NULL)
		return PAM_BUF_ERR;
	for (i = 0; i < n; i++) {
		r[i].resp = answer_to(msg[i]->msg_style, msg[i]->msg, ctx);
		r[i].resp_retcode = 0;
	}
	*out = r;
	return PAM_SUCCESS;
}

/* What does not speak of the user or the password. */
static int
is_trouble(int result)
{
	switch (result) {
	case PAM_ABORT:
	case PAM_AUTHINFO_UNAVAIL:
	case PAM_BUF_ERR:
	case PAM_SYSTEM_ERR:
		return TRUE;
	default:
		return FALSE;
	}
}

static int
step(pam_handle_t *pam, const char *name, int result)
{
	if (result == PAM_SUCCESS)
		return YES;
	if (!is_trouble(result)) {
		log_debug("%s failed, result %d", name, result);
		return NO;
	}
	log_err("authpam: %s failed, result %d: %s", name, result,
	    pam_strerror(pam, result));
	return LATER;
}

static int
check(const struct auth_query *q)
{
	struct auth_query mine = *q;	/* PAM hands on no constant */
	struct pam_conv conv;
	pam_handle_t *pam = NULL;
	int r, verdict;

	conv.conv = converse;
	conv.appdata_ptr = &mine;
	log_debug("pam_service=%s, pam_username=%s", q->service, q->userid);
	r = pam_start(q->service, q->userid, &conv, &pam);
	if (r != PAM_SUCCESS) {
		log_err("authpam: pam_start failed, result %d [Hint: bad PAM "
		    "configuration?]", r);
		return LATER;
	}
	if (q->remote_ip != NULL)
		pam_set_item(pam, PAM_RHOST, q->remote_ip);
	r = pam_authenticate(pam, 0);
	verdict = step(pam, "pam_authenticate", r);
	if (verdict == YES) {
		r = pam_acct_mgmt(pam, 0);
		verdict = step(pam, "pam_acct_mgmt", r);
	}
	pam_end(pam, r);
	if (verdict == YES)
		log_debug("dopam successful");
	return verdict;
}

/* ---- in the worker ------------------------------------------------------ */

/* The process writes a byte at its end; if it crashes the pipe closes. */
static int
verdict_of(pid_t pid, int fd)
{
	u64 deadline = clock_deadline(CHECK_SECS);
	struct pollfd p;
	int n, status;

	p.fd = fd;
	p.events = POLLIN;
	do {
		p.revents = 0;
		n = poll(&p, 1, clock_left(deadline));
	} while (n < 0 && errno == EINTR);
	if (n <= 0) {
		log_err("authpam: no verdict within %d seconds", CHECK_SECS);
		kill(pid, SIGKILL);
	}
	if (proc_wait(pid, &status) != E_OK)
		return E_TEMP;
	if (WIFSIGNALED(status) && n > 0)
		log_err("authpam: the check ended with signal %d",
		    WTERMSIG(status));
	if (!WIFEXITED(status))
		return E_TEMP;
	return WEXITSTATUS(status) == YES ? E_OK :
	    WEXITSTATUS(status) == NO ? E_PERM : E_TEMP;
}

static int
ask_pam(const struct auth_query *q)
{
	int p[2], r;
	pid_t pid;

	if (pipe(p) < 0) {
		log_syserr("authpam: pipe");
		return E_TEMP;
	}
	pid = fork();
	if (pid == 0) {
		close(p[0]);
		file_cloexec(p[1], TRUE);
		r = check(q);
		file_write_all(p[1], "", 1);
		_exit(r);
	}
	close(p[1]);
	r = E_TEMP;
	if (pid < 0)
		log_syserr("authpam: fork");
	else
		r = verdict_of(pid, p[0]);
	close(p[0]);
	return r;
}

/* The shadow file's password, where it can be read. */
static int
pam_pre(const struct auth_query *q, struct authinfo *out)
{
#ifdef HAVE_SHADOW_H
	struct spwd *sp;
#endif
	int r;

	r = pwd_fill("authpam", q->userid, out);
#ifdef HAVE_SHADOW_H
	sp = r == E_OK ? getspnam(q->userid) : NULL;
	if (sp != NULL) {
		mem_free_secret(&out->passwd);
		out->passwd = mem_strdup(sp->sp_pwdp);
	}
#endif
	return r;
}

static int
pam_login(const struct auth_query *q, struct authinfo *out)
{
	int r;

	r = pam_pre(q, out);
	if (r == E_OK)
		r = ask_pam(q);
	if (r == E_OK)
		out->clearpasswd = mem_strdup(q->password);
	return r;
}
