/* Message digests and HMAC, from OpenSSL.  SPDX-License-Identifier: ISC */

#include "base/base.h"

#ifdef HAVE_OPENSSL
#define OPENSSL_SUPPRESS_DEPRECATED
#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <openssl/md5.h>
#include <openssl/sha.h>
#endif

#include "base/mem.h"
#include "base/pack.h"
#include "authdaemon/digest.h"

#define BLOCK	64	/* of md5, sha1 and sha256 */

static const struct {
	const char	*name;
	size_t		size;
} sizes[] = {
	{ "md5", 16 },
	{ "sha1", 20 },
	{ "sha256", 32 },
	{ "sha512", 64 }
};

size_t
digest_size(const char *name)
{
	size_t i;

	for (i = 0; i < NITEMS(sizes); i++)
		if (strcmp(sizes[i].name, name) == 0)
			return sizes[i].size;
	return 0;
}

#ifdef HAVE_OPENSSL

static void put_le32(unsigned char *, u32);
static u32 get_le32(const unsigned char *);
static void block_key(const char *, const void *, size_t, int,
    unsigned char *);
static int state_after(const char *, const unsigned char *, unsigned char *);
static int resume(const char *, const unsigned char *, const void *, size_t,
    unsigned char *);

int
digest_make(const char *name, const void *a, size_t alen, const void *b,
    size_t blen, unsigned char *out)
{
	const EVP_MD *md;
	EVP_MD_CTX *ctx;
	int ok;

	md = digest_size(name) == 0 ? NULL : EVP_get_digestbyname(name);
	ctx = md == NULL ? NULL : EVP_MD_CTX_new();
	if (ctx == NULL)
		return E_NOTSUP;
	ok = EVP_DigestInit_ex(ctx, md, NULL) == 1 &&
	    EVP_DigestUpdate(ctx, a, alen) == 1 &&
	    EVP_DigestUpdate(ctx, b, blen) == 1 &&
	    EVP_DigestFinal_ex(ctx, out, NULL) == 1;
	EVP_MD_CTX_free(ctx);
	return ok ? E_OK : E_NOTSUP;
}

int
digest_hmac(const char *name, const void *key, size_t keylen,
    const void *text, size_t n, unsigned char *out)
{
	const EVP_MD *md;

	md = digest_size(name) == 0 ? NULL : EVP_get_digestbyname(name);
	if (md == NULL || HMAC(md, key, (int)keylen, text, n, out,
	    NULL) == NULL)
		return E_NOTSUP;
	return E_OK;
}

int
digest_pbkdf2(const char *name, const char *password, const void *salt,
    size_t saltlen, u32 iterations, unsigned char *out)
{
	const EVP_MD *md;

	md = digest_size(name) == 0 ? NULL : EVP_get_digestbyname(name);
	if (md == NULL || PKCS5_PBKDF2_HMAC(password, (int)strlen(password),
	    salt, (int)saltlen, (int)iterations, md, (int)digest_size(name),
	    out) != 1)
		return E_NOTSUP;
	return E_OK;
}

static void
put_le32(unsigned char *p, u32 v)
{
	p[0] = (unsigned char)v;
	p[1] = (unsigned char)(v >> 8);
	p[2] = (unsigned char)(v >> 16);
	p[3] = (unsigned char)(v >> 24);
}

static u32
get_le32(const unsigned char *p)
{
	return p[0] | (u32)p[1] << 8 | (u32)p[2] << 16 | (u32)p[3] << 24;
}

/* The key block of RFC 2104, xor pad. */
static void
block_key(const char *name, const void *key, size_t n, int pad,
    unsigned char *out)
{
	size_t i;

	memset(out, 0, DIGEST_MAX);
	if (n > BLOCK)
		digest_make(name, key, n, "", 0, out);
	else
		memcpy(out, key, n);
	for (i = 0; i < BLOCK; i++)
		out[i] ^= (unsigned char)pad;
}

