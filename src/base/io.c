/* Buffered stream on a stack of layers.  SPDX-License-Identifier: ISC */

#include "base/base.h"

#include <poll.h>

#include "base/clock.h"
#include "base/io.h"
#include "base/io_int.h"
#include "base/log.h"
#include "base/mem.h"
#include "base/num.h"
#include "base/str.h"

static int room(struct io *);
static int depth_of(const struct io *, const void *);
static void out_error(struct io *, int);

struct io *
io_new(const struct io_layer *layer, void *ctx, int rfd)
{
	struct io *io;

	io = mem_grow(NULL, 1, sizeof(*io));
	memset(io, 0, offsetof(struct io, in));
	io->rfd = rfd;
	io_push(io, layer, ctx);
	return io;
}

void
io_free(struct io **pp)
{
	struct io *io = *pp;

	if (io == NULL)
		return;
	while (io->depth > 0) {
		io->depth--;
		io->layers[io->depth].fn->close(io->layers[io->depth].ctx);
	}
	mem_wipe(io->in, io->in_used);	/* passwords go through it */
	mem_wipe(io->out, io->out_used);
	*pp = mem_free(io);
}

void
io_push(struct io *io, const struct io_layer *layer, void *ctx)
{
	if (io->depth == IO_DEPTH_MAX)
		log_panic("io_push: too many layers");
	io->layers[io->depth].fn = layer;
	io->layers[io->depth].ctx = ctx;
	io->depth++;
}

/* How many layers are below the one with this context. */
static int
depth_of(const struct io *io, const void *ctx)
{
	int i;

	for (i = io->depth - 1; i > 0; i--)
		if (io->layers[i].ctx == ctx)
			return i;
	log_panic("io: a layer without one below");
	return 0;
}

long
io_below_read(struct io *io, const void *ctx, char *buf, size_t n,
    u64 deadline)
{
	int i;

	i = depth_of(io, ctx) - 1;
	return io->layers[i].fn->read(io->layers[i].ctx, buf, n, deadline);
}

int
io_below_write(struct io *io, const void *ctx, const char *buf, size_t n,
    u64 deadline)
{
	int i;

	i = depth_of(io, ctx) - 1;
	return io->layers[i].fn->write(io->layers[i].ctx, buf, n, deadline);
}

void
io_set_deadline(struct io *io, u64 deadline)
{
	io->deadline = deadline;
}

/* ---- reading ------------------------------------------------------------ */

int
io_fill(struct io *io)
{
	long n;
	int top;

	if (io->in_pos < io->in_len)
		return E_OK;
	top = io->depth - 1;
	n = io->layers[top].fn->read(io->layers[top].ctx, io->in,
	    sizeof(io->in), io->deadline);
	if (n <= 0)
		return n == 0 ? E_EOF : (int)n;
	io->in_pos = 0;
	io->in_len = (size_t)n;
	if (io->in_used < io->in_len)
		io->in_used = io->in_len;
	io->count_in += (u64)n;
	return E_OK;
}

int
io_peek(struct io *io)
{
	int r;

	r = io_fill(io);
	return r != E_OK ? r : (unsigned char)io->in[io->in_pos];
}

int
io_getc(struct io *io)
{
	int c;

	c = io_peek(io);
	if (c >= 0)
		io->in_pos++;
	return c;
}

const char *
io_peek_buf(struct io *io, size_t *out_len)
{
	*out_len = io->in_len - io->in_pos;
	return io->in + io->in_pos;
}

void
io_take(struct io *io, size_t n)
{
	io->in_pos += n;
}

int
io_get_line(struct io *io, size_t max, struct str *out)
{
	const char *p, *lf;
	size_t n, start;
	int r;

	for (start = out->len; ; ) {
		r = io_fill(io);
		if (r != E_OK)
			return r;
		p = io_peek_buf(io, &n);
		lf = memchr(p, '\n', n);
		if (lf != NULL)
			n = (size_t)(lf - p);
		if (out->len - start + n > max)
			return E_TOOBIG;
		if (str_cat(out, p, n) != E_OK)
			return E_TOOBIG;
		io_take(io, lf != NULL ? n + 1 : n);
		if (lf != NULL)
			break;
	}
	if (out->len > start && out->data[out->len - 1] == '\r')
		str_trunc(out, out->len - 1);
	return E_OK;
}

int
io_skip_line(struct io *io)
{
	const char *p, *lf;
	size_t n;
	int r;

	do {
		r = io_fill(io);
		if (r != E_OK)
			return r;
		p = io_peek_buf(io, &n);
		lf = memchr(p, '\n', n);
		io_take(io, lf != NULL ? (size_t)(lf - p) + 1 : n);
	} while (lf == NULL);
	return E_OK;
}

