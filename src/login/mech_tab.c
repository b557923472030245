/* The mechanisms.  SPDX-License-Identifier: ISC */

#include "base/base.h"

#include "base/ascii.h"
#include "base/base64.h"
#include "base/str.h"
#include "login/login.h"
#include "login/mech.h"

#define BLANK		" \t"

static const struct mech *find(const char *, size_t);
static int there(const struct login *, const struct mech *);
static void add(struct str *, const char *);

static const struct mech mechs[] = {
	{ "PLAIN", mech_plain, NULL, NULL, NULL },
	{ "LOGIN", mech_login, NULL, NULL, NULL },
	{ "CRAM-MD5", mech_cram, "md5", NULL, NULL },
	{ "CRAM-SHA1", mech_cram, "sha1", NULL, NULL },
	{ "CRAM-SHA256", mech_cram, "sha256", NULL, NULL },
	{ "SCRAM-SHA-1", mech_scram, "sha-1", NULL, NULL },
	{ "SCRAM-SHA-256", mech_scram, "sha-256", NULL, NULL },
	{ "EXTERNAL", mech_external, NULL, login_ask_identity, "" },
	{ "SCRAM-SHA-1-PLUS", mech_scram_plus, "sha-1", login_ask_binding,
	    "SCRAM-SHA-1" },
	{ "SCRAM-SHA-256-PLUS", mech_scram_plus, "sha-256", login_ask_binding,
	    "SCRAM-SHA-256" },
	{ "OAUTHBEARER", mech_oauthbearer, NULL, NULL, NULL },
	{ "XOAUTH2", mech_xoauth2, "400", NULL, NULL }
};

static const struct mech *
find(const char *name, size_t n)
{
	size_t i;

	for (i = 0; i < NITEMS(mechs); i++)
		if (strlen(mechs[i].name) == n &&
		    ascii_memcasecmp(mechs[i].name, name, n) == 0)
			return mechs + i;
	return NULL;
}

const struct mech *
mech_find(const char *name)
{
	return find(name, strlen(name));
}

static int
there(const struct login *l, const struct mech *m)
{
	return m->there == NULL || m->there(l);
}

const struct mech *
mech_here(const struct login *l, const char *name)
{
	const struct mech *m;

	m = mech_find(name);
	return m != NULL && there(l, m) ? m : NULL;
}

int
mech_listed(const char *list, const char *name)
{
	size_t n, len = strlen(name);

	for (; *list != '\0'; list += n) {
		list += strspn(list, BLANK);
		n = strcspn(list, BLANK);
		if (n > 0 && n == len && ascii_memcasecmp(list, name, n) == 0)
			return TRUE;
	}
	return FALSE;
}

static void
add(struct str *out, const char *name)
{
	if (mech_listed(str_c(out), name))
		return;
	if (out->len > 0)
		str_catc(out, ' ');
	str_cats(out, name);
}

void
mech_offer(const struct login *l, const char *names, struct str *out)
{
	const struct mech *m;
	size_t i, n;

	for (; *names != '\0'; names += n) {
		names += strspn(names, BLANK);
		n = strcspn(names, BLANK);
		m = find(names, n);
		if (m != NULL && there(l, m))
			add(out, m->name);
	}
	for (m = mechs, i = 0; i < NITEMS(mechs); m++, i++)
		if (m->along != NULL && there(l, m) &&
		    (*m->along == '\0' || mech_listed(str_c(out), m->along)))
			add(out, m->name);
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
