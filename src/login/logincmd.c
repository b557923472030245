/* LOGIN and AUTHENTICATE.  SPDX-License-Identifier: ISC */

#include "base/base.h"

#include <poll.h>

#include "base/ascii.h"
#include "base/clock.h"
#include "base/log.h"
#include "base/mem.h"
#include "base/sig.h"
#include "base/str.h"
#include "conf/conf.h"
#include "wire/imapparse.h"
#include "login/login.h"
#include "login/mech.h"
#include "login/penalty.h"

static void delay(u32);

/* Before a refusal is answered; a signal ends it. A client that goes does not:
   its place would be free for the next attempt. */
static void
delay(u32 secs)
{
	struct pollfd p;
	u64 end;

	if (secs == 0)
		return;
	end = clock_deadline(secs);
	p.fd = sig_fd();
	p.events = POLLIN;
	while (!sig_stop_pending() && clock_left(end) > 0)
		if (poll(&p, 1, clock_left(end)) > 0)
			sig_drain();
}

int
login_need_tls(struct login *l)
{
	if (!l->conf->imap_tls_required || l->conf->imap_tls)
		return LOGIN_OK;
	login_tagged(l, "NO STARTTLS required");
	return LOGIN_REFUSED;
}

void
login_clean(const char *name, struct str *out)
{
	int i;

	for (i = 0; *name != '\0' && i < LOGIN_NAME_MAX; name++, i++)
		str_catc(out, ascii_isprint((unsigned char)*name) &&
		    strchr(",=[]", *name) == NULL ? *name : '.');
}

int
login_result(struct login *l, int r, struct authinfo *a, const char *what)
{
	int no = errno;

	if (r == E_OK) {
		mem_free(l->tag);
		l->tag = mem_strdup(imapparse_tag(l->parse));
		penalty_report(TRUE);
		r = login_become(l, a);
		no = errno;
	}
	authinfo_free(a);
	if (r == E_EOF || r == E_TIMEOUT || (r == E_TEMP && sig_stop_pending()))
		return login_ended(l, r);
	if (r == E_TEMP) {
		/* Not the client's fault: no word that gets it banned. */
		log_info("INFO: LOGIN ERROR, %s, ip=[%s], port=[%s]", what,
		    l->ip, l->port);
		log_err("authentication error: %s", strerror(no != 0 ? no :
		    EIO));
		l->status = 1;
		return login_bye(l, "Temporary problem, please try again "
		    "later");
	}
	log_info("INFO: LOGIN FAILED, %s, ip=[%s], port=[%s]", what, l->ip,
	    l->port);
	penalty_report(FALSE);
	delay(LOGIN_DELAY);
	delay(penalty_seconds());
	if (sig_stop_pending())
		return login_ended(l, E_EOF);
	login_tagged(l, "NO Login failed.");
	return LOGIN_REFUSED;
}

/*
 *   login = "LOGIN" SP userid SP password
 *   userid = astring
 *   password = astring
 */
int
login_cmd_login(struct login *l, struct arg *args)
{
	const char *user, *password;
	struct authinfo a;
	struct str what;
	size_t n;
	int r;

	if (login_need_tls(l) != LOGIN_OK)
		return LOGIN_REFUSED;
	if (arg_mailbox(&args, &user, &n) != E_OK ||
	    arg_mailbox(&args, &password, &n) != E_OK || args != NULL)
		return LOGIN_SYNTAX;
	login_debug(l, 1, "username", user);
	login_debug(l, 2, "password", password);
	authinfo_init(&a);
	str_init(&what, 0);
	str_cats(&what, "user=");
	login_clean(user, &what);
	errno = 0;
	r = login_ask_password(l, user, password, &a);
	r = login_result(l, r, &a, str_c(&what));
	str_free(&what);
	return r;
}

/*
 *   authenticate = "AUTHENTICATE" SP auth-type [SP (base64 / "=")]
 *                  *(CRLF base64)                   (RFC 4959 3)
 *   auth-type = atom
 *   base64 = *(4base64-char) [base64-terminal]
 *   base64-char = ALPHA / DIGIT / "+" / "/"
 *   base64-terminal = (2base64-char "==") / (3base64-char "=")
 * A mechanism in quotes is taken as well.
 */
int
login_cmd_auth(struct login *l, struct arg *args)
{
	const struct mech *m;
	const char *name, *initial = NULL;
	struct authinfo a;
	struct str what;
	size_t n;
	int r;

	if (arg_astring(&args, &name, &n) != E_OK)
		name = "";
	else if (args != NULL && arg_atom(&args, &initial) != E_OK)
		return LOGIN_SYNTAX;
	if (args != NULL)
		return LOGIN_SYNTAX;
	r = imapparse_end(l->parse);
	if (r != E_OK)
		return login_ended(l, r);
	if (login_need_tls(l) != LOGIN_OK)
		return LOGIN_REFUSED;
	str_init(&what, 0);
	str_cats(&what, "method=");
	login_clean(name, &what);
	ascii_upper(what.data + 7);
	str_trunc(&what, 7 + 31);
	if (initial != NULL && strcmp(initial, "=") == 0)
		initial = "";
	authinfo_init(&a);
	m = mech_find(name);
	errno = 0;
	r = m == NULL ? E_SYNTAX : m->run(l, m, initial, &a);
	r = login_result(l, r, &a, str_c(&what));
	str_free(&what);
	return r;
}
