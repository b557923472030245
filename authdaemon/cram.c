/* Challenge-response logins, RFC 2195.  SPDX-License-Identifier: ISC */

#include "base/base.h"

#include "base/ascii.h"
#include "base/base64.h"
#include "base/hex.h"
#include "base/log.h"
#include "base/mem.h"
#include "base/str.h"
#include "authdaemon/cram.h"
#include "authdaemon/digest.h"

#define CRAM_MAX	8192	/* bytes of a challenge or a response */

static int split_response(struct cram *, struct str *);
static void show_pieces(const char *, size_t, const char *, size_t);
static int next_piece(const char **, const char **, size_t *);
static int is_hash(const char *);
static int is_digest(const struct cram *, const unsigned char *);
static int verdict(int);

/* "userid SP hex": the digest is what follows the last blank. One that is no
   digest, or of another hash, is found out when it is compared. */
static int
split_response(struct cram *c, struct str *response)
{
	struct str bytes;
	char *blank;

	if (strlen(str_c(response)) != response->len)
		return E_PERM;
	blank = response->data == NULL ? NULL : strrchr(response->data, ' ');
	if (blank == NULL || blank == response->data)
		return E_PERM;
	*blank++ = '\0';
	str_init(&bytes, 0);
	if (hex_decode(blank, strlen(blank), &bytes) == E_OK &&
	    bytes.len == digest_size(c->hash)) {
		memcpy(c->digest, bytes.data, bytes.len);
		c->digest_len = bytes.len;
	}
	str_free(&bytes);
	c->userid = mem_strdup(response->data);
	log_debug("cram: decoded challenge/response, username '%s'",
	    c->userid);
	return E_OK;
}

static void
show_pieces(const char *challenge, size_t n, const char *response, size_t m)
{
	struct str text;

	str_init(&text, 0);
	str_cats(&text, "cram: challenge=");
	str_cat(&text, challenge, n);
	str_cats(&text, ", response=");
	str_cat(&text, response, m);
	log_debug("%s", str_c(&text));
	str_free(&text);
}

/* The next piece between newlines that is not empty; FALSE at the end. */
static int
next_piece(const char **p, const char **out, size_t *out_len)
{
	*out = *p + strspn(*p, "\n");
	*out_len = strcspn(*out, "\n");
	*p = *out + *out_len;
	return *out_len > 0;
}

static int
is_hash(const char *name)
{
	return digest_size(name) != 0 && strcmp(name, "sha512") != 0;
}

int
cram_decode(const char *authtype, const char *authdata, struct cram *out)
{
	struct str challenge, response;
	const char *first, *second;
	size_t n, m;
	int r;

	memset(out, 0, sizeof(*out));
	if (!ascii_begins(authtype, "cram-") ||
	    !next_piece(&authdata, &first, &n) ||
	    !next_piece(&authdata, &second, &m)) {
		log_debug("Unsupported authentication type: %s", authtype);
		return E_PERM;
	}
	show_pieces(first, n, second, m);
	out->hash = mem_strdup(authtype + 5);
	str_init(&challenge, CRAM_MAX);
	str_init(&response, CRAM_MAX);
	if (!is_hash(out->hash) ||
	    base64_decode(first, n, &challenge) != E_OK ||
	    base64_decode(second, m, &response) != E_OK) {
		log_debug("cram: invalid base64 encoding, or unknown method: "
		    "%s", authtype);
		r = E_PERM;
	} else {
		r = split_response(out, &response);
		if (r != E_OK)
			log_debug("cram: invalid base64 encoding");
	}
	if (r == E_OK) {
		out->challenge_len = challenge.len;
		out->challenge = str_take(&challenge);
	} else {
		cram_free(out);
	}
	str_free(&challenge);
	str_free(&response);
	return r;
}

void
cram_free(struct cram *c)
{
	mem_free(c->hash);
	mem_free(c->userid);
	mem_free(c->challenge);
	memset(c, 0, sizeof(*c));
}

static int
is_digest(const struct cram *c, const unsigned char *want)
{
	return c->digest_len == digest_size(c->hash) &&
	    mem_equal_consttime(want, c->digest, c->digest_len);
}

static int
verdict(int r)
{
	log_debug("cram validation %s", r == E_OK ? "succeeded" : "failed");
	return r;
}

int
cram_check_clear(const struct cram *c, const char *clear)
{
	unsigned char want[DIGEST_MAX];

	if (clear == NULL || *clear == '\0' ||
	    digest_hmac(c->hash, clear, strlen(clear), c->challenge,
	    c->challenge_len, want) != E_OK)
		return verdict(E_PERM);
	return verdict(is_digest(c, want) ? E_OK : E_PERM);
}

int
cram_check_state(const struct cram *c, const char *hexstate)
{
	unsigned char want[DIGEST_MAX];
	struct str state;
	int r;

	str_init(&state, 0);
	r = hex_decode(hexstate, strlen(hexstate), &state);
	if (r != E_OK || state.len != 2 * digest_size(c->hash) ||
	    digest_hmac_resume(c->hash, (const unsigned char *)state.data,
	    c->challenge, c->challenge_len, want) != E_OK ||
	    !is_digest(c, want))
		r = E_PERM;
	str_wipe_free(&state);
	return verdict(r);
}

int
cram_make_state(const char *hash, const char *password, struct str *out)
{
	unsigned char state[2 * DIGEST_MAX];
	int r;

	r = digest_hmac_state(hash, password, strlen(password), state);
	if (r == E_OK)
		r = hex_encode(state, 2 * digest_size(hash), out);
	mem_wipe(state, sizeof(state));
	return r;
}
