/* The mechanisms.  SPDX-License-Identifier: ISC */

#include "base/base.h"

#include "base/ascii.h"
#include "base/base64.h"
#include "base/str.h"
#include "login/login.h"
#include "login/mech.h"

static const struct mech mechs[] = {
	{ "PLAIN", mech_plain, NULL },
	{ "LOGIN", mech_login, NULL },
	{ "CRAM-MD5", mech_cram, "md5" },
	{ "CRAM-SHA1", mech_cram, "sha1" },
	{ "CRAM-SHA256", mech_cram, "sha256" },
	{ "SCRAM-SHA-1", mech_scram, "sha-1" },
	{ "SCRAM-SHA-1-PLUS", mech_scram_plus, "sha-1" },
	{ "SCRAM-SHA-256", mech_scram, "sha-256" },
	{ "SCRAM-SHA-256-PLUS", mech_scram_plus, "sha-256" },
	{ "EXTERNAL", mech_external, NULL },
	{ "OAUTHBEARER", mech_oauthbearer, NULL },
	{ "XOAUTH2", mech_xoauth2, "400" }
};

const struct mech *
mech_find(const char *name)
{
	size_t i;

	for (i = 0; i < NITEMS(mechs); i++)
		if (ascii_casecmp(mechs[i].name, name) == 0)
			return mechs + i;
	return NULL;
}

int
mech_ask(struct login *l, const char *challenge, size_t n, struct str *out)
{
	struct str text;
	int r;

	str_init(&text, 0);
	base64_encode(challenge, n, &text);
	str_reset(out);
	r = l->front->ask(l, str_c(&text), out);
	str_free(&text);
	if (r == E_TOOBIG || (r == E_OK && strcmp(str_c(out), "*") == 0))
		return E_SYNTAX;
	return r;
}

int
mech_text(struct login *l, const char *initial, const char *challenge,
    struct str *out)
{
	struct str answer;
	int r;

	str_reset(out);
	str_init(&answer, SASL_LINE_MAX);
	r = initial != NULL ? str_cats(&answer, initial) :
	    mech_ask(l, challenge, strlen(challenge), &answer);
	if (r == E_OK)
		r = base64_decode(str_c(&answer), answer.len, out);
	if (r == E_OK && strlen(str_c(out)) != out->len)
		r = E_SYNTAX;
	str_wipe_free(&answer);
	return r;
}
