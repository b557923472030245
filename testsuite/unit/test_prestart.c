/* conf/prestart.  SPDX-License-Identifier: ISC */

#include "base/base.h"

#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <grp.h>
#include <poll.h>
#include <signal.h>

#include "base/clock.h"
#include "base/file.h"
#include "base/mem.h"
#include "base/str.h"
#include "base/vec.h"
#include "conf/env.h"
#include "conf/prestart_int.h"

#include "t.h"

#define WAIT_SECS	20

static void program(int, char **);
static void copy_self(void);
static int until(int);
static int dial(struct prestart_conn *, struct vec *, char **, struct str *);
static int kept = -1;		/* our end of a connection that waits */
static int next_report(struct prestart_report *);
static void plain(void);
static void becoming(void);
static void ends(void);
static void crash(void);
static void replaced(void);
static void large(void);
static void messages(void);
static void unable(void);

static struct prestart *p;
static int reports[2];
static char *path, *next;
static char *argv0[3];
static const char *self;

/* Started ahead of need, this is what we are. */
static void
program(int argc, char **argv)
{
	struct prestart_hooks hooks;
	struct str s;
	int i;

	memset(&hooks, 0, sizeof(hooks));
	hooks.kind = PRESTART_TLS;
	hooks.trouble = "no\n";
	prestart_serve(&argc, &argv, &hooks);
	if (strcmp(argv[1], "crash") == 0)
		abort();
	if (strcmp(argv[1], "status") == 0)
		exit(prestart_crashed());
	str_init(&s, 0);
	for (i = 1; i < argc; i++)
		str_catf(&s, "%s ", argv[i]);
	str_catf(&s, "%s %s %s %lu\n", env_or("GIVEN", "-"),
	    env_or("REMOVED", "-"), env_or(PRESTART_VAR, "-"),
	    (unsigned long)getppid());
	(void)file_write_all(1, s.data, s.len);
	if (strcmp(argv[1], "who") == 0)
		exit(getuid() == 65534 && getgid() == 65533 &&
		    getgroups(0, NULL) == 1 ? 0 : 1);
	if (strcmp(argv[1], "wait") == 0)
		while (read(0, &i, 1) > 0)
			;
	exit(0);
}

/* A file of our own, to be replaced. */
static void
copy_self(void)
{
	struct str s;

	str_init(&s, 0);
	T_INT(file_slurp(self, 0x4000000, &s), E_OK);
	T_INT(file_replace(path, next, s.data, s.len, 0755, FALSE), E_OK);
	str_free(&s);
}

/* Until it is ready, or gone. */
static int
until(int ready)
{
	u64 deadline = clock_deadline(WAIT_SECS);
	struct pollfd fd;

	while ((prestart_pid(p) != 0) != ready && clock_left(deadline) > 0) {
		if (ready)
			prestart_check(p);
		prestart_poll(p, &fd);
		if (poll(&fd, 1, 100) > 0)
			prestart_work(p, &fd);
	}
	return (prestart_pid(p) != 0) == ready;
}

/* What the connection's process says, all of it if it ends. */
static int
dial(struct prestart_conn *c, struct vec *vars, char **argv, struct str *out)
{
	char buf[1024];
	int s[2], r;
	ssize_t n;

	str_reset(out);
	T_INT(socketpair(AF_UNIX, SOCK_STREAM, 0, s), 0);
	c->fd = s[1];
	c->argv = argv;
	c->vars = vars;
	r = prestart_send(p, c);
	close(s[1]);
	if (r == E_OK)
		while ((n = read(s[0], buf, sizeof(buf))) > 0) {
			str_cat(out, buf, (size_t)n);
			if (strcmp(argv[1], "wait") == 0)
				break;
		}
	if (r == E_OK && strcmp(argv[1], "wait") == 0)
		kept = s[0];
	else
		close(s[0]);
	return r;
}

static int
next_report(struct prestart_report *r)
{
	u8 buf[PRESTART_REPORT];
	struct pollfd fd;

	fd.fd = reports[0];
	fd.events = POLLIN;
	if (poll(&fd, 1, WAIT_SECS * 1000) != 1 ||
	    read(reports[0], buf, sizeof(buf)) != (ssize_t)sizeof(buf))
		return E_TIMEOUT;
	prestart_get_report(buf, r);
	return E_OK;
}

