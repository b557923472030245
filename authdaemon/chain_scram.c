/* SCRAM logins, for all modules that tell a stored secret.
   SPDX-License-Identifier: ISC */

/*
 * A login is two requests, and nothing is kept between them: the first one
 * (userid) is answered with salt and iterations, the second one (userid,
 * AuthMessage, proof) with the account and the server's signature.
 *
 * A stranger must not learn who has an account. Somebody unknown gets a salt
 * like all others, always the same one; all modules are asked in any case; a
 * refusal costs the work of making keys from a password, whatever its reason.
 */

#include "base/base.h"

#include "base/ascii.h"
#include "base/base64.h"
#include "base/io.h"
#include "base/log.h"
#include "base/mem.h"
#include "base/rand.h"
#include "base/str.h"
#include "authcl/authproto.h"
#include "authdaemon/chain.h"
#include "authdaemon/chain_int.h"
#include "authdaemon/module.h"
#include "authdaemon/scram.h"

#define TYPE		"scram-"
#define KEY_BYTES	32
#define TOKENS		3

/* A login, as far as it has come. */
struct attempt {
	const struct auth_query	*q;
	char			*copy;		/* of authdata */
	char			*token[TOKENS];	/* userid, message, proof */
	size_t			tokens;
	struct scram_keys	keys;
	char			*clear;		/* make the keys from it */
	int			known;
	struct authinfo		info;
};

static void split(struct attempt *);
static int own_salt(struct attempt *);
static int take_secret(struct attempt *, struct authinfo *);
static int find(struct attempt *);
static int first(struct attempt *, struct io *);
static int decode_proof(const struct attempt *, struct str *, struct str *);
static int prove(struct attempt *, struct str *, struct str *);
static int final(struct attempt *, struct io *);

/* Made before the workers are, so that they agree on it. */
static u8 secret[KEY_BYTES];

int
chain_scram_init(void)
{
	return rand_bytes(secret, sizeof(secret));
}

int
chain_is_scram(const struct authreq *req)
{
	return req->verb == AUTH_AUTH && ascii_begins(req->authtype, TYPE) &&
	    scram_hash(req->authtype + sizeof(TYPE) - 1) != NULL;
}

/* authdata = userid LF [ base64 LF base64 [LF] ] */
static void
split(struct attempt *a)
{
	char *p;

	a->copy = mem_strdup(a->q->authdata);
	for (p = a->copy; a->tokens < TOKENS && *p != '\0';) {
		a->token[a->tokens++] = p;
		p += strcspn(p, "\n");
		if (*p != '\0')
			*p++ = '\0';
	}
}

/* The salt of one who has none of his own: an unknown one, or one whose
   password is stored as it is. */
static int
own_salt(struct attempt *a)
{
	unsigned char mac[DIGEST_MAX];
	struct str text;
	int r;

	str_init(&text, 0);
	str_catf(&text, "%s\n%s", a->keys.hash, a->token[0]);
	r = digest_hmac("sha256", secret, sizeof(secret), str_c(&text),
	    text.len, mac);
	str_free(&text);
	a->keys.saltlen = SCRAM_SALT_NEW;
	memcpy(a->keys.salt, mac, SCRAM_SALT_NEW);
	a->keys.iterations = scram_iterations();
	return r == E_OK ? E_OK : E_PERM;	/* a build without HMAC */
}

/* E_PERM: nothing there that this mechanism can use. */
static int
take_secret(struct attempt *a, struct authinfo *info)
{
	struct scram_keys k;

	if (scram_read(a->keys.hash, info->passwd, &k) == E_OK) {
		a->keys = k;
		mem_wipe(&k, sizeof(k));
	} else if (info->clearpasswd != NULL && *info->clearpasswd != '\0') {
		a->clear = mem_strdup(info->clearpasswd);
	} else {
		log_debug("no password for this mechanism");
		return E_PERM;
	}
	mem_free_secret(&info->passwd);
	mem_free_secret(&info->clearpasswd);
	a->info = *info;
	authinfo_init(info);
	a->known = TRUE;
	return E_OK;
}

