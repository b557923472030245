/* IMAP before login (daemons.md 5).  SPDX-License-Identifier: ISC */

/*
 * This code reads bytes from anybody. It knows no mailbox code; the password
 * goes to authdaemond and is wiped.
 */

#include "base/base.h"

#include <sys/socket.h>
#include <signal.h>

#include "base/ascii.h"
#include "base/clock.h"
#include "base/io.h"
#include "base/log.h"
#include "base/mem.h"
#include "base/num.h"
#include "base/sig.h"
#include "base/str.h"
#include "conf/conf.h"
#include "conf/env.h"
#include "wire/imapid.h"
#include "wire/imapparse.h"
#include "login/login.h"
#include "login/penalty.h"

static void part(struct login *);
static void greet(struct login *);
static int cmd_capability(struct login *, struct arg *);
static int cmd_noop(struct login *, struct arg *);
static int cmd_logout(struct login *, struct arg *);
static int cmd_id(struct login *, struct arg *);
static size_t find(const char *);
static int tag_ok(struct login *);
static int run_one(struct login *);
static void setup(struct login *, const struct conf *);

/* Commands before login. To add one: a function and a row. */
/* command-nonauth = login / authenticate / "STARTTLS" */
static const struct {
	const char	*name;
	login_handler	*run;
	int		flags;		/* of imapparse_args */
	int		streams;	/* ends the command itself */
} commands[] = {
	{ "CAPABILITY", cmd_capability, 0, FALSE },
	{ "NOOP", cmd_noop, 0, FALSE },
	{ "LOGOUT", cmd_logout, 0, FALSE },
	{ "LOGIN", login_cmd_login, IMAPPARSE_FLAT, FALSE },
	{ "ID", cmd_id, 0, FALSE },
	{ "AUTHENTICATE", login_cmd_auth, IMAPPARSE_FLAT, TRUE }
};

void
login_tagged(struct login *l, const char *text)
{
	if (!l->smap)
		io_putf(l->io, "%s %s\r\n", imapparse_tag(l->parse), text);
	else
		io_putf(l->io, "%s%s\r\n", strncmp(text, "OK", 2) == 0 ?
		    "+OK" : "-ERR", text + 2);
}

/* An untagged BYE; nothing more is said. */
int
login_bye(struct login *l, const char *text)
{
	io_putf(l->io, "* BYE %s\r\n", text);
	if (io_flush(l->io) == E_OK)
		part(l);
	return LOGIN_END;
}

/* Input that nobody has read makes the system reset the connection, which
   can destroy our last words on their way. */
static void
part(struct login *l)
{
	size_t n, total;

	shutdown(1, SHUT_WR);
	for (total = 0; total < LOGIN_PART_MAX; total += n) {
		io_set_deadline(l->io, clock_msec() + LOGIN_PART_MS);
		if (io_fill(l->io) != E_OK)
			break;
		io_peek_buf(l->io, &n);
		io_take(l->io, n);
	}
}

void
login_debug(const struct login *l, int level, const char *what,
    const char *text)
{
	struct str s;

	if (l->conf->debug_login < level)
		return;
	str_init(&s, 0);
	login_clean(text, &s);
	log_debug("LOGIN: ip=[%s], %s=%s", l->ip, what, str_c(&s));
	str_wipe_free(&s);
}

static void
greet(struct login *l)
{
	struct str capa;

	str_init(&capa, 0);
	login_capability(l, &capa);
	io_putf(l->io, "* OK [CAPABILITY %s] %s\r\n", str_c(&capa),
	    l->conf->imap_greeting != NULL ? l->conf->imap_greeting :
	    "Chapar ready (Courier-compatible).");
	str_free(&capa);
	io_flush(l->io);
	log_debug("Connection, ip=[%s], port=[%s]", l->ip, l->port);
}

/* ---- handlers ----------------------------------------------------------- */

