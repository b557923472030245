/* base/io.  SPDX-License-Identifier: ISC */

#include "base/base.h"

#include <sys/socket.h>

#include "base/clock.h"
#include "base/file.h"
#include "base/io.h"
#include "base/mem.h"
#include "base/str.h"

#include "t.h"

static void lines(void);
static void writing(void);
static void deadlines(void);

static void
lines(void)
{
	struct str line;
	struct io *io;

	io = io_mem_new("one\r\ntwo\nlonger line\nend", 24, NULL);
	str_init(&line, 0);
	T_INT(io_get_line(io, 10, &line), E_OK);
	T_STR(str_c(&line), "one");
	str_reset(&line);
	T_INT(io_get_line(io, 10, &line), E_OK);
	T_STR(str_c(&line), "two");
	str_reset(&line);
	T_INT(io_get_line(io, 5, &line), E_TOOBIG);
	T_INT(io_skip_line(io), E_OK);
	str_reset(&line);
	T_INT(io_get_line(io, 10, &line), E_EOF);
	T_STR(str_c(&line), "end");
	T_INT(io_count_in(io), 24);
	T_INT(io_getc(io), E_EOF);
	str_free(&line);
	io_free(&io);
}

static void
writing(void)
{
	struct str out;
	struct io *io;
	char *big;
	size_t n = 3 * IO_BUF_SIZE + 7;

	big = mem_array(n, 1);
	memset(big, 'x', n);
	str_init(&out, 0);
	io = io_mem_new("", 0, &out);
	io_puts(io, "a");
	io_put(io, big, n);
	io_putf(io, "%d", 42);
	T_INT(io_flush(io), E_OK);
	T_INT(out.len, n + 3);
	T_STR(out.data + n, "x42");
	T_INT(io_count_out(io), n + 3);
	io_free(&io);
	str_free(&out);

	str_init(&out, 4);
	io = io_mem_new("", 0, &out);
	io_put(io, big, n);
	T_INT(io_error(io), E_TOOBIG);
	T_INT(io_puts(io, "b"), E_TOOBIG);
	io_free(&io);
	str_free(&out);
	mem_free(big);
}

/* A peer that neither writes nor reads must not hold us. */
static void
deadlines(void)
{
	struct io *io;
	char *big;
	int sv[2];
	u64 start;

	T_INT(socketpair(AF_UNIX, SOCK_STREAM, 0, sv), 0);
	io = io_fd_new(sv[0], sv[0]);
	start = clock_msec();
	io_set_deadline(io, start + 100);
	T_INT(io_getc(io), E_TIMEOUT);
	T_OK(clock_msec() - start >= 100);
	io_set_deadline(io, clock_msec() + 200);
	big = mem_array(1024, 16384);
	T_INT(io_put(io, big, (size_t)1024 * 16384), E_TIMEOUT);
	T_OK(clock_msec() - start < 5000);
	T_INT(io_wait(io, -1, 20), E_TIMEOUT);
	T_INT(file_write_all(sv[1], "x", 1), E_OK);
	T_INT(io_wait(io, -1, 1000), E_OK);
	close(sv[1]);
	io_set_deadline(io, 0);
	T_INT(io_getc(io), 'x');
	T_INT(io_getc(io), E_EOF);
	io_free(&io);
	close(sv[0]);
	mem_free(big);
}

int
main(void)
{
	lines();
	writing();
	deadlines();
	return t_done();
}