/* The first module with a secret counts. E_OK also if nobody knows him. */
static int
find(struct attempt *a)
{
	const struct auth_module *m;
	struct authreq req;
	struct authinfo info;
	size_t i;
	int r = E_OK;

	authreq_init(&req);
	req.verb = AUTH_PRE;
	req.service = mem_strdup(a->q->service);
	req.userid = mem_strdup(a->token[0]);
	if (a->q->remote_ip != NULL)
		req.remote_ip = mem_strdup(a->q->remote_ip);
	for (i = 0; (m = chain_module(i)) != NULL; i++) {
		log_debug("%s: trying this module", m->name);
		authinfo_init(&info);
		r = chain_ask(i, &req, &info);
		if (r == E_OK && !a->known)
			r = take_secret(a, &info);
		authinfo_free(&info);
		if (r != E_OK && r != E_PERM && !a->known) {
			log_debug("%s: TEMPFAIL - no more modules will be "
			    "tried", m->name);
			r = E_TEMP;
			break;
		}
		r = E_OK;
	}
	authreq_free(&req);
	return r;
}

static int
first(struct attempt *a, struct io *io)
{
	struct str text;
	int r;

	str_init(&text, 0);
	str_cats(&text, "SCRAM=s=");
	base64_encode(a->keys.salt, a->keys.saltlen, &text);
	str_catf(&text, ",i=%lu\n.\n", (unsigned long)a->keys.iterations);
	r = io_put(io, str_c(&text), text.len);
	str_free(&text);
	return r;
}

static int
decode_proof(const struct attempt *a, struct str *message, struct str *proof)
{
	if (base64_decode(a->token[1], strlen(a->token[1]), message) == E_OK &&
	    base64_decode(a->token[2], strlen(a->token[2]), proof) == E_OK &&
	    proof->len == digest_size(a->keys.hash))
		return E_OK;
	log_debug("scram: invalid base64 encoding");
	return E_PERM;
}

/* The account then holds the signature. */
static int
prove(struct attempt *a, struct str *proof, struct str *message)
{
	unsigned char signature[DIGEST_MAX];
	struct str text;
	int r, worked = a->clear != NULL;

	r = worked ? scram_derive(&a->keys, a->clear) : E_OK;
	if (r == E_OK && a->known)
		r = scram_verify(&a->keys, str_c(message), message->len,
		    str_c(proof), signature);
	if (!a->known)
		r = E_PERM;
	if (r == E_OK) {
		str_init(&text, 0);
		str_cats(&text, "v=");
		base64_encode(signature, digest_size(a->keys.hash), &text);
		mem_free(a->info.scram);
		a->info.scram = str_take(&text);
	} else if (!worked) {
		(void)scram_derive(&a->keys, "");
	}
	return r;
}

static int
final(struct attempt *a, struct io *io)
{
	struct str message, proof;
	int r;

	str_init(&message, 0);
	str_init(&proof, 0);
	r = decode_proof(a, &message, &proof);
	if (r == E_OK)
		r = prove(a, &proof, &message);
	str_free(&message);
	str_wipe_free(&proof);
	log_debug("scram validation %s", r == E_OK ? "succeeded" : "failed");
	return r == E_OK ? chain_reply(&a->info, io) : E_PERM;
}

int
chain_scram(struct auth_query *q, struct io *io)
{
	struct attempt a;
	int r;

	memset(&a, 0, sizeof(a));
	authinfo_init(&a.info);
	a.q = q;
	a.keys.hash = scram_hash(q->authtype + sizeof(TYPE) - 1);
	split(&a);
	r = a.tokens == 0 || a.tokens == 2 || *a.token[0] == '\0' ? E_PERM :
	    own_salt(&a);
	if (r == E_OK)
		r = find(&a);
	if (r == E_OK)
		r = a.tokens == 1 ? first(&a, io) : final(&a, io);
	if (r == E_PERM) {
		log_debug("FAIL, all modules rejected");
		r = io_puts(io, "FAIL\n");
	}
	mem_free_secret(&a.copy);
	mem_free_secret(&a.clear);
	mem_wipe(&a.keys, sizeof(a.keys));
	authinfo_free(&a.info);
	return r;
}