long
io_read(struct io *io, void *buf, size_t n)
{
	size_t have;
	int r;

	r = io_fill(io);
	if (r != E_OK)
		return r;
	have = io->in_len - io->in_pos;
	if (n > have)
		n = have;
	memcpy(buf, io->in + io->in_pos, n);
	io->in_pos += n;
	return (long)n;
}

int
io_read_full(struct io *io, void *buf, size_t n)
{
	char *p = buf;
	long got;

	for (; n > 0; p += got, n -= (size_t)got) {
		got = io_read(io, p, n);
		if (got <= 0)
			return (int)got;
	}
	return E_OK;
}

int
io_unread(struct io *io, const void *data, size_t n)
{
	if (n > sizeof(io->in) || io->in_len > io->in_pos)
		return E_TOOBIG;
	if (n > 0)
		memcpy(io->in, data, n);
	io->in_pos = 0;
	io->in_len = n;
	if (io->in_used < n)
		io->in_used = n;
	io->count_in += n;
	return E_OK;
}

int
io_has_input(struct io *io)
{
	int top;

	if (io->in_pos < io->in_len)
		return TRUE;
	top = io->depth - 1;
	return io->layers[top].fn->pending(io->layers[top].ctx) > 0;
}

void
io_discard_input(struct io *io)
{
	io->in_pos = io->in_len = 0;
}

int
io_wait(struct io *io, int extra_fd, int ms)
{
	struct pollfd p[2];
	u64 end;
	int n;

	if (io_has_input(io))
		return E_OK;
	end = ms < 0 ? 0 : clock_msec() + (u64)ms;
	p[0].fd = io->rfd;
	p[0].events = POLLIN;
	p[1].fd = extra_fd;
	p[1].events = POLLIN;
	for (;;) {
		p[0].revents = p[1].revents = 0;
		n = poll(p, extra_fd < 0 ? 1 : 2, clock_left(end));
		if (n == 0)
			return E_TIMEOUT;
		if (n < 0 && errno != EINTR && errno != EAGAIN)
			return E_TEMP;
		if (n > 0)
			return p[0].revents != 0 ? E_OK : 1;
	}
}

/* ---- writing ------------------------------------------------------------ */

static void
out_error(struct io *io, int r)
{
	if (io->error == E_OK)
		io->error = r;
}

/* Empties the output buffer into the top layer. */
static int
room(struct io *io)
{
	int top, r;

	if (io->out_len == 0 || io->error != E_OK)
		return io->error;
	top = io->depth - 1;
	r = io->layers[top].fn->write(io->layers[top].ctx, io->out,
	    io->out_len, io->deadline);
	io->out_len = 0;
	if (r != E_OK)
		out_error(io, r);
	return io->error;
}

int
io_put(struct io *io, const void *data, size_t n)
{
	int top, r;

	io->count_out += n;
	if (n > sizeof(io->out) - io->out_len && room(io) != E_OK)
		return io->error;
	if (n <= sizeof(io->out) - io->out_len) {
		if (n > 0)
			memcpy(io->out + io->out_len, data, n);
		io->out_len += n;
		if (io->out_used < io->out_len)
			io->out_used = io->out_len;
		return io->error;
	}
	top = io->depth - 1;
	r = io->layers[top].fn->write(io->layers[top].ctx, data, n,
	    io->deadline);
	if (r != E_OK)
		out_error(io, r);
	return io->error;
}

int
io_puts(struct io *io, const char *s)
{
	return io_put(io, s, strlen(s));
}

int
io_putc(struct io *io, int c)
{
	char ch;

	ch = (char)c;
	return io_put(io, &ch, 1);
}

int
io_putf(struct io *io, const char *f, ...)
{
	struct str_va v;
	struct str s;
	int r;

	str_init(&s, 0);
	va_start(v.ap, f);
	r = str_vcatf(&s, f, &v.ap);
	va_end(v.ap);
	if (r != E_OK)
		out_error(io, r);
	else
		io_put(io, str_c(&s), s.len);
	str_free(&s);
	return io->error;
}

int
io_put_u64(struct io *io, u64 n)
{
	char buf[NUM_BUF];

	return io_put(io, buf, num_u64(buf, n));
}

int
io_put_u32(struct io *io, u32 n)
{
	return io_put_u64(io, n);
}

int
io_flush(struct io *io)
{
	int i, r;

	room(io);
	for (i = io->depth - 1; i >= 0 && io->error == E_OK; i--) {
		r = io->layers[i].fn->flush(io->layers[i].ctx, io->deadline);
		if (r != E_OK)
			out_error(io, r);
	}
	return io->error;
}

int
io_error(const struct io *io)
{
	return io->error;
}

u64
io_count_in(const struct io *io)
{
	return io->count_in - (io->in_len - io->in_pos);
}

u64
io_count_out(const struct io *io)
{
	return io->count_out;
}
