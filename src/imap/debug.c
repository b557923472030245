/* IMAPDEBUGFILE: the dialogue, in Courier's words (maildir.md 9.2).
   SPDX-License-Identifier: ISC */

/*
 * A layer of the stream, so that the parser need not know. It takes its own
 * view of tokens, which is good enough to read; commands that were sent
 * together are written down before the first answer.
 */

#include "base/base.h"

#include "base/ascii.h"
#include "base/file.h"
#include "base/io.h"
#include "base/mem.h"
#include "base/num.h"
#include "base/str.h"

#include "imap/debug.h"

#define TOKEN_MAX	((size_t)8192)	/* the rest of a longer one is lost */

enum state { IN_SPACE, IN_ATOM, IN_QUOTED, IN_ESCAPE, IN_SIZE, IN_LITERAL };

struct debug {
	struct io	*io;
	int		fd;
	enum state	state;
	struct str	token;
	struct str	out;
	int		section;	/* inside BODY[...] */
	u64		literal;	/* octets still to come */
};

static long debug_read(void *, char *, size_t, u64);
static int debug_write(void *, const char *, size_t, u64);
static int debug_flush(void *, u64);
static size_t debug_pending(void *);
static void debug_close(void *);
static void say(struct debug *, const char *, int);
static void end_atom(struct debug *);
static int special(struct debug *, int);
static void in_text(struct debug *, int);
static void take(struct debug *, int);

static const struct io_layer debug_layer = {
	debug_read,	/* read */
	debug_write,	/* write */
	debug_flush,	/* flush */
	debug_pending,	/* pending */
	debug_close	/* close */
};

static void
say(struct debug *d, const char *what, int with_token)
{
	str_cats(&d->out, "READ: ");
	str_cats(&d->out, what);
	if (with_token)
		str_catstr(&d->out, &d->token);
	str_catc(&d->out, '\n');
}

static void
end_atom(struct debug *d)
{
	const char *s = str_c(&d->token);

	if (d->state == IN_ATOM && ascii_casecmp(s, "NIL") == 0)
		say(d, "NIL", FALSE);
	else if (d->state == IN_ATOM && s[strspn(s, "0123456789")] == '\0')
		say(d, "NUMBER: ", TRUE);
	else if (d->state == IN_ATOM)
		say(d, "ATOM: ", TRUE);
	str_reset(&d->token);
	d->state = IN_SPACE;
}

/* A byte that is a token by itself. */
static int
special(struct debug *d, int c)
{
	int opens;

	opens = c == '[' && d->token.len >= 4 &&
	    ascii_memcasecmp(str_c(&d->token), "BODY", 4) == 0;
	if (c != '(' && c != ')' && !opens && !(c == ']' && d->section))
		return FALSE;
	end_atom(d);
	say(d, c == '(' ? "LPAREN" : c == ')' ? "RPAREN" :
	    opens ? "LBRACKET" : "RBRACKET", FALSE);
	if (c == '[' || c == ']')
		d->section = opens;
	return TRUE;
}

/* Outside of strings. */
static void
in_text(struct debug *d, int c)
{
	if (c == '\n') {
		end_atom(d);
		say(d, "EOL", FALSE);
		d->section = FALSE;
	} else if (c == ' ' || c == '\r') {
		end_atom(d);
	} else if (c == '"' && d->state == IN_SPACE) {
		d->state = IN_QUOTED;
	} else if (c == '{' && d->state == IN_SPACE) {
		d->state = IN_SIZE;
	} else if (!special(d, c)) {
		str_catc(&d->token, c);
		d->state = IN_ATOM;
	}
}

static void
take(struct debug *d, int c)
{
	switch (d->state) {
	case IN_LITERAL:
		if (--d->literal == 0)
			d->state = IN_SPACE;
		break;
	case IN_ESCAPE:
		str_catc(&d->token, c);
		d->state = IN_QUOTED;
		break;
	case IN_QUOTED:
		if (c == '\\') {
			d->state = IN_ESCAPE;
		} else if (c == '"' || c == '\n') {
			say(d, "QUOTED_STRING: ", TRUE);
			end_atom(d);
		} else {
			str_catc(&d->token, c);
		}
		break;
	case IN_SIZE:
		if (c != '\n') {
			str_catc(&d->token, c);
			break;
		}
		d->literal = 0;
		(void)num_scan_u64(str_c(&d->token), d->token.len,
		    &d->literal);
		str_trunc(&d->token, strspn(str_c(&d->token), "0123456789"));
		str_catc(&d->token, '}');
		say(d, "{", TRUE);
		end_atom(d);
		d->state = d->literal > 0 ? IN_LITERAL : IN_SPACE;
		break;
	default:
		in_text(d, c);
		break;
	}
}

static long
debug_read(void *ctx, char *buf, size_t n, u64 deadline)
{
	struct debug *d = ctx;
	long got, i;

	got = io_below_read(d->io, d, buf, n, deadline);
	for (i = 0; i < got; i++)
		take(d, (unsigned char)buf[i]);
	if (d->out.len > 0)
		(void)file_write_all(d->fd, str_c(&d->out), d->out.len);
	str_reset(&d->out);
	return got;
}

static int
debug_write(void *ctx, const char *buf, size_t n, u64 deadline)
{
	struct debug *d = ctx;

	(void)file_write_all(d->fd, "WRITE: ", 7);
	(void)file_write_all(d->fd, buf, n);
	return io_below_write(d->io, d, buf, n, deadline);
}

static int
debug_flush(void *ctx, u64 deadline)
{
	(void)ctx;
	(void)deadline;
	return E_OK;
}

static size_t
debug_pending(void *ctx)
{
	(void)ctx;
	return 0;
}

static void
debug_close(void *ctx)
{
	struct debug *d = ctx;

	str_free(&d->token);
	str_free(&d->out);
	close(d->fd);
	mem_free(d);
}

void
imap_debug(struct io *io, int fd)
{
	struct debug *d;

	d = mem_new(sizeof(*d));
	d->io = io;
	d->fd = fd;
	str_init(&d->token, TOKEN_MAX);
	str_init(&d->out, 0);
	io_push(io, &debug_layer, d);
}
