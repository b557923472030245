/* Hexadecimal text.  SPDX-License-Identifier: ISC */

#include "base/base.h"

#include "base/hex.h"
#include "base/str.h"

int
hex_encode(const void *data, size_t n, struct str *out)
{
	const u8 *p = data;

	for (; n > 0; p++, n--) {
		str_catc(out, "0123456789abcdef"[*p >> 4]);
		if (str_catc(out, "0123456789abcdef"[*p & 15]) != E_OK)
			return E_TOOBIG;
	}
	return E_OK;
}

int
hex_value(int c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	if (c >= 'a' && c <= 'f')
		return c - 'a' + 10;
	return c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1;
}

int
hex_decode(const char *s, size_t n, struct str *out)
{
	int hi, lo;

	if (n % 2 != 0)
		return E_SYNTAX;
	for (; n > 0; s += 2, n -= 2) {
		hi = hex_value((unsigned char)s[0]);
		lo = hex_value((unsigned char)s[1]);
		if (hi < 0 || lo < 0)
			return E_SYNTAX;
		if (str_catc(out, hi << 4 | lo) != E_OK)
			return E_TOOBIG;
	}
	return E_OK;
}