/* The compression function's state after one block. */
static int
state_after(const char *name, const unsigned char *block, unsigned char *out)
{
	int i;

	if (strcmp(name, "md5") == 0) {
		MD5_CTX c;

		MD5_Init(&c);
		MD5_Update(&c, block, BLOCK);
		put_le32(out, c.A);
		put_le32(out + 4, c.B);
		put_le32(out + 8, c.C);
		put_le32(out + 12, c.D);
	} else if (strcmp(name, "sha1") == 0) {
		SHA_CTX c;

		SHA1_Init(&c);
		SHA1_Update(&c, block, BLOCK);
		pack_u32(out, c.h0);
		pack_u32(out + 4, c.h1);
		pack_u32(out + 8, c.h2);
		pack_u32(out + 12, c.h3);
		pack_u32(out + 16, c.h4);
	} else if (strcmp(name, "sha256") == 0) {
		SHA256_CTX c;

		SHA256_Init(&c);
		SHA256_Update(&c, block, BLOCK);
		for (i = 0; i < 8; i++)
			pack_u32(out + 4 * i, c.h[i]);
	} else {
		return E_NOTSUP;
	}
	return E_OK;
}

int
digest_hmac_state(const char *name, const void *key, size_t keylen,
    unsigned char *out)
{
	unsigned char block[DIGEST_MAX];
	size_t n;
	int r;

	n = digest_size(name);
	block_key(name, key, keylen, 0x5c, block);
	r = state_after(name, block, out);
	block_key(name, key, keylen, 0x36, block);
	if (r == E_OK)
		r = state_after(name, block, out + n);
	mem_wipe(block, sizeof(block));
	return r;
}

/* The digest of one block that led to the state, and the text. */
static int
resume(const char *name, const unsigned char *state, const void *text,
    size_t n, unsigned char *out)
{
	unsigned char zero[BLOCK];
	int i;

	memset(zero, 0, sizeof(zero));
	if (strcmp(name, "md5") == 0) {
		MD5_CTX c;

		MD5_Init(&c);
		MD5_Update(&c, zero, BLOCK);
		c.A = get_le32(state);
		c.B = get_le32(state + 4);
		c.C = get_le32(state + 8);
		c.D = get_le32(state + 12);
		MD5_Update(&c, text, n);
		MD5_Final(out, &c);
	} else if (strcmp(name, "sha1") == 0) {
		SHA_CTX c;

		SHA1_Init(&c);
		SHA1_Update(&c, zero, BLOCK);
		c.h0 = unpack_u32(state);
		c.h1 = unpack_u32(state + 4);
		c.h2 = unpack_u32(state + 8);
		c.h3 = unpack_u32(state + 12);
		c.h4 = unpack_u32(state + 16);
		SHA1_Update(&c, text, n);
		SHA1_Final(out, &c);
	} else if (strcmp(name, "sha256") == 0) {
		SHA256_CTX c;

		SHA256_Init(&c);
		SHA256_Update(&c, zero, BLOCK);
		for (i = 0; i < 8; i++)
			c.h[i] = unpack_u32(state + 4 * i);
		SHA256_Update(&c, text, n);
		SHA256_Final(out, &c);
	} else {
		return E_NOTSUP;
	}
	return E_OK;
}

int
digest_hmac_resume(const char *name, const unsigned char *state,
    const void *text, size_t n, unsigned char *out)
{
	unsigned char inner[DIGEST_MAX];
	size_t len;
	int r;

	len = digest_size(name);
	r = resume(name, state + len, text, n, inner);
	return r != E_OK ? r : resume(name, state, inner, len, out);
}

#else

int
digest_make(const char *name, const void *a, size_t alen, const void *b,
    size_t blen, unsigned char *out)
{
	(void)name; (void)a; (void)alen; (void)b; (void)blen; (void)out;
	return E_NOTSUP;
}

int
digest_hmac(const char *name, const void *key, size_t keylen,
    const void *text, size_t n, unsigned char *out)
{
	return digest_make(name, key, keylen, text, n, out);
}

int
digest_pbkdf2(const char *name, const char *password, const void *salt,
    size_t saltlen, u32 iterations, unsigned char *out)
{
	(void)iterations;
	return digest_make(name, password, 0, salt, saltlen, out);
}

int
digest_hmac_state(const char *name, const void *key, size_t keylen,
    unsigned char *out)
{
	return digest_make(name, key, keylen, "", 0, out);
}

int
digest_hmac_resume(const char *name, const unsigned char *state,
    const void *text, size_t n, unsigned char *out)
{
	return digest_make(name, state, 0, text, n, out);
}

#endif
