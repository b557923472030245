/* SASL LOGIN: name and password, each asked for.
   SPDX-License-Identifier: ISC */

#include "base/base.h"

#include "base/base64.h"
#include "base/str.h"
#include "login/login.h"
#include "login/mech.h"

static int decode(const struct str *, struct str *);

/* Text that holds no NUL. */
static int
decode(const struct str *answer, struct str *out)
{
	int r;

	r = base64_decode(str_c(answer), answer->len, out);
	if (r == E_OK && strlen(str_c(out)) != out->len)
		r = E_SYNTAX;
	return r;
}

int
mech_login(struct login *l, const struct mech *m, const char *initial,
    struct authinfo *out)
{
	struct str answer, user, password;
	int r;

	(void)m;
	str_init(&answer, SASL_LINE_MAX);
	str_init(&user, SASL_LINE_MAX);
	str_init(&password, SASL_LINE_MAX);
	r = initial != NULL ? str_cats(&answer, initial) :
	    mech_ask(l, "Username:", 9, &answer);
	if (r == E_OK)
		r = decode(&answer, &user);
	if (r == E_OK)
		r = mech_ask(l, "Password:", 9, &answer);
	if (r == E_OK)
		r = decode(&answer, &password);
	if (r == E_OK)
		r = login_ask_password(l, str_c(&user), str_c(&password),
		    out);
	str_wipe_free(&answer);
	str_free(&user);
	str_wipe_free(&password);
	return r;
}
