/* Layer that copies all traffic to a file.  SPDX-License-Identifier: ISC */

#include "base/base.h"

#include "base/file.h"
#include "base/io.h"
#include "base/mem.h"

struct tee {
	struct io	*io;
	int		fd;
};

static long tee_read(void *, char *, size_t, u64);
static int tee_write(void *, const char *, size_t, u64);
static int tee_flush(void *, u64);
static size_t tee_pending(void *);
static void tee_close(void *);

static const struct io_layer tee_layer = {
	tee_read,	/* read */
	tee_write,	/* write */
	tee_flush,	/* flush */
	tee_pending,	/* pending */
	tee_close	/* close */
};

static long
tee_read(void *ctx, char *buf, size_t n, u64 deadline)
{
	struct tee *t = ctx;
	long got;

	got = io_below_read(t->io, t, buf, n, deadline);
	if (got > 0)
		file_write_all(t->fd, buf, (size_t)got);
	return got;
}

static int
tee_write(void *ctx, const char *buf, size_t n, u64 deadline)
{
	struct tee *t = ctx;

	file_write_all(t->fd, buf, n);
	return io_below_write(t->io, t, buf, n, deadline);
}

static int
tee_flush(void *ctx, u64 deadline)
{
	(void)ctx;
	(void)deadline;
	return E_OK;
}

static size_t
tee_pending(void *ctx)
{
	(void)ctx;
	return 0;
}

static void
tee_close(void *ctx)
{
	mem_free(ctx);
}

void
io_tee(struct io *io, int fd)
{
	struct tee *t;

	t = mem_new(sizeof(*t));
	t->io = io;
	t->fd = fd;
	io_push(io, &tee_layer, t);
}
