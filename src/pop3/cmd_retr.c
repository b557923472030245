/* RETR, TOP.  SPDX-License-Identifier: ISC */

#include "base/base.h"

#include "base/clock.h"
#include "base/i18n.h"
#include "base/io.h"
#include "base/log.h"
#include "base/mem.h"

#include "session/sess.h"

#include "pop3/cmd.h"
#include "pop3/pop3.h"

#define READ_SIZE	65536

/* A message on its way to the client. */
struct sending {
	struct pop3	*p;
	u64		*count;		/* octets, a line end being one */
	size_t		seen;		/* octets of this line that were sent */
	int		last;		/* the last of them, or 0 */
	int		head;		/* in the header still */
	i64		lines;		/* that may follow it; -1: all */
};

static int open_message(struct pop3 *, struct pop3_msg *);
static void read_failed(struct pop3 *, const struct pop3_msg *);
static void line_over(struct sending *);
static void put_piece(struct sending *, const char *, size_t, int);
static int put_some(struct sending *, const char *, size_t);
static int send_file(struct sending *, int);
static int send_message(struct pop3 *, struct pop3_msg *, int, u64 *, int,
    i64);

/* The descriptor; negative: the reply has been given. */
static int
open_message(struct pop3 *p, struct pop3_msg *m)
{
	int fd, r;

	r = inbox_open(&p->snap, m, &fd);
	if (r == E_OK)
		return fd;
	pop3_err(p, N_("Can't open the message file - it's gone!"));
	return -1;
}

/* In the midst of an answer nothing can be said any more. */
static void
read_failed(struct pop3 *p, const struct pop3_msg *m)
{
	log_err("I/O error while reading message file cur/%s: %s", m->name,
	    strerror(errno));
	p->io_failed = TRUE;
	p->end = CLIENT_FATAL;
}

/* n bytes of a line, the last of which is its LF if `ends`. */
static void
put_piece(struct sending *t, const char *s, size_t n, int ends)
{
	struct io *io = t->p->io;
	size_t text;

	if (t->seen == 0 && *s == '.')
		io_putc(io, '.');
	text = ends ? n - 1 : n;
	if (text > 0) {
		io_put(io, s, text);
		t->last = (unsigned char)s[text - 1];
		t->seen += text;
	}
	*t->count += n;
	if (ends)
		io_puts(io, t->last == '\r' ? "\n" : "\r\n");
}

/* A line is complete: in the header the first empty one ends that. */
static void
line_over(struct sending *t)
{
	if (!t->head && t->lines > 0)
		t->lines--;
	if (t->seen == 0 || (t->seen == 1 && t->last == '\r'))
		t->head = FALSE;
	t->seen = 0;
	t->last = 0;
}

/* FALSE: TOP has all that it shall show. */
static int
put_some(struct sending *t, const char *s, size_t n)
{
	const char *lf;
	size_t len;

	for (; n > 0; s += len, n -= len) {
		if (!t->head && t->lines == 0)
			return FALSE;
		lf = memchr(s, '\n', n);
		len = lf == NULL ? n : (size_t)(lf - s) + 1;
		put_piece(t, s, len, lf != NULL);
		if (lf != NULL)
			line_over(t);
	}
	return TRUE;
}

/* Returns E_TEMP if it cannot be read to its end. */
static int
send_file(struct sending *t, int fd)
{
	struct io *io = t->p->io;
	char *buf;
	long n;

	buf = mem_array(1, READ_SIZE);
	while ((n = (long)read(fd, buf, READ_SIZE)) != 0) {
		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0 || !put_some(t, buf, (size_t)n))
			break;
		/* A client that takes its time is no idle one. */
		io_set_deadline(io, clock_deadline(POP3_IDLE_MAX));
		if (io_error(io) != E_OK)
			break;
	}
	mem_free(buf);
	if (n < 0)
		return E_TEMP;
	if (t->seen > 0) {
		io_puts(io, "\r\n");
		++*t->count;
	}
	io_puts(io, ".\r\n");
	return E_OK;
}

static int
send_message(struct pop3 *p, struct pop3_msg *m, int fd, u64 *count,
    int head, i64 lines)
{
	struct sending t;

	memset(&t, 0, sizeof(t));
	t.p = p;
	t.count = count;
	t.head = head;
	t.lines = lines;
	if (send_file(&t, fd) == E_OK)
		return TRUE;
	read_failed(p, m);
	return FALSE;
}

/*
 * retr-response = "+OK" SP octets SP "octets follow." CRLF message "." CRLF
 * The octets are counted, because another program may have changed the file,
 * or have counted otherwise.
 */
void
pop3_cmd_retr(struct pop3 *p)
{
	struct pop3_msg *m;
	int fd;

	m = pop3_message(p, pop3_word(p));
	fd = m == NULL ? -1 : open_message(p, m);
	if (fd < 0)
		return;
	if (inbox_measure(fd, &m->size, NULL) != E_OK ||
	    lseek(fd, 0, SEEK_SET) < 0) {
		read_failed(p, m);
	} else {
		io_puts(p->io, "+OK ");
		io_put_u64(p->io, m->size);
		io_putc(p->io, ' ');
		io_puts(p->io, pop3_text(p, N_("octets follow.")));
		io_puts(p->io, "\r\n");
		if (send_message(p, m, fd, &p->retr, FALSE, -1))
			inbox_seen(&p->snap, m);
	}
	close(fd);
}

/* Courier's: what is no number is 0. */
void
pop3_cmd_top(struct pop3 *p)
{
	struct pop3_msg *m;
	const char *lines;
	i64 n;
	int fd;

	m = pop3_message(p, pop3_word(p));
	if (m == NULL)
		return;
	lines = pop3_word(p);
	n = lines == NULL ? -1 : pop3_number(lines);
	if (n < 0) {
		pop3_invalid(p);
		return;
	}
	fd = open_message(p, m);
	if (fd < 0)
		return;
	pop3_ok(p, N_("headers follow."));
	(void)send_message(p, m, fd, &p->top, TRUE, n);
	close(fd);
}
