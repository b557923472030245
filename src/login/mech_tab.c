/* The mechanisms.  SPDX-License-Identifier: ISC */

#include "base/base.h"

#include "base/ascii.h"
#include "base/base64.h"
#include "base/io.h"
#include "base/str.h"
#include "wire/imapparse.h"
#include "login/login.h"
#include "login/mech.h"

static const struct mech mechs[] = {
	{ "PLAIN", mech_plain, NULL },
	{ "LOGIN", mech_login, NULL },
	{ "CRAM-MD5", mech_cram, "md5" },
	{ "CRAM-SHA1", mech_cram, "sha1" },
	{ "CRAM-SHA256", mech_cram, "sha256" }
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
	struct str line;
	int r;

	str_init(&line, 0);
	str_cats(&line, l->smap ? "> " : "+ ");
	base64_encode(challenge, n, &line);
	str_cats(&line, "\r\n");
	io_put(l->io, str_c(&line), line.len);
	str_free(&line);
	r = io_flush(l->io);
	if (r != E_OK)
		return r;
	str_reset(out);
	r = imapparse_line(l->parse, SASL_LINE_MAX, out);
	if (r == E_TOOBIG || (r == E_OK && strcmp(str_c(out), "*") == 0))
		return E_SYNTAX;
	return r;
}
