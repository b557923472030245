/* UTF-8, one code point at a time.  SPDX-License-Identifier: ISC */

#include "base/base.h"

#include "base/str.h"
#include "charset/utf8.h"

/*
 * RFC 3629 section 4. The second byte's range depends on the first: that is
 * what keeps overlong forms, surrogates and values over 10FFFF out.
 */
size_t
utf8_decode(const char *s, size_t n, u32 *out_cp)
{
	const u8 *p = (const u8 *)s;
	u32 cp, min;
	size_t len, i;

	if (n == 0)
		return 0;
	if (p[0] < 0x80) {
		*out_cp = p[0];
		return 1;
	}
	if (p[0] >= 0xc2 && p[0] <= 0xdf) {
		len = 2;
		min = 0x80;
		cp = p[0] & 0x1fU;
	} else if ((p[0] & 0xf0) == 0xe0) {
		len = 3;
		min = 0x800;
		cp = p[0] & 0x0fU;
	} else if (p[0] >= 0xf0 && p[0] <= 0xf4) {
		len = 4;
		min = 0x10000;
		cp = p[0] & 0x07U;
	} else
		return 0;
	if (n < len)
		return 0;
	for (i = 1; i < len; i++) {
		if ((p[i] & 0xc0) != 0x80)
			return 0;
		cp = cp << 6 | (p[i] & 0x3fU);
	}
	if (cp < min || cp > 0x10ffff || (cp >= 0xd800 && cp <= 0xdfff))
		return 0;
	*out_cp = cp;
	return len;
}

size_t
utf8_encode(char *buf, u32 cp)
{
	if (cp < 0x80) {
		buf[0] = (char)cp;
		return 1;
	}
	if (cp < 0x800) {
		buf[0] = (char)(0xc0 | cp >> 6);
		buf[1] = (char)(0x80 | (cp & 0x3f));
		return 2;
	}
	if (cp >= 0xd800 && cp <= 0xdfff)
		return 0;
	if (cp < 0x10000) {
		buf[0] = (char)(0xe0 | cp >> 12);
		buf[1] = (char)(0x80 | (cp >> 6 & 0x3f));
		buf[2] = (char)(0x80 | (cp & 0x3f));
		return 3;
	}
	if (cp > 0x10ffff)
		return 0;
	buf[0] = (char)(0xf0 | cp >> 18);
	buf[1] = (char)(0x80 | (cp >> 12 & 0x3f));
	buf[2] = (char)(0x80 | (cp >> 6 & 0x3f));
	buf[3] = (char)(0x80 | (cp & 0x3f));
	return 4;
}

int
utf8_cat(struct str *out, u32 cp)
{
	char buf[UTF8_MAX];
	size_t n;

	n = utf8_encode(buf, cp);
	if (n == 0)
		n = utf8_encode(buf, UTF8_REPLACEMENT);
	return str_cat(out, buf, n);
}

int
utf8_valid(const char *s, size_t n)
{
	size_t used;
	u32 cp;

	while (n > 0) {
		used = utf8_decode(s, n, &cp);
		if (used == 0)
			return FALSE;
		s += used;
		n -= used;
	}
	return TRUE;
}

int
utf8_is_ascii(const char *s, size_t n)
{
	size_t i;

	for (i = 0; i < n; i++)
		if (((u8)s[i] & 0x80) != 0)
			return FALSE;
	return TRUE;
}
