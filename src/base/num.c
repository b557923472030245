/* Checked conversion of numbers.  SPDX-License-Identifier: ISC */

#include "base/base.h"

#include "base/num.h"

static int whole(const char *, size_t);

size_t
num_base(char *buf, u64 v, unsigned int base)
{
	char tmp[64];
	size_t n, i;

	n = sizeof(tmp);
	do {
		tmp[--n] = "0123456789abcdef"[v % base];
		v /= base;
	} while (v != 0 && n > 0);
	for (i = 0; n < sizeof(tmp) && i < NUM_BUF - 1; )
		buf[i++] = tmp[n++];
	buf[i] = '\0';
	return i;
}

size_t
num_u64(char *buf, u64 v)
{
	return num_base(buf, v, 10);
}

size_t
num_u32(char *buf, u32 v)
{
	return num_base(buf, v, 10);
}

size_t
num_i64(char *buf, i64 v)
{
	if (v >= 0)
		return num_base(buf, (u64)v, 10);
	buf[0] = '-';
	return 1 + num_base(buf + 1, ~(u64)v + 1, 10);
}

size_t
num_scan_u64(const char *s, size_t n, u64 *out)
{
	u64 v;
	size_t i;
	unsigned int d;

	for (v = 0, i = 0; i < n && s[i] >= '0' && s[i] <= '9'; i++) {
		d = (unsigned int)(s[i] - '0');
		if (v > (U64_MAX - d) / 10)
			return 0;
		v = v * 10 + d;
	}
	if (i > 0)
		*out = v;
	return i;
}

size_t
num_scan_u32(const char *s, size_t n, u32 *out)
{
	u64 v;
	size_t used;

	used = num_scan_u64(s, n, &v);
	if (used == 0 || v > U32_MAX)
		return 0;
	*out = (u32)v;
	return used;
}

size_t
num_scan_oct(const char *s, size_t n, u32 *out)
{
	u32 v;
	size_t i;

	for (v = 0, i = 0; i < n && s[i] >= '0' && s[i] <= '7'; i++) {
		if (v > U32_MAX / 8)
			return 0;
		v = v * 8 + (u32)(s[i] - '0');
	}
	if (i > 0)
		*out = v;
	return i;
}

/* The scanner used all of s, which is not empty. */
static int
whole(const char *s, size_t used)
{
	return used > 0 && s[used] == '\0' ? E_OK : E_SYNTAX;
}

int
num_parse_u32(const char *s, u32 *out)
{
	u32 v;

	if (whole(s, num_scan_u32(s, strlen(s), &v)) != E_OK)
		return E_SYNTAX;
	*out = v;
	return E_OK;
}

int
num_parse_u64(const char *s, u64 *out)
{
	u64 v;

	if (whole(s, num_scan_u64(s, strlen(s), &v)) != E_OK)
		return E_SYNTAX;
	*out = v;
	return E_OK;
}

int
num_parse_i64(const char *s, i64 *out)
{
	u64 v, limit;
	int neg;

	neg = *s == '-';
	limit = (U64_MAX >> 1) + (neg ? 1 : 0);
	if (num_parse_u64(s + neg, &v) != E_OK || v > limit)
		return E_SYNTAX;
	*out = neg ? (i64)(~v + 1) : (i64)v;
	return E_OK;
}

int
num_parse_oct(const char *s, u32 *out)
{
	u32 v;

	if (whole(s, num_scan_oct(s, strlen(s), &v)) != E_OK)
		return E_SYNTAX;
	*out = v;
	return E_OK;
}
