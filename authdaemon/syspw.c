/* System accounts, and the change of a password (authdaemon.md 4.7).
   SPDX-License-Identifier: ISC */

#include "base/base.h"

#include <sys/wait.h>
#include <fcntl.h>
#include <pwd.h>
#include <signal.h>

#include "base/clock.h"
#include "base/file.h"
#include "base/log.h"
#include "base/proc.h"
#include "base/str.h"
#include "authdaemon/syspw.h"

#define PROGRAM		"authsystem.passwd"
#define CHANGE_SECS	60
#define POLL_MS		20

static void run_program(const struct passwd *, const char *, int) NORETURN;
static int ended_well(pid_t);
static int change(const struct passwd *, const char *, const struct str *);

/* Systems differ in what says that there is nobody of that name. */
int
syspw_none(const char *module, const char *call, int no)
{
	switch (no) {
	case 0:
	case ESRCH:
	case EBADF:
	case EPERM:
		return E_PERM;
	default:
		log_err("%s: %s: %s", module, call, strerror(no));
		return E_TEMP;
	}
}

/* Where ENOENT is said of a user, root is there; it is said of a file, too. */
int
syspw_find(const char *module, const char *userid, struct passwd **out)
{
	int no;

	errno = 0;
	*out = getpwnam(userid);
	if (*out != NULL)
		return E_OK;
	no = errno;
	if (no == ENOENT && getpwuid(0) != NULL)
		no = 0;
	return syspw_none(module, "getpwnam", no);
}

static void
run_program(const struct passwd *pw, const char *path, int in)
{
	int fd;

	fd = open("/dev/null", O_RDWR);
	dup2(in, STDIN_FILENO);
	dup2(fd, STDOUT_FILENO);
	dup2(fd, STDERR_FILENO);
	proc_close_from(STDERR_FILENO + 1);
	if (fd < 0 || proc_become(pw->pw_name, pw->pw_uid, pw->pw_gid) != E_OK)
		_exit(1);
	execl(path, path, (char *)NULL);
	_exit(1);
}

static int
ended_well(pid_t pid)
{
	u64 until = clock_deadline(CHANGE_SECS);
	int status;

	while (waitpid(pid, &status, WNOHANG) == 0) {
		if (clock_left(until) == 0) {
			log_err("%s: not ready within %d seconds", PROGRAM,
			    CHANGE_SECS);
			kill(pid, SIGKILL);
			proc_wait(pid, &status);
			return FALSE;
		}
		clock_sleep_ms(POLL_MS);
	}
	return status == 0;
}

/* The program gets two lines, which a pipe holds. */
static int
change(const struct passwd *pw, const char *path, const struct str *lines)
{
	pid_t pid;
	int p[2];

	if (pipe(p) < 0) {
		log_syserr("%s: pipe", PROGRAM);
		return E_TEMP;
	}
	file_cloexec(p[1], TRUE);
	file_nonblock(p[1], TRUE);
	pid = fork();
	if (pid == 0)
		run_program(pw, path, p[0]);
	close(p[0]);
	if (pid < 0)
		log_syserr("%s: fork", PROGRAM);
	else
		file_write_all(p[1], lines->data, lines->len);
	close(p[1]);
	return pid > 0 && ended_well(pid) ? E_OK : E_TEMP;
}

int
syspw_change(const char *folder, const char *userid, const char *oldpass,
    const char *newpass)
{
	struct str lines, path;
	struct passwd *pw;
	int r;

	if (strchr(userid, '@') != NULL)
		return E_PERM;
	r = syspw_find(PROGRAM, userid, &pw);
	if (r != E_OK)
		return r;
	str_init(&lines, 0);
	str_init(&path, 0);
	str_catf(&lines, "%s\n%s\n", oldpass, newpass);
	str_catf(&path, "%s/%s", folder, PROGRAM);
	r = change(pw, str_c(&path), &lines);
	str_wipe_free(&lines);
	str_free(&path);
	return r;
}
