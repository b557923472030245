/* Modified UTF-7 of mailbox names.  SPDX-License-Identifier: ISC */

#include "base/base.h"

#include "base/str.h"
#include "charset/utf7imap.h"
#include "charset/utf8.h"

/*
 * RFC 3501 5.1.3: printable ASCII stands for itself, "&-" for "&"; all else is
 * UTF-16BE in base64 with "," for "/" and no padding, between "&" and "-".
 */
static const char alphabet[] =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+,";

struct shift {
	u32	bits;
	int	nbits;
};

static void put_unit(struct shift *, u32, struct str *);
static void put_cp(struct shift *, u32, struct str *);
static void put_end(struct shift *, struct str *);
static int value(int);
static int decode_shift(const char *, size_t, struct str *);

static void
put_unit(struct shift *sh, u32 unit, struct str *out)
{
	sh->bits = sh->bits << 16 | unit;
	sh->nbits += 16;
	while (sh->nbits >= 6) {
		sh->nbits -= 6;
		str_catc(out, alphabet[sh->bits >> sh->nbits & 0x3f]);
	}
	sh->bits &= ((u32)1 << sh->nbits) - 1;
}

static void
put_cp(struct shift *sh, u32 cp, struct str *out)
{
	if (cp >= 0x10000) {
		cp -= 0x10000;
		put_unit(sh, 0xd800 | cp >> 10, out);
		cp = 0xdc00 | (cp & 0x3ff);
	}
	put_unit(sh, cp, out);
}

static void
put_end(struct shift *sh, struct str *out)
{
	if (sh->nbits > 0)
		str_catc(out,
		    alphabet[sh->bits << (6 - sh->nbits) & 0x3f]);
	str_catc(out, '-');
	sh->bits = 0;
	sh->nbits = 0;
}

int
utf7imap_encode(const char *s, size_t n, struct str *out)
{
	struct shift sh;
	size_t start = out->len, used;
	u32 cp;
	int shifted = FALSE;

	sh.bits = 0;
	sh.nbits = 0;
	for (; n > 0; s += used, n -= used) {
		used = utf8_decode(s, n, &cp);
		if (used == 0) {
			str_trunc(out, start);
			return E_SYNTAX;
		}
		if (cp >= 0x20 && cp <= 0x7e) {
			if (shifted)
				put_end(&sh, out);
			shifted = FALSE;
			str_catc(out, (int)cp);
			if (cp == '&')
				str_catc(out, '-');
			continue;
		}
		if (!shifted)
			str_catc(out, '&');
		shifted = TRUE;
		put_cp(&sh, cp, out);
	}
	if (shifted)
		put_end(&sh, out);
	return out->toobig ? E_TOOBIG : E_OK;
}

static int
value(int c)
{
	const char *p;

	if (c == '\0')
		return -1;
	p = strchr(alphabet, c);
	return p == NULL ? -1 : (int)(p - alphabet);
}

/* The n characters between "&" and "-". */
static int
decode_shift(const char *s, size_t n, struct str *out)
{
	u32 bits = 0, unit, high = 0;
	int nbits = 0, v;
	size_t i;

	for (i = 0; i < n; i++) {
		v = value(s[i]);
		if (v < 0)
			return E_SYNTAX;
		bits = bits << 6 | (u32)v;
		nbits += 6;
		if (nbits < 16)
			continue;
		nbits -= 16;
		unit = bits >> nbits & 0xffff;
		bits &= ((u32)1 << nbits) - 1;
		if (high != 0) {
			if ((unit & 0xfc00) != 0xdc00)
				return E_SYNTAX;
			unit = 0x10000 + ((high & 0x3ff) << 10) +
			    (unit & 0x3ff);
			high = 0;
		} else if ((unit & 0xfc00) == 0xd800) {
			high = unit;
			continue;
		}
		if (unit == 0 || (unit & 0xfffffc00U) == 0xdc00)
			return E_SYNTAX;
		utf8_cat(out, unit);
	}
	/* What is left is padding: less than a character, all zero. */
	return high != 0 || nbits >= 6 || bits != 0 ? E_SYNTAX : E_OK;
}

int
utf7imap_decode(const char *s, size_t n, struct str *out)
{
	size_t start = out->len, i, j;

	for (i = 0; i < n; i++) {
		if ((u8)s[i] >= 0x80 || s[i] == '\0')
			goto bad;
		if (s[i] != '&') {
			str_catc(out, s[i]);
			continue;
		}
		for (j = ++i; j < n && s[j] != '-'; j++)
			;
		if (j == n)
			goto bad;
		if (j == i)
			str_catc(out, '&');
		else if (decode_shift(s + i, j - i, out) != E_OK)
			goto bad;
		i = j;
	}
	return out->toobig ? E_TOOBIG : E_OK;
bad:
	str_trunc(out, start);
	return E_SYNTAX;
}
