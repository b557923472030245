/* SASL SCRAM-*, RFC 5802 and RFC 7677: authdaemond checks the proof.
   SPDX-License-Identifier: ISC */

/*
 * A message that is wrong is answered with the reason, as the RFC has it. A
 * wrong proof is not: the refusal that follows says all that a client may
 * know, and may come late.
 */

#include "base/base.h"

#include "base/ascii.h"
#include "base/base64.h"
#include "base/mem.h"
#include "base/str.h"
#include "login/login.h"
#include "login/mech.h"

#define BINDING		"tls-exporter"

/* What the client has said. */
struct client {
	struct str	text;		/* client-first-message */
	struct str	gs2;
	struct str	cb_name;
	struct str	authzid;
	struct str	user;
	struct str	nonce;
	const char	*bare;		/* within text */
	struct str	final;
	struct str	extra;		/* ",x=..." */
	const char	*proof;		/* within final */
};

static int has_control(const char *);
static int read_extensions(const char *);
static const char *read_bare(struct client *);
static const char *read_binding(struct login *, const struct mech *, int,
    const struct client *);
static const char *read_first(struct login *, const struct mech *, int,
    struct client *);
static int right_header(const struct client *, const char *, size_t);
static const char *read_final(struct client *, const char *);
static int refuse(struct login *, const char *);
static int finish(struct login *, struct client *, const char *,
    struct authinfo *);
static int talk(struct login *, const struct mech *, int, const char *,
    struct client *, struct authinfo *);
static int scram(struct login *, const struct mech *, int, const char *,
    struct authinfo *);

static int
has_control(const char *s)
{
	for (; *s != '\0'; s++)
		if ((unsigned char)*s < ' ' || *s == 0x7f)
			return TRUE;
	return FALSE;
}

/*
 *   extensions = attr-val *("," attr-val)
 *   attr-val   = ALPHA "=" 1*value-char
 * each with a comma before it; none are known, all are optional.
 */
static int
read_extensions(const char *s)
{
	size_t n;

	for (; *s == ','; s += n) {
		s++;
		n = strcspn(s, ",");
		if (n < 3 || !ascii_isalpha((unsigned char)s[0]) ||
		    s[1] != '=')
			return FALSE;
	}
	return *s == '\0';
}

/*
 *   client-first-message-bare = [reserved-mext ","] username "," nonce
 *                               ["," extensions]
 *   username = "n=" saslname ; nonce = "r=" 1*printable
 *   printable = %x21-2B / %x2D-7E
 * NULL, or a server-error-value.
 */
static const char *
read_bare(struct client *c)
{
	const char *p = c->bare;
	size_t n;

	if (ascii_begins(p, "m="))
		return "extensions-not-supported";
	if (!ascii_begins(p, "n="))
		return "invalid-encoding";
	p += 2;
	n = strcspn(p, ",");
	if (mech_saslname(p, n, &c->user) != E_OK)
		return "invalid-username-encoding";
	p += n;
	if (!ascii_begins(p, ",r="))
		return "invalid-encoding";
	for (p += 3; *p > ' ' && *p < 0x7f && *p != ','; p++)
		str_catc(&c->nonce, *p);
	return c->nonce.len > 0 && read_extensions(p) ? NULL :
	    "invalid-encoding";
}

/* May this client bind, or not bind, as it wants to? */
static const char *
read_binding(struct login *l, const struct mech *m, int plus,
    const struct client *c)
{
	struct str name;
	int announced;

	if (c->cb_name.len > 0) {
		if (!plus)
			return "channel-binding-not-supported";
		return strcmp(str_c(&c->cb_name), BINDING) == 0 ? NULL :
		    "unsupported-channel-binding-type";
	}
	if (plus)
		return "server-does-support-channel-binding";
	if (*str_c(&c->gs2) != 'y')
		return NULL;
	str_init(&name, 0);
	str_catf(&name, "%s-PLUS", m->name);
	announced = l->front->announced(l, str_c(&name));
	str_free(&name);
	return announced ? "server-does-support-channel-binding" : NULL;
}

static const char *
read_first(struct login *l, const struct mech *m, int plus, struct client *c)
{
	const char *error;
	size_t n;

	n = mech_gs2(str_c(&c->text), &c->cb_name, &c->authzid);
	if (n == 0 || has_control(str_c(&c->text)))
		return "invalid-encoding";
	str_cat(&c->gs2, c->text.data, n);
	c->bare = c->text.data + n;
	error = read_binding(l, m, plus, c);
	if (error == NULL)
		error = read_bare(c);
	if (error == NULL && c->authzid.len > 0 &&
	    strcmp(str_c(&c->authzid), str_c(&c->user)) != 0)
		error = "other-error";		/* nobody is somebody else */
	return error;
}

