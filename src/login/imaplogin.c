/* IMAP before login (daemons.md 5).  SPDX-License-Identifier: ISC */

/*
 * This code reads bytes from anybody, in a process without rights. It knows no
 * mailbox code; the password goes through the wall and is wiped.
 */

#include "base/base.h"

#include "base/ascii.h"
#include "base/clock.h"
#include "base/io.h"
#include "base/log.h"
#include "base/num.h"
#include "base/str.h"
#include "conf/conf.h"
#include "conf/env.h"
#include "wire/imapid.h"
#include "wire/imapparse.h"
#include "login/check.h"
#include "login/login.h"

static void greet(struct login *);
static int cmd_capability(struct login *, struct arg *);
static int cmd_noop(struct login *, struct arg *);
static int cmd_logout(struct login *, struct arg *);
static int cmd_id(struct login *, struct arg *);
static size_t find(const char *);
static int tag_ok(struct login *);
static int run_one(struct login *);
static int command(struct login *);
static void setup(struct login *);
static void begin(struct login *);
static void end(struct login *);
static int announced(struct login *, const char *);
static int ask(struct login *, const char *, struct str *);
static void refused(struct login *, int);
static const char *tag(const struct login *);
static void hand_over(struct login *);

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
	{ "AUTHENTICATE", login_cmd_auth, IMAPPARSE_FLAT, TRUE },
	{ "STARTTLS", login_cmd_starttls, 0, TRUE }
};

void
login_tagged(struct login *l, const char *text)
{
	if (!l->variant)
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
	return login_part(l);
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

int
login_ended(struct login *l, int r)
{
	struct str fields;
	int tell;

	str_init(&fields, 0);
	str_catf(&fields, ", time=%ld%s", (long)(clock_now() - l->start),
	    l->tls ? ", starttls=1" : "");
	tell = login_ending(l, r, str_c(&fields));
	str_free(&fields);
	if (tell)
		return login_bye(l, r == E_TIMEOUT ? "Disconnected for "
		    "inactivity." : "Courier-IMAP server shut down by "
		    "signal.");
	if (r == E_INVAL)
		return login_bye(l, "[ALERT] IMAP command too long.");
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
	l->variant = TRUE;
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

static int
command(struct login *l)
{
	int r;

	r = run_one(l);
	l->errors = r == LOGIN_SYNTAX ? l->errors + 1 : 0;
	if (l->errors < LOGIN_ERRORS)
		return r;
	log_err("(null): TOO MANY CONSECUTIVE PROTOCOL VIOLATIONS");
	return login_bye(l, "[ALERT] Fatal error: TOO MANY CONSECUTIVE "
	    "PROTOCOL VIOLATIONS: ");
}

/* ---- the front ---------------------------------------------------------- */

/* What imapd and its kin expect to be there. */
static void
setup(struct login *l)
{
	if (*env_or("TCPREMOTEIP", "") == '\0')
		env_set("TCPREMOTEIP", "127.0.0.1");
	if (*env_or("TCPREMOTEPORT", "") == '\0')
		env_set("TCPREMOTEPORT", "N/A");
	if (*env_or("TCPLOCALPORT", "") == '\0')
		env_set("TCPLOCALPORT", "143");
	env_set("PROTOCOL", "IMAP");
	l->tls = l->conf->imap_tls;
	l->tls_required = l->conf->imap_tls_required && !l->tls;
	l->starttls = l->conf->imap_starttls && !l->tls;
}

static void
begin(struct login *l)
{
	l->parse = imapparse_new(l->io);
	if (login_capable(l, "LITERAL-"))
		imapparse_set_nonsync_max(l->parse, IMAPPARSE_LITERAL_MINUS);
	greet(l);
}

static void
end(struct login *l)
{
	imapparse_free(&l->parse);
}

static int
announced(struct login *l, const char *name)
{
	struct str word;
	int yes;

	str_init(&word, 0);
	str_catf(&word, "AUTH=%s", name);
	yes = login_capable(l, str_c(&word));
	str_free(&word);
	return yes;
}

static int
ask(struct login *l, const char *challenge, struct str *out)
{
	int r;

	io_putf(l->io, "%s %s\r\n", l->variant ? ">" : "+", challenge);
	r = io_flush(l->io);
	return r != E_OK ? r : imapparse_line(l->parse, SASL_LINE_MAX, out);
}

static void
refused(struct login *l, int r)
{
	(void)r;
	login_tagged(l, "NO Login failed.");
}

static const char *
tag(const struct login *l)
{
	return imapparse_tag(l->parse);
}

static void
hand_over(struct login *l)
{
	env_set("IMAPLOGINTAG", l->tag);
	env_set("PROTOCOL", l->variant ? "SMAP1" : "IMAP");
}

const struct front front_imap = {
	"IMAP",
	"imap",
	"143",
	"* BYE Temporary problem, please try again later\r\n",
	"IMAP_TLS", "IMAP_STARTTLS", "IMAP_TLS_REQUIRED",
	"* BYE imaplogin expected exactly two arguments.\r\n",
	CONF_L,
	check_imap,
	setup,
	begin,
	command,
	end,
	announced,
	ask,
	refused,
	NULL,		/* aborted */
	login_ended,
	tag,
	hand_over
};
