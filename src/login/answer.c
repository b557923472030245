/* The monitor: what mechanisms want of authdaemond and of the connection.
   SPDX-License-Identifier: ISC */

/*
 * The client's nonce and proof come from code that reads what anybody sends.
 * The other half of a SCRAM login is kept here: our nonce, so that no old proof
 * is good again; the channel binding; and the texts that the proof covers.
 */

#include "base/base.h"

#include "base/ascii.h"
#include "base/base64.h"
#include "base/mem.h"
#include "base/rand.h"
#include "base/str.h"
#include "conf/conf.h"
#include "conf/env.h"
#include "login/login.h"
#include "login/mech.h"
#include "login/answer.h"

#define NONCE_BYTES	24
#define CB_HEADER	"p=tls-exporter,"

static int downgraded(struct login *, const char *);
static int add_binding(const struct login *, const char *, struct str *);
static void forget(void);
static const char *identity(const struct login *);

static struct {
	char		*hash, *userid;	/* NULL: no login on its way */
	char		*nonce;		/* both parts */
	struct str	message;	/* AuthMessage, as far as it goes */
} scram;

int
answer_password(struct login *l, const char *userid, const char *password,
    struct authinfo *out)
{
	return authcl_login(&l->auth, l->service, userid, password, out);
}

int
answer_cram(struct login *l, const char *hash, const char *challenge,
    const char *response, struct authinfo *out)
{
	return authcl_cram(&l->auth, l->service, hash, challenge, response,
	    out);
}

int
answer_token(struct login *l, const char *userid, const char *token,
    const char *host, const char *port, struct authinfo *out)
{
	return authcl_token(&l->auth, l->service, userid, token, host, port,
	    out);
}

/* ---- SCRAM -------------------------------------------------------------- */

int
login_ask_binding(const struct login *l)
{
	return l->binding;
}

static void
forget(void)
{
	scram.hash = mem_free(scram.hash);
	scram.userid = mem_free(scram.userid);
	scram.nonce = mem_free(scram.nonce);
	str_free(&scram.message);
}

int
answer_scram_first(struct login *l, const struct scram_start *s,
    struct str *server_first)
{
	struct str nonce;
	u8 bytes[NONCE_BYTES];
	size_t start = server_first->len;
	int r;

	forget();
	if (rand_bytes(bytes, sizeof(bytes)) != E_OK)
		return E_TEMP;
	str_init(&nonce, 0);
	str_cats(&nonce, s->nonce);
	base64_encode(bytes, sizeof(bytes), &nonce);
	str_catf(server_first, "r=%s,", str_c(&nonce));
	r = authcl_scram_first(&l->auth, l->service, s->hash, s->userid,
	    server_first);
	if (r == E_OK) {
		scram.hash = mem_strdup(s->hash);
		scram.userid = mem_strdup(s->userid);
		scram.nonce = str_take(&nonce);
		str_init(&scram.message, 0);
		str_catf(&scram.message, "%s,%s,", s->bare,
		    server_first->data + start);
	}
	str_free(&nonce);
	return r;
}

/* "y": the client would bind, but was told that we cannot. */
static int
downgraded(struct login *l, const char *gs2)
{
	struct str name;
	int yes;

	if (*gs2 != 'y')
		return FALSE;
	str_init(&name, 0);
	str_catf(&name, "SCRAM-%s-PLUS", scram.hash);
	yes = l->front->announced(l, str_c(&name));
	str_free(&name);
	return yes;
}

/* cbind-input, in base64: the header, and the binding that it asks for. */
static int
add_binding(const struct login *l, const char *gs2, struct str *out)
{
	struct str input;
	int r = E_OK;

	str_init(&input, 0);
	str_cats(&input, gs2);
	if (*gs2 == 'p')
		r = ascii_begins(gs2, CB_HEADER) && l->binding ?
		    login_tls_binding(&input) : E_PERM;
	if (r == E_OK)
		base64_encode(str_c(&input), input.len, out);
	str_wipe_free(&input);
	return r;
}

int
answer_scram_final(struct login *l, const char *gs2, const char *extra,
    const char *proof, struct authinfo *out, struct str *server_final)
{
	int r = E_PERM;

	if (scram.userid != NULL && !downgraded(l, gs2)) {
		str_cats(&scram.message, "c=");
		r = add_binding(l, gs2, &scram.message);
	}
	if (r == E_OK) {
		str_catf(&scram.message, ",r=%s%s", scram.nonce, extra);
		r = authcl_scram_final(&l->auth, l->service, scram.hash,
		    scram.userid, &scram.message, proof, out);
	}
	if (r == E_OK)
		str_cats(server_final, out->scram);
	forget();
	return r;
}

/* ---- EXTERNAL ----------------------------------------------------------- */

/* What the certificate says of the attribute in TLS_EXTERNAL; NULL if there is
   no such certificate (daemons.md 3.6). */
static const char *
identity(const struct login *l)
{
	struct str name;
	const char *attr, *value;

	attr = env_or("TLS_EXTERNAL", "");
	if (!l->tls || *attr == '\0')
		return NULL;
	str_init(&name, 0);
	str_catf(&name, "TLS_SUBJECT_%s", attr);
	ascii_upper(name.data);
	value = env_or(str_c(&name), NULL);
	str_free(&name);
	return value;
}

int
login_ask_identity(const struct login *l)
{
	return identity(l) != NULL;
}

int
answer_external(struct login *l, const char *name, struct authinfo *out)
{
	const char *who;

	who = identity(l);
	if (who == NULL || (*name != '\0' && strcmp(name, who) != 0))
		return E_PERM;
	return authcl_pre(&l->auth, l->service, who, out);
}