static int
cmd_capability(struct login *l, struct arg *args)
{
	struct str capa;

	if (args != NULL)
		return LOGIN_SYNTAX;
	str_init(&capa, 0);
	login_capability(l, &capa);
	io_putf(l->io, "* CAPABILITY %s\r\n", str_c(&capa));
	str_free(&capa);
	login_tagged(l, "OK CAPABILITY completed");
	return LOGIN_OK;
}

static int
cmd_noop(struct login *l, struct arg *args)
{
	if (args != NULL)
		return LOGIN_SYNTAX;
	login_tagged(l, "OK NOOP completed");
	return LOGIN_OK;
}

static int
cmd_logout(struct login *l, struct arg *args)
{
	char in[NUM_BUF], out[NUM_BUF];

	if (args != NULL)
		return LOGIN_SYNTAX;
	io_puts(l->io, "* BYE Courier-IMAP server shutting down\r\n");
	login_tagged(l, "OK LOGOUT completed");
	io_flush(l->io);
	num_u64(in, io_count_in(l->io));
	num_u64(out, io_count_out(l->io));
	log_info("INFO: LOGOUT, ip=[%s], port=[%s], rcvd=%s, sent=%s", l->ip,
	    l->port, in, out);
	return LOGIN_END;
}

/* ID: RFC 2971 allows it in any state. */
static int
cmd_id(struct login *l, struct arg *args)
{
	struct str pairs;
	int r;

	str_init(&pairs, LOGIN_ID_MAX);
	r = imapid_parse(args, &pairs);
	if (r == E_OK) {
		if (pairs.len > 0)
			log_info("INFO: ID, ip=[%s], port=[%s]%s", l->ip,
			    l->port, str_c(&pairs));
		imapid_put(l->io, l->conf->imap_id_fields);
		login_tagged(l, "OK ID completed");
	}
	str_free(&pairs);
	return r == E_OK ? LOGIN_OK : LOGIN_SYNTAX;
}

/* ---- the loop ----------------------------------------------------------- */

/* The stream is over: E_EOF, E_TIMEOUT, E_INVAL (too much to drop) or
   trouble. */
int
login_ended(struct login *l, int r)
{
	const char *what = "DEBUG: Disconnected";

	if (sig_stop_pending()) {
		io_fd_stop_on(NULL);
		what = "NOTICE: Disconnected during shutdown by signal";
	} else if (r == E_TIMEOUT) {
		what = "INFO: TIMEOUT";
	}
	log_info("%s, ip=[%s], port=[%s], time=%ld%s", what, l->ip, l->port,
	    (long)(clock_now() - l->start),
	    l->conf->imap_tls ? ", starttls=1" : "");
	if (*what != 'D') {
		io_set_deadline(l->io, clock_deadline(1));
		login_bye(l, r == E_TIMEOUT ? "Disconnected for inactivity." :
		    "Courier-IMAP server shut down by signal.");
	} else if (r == E_INVAL) {
		login_bye(l, "[ALERT] IMAP command too long.");
	}
	return LOGIN_END;
}

/* The command's row, or how many there are. */
static size_t
find(const char *name)
{
	size_t i;

	for (i = 0; i < NITEMS(commands); i++)
		if (ascii_casecmp(commands[i].name, name) == 0)
			break;
	return i;
}

/* A tag that begins with a backslash is the wish for SMAP1, and an error where
   that is not offered. */
static int
tag_ok(struct login *l)
{
	const char *tag = imapparse_tag(l->parse);

	if (*tag != '\\')
		return TRUE;
	if (strcmp(tag, LOGIN_SMAP_TAG) != 0 || !login_capable(l, "SMAP1"))
		return FALSE;
	l->smap = TRUE;
	return TRUE;
}

