/* Digests in contexts that callers keep.  SPDX-License-Identifier: ISC */

#include "base/base.h"

#include "authdaemon/digest_block.h"
#include "authlib/helpers.h"

/* What is different between them. Words are of 32 bits but for SHA-512. */
struct kind {
	size_t	block, words, word;	/* bytes, words, bytes */
	int	little;			/* TRUE: low byte first */
	void	(*step32)(u32 *, const unsigned char *);
	void	(*step64)(u64 *, const unsigned char *);
};

static const struct kind md5_kind = { 64, 4, 4, TRUE, digest_md5_block,
    NULL };
static const struct kind sha1_kind = { 64, 5, 4, FALSE, digest_sha1_block,
    NULL };
static const struct kind sha256_kind = { 64, 8, 4, FALSE,
    digest_sha256_block, NULL };
static const struct kind sha512_kind = { 128, 8, 8, FALSE, NULL,
    digest_sha512_block };

static unsigned int byte_at(const struct kind *, size_t);
static void step(const struct kind *, void *, const unsigned char *);
static void stream(const struct kind *, void *, unsigned char *,
    unsigned int *, const unsigned char *, size_t);
static void finish(const struct kind *, void *, unsigned char *,
    unsigned int *, unsigned long);
static void save(const struct kind *, const void *, unsigned char *);
static void load(const struct kind *, void *, const unsigned char *);

static void
step(const struct kind *k, void *h, const unsigned char *block)
{
	if (k->step32 != NULL)
		k->step32(h, block);
	else
		k->step64(h, block);
}

static void
stream(const struct kind *k, void *h, unsigned char *block,
    unsigned int *used, const unsigned char *p, size_t n)
{
	size_t m;

	while (n > 0) {
		m = k->block - *used;
		if (m > n)
			m = n;
		memcpy(block + *used, p, m);
		*used += (unsigned int)m;
		p += m;
		n -= m;
		if (*used == k->block) {
			step(k, h, block);
			*used = 0;
		}
	}
}

/* A 1 bit, zeros, and the number of bits in twice a word. */
static void
finish(const struct kind *k, void *h, unsigned char *block,
    unsigned int *used, unsigned long total)
{
	static const unsigned char pad[128] = { 0x80 };
	unsigned char bits[16];
	size_t n = 2 * k->word, i;
	u64 v = (u64)total << 3, high = (u64)total >> 61;
	size_t fill = k->block - n;

	fill = *used < fill ? fill - *used : fill + k->block - *used;
	stream(k, h, block, used, pad, fill);
	memset(bits, 0, sizeof(bits));
	for (i = 0; i < 8; i++)
		bits[k->little ? i : n - 1 - i] =
		    (unsigned char)(v >> 8 * i & 255);
	if (n > 8)
		bits[n - 9] = (unsigned char)high;
	stream(k, h, block, used, bits, n);
}

/* How far byte i of a word is from its low end, in bits. */
static unsigned int
byte_at(const struct kind *k, size_t i)
{
	return (unsigned int)(8 * (k->little ? i : k->word - 1 - i));
}

static void
save(const struct kind *k, const void *h, unsigned char *out)
{
	size_t w, i;
	u64 v;

	for (w = 0; w < k->words; w++) {
		v = k->word == 4 ? ((const u32 *)h)[w] : ((const u64 *)h)[w];
		for (i = 0; i < k->word; i++)
			*out++ = (unsigned char)(v >> byte_at(k, i) & 255);
	}
}

static void
load(const struct kind *k, void *h, const unsigned char *in)
{
	size_t w, i;
	u64 v;

	for (w = 0; w < k->words; w++) {
		for (v = 0, i = 0; i < k->word; i++)
			v |= (u64)*in++ << byte_at(k, i);
		if (k->word == 4)
			((u32 *)h)[w] = (u32)v;
		else
			((u64 *)h)[w] = v;
	}
}

#define TAKE(name) \
void \
name##_context_hash(struct name##_context *c, const unsigned char *block) \
{ \
	step(&name##_kind, c->h, block); \
} \
void \
name##_context_hashstream(struct name##_context *c, const void *p, \
    unsigned int n) \
{ \
	stream(&name##_kind, c->h, c->block, &c->used, p, n); \
}

#define END(name) \
void \
name##_context_endstream(struct name##_context *c, unsigned long total) \
{ \
	finish(&name##_kind, c->h, c->block, &c->used, total); \
} \
void \
name##_context_digest(struct name##_context *c, unsigned char *out) \
{ \
	save(&name##_kind, c->h, out); \
} \
void \
name##_context_restore(struct name##_context *c, const unsigned char *in) \
{ \
	load(&name##_kind, c->h, in); \
	c->used = 0; \
}

#define AT_ONCE(name) \
void \
name##_digest(const void *p, unsigned int n, unsigned char *out) \
{ \
	struct name##_context c; \
\
	name##_context_init(&c); \
	name##_context_hashstream(&c, p, n); \
	name##_context_endstream(&c, n); \
	name##_context_digest(&c, out); \
}

#define FUNCTIONS(name)	TAKE(name) END(name) AT_ONCE(name)
FUNCTIONS(md5)
FUNCTIONS(sha1)
FUNCTIONS(sha256)
FUNCTIONS(sha512)

/* The states that they begin with, as digests (RFC 1321, RFC 6234). */

void
md5_context_init(struct md5_context *c)
{
	md5_context_restore(c, (const unsigned char *)
	    "\x01\x23\x45\x67\x89\xab\xcd\xef\xfe\xdc\xba\x98\x76\x54\x32"
	    "\x10");
}

void
sha1_context_init(struct sha1_context *c)
{
	sha1_context_restore(c, (const unsigned char *)
	    "\x67\x45\x23\x01\xef\xcd\xab\x89\x98\xba\xdc\xfe\x10\x32\x54"
	    "\x76\xc3\xd2\xe1\xf0");
}

void
sha256_context_init(struct sha256_context *c)
{
	sha256_context_restore(c, (const unsigned char *)
	    "\x6a\x09\xe6\x67\xbb\x67\xae\x85\x3c\x6e\xf3\x72\xa5\x4f\xf5"
	    "\x3a\x51\x0e\x52\x7f\x9b\x05\x68\x8c\x1f\x83\xd9\xab\x5b\xe0"
	    "\xcd\x19");
}

void
sha512_context_init(struct sha512_context *c)
{
	sha512_context_restore(c, (const unsigned char *)
	    "\x6a\x09\xe6\x67\xf3\xbc\xc9\x08\xbb\x67\xae\x85\x84\xca\xa7"
	    "\x3b\x3c\x6e\xf3\x72\xfe\x94\xf8\x2b\xa5\x4f\xf5\x3a\x5f\x1d"
	    "\x36\xf1\x51\x0e\x52\x7f\xad\xe6\x82\xd1\x9b\x05\x68\x8c\x2b"
	    "\x3e\x6c\x1f\x1f\x83\xd9\xab\xfb\x41\xbd\x6b\x5b\xe0\xcd\x19"
	    "\x13\x7e\x21\x79");
}
