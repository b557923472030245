/* SASL PLAIN, RFC 4616.  SPDX-License-Identifier: ISC */

#include "base/base.h"

#include "base/base64.h"
#include "base/str.h"
#include "login/login.h"
#include "login/mech.h"

/*
 * message = [authzid] UTF8NUL authcid UTF8NUL passwd
 * The authorization identity is ignored, as Courier ignores it.
 */
int
mech_plain(struct login *l, const struct mech *m, const char *initial,
    struct authinfo *out)
{
	struct str answer, text;
	const char *user, *password, *end;
	int r;

	(void)m;
	str_init(&answer, SASL_LINE_MAX);
	str_init(&text, SASL_LINE_MAX);
	r = initial != NULL ? str_cats(&answer, initial) :
	    mech_ask(l, "", 0, &answer);
	if (r == E_OK)
		r = base64_decode(str_c(&answer), answer.len, &text);
	if (r == E_OK) {
		end = str_c(&text) + text.len;
		user = memchr(str_c(&text), '\0', text.len);
		password = user == NULL || user == end ? NULL :
		    memchr(user + 1, '\0', (size_t)(end - user - 1));
		if (password == NULL || password == end ||
		    memchr(password + 1, '\0',
		    (size_t)(end - password - 1)) != NULL)
			r = E_SYNTAX;
		else
			r = login_ask_password(l, user + 1, password + 1, out);
	}
	str_wipe_free(&answer);
	str_wipe_free(&text);
	return r;
}
