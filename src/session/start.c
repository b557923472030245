/* What a mailbox server does before its first reply.
   SPDX-License-Identifier: ISC */

#include "base/base.h"

#include <sys/stat.h>
#include <sys/wait.h>
#include <signal.h>
#ifdef __GLIBC__
#include <malloc.h>
#endif

#include "base/base64.h"
#include "base/io.h"
#include "base/log.h"
#include "base/pool.h"
#include "base/proc.h"
#include "base/sig.h"
#include "base/str.h"

#include "conf/env.h"
#include "conf/prestart.h"

#include "session/sess.h"
#include "session/start.h"

#define LARGE_BLOCK	(128 * 1024)	/* bytes; goes back when freed */

static void give_back(void);

/*
 * The arrays of a large folder must go back to the system when it is closed.
 * GNU libc would keep them after the first time.
 */
static void
give_back(void)
{
#ifdef M_MMAP_THRESHOLD
	mallopt(M_MMAP_THRESHOLD, LARGE_BLOCK);
	mallopt(M_TRIM_THRESHOLD, LARGE_BLOCK);
#endif
}

void
start_process(int *argc, char ***argv, const char *trouble)
{
	struct prestart_hooks hooks;
	char host[256];

	memset(&hooks, 0, sizeof(hooks));
	hooks.kind = PRESTART_PLAIN;
	hooks.trouble = trouble;
	prestart_serve(argc, argv, &hooks);
	proc_fix_stdio();
	give_back();
	log_init(NULL, TRUE);
	sig_ignore(SIGPIPE);
	sig_stop_catch();
	io_fd_stop_on(sig_stop_pending);
	if (*env_or("HOSTNAME", "") == '\0' &&
	    gethostname(host, sizeof(host)) == 0) {
		host[sizeof(host) - 1] = '\0';
		env_set("HOSTNAME", host);
	}
}

int
start_locked(const struct start *who)
{
	struct stat st;

	if (stat(".", &st) == 0 && (st.st_mode & S_ISVTX) == 0)
		return FALSE;
	log_info("INFO: LOCKED, user=%s, ip=[%s], port=[%s]", who->user,
	    who->ip, who->port);
	return TRUE;
}

int
start_enter(const char **dir, const char *maildir, const char **out_why)
{
	int r;

	if (*dir == NULL)
		*dir = maildir != NULL && *maildir != '\0' ? maildir :
		    "./Maildir";
	if (chdir(*dir) == 0)
		return E_OK;
	r = err_from_errno(errno);
	*out_why = strerror(errno);
	log_info("chdir %s: %s", *dir, *out_why);
	return r;
}

void
start_login_exec(void)
{
	struct stat st;
	pid_t pid;
	int status;

	if (stat("loginexec", &st) < 0 || (st.st_mode & S_IXUSR) == 0 ||
	    !S_ISREG(st.st_mode))
		return;
	pid = fork();
	if (pid == 0) {
		execl("./loginexec", "loginexec", (char *)NULL);
		_exit(127);
	}
	if (pid > 0 && proc_wait(pid, &status) == E_OK &&
	    WIFEXITED(status) && WEXITSTATUS(status) == 0)
		unlink("loginexec");
}

void
start_name_peer(struct sess *s, const struct start *who)
{
	struct str text;

	str_init(&text, 0);
	str_catf(&text, "ip=[%s], port=[%s]", who->ip, who->port);
	s->peer = pool_strdup(s->pool, str_c(&text));
	str_free(&text);
}

void
start_take_input(struct io *io, const struct start *who, const char *after)
{
	const char *text;
	struct str s;

	text = env_get("CHAPAR_INPUT");
	if (text == NULL)
		return;
	str_init(&s, IO_BUF_SIZE);
	if (base64_decode(text, strlen(text), &s) == E_OK && s.len > 0 &&
	    io_unread(io, str_c(&s), s.len) != E_OK)
		log_warn("%s: commands behind %s are lost", who->user, after);
	str_free(&s);
	env_set("CHAPAR_INPUT", NULL);
}
