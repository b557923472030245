/* Daemons and their pid files.  SPDX-License-Identifier: ISC */

#include "base/base.h"

#include <fcntl.h>
#include <signal.h>
#include <stdio.h>

#include "base/clock.h"
#include "base/file.h"
#include "base/lock.h"
#include "base/mem.h"
#include "base/num.h"
#include "base/proc.h"
#include "base/str.h"
#include "tcpd/pidfile.h"

#define PID_TEXT_MAX	64

static int open_lock(const char *, int);
static void wait_ready(int) NORETURN;
static int read_pid(const char *, pid_t *);
static int held(int);
static int signal_holder(const char *, int);

static int lock_fd_kept = -1;	/* held until the process ends */
static int ready_fd = -1;	/* the waiting parent listens here */

/* FILE.lock, open for writing; -1 with errno. */
static int
open_lock(const char *file, int create)
{
	struct str path;
	int fd, no;

	str_init(&path, 0);
	str_catf(&path, "%s.lock", file);
	fd = open(str_c(&path), create ? O_RDWR | O_CREAT : O_RDWR, 0600);
	if (fd < 0 && create && errno != ENOENT) {
		unlink(str_c(&path));
		fd = open(str_c(&path), O_RDWR | O_CREAT, 0600);
	}
	no = errno;
	if (fd < 0 && (create || no != ENOENT))
		perror(str_c(&path));
	if (fd >= 0)
		file_cloexec(fd, TRUE);
	str_free(&path);
	errno = no;
	return fd;
}

/* The process that was started: a NUL byte means that the daemon runs. */
static void
wait_ready(int fd)
{
	char byte;
	ssize_t n;

	do
		n = read(fd, &byte, 1);
	while (n < 0 && errno == EINTR);
	_exit(n == 1 && byte == '\0' ? 0 : 1);
}

int
pidfile_start(const char *file)
{
	int p[2], r;
	pid_t pid;

	if (pipe(p) < 0 || (pid = fork()) < 0) {
		perror("ll_daemon_start");
		return E_TEMP;
	}
	if (pid > 0) {
		close(p[1]);
		wait_ready(p[0]);
	}
	close(p[0]);
	ready_fd = p[1];
	file_cloexec(ready_fd, TRUE);
	if ((pid = fork()) != 0)
		_exit(pid < 0 ? 1 : 0);
	setsid();
	lock_fd_kept = open_lock(file, TRUE);
	if (lock_fd_kept < 0) {
		errno = EAGAIN;
		perror("ll_daemon_start");
		_exit(1);
	}
	r = lock_fd(lock_fd_kept, TRUE, LOCK_TRY);
	if (r == E_BUSY) {
		file_write_all(ready_fd, "", 1);
		_exit(0);
	}
	return r;
}

int
pidfile_ready(const char *file)
{
	struct str text;
	int fd, r;

	str_init(&text, 0);
	str_catf(&text, "%ld\n", (long)getpid());
	unlink(file);
	fd = open(file, O_WRONLY | O_CREAT | O_TRUNC, 0644);
	if (fd < 0) {
		perror(file);
		r = E_TEMP;
	} else {
		r = file_write_all(fd, str_c(&text), text.len);
		close(fd);
	}
	str_free(&text);
	if (r == E_OK)
		file_write_all(ready_fd, "", 1);
	close(ready_fd);
	ready_fd = -1;
	return r;
}

static int
read_pid(const char *file, pid_t *out)
{
	struct str text;
	u32 pid;
	int r;

	str_init(&text, 0);
	r = file_slurp(file, PID_TEXT_MAX, &text);
	if (r == E_OK && num_scan_u32(str_c(&text), text.len, &pid) > 0 &&
	    pid > 1)
		*out = (pid_t)pid;
	else
		r = E_NOENT;
	str_free(&text);
	return r;
}

/* TRUE if a process has the lock. It is not taken to find out: a start at the
   same time would believe that another daemon runs. */
static int
held(int fd)
{
	struct flock l;

	memset(&l, 0, sizeof(l));
	l.l_type = F_WRLCK;
	l.l_whence = SEEK_SET;
	return fcntl(fd, F_GETLK, &l) == 0 && l.l_type != F_UNLCK;
}

/* E_OK: signalled; E_NOENT: the lock is free, nothing runs; E_PERM: it cannot
   be opened (told), so who knows. */
static int
signal_holder(const char *file, int signo)
{
	pid_t pid;
	int fd;

	fd = open_lock(file, FALSE);
	if (fd < 0)
		return errno == ENOENT ? E_NOENT : E_PERM;
	if (!held(fd)) {
		close(fd);
		return E_NOENT;
	}
	if (signo != 0 && read_pid(file, &pid) == E_OK)
		kill(pid, signo);
	close(fd);
	return E_OK;
}

int
pidfile_stop(const char *file)
{
	u64 next;
	int r;

	r = signal_holder(file, SIGTERM);
	if (r != E_OK)
		return r == E_NOENT ? E_OK : r;
	next = clock_deadline(PIDFILE_KILL_SECS);
	while (signal_holder(file, 0) == E_OK) {
		if (clock_left(next) == 0) {
			signal_holder(file, SIGKILL);
			next = clock_deadline(PIDFILE_KILL_SECS);
		}
		clock_sleep_ms(50);
	}
	return E_OK;
}

int
pidfile_restart(const char *file)
{
	int r;

	r = signal_holder(file, SIGHUP);
	return r == E_NOENT ? E_OK : r;
}

int
pidfile_status(const char *file)
{
	switch (signal_holder(file, 0)) {
	case E_OK:
		return PIDFILE_RUNS;
	case E_NOENT:
		return access(file, F_OK) == 0 ? PIDFILE_DEAD : PIDFILE_NONE;
	default:
		return PIDFILE_UNKNOWN;
	}
}
