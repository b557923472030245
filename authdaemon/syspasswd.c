/* authsystem.passwd: changes the caller's system password by passwd(1)
   (authdaemon.md 4.7).  SPDX-License-Identifier: ISC */

/*
 * passwd(1) wants a terminal, so it gets one. The old and the new password
 * are two lines of standard input; 0 is success.
 */

#include "base/base.h"

#include <sys/ioctl.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <termios.h>

#include "base/ascii.h"
#include "base/clock.h"
#include "base/file.h"
#include "base/log.h"
#include "base/proc.h"
#include "base/str.h"
#include "conf/env.h"
#include "authdaemon/ask.h"

#define PROGRAM		"passwd"
#define PASSWORD_MAX	1024
#define TALK_SECS	30
#define ECHO_SECS	2	/* until the terminal shows nothing */
#define POLL_MS		20
#define SAID_MAX	65536
#define ANSWERS		3	/* old, new, new */

static int open_terminal(void);
static void run_program(int) NORETURN;
static void wait_hidden(int);
static int gives_up(const char *);
static int answer(int, const char *);
static int talk(int, const char *, const char *);

static int
open_terminal(void)
{
	int fd;

#ifdef HAVE_POSIX_OPENPT
	fd = posix_openpt(O_RDWR | O_NOCTTY);
#else
	fd = open("/dev/ptmx", O_RDWR | O_NOCTTY);
#endif
	if (fd < 0 || grantpt(fd) < 0 || unlockpt(fd) < 0)
		die_sys("no terminal");
	return fd;
}

static void
run_program(int terminal)
{
	int fd;

	setsid();
	fd = open(ptsname(terminal), O_RDWR);
	if (fd < 0)
		_exit(1);
#ifdef TIOCSCTTY
	ioctl(fd, TIOCSCTTY, 0);
#endif
	dup2(fd, STDIN_FILENO);
	dup2(fd, STDOUT_FILENO);
	dup2(fd, STDERR_FILENO);
	proc_close_from(STDERR_FILENO + 1);
	env_set("LC_ALL", "C");
	execlp(PROGRAM, PROGRAM, (char *)NULL);
	_exit(1);
}

/* What is written before the echo is off may be thrown away. */
static void
wait_hidden(int terminal)
{
	u64 until = clock_deadline(ECHO_SECS);
	struct termios t;

	while (tcgetattr(terminal, &t) == 0 && (t.c_lflag & ECHO) != 0 &&
	    clock_left(until) > 0)
		clock_sleep_ms(POLL_MS);
}

/* passwd(1) would go on asking for a better one. */
static int
gives_up(const char *said)
{
	static const char *const words[] = { "invalid", "bad pass",
	    "dictionary", "common", "short", "same", "unchange" };
	size_t i;

	for (i = 0; i < NITEMS(words); i++)
		if (strstr(said, words[i]) != NULL)
			return TRUE;
	return FALSE;
}

static int
answer(int terminal, const char *text)
{
	wait_hidden(terminal);
	if (file_write_all(terminal, text, strlen(text)) != E_OK)
		return E_TEMP;
	return file_write_all(terminal, "\n", 1);
}

/* E_OK if all was asked, and nothing refused, up to the end. */
static int
talk(int terminal, const char *old, const char *fresh)
{
	u64 deadline = clock_deadline(TALK_SECS);
	struct str said;
	struct pollfd p;
	int n = 0, r = E_OK;
	char *to;
	ssize_t got;

	str_init(&said, SAID_MAX);
	p.fd = terminal;
	p.events = POLLIN;
	while (r == E_OK) {
		p.revents = 0;
		if (poll(&p, 1, clock_left(deadline)) == 0) {
			r = E_TIMEOUT;
			break;
		}
		to = str_ready(&said, 512);
		got = to == NULL ? 0 : read(terminal, to, 512);
		if (got < 0 && errno == EINTR)
			continue;
		if (got <= 0)
			break;		/* it has ended */
		str_commit(&said, (size_t)got);
		ascii_lower(said.data);
		if (n > 0 && gives_up(str_c(&said)))
			r = E_PERM;
		else if (strstr(str_c(&said), "word:") != NULL) {
			str_reset(&said);
			r = n < ANSWERS ? answer(terminal, n == 0 ? old :
			    fresh) : E_PERM;
			n++;
		}
	}
	str_free(&said);
	return r == E_OK && n < ANSWERS ? E_PERM : r;
}

int
main(void)
{
	struct str old, fresh;
	int terminal, r, status;
	pid_t pid;

	str_init(&old, PASSWORD_MAX);
	str_init(&fresh, PASSWORD_MAX);
	if (ask_password(&old) != E_OK || ask_password(&fresh) != E_OK)
		return 1;
	terminal = open_terminal();
	pid = fork();
	if (pid < 0)
		die_sys("fork");
	if (pid == 0)
		run_program(terminal);
	r = talk(terminal, str_c(&old), str_c(&fresh));
	str_wipe_free(&old);
	str_wipe_free(&fresh);
	if (r != E_OK)
		kill(pid, SIGTERM);
	close(terminal);
	if (proc_wait(pid, &status) != E_OK)
		return 1;
	return r == E_OK && status == 0 ? 0 : 1;
}
