/* SASL EXTERNAL, RFC 4422 appendix A: who the client's certificate says it is.
   SPDX-License-Identifier: ISC */

#include "base/base.h"

#include "base/str.h"
#include "login/login.h"
#include "login/mech.h"

/*
 *   message = [authzid]
 * An initial response without bytes is asked for once more, as Courier does.
 */
int
mech_external(struct login *l, const struct mech *m, const char *initial,
    struct authinfo *out)
{
	struct str name;
	int r;

	(void)m;
	if (initial != NULL && *initial == '\0')
		initial = NULL;
	str_init(&name, SASL_LINE_MAX);
	r = mech_text(l, initial, "", &name);
	if (r == E_OK)
		r = login_ask_external(l, str_c(&name), out);
	str_free(&name);
	return r;
}
