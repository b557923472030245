/* SASL OAUTHBEARER, RFC 7628, and the older XOAUTH2: a token that somebody
   else has given out, for the program of authpipe.
   SPDX-License-Identifier: ISC */

#include "base/base.h"

#include "base/ascii.h"
#include "base/str.h"
#include "login/login.h"
#include "login/mech.h"

#define KVSEP	'\001'

/* Keys that we know. */
enum { K_USER, K_AUTH, K_HOST, K_PORT, KEYS };

static const char *const keys[KEYS] = { "user", "auth", "host", "port" };

/* What the client has said. */
struct token {
	struct str	text;		/* cut into pieces */
	struct str	cb_name;	/* of p=, which nobody can have */
	struct str	authzid;
	const char	*value[KEYS];	/* within text, NULL: not said */
};

static const char *said(const struct token *, int);
static int is_value(const char *);
static int is_token(const char *);
static const char *bearer(const char *);
static int read_pairs(char *, struct token *);
static int read_message(struct token *, int);
static int ask(struct login *, const struct mech *, const struct token *,
    struct authinfo *);
static int token(struct login *, const struct mech *, const char *, int,
    struct authinfo *);

/* value, but on one line. */
static int
is_value(const char *s)
{
	for (; *s != '\0'; s++)
		if ((unsigned char)*s < ' ' || *s == 0x7f)
			return FALSE;
	return TRUE;
}

/* b64token = 1*(ALPHA / DIGIT / "-" / "." / "_" / "~" / "+" / "/") *"="
   (RFC 6750 2.1) */
static int
is_token(const char *s)
{
	const char *p = s;

	while (ascii_isalnum((unsigned char)*p) ||
	    (*p != '\0' && strchr("-._~+/", *p) != NULL))
		p++;
	return p > s && p[strspn(p, "=")] == '\0';
}

/* "Bearer" 1*SP b64token; NULL if it is something else. */
static const char *
bearer(const char *auth)
{
	if (auth == NULL || !ascii_casebegins(auth, "Bearer "))
		return NULL;
	auth += 7;
	auth += strspn(auth, " ");
	return is_token(auth) ? auth : NULL;
}

/*
 *   *kvpair kvsep
 *   kvpair = key "=" value kvsep
 *   key    = 1*(ALPHA)
 * Keys that are not known do not matter; one of the known must not come twice.
 */
static int
read_pairs(char *p, struct token *t)
{
	char *key, *value;
	int i;

	while (*p != KVSEP) {
		key = p;
		while (ascii_isalpha((unsigned char)*p))
			p++;
		if (p == key || *p != '=')
			return E_SYNTAX;
		*p++ = '\0';
		value = p;
		p += strcspn(p, "\001");
		if (*p == '\0')
			return E_SYNTAX;
		*p++ = '\0';
		for (i = 0; i < KEYS; i++) {
			if (strcmp(keys[i], key) != 0)
				continue;
			if (t->value[i] != NULL || !is_value(value))
				return E_SYNTAX;
			t->value[i] = value;
		}
	}
	return p[1] == '\0' ? E_OK : E_SYNTAX;
}

static const char *
said(const struct token *t, int key)
{
	return t->value[key] != NULL ? t->value[key] : "";
}

/* A refusal comes in two steps: what the failure is, for programs; then, when
   the client has answered, the refusal itself. That is due also when it has
   gone. */
static int
ask(struct login *l, const struct mech *m, const struct token *t,
    struct authinfo *out)
{
	struct str error, answer;
	const char *what = bearer(t->value[K_AUTH]);
	int r = E_SYNTAX;

	if (what != NULL)
		r = login_ask_token(l, said(t, K_USER), what,
		    said(t, K_HOST), said(t, K_PORT), out);
	if (r == E_OK || r == E_TEMP)
		return r;
	str_init(&error, 0);
	str_init(&answer, SASL_LINE_MAX);
	str_catf(&error, "{\"status\":\"%s\",\"schemes\":\"bearer\"}",
	    m->arg != NULL ? m->arg : r == E_SYNTAX ? "invalid_request" :
	    "invalid_token");
	(void)mech_ask(l, str_c(&error), error.len, &answer);
	str_free(&error);
	str_wipe_free(&answer);
	return r;
}

/* header: TRUE if the message begins with a gs2-header, which then tells the
   user. */
static int
read_message(struct token *t, int header)
{
	size_t n = 0;

	if (header) {
		n = mech_gs2(str_c(&t->text), &t->cb_name, &t->authzid);
		if (n == 0 || t->cb_name.len > 0 ||
		    t->text.data[n++] != KVSEP)
			return FALSE;
	}
	if (t->text.len == 0 || read_pairs(t->text.data + n, t) != E_OK)
		return FALSE;
	if (header)
		t->value[K_USER] = str_c(&t->authzid);
	return TRUE;
}

static int
token(struct login *l, const struct mech *m, const char *initial, int header,
    struct authinfo *out)
{
	struct token t;
	int r;

	memset(&t, 0, sizeof(t));
	str_init(&t.text, SASL_LINE_MAX);
	str_init(&t.cb_name, 0);
	str_init(&t.authzid, 0);
	r = mech_text(l, initial, "", &t.text);
	if (r == E_OK) {
		if (!read_message(&t, header))
			t.value[K_AUTH] = NULL;
		r = ask(l, m, &t, out);
	}
	str_wipe_free(&t.text);
	str_free(&t.cb_name);
	str_free(&t.authzid);
	return r;
}

/*
 *   client-resp = (gs2-header kvsep *kvpair kvsep) / kvsep
 */
int
mech_oauthbearer(struct login *l, const struct mech *m, const char *initial,
    struct authinfo *out)
{
	return token(l, m, initial, TRUE, out);
}

/* "user=" userid kvsep "auth=Bearer " token kvsep kvsep, as Google and
   Microsoft describe it. */
int
mech_xoauth2(struct login *l, const struct mech *m, const char *initial,
    struct authinfo *out)
{
	return token(l, m, initial, FALSE, out);
}
