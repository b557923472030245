/* pop3d: POP3 after login.  SPDX-License-Identifier: ISC

   Runs as the user from its first instruction (daemons.md 5.12). */

#include "base/base.h"

#include <stdio.h>

#include "base/io.h"
#include "base/log.h"

#include "conf/conf.h"
#include "conf/env.h"
#include "conf/options.h"

#include "session/sess.h"
#include "session/start.h"

#include "pop3/pop3.h"

static void check_access(const struct conf *);
static void err(const char *code, const char *, int) NORETURN;
static int serve(const struct conf *, struct io *);
static void enter(const char *, const char *);
static void who_is_it(const struct conf *);
static struct pop3 *take_messages(struct sess *);

static struct start who;

/* The answer to PASS or AUTH, with a response code (RFC 3206). */
static void
err(const char *code, const char *text, int status)
{
	struct io *io;

	io = io_fd_new(-1, STDOUT_FILENO);
	io_putf(io, "-ERR [%s] %s\r\n", code, text);
	io_flush(io);
	exit(status);
}

static void
who_is_it(const struct conf *conf)
{
	who.user = conf->authaddr;
	if (who.user == NULL || *who.user == '\0')
		who.user = env_or("AUTHENTICATED", "");
	if (*who.user == '\0')
		who.user = "nobody";
	who.ip = env_or("TCPREMOTEIP", "127.0.0.1");
	who.port = env_or("TCPREMOTEPORT", "0");
}

static void
enter(const char *dir, const char *maildir)
{
	const char *why;
	struct str text;

	if (start_enter(&dir, maildir, &why) == E_OK)
		return;
	str_init(&text, 0);
	str_catf(&text, "chdir %s failed", dir);
	err("SYS/PERM", str_c(&text), 1);
}

static void
check_access(const struct conf *conf)
{
	const char *options;

	options = env_or("OPTIONS", "");
	if (option_on(options, "disablepop3"))
		err("SYS/PERM", "POP3 access disabled for this account.", 1);
	if (option_on(options, "disableinsecurepop3") && !conf->pop3_tls)
		err("SYS/PERM", "POP3 access disabled via insecure "
		    "connection.", 1);
}

static struct pop3 *
take_messages(struct sess *s)
{
	struct pop3 *p;
	int r;

	p = NULL;
	r = pop3_new(s->conf, s, s->io, STDIN_FILENO, &p);
	if (r == E_NOENT || r == E_PERM) {
		log_info("scancur opendir(\"cur\"): %s", strerror(errno));
		err("SYS/PERM", "Maildir invalid (no 'cur' directory)", 0);
	}
	if (r != E_OK)
		err("SYS/TEMP", "Temporary problem, please try again later",
		    1);
	return p;
}

/* Returns the exit status. */
static int
serve(const struct conf *conf, struct io *io)
{
	enum client_end end;
	struct sess *s;
	struct pop3 *p;

	s = sess_new(conf, io, who.user, ".");
	start_name_peer(s, &who);
	log_info("INFO: LOGIN, user=%s, %s", who.user, s->peer);
	p = take_messages(s);
	start_take_input(io, &who, "PASS");
	io_puts(io, "+OK logged in.\r\n");
	end = pop3_run(p);
	pop3_log_end(p);
	pop3_free(&p);
	sess_free(&s);
	return end == CLIENT_FATAL ? 1 : 0;
}

int
main(int argc, char **argv)
{
	struct conf conf;
	struct io *io;
	int status;

	if (argc > 1 && strcmp(argv[1], "--version") == 0) {
		printf("Chapar %s (Courier-IMAP compatible)\n",
		    PACKAGE_VERSION);
		return 0;
	}
	start_process(&argc, &argv, "-ERR [SYS/TEMP] Temporary problem, "
	    "please try again later\r\n");
	conf_load(&conf, CONF_P);
	who_is_it(&conf);
	if (start_locked(&who))
		err("SYS/TEMP", "Your account is temporarily unavailable "
		    "(+t bit set on home directory).", 0);
	enter(argc > 1 ? argv[1] : NULL, conf.maildir);
	start_login_exec();
	check_access(&conf);
	io = io_fd_new(STDIN_FILENO, STDOUT_FILENO);
	status = serve(&conf, io);
	io_free(&io);
	return status;
}
