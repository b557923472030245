/* Base64, RFC 4648 section 4.  SPDX-License-Identifier: ISC */

#include "base/base.h"

#include "base/base64.h"
#include "base/str.h"

static const char alphabet[] =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

int
base64_encode(const void *data, size_t n, struct str *out)
{
	const u8 *p = data;
	char *to;
	u32 v;

	if (n > (size_t)-1 / 2)
		return E_TOOBIG;
	to = str_ready(out, (n + 2) / 3 * 4);
	if (to == NULL)
		return E_TOOBIG;
	str_commit(out, (n + 2) / 3 * 4);
	for (; n > 0; p += 3, to += 4) {
		v = (u32)p[0] << 16;
		if (n > 1)
			v |= (u32)p[1] << 8;
		if (n > 2)
			v |= p[2];
		to[0] = alphabet[v >> 18];
		to[1] = alphabet[v >> 12 & 63];
		to[2] = n > 1 ? alphabet[v >> 6 & 63] : '=';
		to[3] = n > 2 ? alphabet[v & 63] : '=';
		n -= n > 3 ? 3 : n;
	}
	return E_OK;
}

int
base64_value(int c)
{
	if (c >= 'A' && c <= 'Z')
		return c - 'A';
	if (c >= 'a' && c <= 'z')
		return c - 'a' + 26;
	if (c >= '0' && c <= '9')
		return c - '0' + 52;
	return c == '+' ? 62 : c == '/' ? 63 : -1;
}

int
base64_decode(const char *s, size_t n, struct str *out)
{
	u8 bytes[3];
	u32 v;
	size_t i, pad;
	int d;

	if (n % 4 != 0)
		return E_SYNTAX;
	for (; n > 0; s += 4, n -= 4) {
		pad = n > 4 || s[3] != '=' ? 0 : s[2] == '=' ? 2 : 1;
		for (v = 0, i = 0; i < 4 - pad; i++) {
			d = base64_value((unsigned char)s[i]);
			if (d < 0)
				return E_SYNTAX;
			v |= (u32)d << (18 - 6 * i);
		}
		if ((pad == 1 && (v & 0xff) != 0) ||
		    (pad == 2 && (v & 0xffff) != 0))
			return E_SYNTAX;
		bytes[0] = (u8)(v >> 16);
		bytes[1] = (u8)(v >> 8);
		bytes[2] = (u8)v;
		if (str_cat(out, bytes, 3 - pad) != E_OK)
			return E_TOOBIG;
	}
	return E_OK;
}
