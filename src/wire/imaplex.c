/* Tokens of IMAP commands.  SPDX-License-Identifier: ISC

   Input is a stranger's: every loop here is bounded by a named limit. */

#include "base/base.h"

#include "base/ascii.h"
#include "base/io.h"

#include "wire/imapparse_int.h"

static int utf8_ok(const unsigned char *, size_t);

/*
 *   atom = 1*ATOM-CHAR
 *   ATOM-CHAR = <any CHAR except atom-specials>
 *   ASTRING-CHAR = ATOM-CHAR / resp-specials
 *   list-char = ATOM-CHAR / list-wildcards / resp-specials
 *   list-wildcards = "%" / "*"
 *   quoted-specials = DQUOTE / "\"
 *   resp-specials = "]"
 *   atom-specials = "(" / ")" / "{" / SP / CTL / list-wildcards /
 *                   quoted-specials / resp-specials
 * Clients send sets and patterns with "*" and "%" and we take them as atoms.
 */
int
lex_is_atom(int c, int flags)
{
	if (c <= 0x20 || c >= 0x7f)
		return FALSE;
	switch (c) {
	case '{': case '"': case '\\':
		return FALSE;
	case '(': case ')':
		return (flags & IMAPPARSE_FLAT) != 0;
	case '[': case ']':
		return (flags & IMAPPARSE_SECTION) == 0;
	default:
		return TRUE;
	}
}

int
lex_skip_space(struct imapparse *p, int *out_skipped)
{
	int c, skipped;

	skipped = FALSE;
	for (;;) {
		c = io_peek(p->io);
		if (c != ' ' && c != '\t' && c != '\r')
			break;
		io_take(p->io, 1);
		skipped = TRUE;
	}
	if (out_skipped != NULL)
		*out_skipped = skipped;
	return c;
}

int
lex_atom(struct imapparse *p, size_t max)
{
	const char *s;
	size_t i, n;
	int r;

	for (;;) {
		r = io_fill(p->io);
		if (r != E_OK)
			return r;
		s = io_peek_buf(p->io, &n);
		for (i = 0; i < n; i++)
			if (!lex_is_atom((unsigned char)s[i], p->flags))
				break;
		if (p->tok.len + i > max ||
		    str_cat(&p->tok, s, i) != E_OK)
			return E_TOOBIG;
		io_take(p->io, i);
		if (i < n)
			return E_OK;
	}
}

/* UTF-8 of any kind but overlong forms and surrogates (RFC 3629). */
static int
utf8_ok(const unsigned char *s, size_t n)
{
	size_t i, k;
	u32 c;

	for (i = 0; i < n; i += k) {
		c = s[i];
		if (c < 0x80) {
			k = 1;
			continue;
		}
		if (c >= 0xc2 && c < 0xe0)
			k = 2;
		else if (c >= 0xe0 && c < 0xf0)
			k = 3;
		else if (c >= 0xf0 && c < 0xf5)
			k = 4;
		else
			return FALSE;
		if (n - i < k || (s[i + 1] & 0xc0) != 0x80 ||
		    (k > 2 && (s[i + 2] & 0xc0) != 0x80) ||
		    (k > 3 && (s[i + 3] & 0xc0) != 0x80))
			return FALSE;
		if ((c == 0xe0 && s[i + 1] < 0xa0) ||
		    (c == 0xed && s[i + 1] > 0x9f) ||
		    (c == 0xf0 && s[i + 1] < 0x90) ||
		    (c == 0xf4 && s[i + 1] > 0x8f))
			return FALSE;
	}
	return TRUE;
}

/*
 *   quoted = DQUOTE *QUOTED-CHAR DQUOTE
 *   QUOTED-CHAR = <any TEXT-CHAR except quoted-specials> /
 *                 "\" quoted-specials
 * As Courier: \x is x for every x, and UTF-8 is let through.
 */
int
lex_quoted(struct imapparse *p)
{
	int c, high, toobig;

	for (high = toobig = FALSE; ; ) {
		c = io_peek(p->io);
		if (c < 0)
			return c;
		if (c == '\n' || c == '\r' || c == 0)
			return E_SYNTAX;	/* the LF is left for _end */
		io_take(p->io, 1);
		if (c == '"')
			break;
		if (c == '\\') {
			c = io_peek(p->io);
			if (c < 0)
				return c;
			if (c == '\n' || c == '\r' || c == 0)
				return E_SYNTAX;
			io_take(p->io, 1);
		}
		if (c >= 0x80)
			high = TRUE;
		if (p->tok.len >= IMAPPARSE_QUOTED_MAX)
			toobig = TRUE;
		else
			str_catc(&p->tok, c);
	}
	if (toobig)
		return E_TOOBIG;
	if (high && !utf8_ok((const unsigned char *)str_c(&p->tok),
	    p->tok.len))
		return E_SYNTAX;
	return E_OK;
}

/*
 *   literal = "{" number ["+"] "}" CRLF *CHAR8       (RFC 7888: "+" or "-"
 *   is announced by capability only, the wire form is always "+")
 */
int
lex_literal_head(struct imapparse *p, u64 *out_size, int *out_nonsync)
{
	u64 n;
	int c, digits;

	n = 0;
	for (digits = 0; ; digits++) {
		c = io_peek(p->io);
		if (c < 0)
			return c;
		if (!ascii_isdigit(c))
			break;
		if (digits >= 18)
			return E_TOOBIG;
		n = n * 10 + (u64)(c - '0');
		io_take(p->io, 1);
	}
	if (digits == 0)
		return E_SYNTAX;
	*out_nonsync = c == '+';
	if (c == '+') {
		io_take(p->io, 1);
		c = io_peek(p->io);
	}
	if (c != '}')
		return c < 0 ? c : E_SYNTAX;
	io_take(p->io, 1);
	c = io_peek(p->io);
	if (c == '\r') {
		io_take(p->io, 1);
		c = io_peek(p->io);
	}
	if (c != '\n')
		return c < 0 ? c : E_SYNTAX;
	io_take(p->io, 1);
	*out_size = n;
	return E_OK;
}
