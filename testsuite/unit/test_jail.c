/* base/jail.  SPDX-License-Identifier: ISC */

#include "base/base.h"

#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>

#include "base/clock.h"
#include "base/file.h"
#include "base/jail.h"
#include "base/proc.h"
#include "base/rand.h"
#include "base/str.h"
#include "base/wall.h"

#include "t.h"

static char *report;

static void say(const char *, int);
static void tries(int);
static int child(const struct jail *, int, int);
static void inside(const char *, int);
static void unknown(void);
static int told(const char *, int);

/* Lines "WHAT RESULT" go out on descriptor 1 of the jailed process. */
static void
say(const char *what, int result)
{
	struct str s;

	str_init(&s, 0);
	str_catf(&s, "%s %d\n", what, result);
	(void)file_write_all(3, str_c(&s), s.len);
	str_free(&s);
}

/* 1: it went well. */
static void
tries(int root)
{
	static char *const argv[] = { NULL };
	struct sockaddr_un un;
	struct stat st;
	u8 bytes[4];
	char *p;
	pid_t pid;
	int fd;

	say("root", root);
	say("uid", (int)getuid());
	say("open", open("/", O_RDONLY) >= 0);
	say("passwd", open("/etc/passwd", O_RDONLY) >= 0);
	say("make", open("x", O_WRONLY | O_CREAT, 0600) >= 0);
	say("stat", stat("/etc", &st) == 0);
	say("mkdir", mkdir("x", 0700) == 0);
	say("chroot", chroot("/") == 0);
	say("setuid", setuid(0) == 0);
	fd = socket(AF_UNIX, SOCK_STREAM, 0);
	say("socket", fd >= 0);
	memset(&un, 0, sizeof(un));
	un.sun_family = AF_UNIX;
	memcpy(un.sun_path, "/run/x", 7);
	say("connect", fd >= 0 && connect(fd, (struct sockaddr *)&un,
	    (socklen_t)sizeof(un)) == 0);
	say("exec", execve("/bin/sh", argv, argv) == 0);
	say("kill", kill(getppid(), 0) == 0);
	pid = fork();
	if (pid == 0)
		_exit(0);
	say("fork", pid > 0);
	p = malloc(4 * 1024 * 1024);
	say("memory", p != NULL);
	free(p);
	say("clock", clock_msec() > 0);
	say("random", rand_bytes(bytes, sizeof(bytes)) == E_OK);
	say("end", 1);
}

/* Enters the jail and tells: over `out`, and a message with a descriptor. */
static int
child(const struct jail *j, int out, int sock)
{
	struct wall_msg m;
	struct wall w;
	int r, root;

	root = geteuid() == 0;
	dup2(out, 3);
	dup2(sock, 4);
	proc_close_from(5);
	r = jail_enter(j);
	if (r != E_OK)
		return 10 - r;
	memset(&w, 0, sizeof(w));
	w.fd = 4;
	wall_begin(&m, 9);
	m.fd = 3;
	if (wall_send(&w, &m, 0) != E_OK)
		return 1;
	tries(root);
	return 0;
}

/* TRUE if the child said so. */
static int
told(const char *what, int result)
{
	struct str s;
	int yes;

	str_init(&s, 0);
	str_catf(&s, "\n%s %d\n", what, result);
	yes = strstr(report, str_c(&s)) != NULL;
	if (!yes)
		printf("# no \"%s %d\" in:%s", what, result, report);
	str_free(&s);
	return yes;
}

static void
inside(const char *dir, int flags)
{
	struct jail j;
	struct wall_msg m;
	struct wall w;
	struct str s;
	pid_t pid;
	uid_t uid;
	gid_t gid;
	int fd[2], sock[2], status, filter, root;

	root = geteuid() == 0;
	filter = jail_has_filter();
	T_INT(proc_find_user("nobody", &uid, &gid), E_OK);
	j.user = "nobody";
	j.dir = dir;
	j.flags = flags;
	T_INT(pipe(fd), 0);
	T_INT(wall_pair(sock), E_OK);
	fflush(NULL);
	pid = fork();
	if (pid == 0)
		_exit(child(&j, fd[1], sock[1]));
	close(fd[1]);
	close(sock[1]);
	memset(&w, 0, sizeof(w));
	w.fd = sock[0];
	str_init(&s, 0);
	T_INT(wall_recv(&w, &m, &s, clock_deadline(20)), E_OK);
	T_OK(m.fd >= 0);
	close(m.fd);
	str_reset(&s);
	str_catc(&s, '\n');
	T_INT(file_slurp_fd(fd[0], 65536, &s), E_OK);
	report = s.data;
	T_INT(proc_wait(pid, &status), E_OK);
	T_INT(status, 0);
	T_OK(told("end", 1));
	T_OK(told("memory", 1));
	T_OK(told("clock", 1));
	T_OK(told("random", 1));
	if (root) {
		T_OK(told("uid", (int)uid));
		T_OK(told("setuid", 0));
		T_OK(told("chroot", 0));
		T_OK(told("passwd", 0));
		T_OK(told("stat", 0));
		T_OK(told("make", 0));
		T_OK(told("mkdir", 0));
		T_OK(told("exec", 0));
		T_OK(told("connect", 0));
		T_OK(told("kill", 0));
		T_OK(told("fork", 0));
	}
	if (filter) {
		T_OK(told("open", 0));
		T_OK(told("socket", 0));
		T_OK(told("fork", 0));
		T_OK(told("exec", 0));
		T_OK(told("kill", 0));
	}
	close(fd[0]);
	close(sock[0]);
	str_free(&s);
}

static void
unknown(void)
{
	struct jail j;
	int status;
	pid_t pid;

	j.user = "no-such-user-here";
	j.dir = NULL;
	j.flags = 0;
	pid = fork();
	if (pid == 0)
		_exit(jail_enter(&j) != E_NOENT);
	T_INT(proc_wait(pid, &status), E_OK);
	T_INT(status, 0);
	j.user = "root";
	pid = fork();
	if (pid == 0)
		_exit(jail_enter(&j) != E_PERM);
	T_INT(proc_wait(pid, &status), E_OK);
	T_INT(status, 0);
}

int
main(void)
{
	struct str dir;

	/* Valgrind works in the process it looks at, and needs more calls. */
	if (getenv("LD_PRELOAD") != NULL &&
	    strstr(getenv("LD_PRELOAD"), "valgrind") != NULL) {
		printf("1..0 # SKIP under valgrind\n");
		return 0;
	}
	str_init(&dir, 0);
	str_catf(&dir, "%s/empty", t_tmpdir());
	T_INT(mkdir(str_c(&dir), 0755), 0);
	inside(NULL, JAIL_FDS);
	inside(str_c(&dir), JAIL_FDS | JAIL_LOCKS);
	T_INT(chmod(str_c(&dir), 0777), 0);
	inside(str_c(&dir), JAIL_FDS);
	inside("/nonexistent", JAIL_FDS);
	if (geteuid() == 0)
		unknown();
	str_free(&dir);
	return t_done();
}
