/* SASL LOGIN: name and password, each asked for.
   SPDX-License-Identifier: ISC */

#include "base/base.h"

#include "base/str.h"
#include "login/login.h"
#include "login/mech.h"

int
mech_login(struct login *l, const struct mech *m, const char *initial,
    struct authinfo *out)
{
	struct str user, password;
	int r;

	(void)m;
	str_init(&user, SASL_LINE_MAX);
	str_init(&password, SASL_LINE_MAX);
	r = mech_text(l, initial, "Username:", &user);
	if (r == E_OK)
		r = mech_text(l, NULL, "Password:", &password);
	if (r == E_OK)
		r = login_ask_password(l, str_c(&user), str_c(&password),
		    out);
	str_free(&user);
	str_wipe_free(&password);
	return r;
}
