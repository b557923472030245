/* Hash table keyed by bytes, open addressing.  SPDX-License-Identifier: ISC */

#include "base/base.h"

#include "base/clock.h"
#include "base/map.h"
#include "base/mem.h"
#include "base/rand.h"

#define MAP_MIN	16

struct slot {
	char	*key;		/* NULL: never used; &deleted: was used */
	size_t	keylen;
	u32	hash;
	void	*value;
};

struct map {
	struct slot	*slots;
	size_t		size;		/* a power of two */
	size_t		used;		/* slots that are not NULL */
	size_t		count;
};

static struct slot *find(const struct map *, const void *, size_t, u32);
static void resize(struct map *, size_t);

static u64 seed(void);

static char deleted;

/* One for the life of the process. */
static u64
seed(void)
{
	static u64 value;

	while (value == 0)
		if (rand_bytes(&value, sizeof(value)) != E_OK)
			value = clock_msec() | 1;
	return value;
}

u32
map_hash(const void *key, size_t n)
{
	const u8 *p = key;
	u32 h;

	for (h = (u32)seed(); n > 0; p++, n--) {
		h = (h ^ *p) * 0x01000193U;
		h ^= h >> 15;
	}
	h *= 0x85ebca6bU;
	h ^= h >> 13;
	h *= 0xc2b2ae35U;
	return h ^ h >> 16;
}

u64
map_hash64(const void *key, size_t n)
{
	const u64 prime = (u64)0x100 << 32 | 0x1b3;
	const u64 mix = (u64)0x9e3779b9U << 32 | 0x7f4a7c15U;
	const u8 *p = key;
	u64 h;

	for (h = seed(); n > 0; p++, n--) {
		h = (h ^ *p) * prime;
		h ^= h >> 29;
	}
	h *= mix;
	return h ^ h >> 32;
}

struct map *
map_new(size_t expected)
{
	struct map *m;

	m = mem_new(sizeof(*m));
	for (m->size = MAP_MIN; m->size / 2 < expected; )
		m->size *= 2;
	m->slots = mem_array(m->size, sizeof(*m->slots));
	return m;
}

/* The slot of the key, or the unused one that ends its chain. */
static struct slot *
find(const struct map *m, const void *key, size_t keylen, u32 hash)
{
	struct slot *s;
	size_t i;

	for (i = hash & (m->size - 1); ; i = (i + 1) & (m->size - 1)) {
		s = m->slots + i;
		if (s->key == NULL)
			return s;
		if (s->hash == hash && s->keylen == keylen &&
		    s->key != &deleted && memcmp(s->key, key, keylen) == 0)
			return s;
	}
}

static void
resize(struct map *m, size_t size)
{
	struct slot *old, *s;
	size_t i, n;

	old = m->slots;
	n = m->size;
	m->size = size;
	m->slots = mem_array(size, sizeof(*m->slots));
	m->used = m->count;
	for (i = 0; i < n; i++) {
		if (old[i].key == NULL || old[i].key == &deleted)
			continue;
		s = find(m, old[i].key, old[i].keylen, old[i].hash);
		*s = old[i];
	}
	mem_free(old);
}

void *
map_get(const struct map *m, const void *key, size_t keylen)
{
	return find(m, key, keylen, map_hash(key, keylen))->value;
}

void *
map_gets(const struct map *m, const char *key)
{
	return map_get(m, key, strlen(key));
}

void *
map_put(struct map *m, const void *key, size_t keylen, void *value)
{
	struct slot *s;
	void *old;
	u32 hash;

	if ((m->used + 1) * 4 > m->size * 3)
		resize(m, m->count * 2 < m->size / 2 ? m->size : m->size * 2);
	hash = map_hash(key, keylen);
	s = find(m, key, keylen, hash);
	if (s->key == NULL) {
		s->key = mem_dup(key, keylen);
		s->keylen = keylen;
		s->hash = hash;
		m->used++;
		m->count++;
	}
	old = s->value;
	s->value = value;
	return old;
}

void *
map_puts(struct map *m, const char *key, void *value)
{
	return map_put(m, key, strlen(key), value);
}

void *
map_del(struct map *m, const void *key, size_t keylen)
{
	struct slot *s;
	void *old;

	s = find(m, key, keylen, map_hash(key, keylen));
	if (s->key == NULL)
		return NULL;
	old = s->value;
	mem_free(s->key);
	s->key = &deleted;
	s->keylen = 0;
	s->value = NULL;
	m->count--;
	return old;
}

size_t
map_count(const struct map *m)
{
	return m->count;
}

void
map_free(struct map **mm)
{
	struct map *m = *mm;
	size_t i;

	if (m == NULL)
		return;
	for (i = 0; i < m->size; i++)
		if (m->slots[i].key != &deleted)
			mem_free(m->slots[i].key);
	mem_free(m->slots);
	*mm = mem_free(m);
}
