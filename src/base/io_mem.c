/* Lowest layer: memory.  SPDX-License-Identifier: ISC */

#include "base/base.h"

#include "base/io.h"
#include "base/io_int.h"
#include "base/mem.h"
#include "base/str.h"

struct memory {
	const char	*in;
	size_t		left;
	struct str	*out;
};

static long mem_read(void *, char *, size_t, u64);
static int mem_write(void *, const char *, size_t, u64);
static int mem_flush(void *, u64);
static size_t mem_pending(void *);
static void mem_close(void *);

static const struct io_layer mem_layer = {
	mem_read,	/* read */
	mem_write,	/* write */
	mem_flush,	/* flush */
	mem_pending,	/* pending */
	mem_close	/* close */
};

static long
mem_read(void *ctx, char *buf, size_t n, u64 deadline)
{
	struct memory *m = ctx;

	(void)deadline;
	if (m->left == 0)
		return E_EOF;
	if (n > m->left)
		n = m->left;
	memcpy(buf, m->in, n);
	m->in += n;
	m->left -= n;
	return (long)n;
}

static int
mem_write(void *ctx, const char *buf, size_t n, u64 deadline)
{
	struct memory *m = ctx;

	(void)deadline;
	return m->out == NULL ? E_EOF : str_cat(m->out, buf, n);
}

static int
mem_flush(void *ctx, u64 deadline)
{
	(void)ctx;
	(void)deadline;
	return E_OK;
}

static size_t
mem_pending(void *ctx)
{
	struct memory *m = ctx;

	return m->left;
}

static void
mem_close(void *ctx)
{
	mem_free(ctx);
}

struct io *
io_mem_new(const void *in, size_t inlen, struct str *out)
{
	struct memory *m;

	m = mem_new(sizeof(*m));
	m->in = in;
	m->left = inlen;
	m->out = out;
	return io_new(&mem_layer, m, -1);
}
