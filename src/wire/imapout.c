/* Quoting and literals.  SPDX-License-Identifier: ISC */

#include "base/base.h"

#include "base/ascii.h"
#include "base/io.h"

#include "wire/imapout.h"

/* Longer strings go as literals: clients have line buffers. */
#define QUOTED_MAX	1000

static int can_quote(const char *, size_t, int);
static int is_atom(const char *, size_t);

void
imapout_quoted(struct io *io, const char *s, size_t n)
{
	size_t i, from;

	io_putc(io, '"');
	for (i = from = 0; i < n; i++) {
		switch (s[i]) {
		case '"':
		case '\\':
			io_put(io, s + from, i - from);
			io_putc(io, '\\');
			from = i;
			break;
		case '\r':
		case '\n':
		case '\0':
			io_put(io, s + from, i - from);
			io_putc(io, ' ');
			from = i + 1;
			break;
		default:
			break;
		}
	}
	io_put(io, s + from, n - from);
	io_putc(io, '"');
}

void
imapout_quoteds(struct io *io, const char *s)
{
	imapout_quoted(io, s, strlen(s));
}

/* TEXT-CHAR = <any CHAR except CR and LF> */
static int
can_quote(const char *s, size_t n, int utf8)
{
	size_t i;

	if (n > QUOTED_MAX)
		return FALSE;
	for (i = 0; i < n; i++)
		if (s[i] == '\r' || s[i] == '\n' || s[i] == '\0' ||
		    (!utf8 && (unsigned char)s[i] >= 0x80))
			return FALSE;
	return TRUE;
}

void
imapout_string(struct io *io, const char *s, size_t n, int utf8)
{
	if (can_quote(s, n, utf8))
		imapout_quoted(io, s, n);
	else
		imapout_literal_bytes(io, s, n);
}

void
imapout_nquoted(struct io *io, const char *s)
{
	if (s == NULL)
		io_puts(io, "NIL");
	else
		imapout_quoted(io, s, strlen(s));
}

static int
is_atom(const char *s, size_t n)
{
	size_t i;

	if (n == 0 || (n == 3 && ascii_memcasecmp(s, "NIL", 3) == 0))
		return FALSE;
	for (i = 0; i < n; i++)
		if (s[i] <= 0x20 || s[i] >= 0x7f ||
		    strchr("(){%*\"\\]", s[i]) != NULL)
			return FALSE;
	return TRUE;
}

void
imapout_astring(struct io *io, const char *s, size_t n)
{
	if (is_atom(s, n))
		io_put(io, s, n);
	else
		imapout_string(io, s, n, FALSE);
}

void
imapout_literal(struct io *io, u64 n)
{
	io_putc(io, '{');
	io_put_u64(io, n);
	io_puts(io, "}\r\n");
}

void
imapout_literal_bytes(struct io *io, const char *s, size_t n)
{
	imapout_literal(io, n);
	io_put(io, s, n);
}
