/* Replies and arguments.  SPDX-License-Identifier: ISC */

#include "base/base.h"

#include "base/ascii.h"
#include "base/i18n.h"
#include "base/io.h"

#include "pop3/pop3.h"

#define NUMBER_LIMIT	((i64)1 << 60)

static int is_blank(int);

const char *
pop3_text(const struct pop3 *p, const char *text)
{
	return p->language == NULL ? text : i18n_text(text);
}

void
pop3_ok(struct pop3 *p, const char *text)
{
	io_puts(p->io, "+OK ");
	io_puts(p->io, pop3_text(p, text));
	io_puts(p->io, "\r\n");
}

void
pop3_err(struct pop3 *p, const char *text)
{
	io_puts(p->io, "-ERR ");
	io_puts(p->io, pop3_text(p, text));
	io_puts(p->io, "\r\n");
}

void
pop3_invalid(struct pop3 *p)
{
	pop3_err(p, N_("Invalid command."));
}

void
pop3_no_message(struct pop3 *p)
{
	pop3_err(p, N_("Invalid message number."));
}

void
pop3_ok_pair(struct pop3 *p, u64 a, u64 b)
{
	io_puts(p->io, "+OK ");
	io_put_u64(p->io, a);
	io_putc(p->io, ' ');
	io_put_u64(p->io, b);
	io_puts(p->io, "\r\n");
}

static int
is_blank(int c)
{
	return c == ' ' || c == '\t' || c == '\r';
}

char *
pop3_word(struct pop3 *p)
{
	char *s, *word;

	for (s = p->rest; is_blank((unsigned char)*s); s++)
		;
	if (*s == '\0')
		return NULL;
	for (word = s; *s != '\0' && !is_blank((unsigned char)*s); s++)
		;
	p->rest = *s == '\0' ? s : s + 1;
	*s = '\0';
	return word;
}

i64
pop3_number(const char *s)
{
	i64 v;
	int minus;

	minus = *s == '-';
	if (*s == '-' || *s == '+')
		s++;
	for (v = 0; ascii_isdigit((unsigned char)*s); s++)
		v = v >= NUMBER_LIMIT / 10 ? NUMBER_LIMIT :
		    v * 10 + (*s - '0');
	return minus ? -v : v;
}

struct pop3_msg *
pop3_message(struct pop3 *p, const char *word)
{
	struct pop3_msg *m;
	i64 n;

	n = word == NULL ? 0 : pop3_number(word);
	if (n < 1 || (u64)n > p->snap.n) {
		pop3_no_message(p);
		return NULL;
	}
	m = p->snap.v + (size_t)n - 1;
	if (m->state & MSG_GONE) {
		pop3_no_message(p);
		return NULL;
	}
	return m;
}
