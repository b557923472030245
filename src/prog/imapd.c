/* imapd: IMAP and SMAP1 after login.  SPDX-License-Identifier: ISC

   Runs as the user from its first instruction (daemons.md 5.12). */

#include "base/base.h"

#include <fcntl.h>
#include <pwd.h>
#include <stdio.h>

#include "base/ascii.h"
#include "base/io.h"
#include "base/log.h"

#include "conf/conf.h"
#include "conf/env.h"
#include "conf/options.h"

#include "maildir/folder.h"

#include "session/sess.h"
#include "session/start.h"
#include "session/trash.h"

#include "imap/debug.h"
#include "imap/imap.h"

#include "smap/smap.h"

static void bye(const char *, int) NORETURN;
static void check_maildir(struct sess *, const struct conf *);
static void debug_file(struct io *, const struct conf *, int);
static void enter(const char *, const char *);
static void fix_environment(void);
static void leave(struct sess *, enum client_end, const struct client_sums *);
static int serve(const struct conf *, struct io *);
static enum client_end serve_imap(struct sess *);
static enum client_end serve_smap(struct sess *);
static void welcome(struct sess *, const char *);

static struct start who;

static void
bye(const char *text, int status)
{
	struct io *io;

	io = io_fd_new(-1, STDOUT_FILENO);
	io_puts(io, "* BYE ");
	io_puts(io, text);
	io_puts(io, "\r\n");
	io_flush(io);
	exit(status);
}

/* Without IMAPLOGINTAG we were run by hand or over ssh (daemons.md 5.14). */
static void
fix_environment(void)
{
	const struct passwd *pw;

	if (env_get("IMAPLOGINTAG") == NULL) {
		env_set("TCPREMOTEIP", "127.0.0.1");
		env_set("TCPREMOTEPORT", "0");
		if (*env_or("AUTHENTICATED", "") == '\0') {
			pw = getpwuid(getuid());
			if (pw == NULL) {
				log_err("uid %lu not found in passwd file",
				    (unsigned long)getuid());
				exit(1);
			}
			env_set("AUTHENTICATED", pw->pw_name);
		}
	}
	who.user = env_or("AUTHENTICATED", "");
	if (*who.user == '\0')
		bye("AUTHENTICATED environment variable not set.", 0);
	who.ip = env_or("TCPREMOTEIP", "");
	who.port = env_or("TCPREMOTEPORT", "");
	if (*who.ip == '\0' || *who.port == '\0')
		exit(0);
}

static void
enter(const char *dir, const char *maildir)
{
	const char *why;

	if (start_enter(&dir, maildir, &why) == E_OK)
		return;
	log_err("%s: %s", who.user, why);
	bye("[ALERT] Fatal error: No such file or directory: No such file or "
	    "directory", 1);
}

static void
check_maildir(struct sess *s, const struct conf *conf)
{
	int e;

	e = maildir_check(s->md, "", conf->imap_sanity_check);
	if (e != E_PERM)
		trash_purge(s);
	switch (e) {
	case E_PERM:
		log_err("%s: Account's mailbox directory is not owned by the "
		    "correct uid or gid", who.user);
		bye("[ALERT] Fatal error: Account's mailbox directory is not "
		    "owned by the correct uid or gid: ", 1);
		/* NOTREACHED */
	case E_INVAL:
		bye("Clock skew detected. Check the clock on the file server",
		    0);
		/* NOTREACHED */
	default:
		break;
	}
}

/* IMAPDEBUGFILE: the traffic, if a file of that name is in the maildir. */
static void
debug_file(struct io *io, const struct conf *conf, int smap)
{
	int fd;

	if (conf->imapdebugfile == NULL || *conf->imapdebugfile == '\0')
		return;
	fd = open(conf->imapdebugfile, O_WRONLY | O_APPEND);
	if (fd < 0)
		return;
	if (smap)
		io_tee(io, fd);
	else
		imap_debug(io, fd);
}

/*
 *   greeting = "*" SP (resp-cond-auth / resp-cond-bye) CRLF
 *   resp-cond-auth = ("OK" / "PREAUTH") SP resp-text
 */
static enum client_end
serve_imap(struct sess *s)
{
	enum client_end end;
	struct imap *im;
	const char *tag;

	im = imap_new(s->conf, s, s->io, STDIN_FILENO, who.ip, who.port);
	tag = env_get("IMAPLOGINTAG");
	if (tag == NULL)
		io_puts(s->io, "* PREAUTH Ready.\r\n");
	else
		io_putf(s->io, "%s OK LOGIN Ok.\r\n", tag);
	welcome(s, "IMAP");
	end = imap_run(im);
	leave(s, end, &im->sums);
	imap_free(&im);
	return end;
}

static enum client_end
serve_smap(struct sess *s)
{
	enum client_end end;
	struct smap *sm;

	sm = smap_new(s->conf, s, s->io, STDIN_FILENO);
	io_puts(s->io, "+OK SMAP1 LOGIN Ok.\n");
	welcome(s, "SMAP1");
	end = smap_run(sm);
	leave(s, end, &sm->sums);
	smap_free(&sm);
	return end;
}

/* The login is answered; whoever may not stay learns why. */
static void
welcome(struct sess *s, const char *protocol)
{
	io_flush(s->io);
	if (option_on(s->options, "disableimap"))
		bye("IMAP access disabled for this account.", 0);
	if (option_on(s->options, "disableinsecureimap") && !s->conf->imap_tls)
		bye("IMAP access disabled via insecure connection.", 0);
	log_info("INFO: LOGIN, user=%s, ip=[%s], port=[%s], protocol=%s",
	    who.user, who.ip, who.port, protocol);
}

static void
leave(struct sess *s, enum client_end end, const struct client_sums *sums)
{
	if (end == CLIENT_LOGOUT)
		trash_purge(s);
	client_log_end(s, end, sums);
}

/* Returns the exit status. */
static int
serve(const struct conf *conf, struct io *io)
{
	enum client_end end;
	struct sess *s;
	int smap;

	s = sess_new(conf, io, who.user, ".");
	start_name_peer(s, &who);
	check_maildir(s, conf);
	start_take_input(io, &who, "LOGIN");
	smap = strcmp(env_or("PROTOCOL", ""), "SMAP1") == 0;
	debug_file(io, conf, smap);
	end = smap ? serve_smap(s) : serve_imap(s);
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
	start_process(&argc, &argv, "* BYE Temporary problem, please try again "
	    "later\r\n");
	fix_environment();
	conf_load(&conf, CONF_D);
	if (start_locked(&who))
		bye("Your account is temporarily unavailable (+t bit set on "
		    "home directory).", 0);
	enter(argc > 1 ? argv[1] : NULL, conf.maildir);
	start_login_exec();
	io = io_fd_new(STDIN_FILENO, STDOUT_FILENO);
	status = serve(&conf, io);
	io_free(&io);
	return status;
}
