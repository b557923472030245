/* LOGIN, AUTHENTICATE and STARTTLS.  SPDX-License-Identifier: ISC */

#include "base/base.h"

#include "base/io.h"
#include "base/str.h"
#include "wire/imapparse.h"
#include "login/login.h"
#include "login/mech.h"

int
login_need_tls(struct login *l)
{
	if (!l->tls_required)
		return LOGIN_OK;
	login_tagged(l, "NO STARTTLS required");
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
	struct authinfo none;
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
	authinfo_init(&none);
	str_init(&what, 0);
	str_cats(&what, "user=");
	login_clean(user, &what);
	errno = 0;
	r = login_ask_password(l, user, password, &none);
	r = login_result(l, r, str_c(&what));
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
	const char *name, *initial = NULL;
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
	return login_mechanism(l, name, initial);
}

/*
 *   command-nonauth =/ "STARTTLS"                    (RFC 3501 6.2.1)
 * Words behind it are ignored, as Courier ignores them.
 */
int
login_cmd_starttls(struct login *l, struct arg *args)
{
	struct str why;
	int r;

	(void)args;
	if (!l->starttls)
		return LOGIN_SYNTAX;
	login_tagged(l, "OK Begin SSL/TLS negotiation now.");
	r = io_flush(l->io);
	if (r != E_OK)
		return login_ended(l, r);
	str_init(&why, 0);
	r = login_ask_tls(l, &why);
	if (r == E_OK) {
		str_free(&why);
		return LOGIN_OK;
	}
	io_putf(l->io, "%s NO STARTTLS failed: %s\r\n",
	    imapparse_tag(l->parse), str_c(&why));
	str_free(&why);
	(void)login_part(l);
	return login_ended(l, E_EOF);
}
