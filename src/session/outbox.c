/* The folder whose messages are sent, maildir.md 9.3.
   SPDX-License-Identifier: ISC */

#include "base/base.h"

#include <sys/wait.h>
#include <fcntl.h>
#include <signal.h>

#include "base/file.h"
#include "base/log.h"
#include "base/mem.h"
#include "base/proc.h"
#include "base/str.h"
#include "conf/conf.h"
#include "maildir/folder.h"

#include "session/outbox.h"
#include "session/sess.h"

#define SAID_MAX	4096	/* bytes of the program's words that we log */

static const char *sender(const struct sess *);
static int	compose(const struct sess *, struct folder *,
		    struct upload *);
static char	**arguments(const struct sess *, const struct outbox_mail *);
static void	run_program(const char *, char **, int, int) NORETURN;
static void	listen_to(int, struct str *);

int
outbox_is(const struct sess *sess, const char *name)
{
	const char *outbox;

	outbox = sess->conf != NULL ? sess->conf->outbox : NULL;
	return outbox != NULL && *outbox != '\0' &&
	    strncmp(name, "INBOX", 5) == 0 && strcmp(name + 5, outbox) == 0;
}

static const char *
sender(const struct sess *sess)
{
	const char *addr = sess->conf->authaddr;

	return addr != NULL && *addr != '\0' ? addr : sess->user;
}

/* An unnamed file with the header line and the message, or E_*. */
static int
compose(const struct sess *sess, struct folder *f, struct upload *up)
{
	const char *from;
	struct str head;
	int fd, to, e;

	e = upload_open(up, &fd);
	if (e != E_OK)
		return e;
	to = folder_scratch(f);
	str_init(&head, 0);
	from = sess->conf->headerfrom;
	if (from != NULL && *from != '\0')
		str_catf(&head, "%s: %s\n", from, sender(sess));
	e = to < 0 ? to : file_write_all(to, str_c(&head), head.len);
	if (e == E_OK)
		e = file_copy(fd, to);
	if (e == E_OK && lseek(to, 0, SEEK_SET) < 0)
		e = E_TEMP;
	str_free(&head);
	close(fd);
	if (e != E_OK && to >= 0)
		close(to);
	return e == E_OK ? to : e;
}

int
outbox_addr_ok(const char *s)
{
	return *s != '\0' && *s != '-';
}

/* What SENDMAIL is called with, in memory of the caller's. */
static char **
arguments(const struct sess *sess, const struct outbox_mail *mail)
{
	const char **v;
	size_t i, n;

	v = mem_array(8 + (mail != NULL ? mail->n : 0), sizeof(*v));
	n = 0;
	v[n++] = sess->conf->sendmail;
	v[n++] = "-oi";
	if (mail == NULL)
		v[n++] = "-t";
	v[n++] = "-f";
	v[n++] = mail != NULL && mail->from != NULL ? mail->from :
	    sender(sess);
	if (mail != NULL && mail->notify != NULL) {
		v[n++] = "-N";
		v[n++] = mail->notify;
	}
	for (i = 0; mail != NULL && i < mail->n; i++)
		v[n++] = mail->rcpt[i];
	v[n] = NULL;
	return (char **)(void *)v;
}

static void
run_program(const char *path, char **argv, int in, int out)
{
	signal(SIGPIPE, SIG_DFL);
	if (dup2(in, 0) < 0 || dup2(out, 1) < 0 || dup2(out, 2) < 0)
		_exit(127);
	proc_close_from(3);
	execv(path, argv);
	_exit(127);
}

/* One line of what it says; ends when it has ended. */
static void
listen_to(int fd, struct str *said)
{
	char buf[512];
	ssize_t n, i;

	while ((n = read(fd, buf, sizeof(buf))) != 0) {
		if (n < 0 && errno != EINTR)
			break;
		for (i = 0; i < n && said->len < SAID_MAX; i++)
			str_catc(said, buf[i] == '\n' ? '/' : buf[i]);
	}
}

int
outbox_send(const struct sess *sess, struct folder *f, struct upload *up,
    const struct outbox_mail *mail)
{
	struct str said;
	char **argv;
	int in, p[2], status, ok;
	pid_t pid;

	in = compose(sess, f, up);
	if (in < 0)
		return in;
	if (pipe(p) < 0) {
		close(in);
		return E_TEMP;
	}
	argv = arguments(sess, mail);
	pid = fork();
	if (pid == 0)
		run_program(sess->conf->sendmail, argv, in, p[1]);
	mem_free(argv);
	close(in);
	close(p[1]);
	str_init(&said, 0);
	ok = FALSE;
	if (pid > 0) {
		listen_to(p[0], &said);
		ok = proc_wait(pid, &status) == E_OK && WIFEXITED(status) &&
		    WEXITSTATUS(status) == 0;
	}
	close(p[0]);
	if (!ok)
		log_err("error sending a message, user=%s: %s", sess->user,
		    str_c(&said));
	str_free(&said);
	return ok ? E_OK : E_NOTSUP;
}