static void
plain(void)
{
	static char prog[] = "prog", one[] = "one", two[] = "two words";
	struct prestart_conn c;
	struct prestart_report r;
	struct str out, want;
	struct vec vars;
	char *argv[4];

	memset(&c, 0, sizeof(c));
	str_init(&out, 0);
	str_init(&want, 0);
	vec_init(&vars);
	env_set("REMOVED", "here");
	env_add(&vars, "GIVEN", "gone");
	env_add(&vars, "GIVEN", "yes");
	env_add(&vars, "REMOVED", NULL);
	argv[0] = prog;
	argv[1] = one;
	argv[2] = two;
	argv[3] = NULL;
	c.place = 7;
	c.serial = 70000;
	T_INT(prestart_kind(p), PRESTART_TLS);
	T_INT(dial(&c, &vars, argv, &out), E_OK);
	str_catf(&want, "one two words yes - - %lu\n",
	    (unsigned long)prestart_pid(p));
	T_STR(str_c(&out), str_c(&want));
	T_INT(next_report(&r), E_OK);
	T_INT(r.place, 7);
	T_INT(r.serial, 70000);
	T_INT(r.what, PRESTART_END);
	T_INT(r.pid, prestart_pid(p));
	vec_free_all(&vars);
	str_free(&out);
	str_free(&want);
}

/* A user, in his home folder; or the client is told. */
static void
becoming(void)
{
	static char prog[] = "prog", who[] = "who";
	struct prestart_conn c;
	struct prestart_report r;
	struct str out;
	char *argv[3];
	gid_t group = 65532;

	if (geteuid() != 0)
		return;
	memset(&c, 0, sizeof(c));
	str_init(&out, 0);
	argv[0] = prog;
	argv[1] = who;
	argv[2] = NULL;
	T_INT(setgroups(1, &group), 0);
	c.become = TRUE;
	c.uid = 65534;
	c.gid = 65533;
	c.home = "/";
	T_INT(dial(&c, NULL, argv, &out), E_OK);
	T_OK(strncmp(str_c(&out), "who - here - ", 13) == 0);
	T_INT(next_report(&r), E_OK);
	c.home = "/nonexistent";
	T_INT(dial(&c, NULL, argv, &out), E_OK);
	T_STR(str_c(&out), "no\n");
	T_INT(next_report(&r), E_OK);
	T_INT(r.what, PRESTART_END);
	str_free(&out);
}

/* It waits for its children, then ends. */
static void
ends(void)
{
	static char prog[] = "prog", wait[] = "wait";
	struct prestart_conn c;
	struct prestart_report r;
	struct str out;
	char *argv[3];
	pid_t pid = prestart_pid(p);
	int status;

	memset(&c, 0, sizeof(c));
	str_init(&out, 0);
	argv[0] = prog;
	argv[1] = wait;
	argv[2] = NULL;
	T_INT(dial(&c, NULL, argv, &out), E_OK);
	T_OK(out.len > 0);
	kill(pid, SIGTERM);
	T_OK(until(FALSE));
	T_INT(dial(&c, NULL, argv, &out), E_TEMP);
	T_INT(waitpid(pid, &status, WNOHANG), 0);
	close(kept);
	T_INT(next_report(&r), E_OK);
	T_INT(r.what, PRESTART_END);
	T_INT(waitpid(pid, &status, 0), pid);
	T_INT(status, 0);
	str_free(&out);
}

/* One that has died of a signal must not be tried again as it was. */
static void
crash(void)
{
	static char prog[] = "prog", abort[] = "crash", status[] = "status";
	struct prestart_conn c;
	struct prestart_report r;
	struct str out;
	char *argv[3];
	int i;
	pid_t pid;

	for (i = 0; i < 2; i++) {
		copy_self();
		prestart_check(p);
		T_OK(until(TRUE));
		memset(&c, 0, sizeof(c));
		str_init(&out, 0);
		argv[0] = prog;
		argv[1] = i == 0 ? abort : status;
		argv[2] = NULL;
		pid = prestart_pid(p);
		T_INT(dial(&c, NULL, argv, &out), E_OK);
		T_OK(until(FALSE));
		T_INT(next_report(&r), E_OK);
		T_INT(r.what, PRESTART_END);
		T_INT(waitpid(pid, NULL, 0), pid);
		str_free(&out);
	}
}