/* c=: the header once more, and the binding behind it if there is one. */
static int
right_header(const struct client *c, const char *base64, size_t n)
{
	struct str s;
	int right;

	str_init(&s, 0);
	right = base64_decode(base64, n, &s) == E_OK &&
	    s.len >= c->gs2.len &&
	    memcmp(str_c(&s), str_c(&c->gs2), c->gs2.len) == 0 &&
	    (s.len > c->gs2.len) == (c->cb_name.len > 0);
	str_free(&s);
	return right;
}

/*
 *   client-final-message = channel-binding "," nonce ["," extensions] ","
 *                          proof
 *   channel-binding = "c=" base64 ; nonce = "r=" c-nonce s-nonce
 *   proof = "p=" base64
 * nonce: both parts.
 */
static const char *
read_final(struct client *c, const char *nonce)
{
	char *p = c->final.data, *proof;
	size_t n, len = strlen(nonce);

	proof = p == NULL ? NULL : strrchr(p, ',');
	if (proof == NULL || has_control(p) || !ascii_begins(p, "c=") ||
	    !ascii_begins(proof, ",p="))
		return "invalid-encoding";
	*proof = '\0';
	c->proof = proof + 3;
	p += 2;
	n = strcspn(p, ",");
	if (!right_header(c, p, n))
		return "channel-bindings-dont-match";
	p += n;
	if (!ascii_begins(p, ",r="))
		return "invalid-encoding";
	p += 3;
	n = strcspn(p, ",");
	if (n != len || memcmp(p, nonce, n) != 0)
		return "other-error";
	str_cats(&c->extra, p + n);
	return read_extensions(p + n) ? NULL : "invalid-encoding";
}

/* server-error = "e=" server-error-value; the client's answer to it does not
   matter. */
static int
refuse(struct login *l, const char *error)
{
	struct str text, answer;
	int r;

	str_init(&text, 0);
	str_init(&answer, SASL_LINE_MAX);
	str_catf(&text, "e=%s", error);
	r = mech_ask(l, str_c(&text), text.len, &answer);
	str_free(&text);
	str_wipe_free(&answer);
	return r == E_OK ? E_SYNTAX : r;
}

/* The second half, from server-first-message on. */
static int
finish(struct login *l, struct client *c, const char *server_first,
    struct authinfo *out)
{
	struct str nonce, server_final;
	const char *error;
	int r;

	r = mech_text(l, NULL, server_first, &c->final);
	if (r != E_OK)
		return r;
	str_init(&nonce, 0);
	str_init(&server_final, 0);
	str_cat(&nonce, server_first + 2, strcspn(server_first + 2, ","));
	error = read_final(c, str_c(&nonce));
	if (error != NULL)
		r = refuse(l, error);
	else
		r = login_ask_scram_final(l, str_c(&c->gs2), str_c(&c->extra),
		    c->proof, out, &server_final);
	if (r == E_OK)
		r = mech_text(l, NULL, str_c(&server_final), &c->final);
	if (r == E_OK && c->final.len > 0)
		r = E_SYNTAX;
	str_free(&nonce);
	str_free(&server_final);
	return r;
}

static int
talk(struct login *l, const struct mech *m, int plus, const char *initial,
    struct client *c, struct authinfo *out)
{
	struct scram_start s;
	struct str server_first;
	const char *error;
	int r;

	r = mech_text(l, initial, "", &c->text);
	if (r != E_OK)
		return r;
	error = read_first(l, m, plus, c);
	if (error != NULL)
		return refuse(l, error);
	s.hash = m->arg;
	s.userid = str_c(&c->user);
	s.bare = c->bare;
	s.nonce = str_c(&c->nonce);
	str_init(&server_first, 0);
	r = login_ask_scram_first(l, &s, &server_first);
	if (r == E_OK)
		r = finish(l, c, str_c(&server_first), out);
	str_free(&server_first);
	return r;
}

static int
scram(struct login *l, const struct mech *m, int plus, const char *initial,
    struct authinfo *out)
{
	struct client c;
	int r;

	memset(&c, 0, sizeof(c));
	str_init(&c.text, SASL_LINE_MAX);
	str_init(&c.gs2, 0);
	str_init(&c.cb_name, 0);
	str_init(&c.authzid, 0);
	str_init(&c.user, 0);
	str_init(&c.nonce, 0);
	str_init(&c.final, SASL_LINE_MAX);
	str_init(&c.extra, 0);
	r = talk(l, m, plus, initial, &c, out);
	str_free(&c.text);
	str_free(&c.gs2);
	str_free(&c.cb_name);
	str_free(&c.authzid);
	str_free(&c.user);
	str_free(&c.nonce);
	str_wipe_free(&c.final);
	str_free(&c.extra);
	return r;
}

int
mech_scram(struct login *l, const struct mech *m, const char *initial,
    struct authinfo *out)
{
	return scram(l, m, FALSE, initial, out);
}

int
mech_scram_plus(struct login *l, const struct mech *m, const char *initial,
    struct authinfo *out)
{
	return scram(l, m, TRUE, initial, out);
}
