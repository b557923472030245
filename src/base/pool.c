/* Arena of memory that is freed at once.  SPDX-License-Identifier: ISC */

#include "base/base.h"

#include "base/log.h"
#include "base/mem.h"
#include "base/pool.h"

#define POOL_BLOCK	8192	/* an ordinary block, header included */
#define POOL_BIG	2048	/* from here on an object has its own block */

union align {
	long	l;
	double	d;
	void	*p;
	u64	u;
};

struct block {
	struct block	*next;
	size_t		size;		/* usable bytes */
	size_t		used;
	union align	data[1];	/* the bytes go on past the end */
};

#define BLOCK_HEAD	offsetof(struct block, data)

struct pool {
	struct block	*cur;		/* ordinary blocks, newest first */
	struct block	*big;		/* objects with a block each */
	size_t		total;
};

static struct block *block_new(size_t);
static void blocks_free(struct block *);

static struct block *
block_new(size_t size)
{
	struct block *b;

	if (size > (size_t)-1 - BLOCK_HEAD)
		die("out of memory");
	b = mem_grow(NULL, 1, BLOCK_HEAD + size);
	b->next = NULL;
	b->size = size;
	b->used = 0;
	return b;
}

static void
blocks_free(struct block *b)
{
	struct block *next;

	for (; b != NULL; b = next) {
		next = b->next;
		mem_free(b);
	}
}

struct pool *
pool_new(void)
{
	return mem_new(sizeof(struct pool));
}

void *
pool_alloc(struct pool *p, size_t size)
{
	struct block *b;
	char *data;

	if (size > (size_t)-1 / 2)
		die("out of memory");
	size = (size + sizeof(union align) - 1) / sizeof(union align) *
	    sizeof(union align);
	if (size == 0)
		size = sizeof(union align);
	p->total += size;
	if (size >= POOL_BIG) {
		b = block_new(size);
		b->next = p->big;
		p->big = b;
	} else {
		b = p->cur;
		if (b == NULL || b->size - b->used < size) {
			b = block_new(POOL_BLOCK - BLOCK_HEAD);
			b->next = p->cur;
			p->cur = b;
		}
	}
	data = (char *)b->data + b->used;
	b->used += size;
	memset(data, 0, size);
	return data;
}

void *
pool_array(struct pool *p, size_t n, size_t size)
{
	if (size != 0 && n > (size_t)-1 / size)
		die("out of memory");
	return pool_alloc(p, n * size);
}

char *
pool_strndup(struct pool *p, const char *s, size_t n)
{
	char *copy;

	copy = pool_alloc(p, n + 1);
	if (n > 0)
		memcpy(copy, s, n);
	return copy;
}

char *
pool_strdup(struct pool *p, const char *s)
{
	return pool_strndup(p, s, strlen(s));
}

void
pool_reset(struct pool *p)
{
	blocks_free(p->big);
	p->big = NULL;
	if (p->cur != NULL) {
		blocks_free(p->cur->next);
		p->cur->next = NULL;
		p->cur->used = 0;
	}
	p->total = 0;
}

size_t
pool_used(const struct pool *p)
{
	return p->total;
}

void
pool_free(struct pool **pp)
{
	if (*pp == NULL)
		return;
	blocks_free((*pp)->big);
	blocks_free((*pp)->cur);
	*pp = mem_free(*pp);
}
