/* Names of hosts in letters that are not ASCII.  SPDX-License-Identifier: ISC */

#include "base/base.h"

#include "base/ascii.h"
#include "base/str.h"
#include "tls/idn.h"

#define ACE		"xn--"
#define LABEL_MAX	63	/* bytes (RFC 1035 2.3.4) */

/* The parameters of RFC 3492 5. */
#define BASE		36
#define T_MIN		1
#define T_MAX		26
#define SKEW		38
#define DAMP		700
#define BIAS		72
#define FIRST		0x80

#define LAST		0x10ffff

static int digit(int);
static u32 adapt(u32, u32, int);
static int number(const char **, const char *, u32, u32 *);
static int punycode(const char *, size_t, u32 *, u32 *);
static void put(u32, struct str *);
static int label(const char *, size_t, struct str *);

static int
digit(int c)
{
	if (ascii_isdigit(c))
		return c - '0' + 26;
	return ascii_isalpha(c) ? ascii_tolower(c) - 'a' : BASE;
}

/* The bias for the next number (6.1). */
static u32
adapt(u32 delta, u32 points, int first)
{
	u32 k = 0;

	delta = first ? delta / DAMP : delta / 2;
	for (delta += delta / points; delta > (BASE - T_MIN) * T_MAX / 2;
	    delta /= BASE - T_MIN)
		k += BASE;
	return k + (BASE - T_MIN + 1) * delta / (delta + SKEW);
}

/* A number of variable length, added to *io (3.3). */
static int
number(const char **p, const char *end, u32 bias, u32 *io)
{
	u32 k, t, d, w = 1;

	for (k = BASE; ; k += BASE) {
		d = *p < end ? (u32)digit((u8)*(*p)++) : BASE;
		if (d == BASE || d > (0xffffffffUL - *io) / w)
			return E_INVAL;
		*io += d * w;
		t = k <= bias ? T_MIN : k >= bias + T_MAX ? T_MAX : k - bias;
		if (d < t)
			return E_OK;
		if (w > 0xffffffffUL / (BASE - t))
			return E_INVAL;
		w *= BASE - t;
	}
}

/* The code points of a label (6.2): at most one for each byte. */
static int
punycode(const char *s, size_t len, u32 *cp, u32 *out_n)
{
	const char *end = s + len, *p;
	u32 c = FIRST, i = 0, bias = BIAS, old, n = 0;

	for (p = end; p > s + 1 && p[-1] != '-'; p--)
		;
	if (p == s + 1)
		p = s;
	for (; s + 1 < p; s++)
		cp[n++] = (u8)*s;
	while (p < end) {
		old = i;
		if (number(&p, end, bias, &i) != E_OK)
			return E_INVAL;
		n++;
		bias = adapt(i - old, n, old == 0);
		if (i / n > LAST - c)
			return E_INVAL;
		c += i / n;
		i %= n;
		if (c < 0xa0 || (c >= 0xd800 && c <= 0xdfff))
			return E_INVAL;
		memmove(cp + i + 1, cp + i, (n - 1 - i) * sizeof(*cp));
		cp[i++] = c;
	}
	*out_n = n;
	return E_OK;
}

/* In UTF-8. */
static void
put(u32 c, struct str *out)
{
	int bits;

	if (c < 0x80) {
		str_catc(out, (int)c);
		return;
	}
	bits = c < 0x800 ? 6 : c < 0x10000 ? 12 : 18;
	str_catc(out, (int)((0xff << (7 - bits / 6) & 0xff) | c >> bits));
	for (; bits > 0; bits -= 6)
		str_catc(out, (int)(0x80 | (c >> (bits - 6) & 0x3f)));
}

static int
label(const char *s, size_t n, struct str *out)
{
	u32 cp[LABEL_MAX], i, count;

	if (n > LABEL_MAX || n <= strlen(ACE) ||
	    punycode(s + strlen(ACE), n - strlen(ACE), cp, &count) != E_OK)
		return E_INVAL;
	for (i = 0; i < count; i++)
		put(cp[i], out);
	return E_OK;
}

int
idn_decode(const char *name, struct str *out)
{
	size_t n;
	int r = E_NOENT;

	for (; *name != '\0'; name += n) {
		n = strcspn(name, ".");
		if (!ascii_casebegins(name, ACE))
			str_cat(out, name, n);
		else if ((r = label(name, n, out)) != E_OK)
			return r;
		for (; name[n] == '.'; n++)
			str_catc(out, '.');
	}
	return r;
}
