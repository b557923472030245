/* SASL CRAM-*, RFC 2195: authdaemond checks the answer.
   SPDX-License-Identifier: ISC */

#include "base/base.h"

#include "base/ascii.h"
#include "base/base64.h"
#include "base/hex.h"
#include "base/rand.h"
#include "base/str.h"
#include "login/login.h"
#include "login/mech.h"

#define HOST_MAX	256

static int make_challenge(struct str *);

/* <32 hex digits@host> */
static int
make_challenge(struct str *out)
{
	char host[HOST_MAX];
	u8 bytes[16];

	if (rand_bytes(bytes, sizeof(bytes)) != E_OK)
		return E_TEMP;
	if (gethostname(host, sizeof(host)) < 0)
		host[0] = '\0';
	host[sizeof(host) - 1] = '\0';
	str_catc(out, '<');
	hex_encode(bytes, sizeof(bytes), out);
	ascii_upper(out->data);
	str_catf(out, "@%s>", host);
	return E_OK;
}

int
mech_cram(struct login *l, const struct mech *m, const char *initial,
    struct authinfo *out)
{
	struct str challenge, sent, answer;
	int r;

	if (initial != NULL)
		return E_SYNTAX;
	str_init(&challenge, 0);
	str_init(&sent, 0);
	str_init(&answer, SASL_LINE_MAX);
	r = make_challenge(&challenge);
	if (r == E_OK)
		r = mech_ask(l, str_c(&challenge), challenge.len, &answer);
	if (r == E_OK) {
		base64_encode(str_c(&challenge), challenge.len, &sent);
		r = login_ask_cram(l, m->arg, str_c(&sent), str_c(&answer),
		    out);
	}
	str_free(&challenge);
	str_free(&sent);
	str_free(&answer);
	return r;
}
