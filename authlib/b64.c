/* Base64 without exits.  SPDX-License-Identifier: ISC */

#include "base/base.h"

#include "base/base64.h"
#include "authlib/helpers.h"

void
authlib_quad(const char *s, int n, char *out)
{
	static const char letters[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
	    "abcdefghijklmnopqrstuvwxyz0123456789+/";
	unsigned int a = (unsigned char)s[0];
	unsigned int b = n > 1 ? (unsigned char)s[1] : 0;
	unsigned int c = n > 2 ? (unsigned char)s[2] : 0;

	out[0] = letters[a >> 2];
	out[1] = letters[(a & 3) << 4 | b >> 4];
	out[2] = '=';
	out[3] = '=';
	if (n > 1)
		out[2] = letters[(b & 15) << 2 | c >> 6];
	if (n > 2)
		out[3] = letters[c & 63];
}

char *
authlib_base64(const char *s, size_t n)
{
	char *out = malloc((n + 2) / 3 * 4 + 1), *p = out;

	if (out == NULL)
		return NULL;
	for (; n > 0; n -= n < 3 ? n : 3, s += 3, p += 4)
		authlib_quad(s, n < 3 ? (int)n : 3, p);
	*p = '\0';
	return out;
}

/* One or two bytes behind the text that are none of base64 (a line's end) do
   not count. */
int
authlib_unbase64(char *s)
{
	size_t n = strlen(s), pad = 0, i;
	unsigned long v = 0;
	char *out = s;
	int stray, digit;

	for (stray = 0; stray < 2 && n > 0 && s[n - 1] != '=' &&
	    base64_value((unsigned char)s[n - 1]) < 0; stray++)
		n--;
	while (pad < 2 && n - pad > 0 && s[n - pad - 1] == '=')
		pad++;
	if (n % 4 != 0)
		return -1;
	for (i = 0; i < n; i++) {
		digit = i >= n - pad ? 0 : base64_value((unsigned char)s[i]);
		if (digit < 0)
			return -1;
		v = v << 6 | (unsigned long)digit;
		if (i % 4 == 3) {
			*out++ = (char)(v >> 16 & 255);
			*out++ = (char)(v >> 8 & 255);
			*out++ = (char)(v & 255);
		}
	}
	out -= pad;
	*out = '\0';
	return (int)(out - s);
}