static void
replaced(void)
{
	pid_t before;

	copy_self();
	prestart_check(p);
	T_OK(until(TRUE));
	before = prestart_pid(p);
	prestart_check(p);
	T_INT(prestart_pid(p), before);
	copy_self();
	prestart_check(p);
	T_OK(until(TRUE));
	T_OK(prestart_pid(p) != before);
	T_INT(waitpid(before, NULL, 0), before);
}

/* What does not fit is to be exec'ed. */
static void
large(void)
{
	static char prog[] = "prog";
	struct prestart_conn c;
	struct str out;
	char *argv[3];

	memset(&c, 0, sizeof(c));
	str_init(&out, 0);
	argv[0] = prog;
	argv[1] = mem_new(PRESTART_MAX + 1);
	memset(argv[1], 'x', PRESTART_MAX);
	argv[2] = NULL;
	T_INT(dial(&c, NULL, argv, &out), E_TOOBIG);
	argv[1][PRESTART_MAX / 2] = '\0';
	T_INT(dial(&c, NULL, argv, &out), E_OK);
	T_OK(out.len > PRESTART_MAX / 2);
	mem_free(argv[1]);
	str_free(&out);
}

/* Bytes that are no message, from a sender that has gone mad. */
static void
messages(void)
{
	static const char bad[] = "\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0"
	    "\0\0\0\0\0\0\0\1\377\377\377\377x";
	struct prestart_conn c;
	struct prestart_msg m;
	struct str buf;
	int s[2];
	size_t n;

	str_init(&buf, PRESTART_MAX + 1);
	T_INT(socketpair(AF_UNIX, SOCK_SEQPACKET, 0, s), 0);
	for (n = 1; n < sizeof(bad); n++) {
		T_INT(write(s[0], bad, n), (long)n);
		T_INT(prestart_msg_recv(s[1], &buf, &m), E_INVAL);
		T_INT(m.fd, -1);
	}
	/* One that has lost its descriptor: the place is known. */
	memset(&c, 0, sizeof(c));
	c.place = 3;
	c.serial = 9;
	c.fd = -1;
	c.argv = argv0;
	T_INT(prestart_msg_send(s[0], &c), E_OK);
	T_INT(prestart_msg_recv(s[1], &buf, &m), E_INVAL);
	T_INT(m.place, 3);
	T_INT(m.serial, 9);
	close(s[0]);
	T_INT(prestart_msg_recv(s[1], &buf, &m), E_EOF);
	close(s[1]);
	str_free(&buf);
}

/* A program that takes no part is tried once. */
static void
unable(void)
{
	static char prog[] = "/bin/cat";
	char *argv[2];

	prestart_free(&p);
	argv[0] = prog;
	argv[1] = NULL;
	p = prestart_new(argv, reports[1], NULL);
	prestart_check(p);
	T_OK(wait(NULL) > 0);
	T_INT(prestart_pid(p), 0);
	prestart_free(&p);
}

int
main(int argc, char **argv)
{
	static char start[] = "start";
	struct prestart_report last;
	struct str name;

	self = argv[0];
	if (env_get(PRESTART_VAR) != NULL)
		program(argc, argv);
	str_init(&name, 0);
	str_catf(&name, "%s/prog", t_tmpdir());
	path = str_take(&name);
	str_catf(&name, "%s.new", path);
	next = str_take(&name);
	argv0[0] = path;
	argv0[1] = start;
	argv0[2] = NULL;
	T_INT(pipe(reports), 0);
	copy_self();
	p = prestart_new(argv0, reports[1], NULL);
	T_INT(prestart_pid(p), 0);
	prestart_check(p);
	T_OK(until(TRUE));
	plain();
	becoming();
	large();
	T_INT(next_report(&last), E_OK);
	ends();
	crash();
	replaced();
	messages();
	unable();
	mem_free(path);
	mem_free(next);
	return t_done();
}
