/* HMAC, RFC 2104.  SPDX-License-Identifier: ISC */

#include "base/base.h"

#include "base/mem.h"
#include "authlib/helpers.h"

#define BLOCK_MAX	64
#define LEN_MAX		32

/* The largest context of the list, aligned. */
union any_context {
	struct md5_context	md5;
	struct sha1_context	sha1;
	struct sha256_context	sha256;
};

#define STEPS(name) \
static void \
name##_init(void *c) \
{ \
	name##_context_init(c); \
} \
static void \
name##_add(void *c, const char *p, unsigned n) \
{ \
	name##_context_hashstream(c, p, n); \
} \
static void \
name##_end(void *c, unsigned long total) \
{ \
	name##_context_endstream(c, total); \
} \
static void \
name##_get(void *c, unsigned char *out) \
{ \
	name##_context_digest(c, out); \
} \
static void \
name##_set(void *c, const unsigned char *in) \
{ \
	name##_context_restore(c, in); \
}

#define LENDERS(name, size) \
static void \
name##_context_for(void (*fn)(void *, void *), void *arg) \
{ \
	struct name##_context c; \
\
	fn(&c, arg); \
} \
static void \
name##_digest_for(void (*fn)(unsigned char *, void *), void *arg) \
{ \
	unsigned char d[size]; \
\
	fn(d, arg); \
}

#define KIND(name, size) \
STEPS(name) \
LENDERS(name, size) \
struct hmac_hashinfo hmac_##name = { \
	#name, BLOCK_MAX, size, sizeof(struct name##_context), \
	name##_init, name##_add, name##_end, name##_get, name##_set, \
	name##_context_for, name##_digest_for \
};

KIND(md5, 16)
KIND(sha1, 20)
KIND(sha256, 32)

struct hmac_hashinfo *hmac_list[] = {
	&hmac_md5, &hmac_sha1, &hmac_sha256, NULL
};

static void key_state(struct hmac_hashinfo *, const char *, size_t, int,
    unsigned char *);

/* The state after the key, xor pad, in one block. */
static void
key_state(struct hmac_hashinfo *h, const char *key, size_t n, int pad,
    unsigned char *out)
{
	union any_context c;
	char block[BLOCK_MAX];
	size_t i;

	memset(block, 0, sizeof(block));
	if (n > h->hh_B) {
		h->hh_init(&c);
		h->hh_hash(&c, key, (unsigned)n);
		h->hh_endhash(&c, (unsigned long)n);
		h->hh_getdigest(&c, (unsigned char *)block);
	} else {
		memcpy(block, key, n);
	}
	for (i = 0; i < sizeof(block); i++)
		block[i] = (char)(block[i] ^ pad);
	h->hh_init(&c);
	h->hh_hash(&c, block, (unsigned)h->hh_B);
	h->hh_getdigest(&c, out);
	mem_wipe(block, sizeof(block));
	mem_wipe(&c, sizeof(c));
}

void
hmac_hashkey(struct hmac_hashinfo *h, const char *key, size_t n,
    unsigned char *outer, unsigned char *inner)
{
	key_state(h, key, n, 0x5c, outer);
	key_state(h, key, n, 0x36, inner);
}

void
hmac_hashtext(struct hmac_hashinfo *h, const char *text, size_t n,
    const unsigned char *outer, const unsigned char *inner,
    unsigned char *hmac)
{
	union any_context c;
	unsigned char d[LEN_MAX];

	h->hh_init(&c);
	h->hh_setdigest(&c, inner);
	h->hh_hash(&c, text, (unsigned)n);
	h->hh_endhash(&c, (unsigned long)(h->hh_B + n));
	h->hh_getdigest(&c, d);
	h->hh_init(&c);
	h->hh_setdigest(&c, outer);
	h->hh_hash(&c, (const char *)d, (unsigned)h->hh_L);
	h->hh_endhash(&c, (unsigned long)(h->hh_B + h->hh_L));
	h->hh_getdigest(&c, hmac);
}
