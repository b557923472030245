/* POP3 before login (daemons.md 5.10, pop3-wire.md 2).
   SPDX-License-Identifier: ISC */

/*
 * This code reads bytes from anybody, in a process without rights. It knows no
 * mailbox code; the password goes through the wall and is wiped.
 */

#include "base/base.h"

#include "base/ascii.h"
#include "base/clock.h"
#include "base/io.h"
#include "base/log.h"
#include "base/mem.h"
#include "base/sig.h"
#include "base/str.h"
#include "conf/conf.h"
#include "conf/env.h"
#include "wire/popcapa.h"
#include "login/check.h"
#include "login/login.h"
#include "login/mech.h"

#define LINE_MAX_BYTES	8191	/* of a command; the rest is dropped */

static int get_line(struct login *, size_t, struct str *);
static int answer(struct login *, const char *);
static int need_tls(struct login *);
static void sasl(const struct login *, struct str *);
static int cmd_quit(struct login *, char *);
static int cmd_capa(struct login *, char *);
static int cmd_lang(struct login *, char *);
static int cmd_utf8(struct login *, char *);
static int cmd_user(struct login *, char *);
static int cmd_pass(struct login *, char *);
static int cmd_auth(struct login *, char *);
static int cmd_stls(struct login *, char *);
static char *split(char *);
static int command(struct login *);
static void setup(struct login *);
static void begin(struct login *);
static void end(struct login *);
static int announced(struct login *, const char *);
static int ask(struct login *, const char *, struct str *);
static void refused(struct login *, int);
static void aborted(struct login *);
static int ended(struct login *, int);
static const char *tag(const struct login *);
static void hand_over(struct login *);

/* Commands before login; what follows the name, behind its blanks. To add one:
   a function and a row. */
static const struct {
	const char	*name;
	int		(*run)(struct login *, char *);
} commands[] = {
	{ "USER", cmd_user },
	{ "PASS", cmd_pass },
	{ "AUTH", cmd_auth },
	{ "CAPA", cmd_capa },
	{ "STLS", cmd_stls },
	{ "UTF8", cmd_utf8 },
	{ "LANG", cmd_lang },
	{ "QUIT", cmd_quit }
};

/* A line without its end; what is beyond max bytes is dropped. */
static int
get_line(struct login *l, size_t max, struct str *out)
{
	const char *p, *lf;
	size_t n;
	int r;

	r = io_get_line(l->io, max, out);
	if (r != E_TOOBIG)
		return r;
	p = io_peek_buf(l->io, &n);
	lf = memchr(p, '\n', n);
	if (lf != NULL)
		n = (size_t)(lf - p);
	str_cat(out, p, n < max - out->len ? n : max - out->len);
	return io_skip_line(l->io);
}

static int
answer(struct login *l, const char *text)
{
	io_putf(l->io, "%s\r\n", text);
	return LOGIN_OK;
}

/* Nothing is asked in the clear on a site that requires TLS: LOGIN_OK or not
   (answered). */
static int
need_tls(struct login *l)
{
	if (!l->tls_required)
		return LOGIN_OK;
	(void)answer(l, "-ERR TLS required to log in.");
	return LOGIN_REFUSED;
}

/* Mechanisms that are announced. */
static void
sasl(const struct login *l, struct str *out)
{
	const struct conf *c = l->conf;

	mech_offer(l, l->tls && c->pop3auth_tls != NULL &&
	    *c->pop3auth_tls != '\0' ? c->pop3auth_tls :
	    c->pop3auth != NULL ? c->pop3auth : "", out);
}

/* ---- handlers ----------------------------------------------------------- */

static int
cmd_quit(struct login *l, char *rest)
{
	(void)rest;
	(void)answer(l, "+OK Better luck next time.");
	io_flush(l->io);
	log_info("INFO: LOGOUT, ip=[%s], port=[%s]", l->ip, l->port);
	(void)login_ending(l, E_EOF, "");
	return LOGIN_END;
}

static int
cmd_capa(struct login *l, char *rest)
{
	struct popcapa capa;
	struct str names;

	(void)rest;
	str_init(&names, 0);
	sasl(l, &names);
	capa.sasl = str_c(&names);
	capa.stls = l->starttls;
	popcapa_put(l->io, &capa);
	str_free(&names);
	return LOGIN_OK;
}

/* RFC 6856 3: texts are English here; pop3d has others. */
static int
cmd_lang(struct login *l, char *rest)
{
	if (*rest == '\0')
		return answer(l, "+OK Language listing follows:\r\n"
		    "en English\r\ni-default Default language\r\n.");
	if (ascii_casecmp(rest, "en") == 0 || strcmp(rest, "*") == 0)
		return answer(l, "+OK en King's English");
	if (ascii_casecmp(rest, "i-default") == 0)
		return answer(l, "+OK i-default King's English");
	return answer(l, "-ERR Language not available.");
}

static int
cmd_utf8(struct login *l, char *rest)
{
	(void)rest;
	l->variant = TRUE;
	return answer(l, "+OK UTF8 enabled");
}

static int
cmd_user(struct login *l, char *rest)
{
	if (need_tls(l) != LOGIN_OK)
		return LOGIN_REFUSED;
	if (*rest == '\0')
		return LOGIN_SYNTAX;
	login_debug(l, 1, "username", rest);
	mem_free(l->user);
	l->user = mem_strdup(rest);
	return answer(l, "+OK Password required.");
}

static int
cmd_pass(struct login *l, char *rest)
{
	struct authinfo none;
	struct str what;
	int r;

	if (l->user == NULL || *rest == '\0')
		return answer(l, "-ERR USER/PASS required.");
	login_debug(l, 2, "password", rest);
	authinfo_init(&none);
	str_init(&what, 0);
	str_cats(&what, "user=");
	login_clean(l->user, &what);
	l->refusal = "Login failed.";
	errno = 0;
	r = login_ask_password(l, l->user, rest, &none);
	r = login_result(l, r, str_c(&what));
	str_free(&what);
	return r;
}