/* Reads and answers one command. */
static int
run_one(struct login *l)
{
	struct arg *args;
	size_t i;
	int r, result;

	r = imapparse_begin(l->parse);
	args = NULL;
	i = NITEMS(commands);
	if (r == E_OK) {
		if (tag_ok(l))
			i = find(imapparse_name(l->parse));
		r = imapparse_args(l->parse, i < NITEMS(commands) ?
		    commands[i].flags : 0, &args);
	}
	if (r == E_EOF || r == E_TIMEOUT || r == E_TEMP)
		return login_ended(l, r);
	if (i < NITEMS(commands))
		login_debug(l, 1, "command", commands[i].name);
	else if (*imapparse_name(l->parse) != '\0')
		login_debug(l, 1, "command", imapparse_name(l->parse));
	result = LOGIN_SYNTAX;
	if (r == E_OK && i < NITEMS(commands)) {
		result = commands[i].run(l, args);
		if (commands[i].streams && result != LOGIN_SYNTAX)
			return result;
	}
	if (r == E_TOOBIG)
		io_puts(l->io, "* NO [ALERT] IMAP command too long.\r\n");
	if (result == LOGIN_SYNTAX && l->errors + 1 < LOGIN_ERRORS)
		login_tagged(l, "NO Error in IMAP command received by server.");
	if (result == LOGIN_END || (result == LOGIN_SYNTAX &&
	    l->errors + 1 >= LOGIN_ERRORS))
		return result;
	r = imapparse_end(l->parse);
	return r == E_OK ? result : login_ended(l, r);
}

static void
setup(struct login *l, const struct conf *conf)
{
	struct str name;

	memset(l, 0, sizeof(*l));
	l->conf = conf;
	l->start = clock_now();
	penalty_init();
	if (*env_or("TCPREMOTEIP", "") == '\0')
		env_set("TCPREMOTEIP", "127.0.0.1");
	if (*env_or("TCPREMOTEPORT", "") == '\0')
		env_set("TCPREMOTEPORT", "N/A");
	if (*env_or("TCPLOCALPORT", "") == '\0')
		env_set("TCPLOCALPORT", "143");
	env_set("PROTOCOL", "IMAP");
	l->ip = env_get("TCPREMOTEIP");
	l->port = env_get("TCPREMOTEPORT");
	str_init(&name, 0);
	str_catf(&name, "AUTHSERVICE%s", env_get("TCPLOCALPORT"));
	l->service = env_or(str_c(&name), "imap");
	str_free(&name);
	authcl_init(&l->auth, env_get("CHAPAR_AUTHSOCKET"));
	l->auth.remote_ip = l->ip;
	l->auth.default_domain = conf->defdomain;
	l->auth.domain_sep = conf->domainsep;
	l->auth.connect_secs = (u32)conf->timeout_sock;
	l->auth.read_secs = (u32)conf->timeout_read;
	l->auth.write_secs = (u32)conf->timeout_write;
	l->auth.stop = sig_stop_pending;
	l->io = io_fd_new(0, 1);
	io_set_deadline(l->io, clock_deadline(LOGIN_SECS));
	l->parse = imapparse_new(l->io);
	if (login_capable(l, "LITERAL-"))
		imapparse_set_nonsync_max(l->parse, IMAPPARSE_LITERAL_MINUS);
}

int
imaplogin_run(const struct conf *conf, const char *imapd,
    const char *maildir)
{
	struct login l;
	int r;

	setup(&l, conf);
	l.imapd = imapd;
	l.maildir = maildir;
	sig_ignore(SIGPIPE);
	sig_stop_catch();
	io_fd_stop_on(sig_stop_pending);
	greet(&l);
	do {
		r = run_one(&l);
		l.errors = r == LOGIN_SYNTAX ? l.errors + 1 : 0;
		if (l.errors >= LOGIN_ERRORS) {
			log_err("(null): TOO MANY CONSECUTIVE PROTOCOL "
			    "VIOLATIONS");
			r = login_bye(&l, "[ALERT] Fatal error: TOO MANY "
			    "CONSECUTIVE PROTOCOL VIOLATIONS: ");
		}
		if (r != LOGIN_END && io_flush(l.io) != E_OK)
			r = login_ended(&l, E_EOF);
	} while (r != LOGIN_END);
	imapparse_free(&l.parse);
	io_free(&l.io);
	mem_free(l.tag);
	return l.status;
}
