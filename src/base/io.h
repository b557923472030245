/* Buffered stream with a deadline.  SPDX-License-Identifier: ISC */

#ifndef BASE_IO_H
#define BASE_IO_H

struct io;
struct str;

/*
 * A stream stands on a stack of layers; the lowest moves bytes (file
 * descriptors, memory), others transform them (deflate, tee). Users of the
 * stream see none of this. Reads block until the deadline; E_TIMEOUT once it
 * has passed, E_EOF at the end, E_TEMP for system errors (errno kept).
 */

/*
 * A layer's functions. `read` returns the number of bytes (> 0), or E_EOF,
 * E_TIMEOUT, E_TEMP; `write` writes all or fails; `flush` pushes what the
 * layer itself holds; `pending` tells how many bytes a read would give without
 * waiting for the descriptor below; `close` frees ctx. Positional, new
 * members last.
 */
struct io_layer {
	long	(*read)(void *ctx, char *, size_t, u64 deadline);
	int	(*write)(void *ctx, const char *, size_t, u64 deadline);
	int	(*flush)(void *ctx, u64 deadline);
	size_t	(*pending)(void *ctx);
	void	(*close)(void *ctx);
};

#define IO_BUF_SIZE	16384

/* Streams. Descriptors are not closed by io_free. -1: no such side. */
struct io *io_fd_new(int rfd, int wfd);
struct io *io_mem_new(const void *in, size_t inlen, struct str *out);
void	io_free(struct io **);			/* does not flush */

/*
 * Streams of descriptors wait no longer once stop() is TRUE, which is asked
 * after each caught signal (sig.h): reading gives E_EOF, and so does writing
 * what the other side does not take. NULL: signals do not matter (again).
 */
void	io_fd_stop_on(int (*stop)(void));

/* Puts a layer on top; it reaches the one below by io_below_*. */
void	io_push(struct io *, const struct io_layer *, void *ctx);
long	io_below_read(struct io *, const void *ctx, char *, size_t, u64);
int	io_below_write(struct io *, const void *ctx, const char *, size_t,
	    u64);

/* A copy of all traffic to fd (debug files). */
void	io_tee(struct io *, int fd);

/* Reading. The deadline is a clock_msec value, 0 for none. */
void	io_set_deadline(struct io *, u64);

/* One byte, or a negative E_*. io_peek does not take it. */
int	io_getc(struct io *);
int	io_peek(struct io *);

/*
 * Appends one line to out, without its LF or CRLF. E_TOOBIG if the line is
 * longer than max: the rest of that line is then still unread (io_skip_line).
 * E_EOF also when the last line lacks its LF (its bytes are in out).
 */
int	io_get_line(struct io *, size_t max, struct str *out);
int	io_skip_line(struct io *);

/* 1 to n bytes, as many as are at hand; or a negative E_*. */
long	io_read(struct io *, void *, size_t n);
int	io_read_full(struct io *, void *, size_t n);

/* What is buffered: lets parsers look without copying. Never waits unless
   nothing is buffered (io_fill). io_take consumes. */
int	io_fill(struct io *);			/* E_OK: something is there */
const char *io_peek_buf(struct io *, size_t *out_len);
void	io_take(struct io *, size_t n);

/* Puts n bytes (at most IO_BUF_SIZE, before anything was read) in front of
   the input. E_TOOBIG. */
int	io_unread(struct io *, const void *, size_t n);

/* TRUE if input is buffered, so that poll on the descriptor would mislead. */
int	io_has_input(struct io *);
void	io_discard_input(struct io *);

/* Waits until input is there: E_OK, E_TIMEOUT (ms over; -1 for ever), or
   1 if extra_fd (>= 0) became readable first. */
int	io_wait(struct io *, int extra_fd, int ms);

/*
 * Writing. Errors stick: later calls return the first one, so that a handler
 * may write on and look at io_flush.
 */
int	io_put(struct io *, const void *, size_t);
int	io_puts(struct io *, const char *);
int	io_putc(struct io *, int);
int	io_putf(struct io *, const char *, ...) PRINTFLIKE(2, 3);
int	io_put_u32(struct io *, u32);
int	io_put_u64(struct io *, u64);
int	io_flush(struct io *);
int	io_error(const struct io *);		/* sticky write error or E_OK */

/* Bytes that passed since the stream was made. */
u64	io_count_in(const struct io *);
u64	io_count_out(const struct io *);

#endif