/* auth = "AUTH" SP mechanism [SP initial-response]     (RFC 5034 4) */
static int
cmd_auth(struct login *l, char *rest)
{
	char *initial;

	if (need_tls(l) != LOGIN_OK)
		return LOGIN_REFUSED;
	if (*rest == '\0')
		return LOGIN_SYNTAX;
	initial = split(rest);
	(void)split(initial);
	l->refusal = "Authentication failed.";
	return login_mechanism(l, rest, *initial != '\0' ? initial : NULL);
}

/* RFC 2595 4. */
static int
cmd_stls(struct login *l, char *rest)
{
	struct str why;
	int r;

	(void)rest;
	if (!l->starttls)
		return answer(l, "-ERR TLS support not available.");
	(void)answer(l, "+OK Begin SSL/TLS negotiation now.");
	r = io_flush(l->io);
	if (r != E_OK)
		return ended(l, r);
	str_init(&why, 0);
	r = login_ask_tls(l, &why);
	if (r != E_OK)
		io_putf(l->io, "-ERR STARTTLS failed: %s\r\n", str_c(&why));
	str_free(&why);
	if (r == E_OK)
		return LOGIN_OK;
	(void)login_part(l);
	return ended(l, E_EOF);
}

/* ---- the loop ----------------------------------------------------------- */

/* Ends the word at the beginning; what comes behind it and its blanks. */
static char *
split(char *s)
{
	s += strcspn(s, " \t");
	while (*s == ' ' || *s == '\t')
		*s++ = '\0';
	return s;
}

static int
command(struct login *l)
{
	struct str line;
	char *name, *rest;
	size_t i;
	int r;

	str_init(&line, 0);
	r = get_line(l, LINE_MAX_BYTES, &line);
	if (r != E_OK) {
		str_wipe_free(&line);
		return ended(l, r);
	}
	str_catc(&line, '\0');
	name = line.data + strspn(line.data, " \t");
	rest = split(name);
	r = LOGIN_SYNTAX;
	for (i = 0; i < NITEMS(commands); i++)
		if (ascii_casecmp(commands[i].name, name) == 0) {
			login_debug(l, 1, "command", commands[i].name);
			r = commands[i].run(l, rest);
			break;
		}
	if (r == LOGIN_SYNTAX)
		(void)answer(l, "-ERR Invalid command.");
	str_wipe_free(&line);
	return r;
}

/* ---- the front ---------------------------------------------------------- */

static void
setup(struct login *l)
{
	l->tls = l->conf->pop3_tls;
	l->tls_required = l->conf->pop3_tls_required && !l->tls;
	l->starttls = l->conf->pop3_starttls && !l->tls;
}

static void
begin(struct login *l)
{
	io_putf(l->io, "+OK %s\r\n", l->conf->pop3_greeting != NULL ?
	    l->conf->pop3_greeting : "Chapar ready (Courier-compatible).");
	io_flush(l->io);
}

static void
end(struct login *l)
{
	l->user = mem_free(l->user);
}

static int
announced(struct login *l, const char *name)
{
	struct str names;
	int yes;

	str_init(&names, 0);
	sasl(l, &names);
	yes = mech_listed(str_c(&names), name);
	str_free(&names);
	return yes;
}

static int
ask(struct login *l, const char *challenge, struct str *out)
{
	int r;

	io_putf(l->io, "+ %s\r\n", challenge);
	r = io_flush(l->io);
	return r != E_OK ? r : get_line(l, SASL_LINE_MAX, out);
}

/* AUTH: the name or the password, and nothing else, is wrong (RFC 3206 5). */
static void
refused(struct login *l, int r)
{
	io_putf(l->io, "-ERR %s%s\r\n", r == E_NOENT ? "" : "[AUTH] ",
	    l->refusal);
}

static void
aborted(struct login *l)
{
	(void)answer(l, "-ERR Authentication aborted.");
}

/* (Courier's line at the end of a connection has no more fields) */
static int
ended(struct login *l, int r)
{
	struct str fields;
	int tell;

	str_init(&fields, 0);
	if (r == E_TIMEOUT || sig_stop_pending())
		str_catf(&fields, ", time=%ld%s", (long)(clock_now() -
		    l->start), l->tls ? ", stls=1" : "");
	tell = login_ending(l, r, str_c(&fields));
	str_free(&fields);
	if (!tell)
		return LOGIN_END;
	(void)answer(l, r == E_TIMEOUT ? "-ERR Disconnected for inactivity." :
	    "-ERR POP3 server shut down by signal.");
	return login_part(l);
}

static const char *
tag(const struct login *l)
{
	(void)l;
	return "";
}

/* (RFC 2449 5: the session announces the same) */
static void
hand_over(struct login *l)
{
	struct str names;

	env_set("UTF8", l->variant ? "1" : "0");
	str_init(&names, 0);
	sasl(l, &names);
	env_set("CHAPAR_SASL", str_c(&names));
	str_free(&names);
}

const struct front front_pop3 = {
	"POP3",
	"pop3",
	"110",
	"-ERR [SYS/TEMP] Temporary problem, please try again later\r\n",
	"POP3_TLS", "POP3_STARTTLS", "POP3_TLS_REQUIRED",
	"-ERR pop3login requires exactly two arguments.\r\n",
	CONF_O,
	check_pop3,
	setup,
	begin,
	command,
	end,
	announced,
	ask,
	refused,
	aborted,
	ended,
	tag,
	hand_over
};
