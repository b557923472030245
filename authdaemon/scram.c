/* Secrets and proofs of SCRAM, RFC 5802 and RFC 7677.
   SPDX-License-Identifier: ISC */

#include "base/base.h"

#include "base/ascii.h"
#include "base/base64.h"
#include "base/mem.h"
#include "base/num.h"
#include "base/str.h"
#include "conf/env.h"
#include "authdaemon/scram.h"

#define FIELDS	4

static const char *name_of(const char *);
static int read_bytes(const char *, size_t, size_t, size_t, unsigned char *,
    size_t *);
static int read_fields(const char *, const char *, struct scram_keys *);

static const struct {
	const char	*name;
	const char	*hash;
} names[] = {
	{ "SHA-1", "sha1" },
	{ "SHA-256", "sha256" }
};

/* How a stored form begins, and what stands between its fields. */
static const struct {
	const char	*before, *behind;	/* the digest's name */
	const char	*ends;
} forms[] = {
	{ "{SCRAM-", "}", ",,," },	/* SCRAM_BRACES */
	{ "SCRAM-", "$", ":$:" }	/* SCRAM_RFC5803 */
};

const char *
scram_hash(const char *name)
{
	size_t i;

	for (i = 0; i < NITEMS(names); i++)
		if (ascii_casecmp(names[i].name, name) == 0)
			return names[i].hash;
	return NULL;
}

static const char *
name_of(const char *hash)
{
	size_t i;

	for (i = 0; strcmp(names[i].hash, hash) != 0; i++)
		;
	return names[i].name;
}

u32
scram_iterations(void)
{
	u32 n;

	n = env_u32("CHAPAR_SCRAM_ITERATIONS", SCRAM_ITERATIONS_MIN);
	if (n < SCRAM_ITERATIONS_MIN)
		n = SCRAM_ITERATIONS_MIN;
	return n < SCRAM_ITERATIONS_MAX ? n : SCRAM_ITERATIONS_MAX;
}

/* base64 of min to max bytes. */
static int
read_bytes(const char *s, size_t n, size_t min, size_t max,
    unsigned char *out, size_t *out_len)
{
	struct str bytes;
	int r;

	str_init(&bytes, 0);
	r = base64_decode(s, n, &bytes);
	if (r == E_OK && (bytes.len < min || bytes.len > max))
		r = E_PERM;
	if (r == E_OK) {
		memcpy(out, bytes.data, bytes.len);
		*out_len = bytes.len;
	}
	str_wipe_free(&bytes);
	return r;
}

/* The four fields, of which each ends at the character in `ends`. */
static int
read_fields(const char *s, const char *ends, struct scram_keys *out)
{
	const char *field[FIELDS];
	size_t len[FIELDS], size;
	int i;

	for (i = 0; i < FIELDS; i++) {
		field[i] = s;
		while (*s != '\0' && *s != ends[i])
			s++;
		len[i] = (size_t)(s - field[i]);
		if (i < FIELDS - 1 && *s++ == '\0')
			return E_PERM;
	}
	size = digest_size(out->hash);
	if (num_scan_u32(field[0], len[0], &out->iterations) != len[0] ||
	    len[0] == 0 || out->iterations == 0 ||
	    out->iterations > SCRAM_ITERATIONS_MAX ||
	    read_bytes(field[1], len[1], 1, SCRAM_SALT_MAX, out->salt,
	    &out->saltlen) != E_OK ||
	    read_bytes(field[2], len[2], size, size, out->stored,
	    len + 2) != E_OK ||
	    read_bytes(field[3], len[3], size, size, out->server,
	    len + 3) != E_OK)
		return E_PERM;
	return E_OK;
}

int
scram_read(const char *hash, const char *stored, struct scram_keys *out)
{
	struct str prefix;
	size_t i;
	int r = E_PERM;

	memset(out, 0, sizeof(*out));
	out->hash = hash;
	if (stored == NULL)
		return E_PERM;
	str_init(&prefix, 0);
	for (i = 0; i < NITEMS(forms); i++) {
		str_reset(&prefix);
		str_catf(&prefix, "%s%s%s", forms[i].before, name_of(hash),
		    forms[i].behind);
		if (!ascii_casebegins(stored, str_c(&prefix)))
			continue;
		r = read_fields(stored + prefix.len, forms[i].ends, out);
		break;
	}
	str_free(&prefix);
	return r;
}

int
scram_write(const struct scram_keys *k, int form, struct str *out)
{
	size_t n = digest_size(k->hash);
	const char *ends = forms[form].ends;

	str_catf(out, "%s%s%s%lu", forms[form].before, name_of(k->hash),
	    forms[form].behind, (unsigned long)k->iterations);
	str_catc(out, ends[0]);
	base64_encode(k->salt, k->saltlen, out);
	str_catc(out, ends[1]);
	base64_encode(k->stored, n, out);
	str_catc(out, ends[2]);
	return base64_encode(k->server, n, out);
}

/*
 * ClientKey = HMAC(SaltedPassword, "Client Key"); StoredKey = H(ClientKey);
 * ServerKey = HMAC(SaltedPassword, "Server Key").
 */
int
scram_derive(struct scram_keys *k, const char *password)
{
	unsigned char salted[DIGEST_MAX], client[DIGEST_MAX];
	size_t n = digest_size(k->hash);
	int r;

	r = digest_pbkdf2(k->hash, password, k->salt, k->saltlen,
	    k->iterations, salted);
	if (r == E_OK)
		r = digest_hmac(k->hash, salted, n, "Client Key", 10, client);
	if (r == E_OK)
		r = digest_make(k->hash, client, n, "", 0, k->stored);
	if (r == E_OK)
		r = digest_hmac(k->hash, salted, n, "Server Key", 10,
		    k->server);
	mem_wipe(salted, sizeof(salted));
	mem_wipe(client, sizeof(client));
	return r;
}

/* ClientProof = ClientKey XOR HMAC(StoredKey, AuthMessage), so that the proof
   gives ClientKey back, whose digest is known. */
int
scram_verify(const struct scram_keys *k, const void *message, size_t n,
    const void *proof, unsigned char *signature)
{
	unsigned char client[DIGEST_MAX], found[DIGEST_MAX];
	size_t size = digest_size(k->hash), i;
	int r;

	r = digest_hmac(k->hash, k->stored, size, message, n, client);
	for (i = 0; i < size; i++)
		client[i] ^= ((const unsigned char *)proof)[i];
	if (r == E_OK)
		r = digest_make(k->hash, client, size, "", 0, found);
	if (r != E_OK || !mem_equal_consttime(found, k->stored, size))
		r = E_PERM;
	else
		r = digest_hmac(k->hash, k->server, size, message, n,
		    signature);
	mem_wipe(client, sizeof(client));
	mem_wipe(found, sizeof(found));
	return r;
}
