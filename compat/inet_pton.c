/* inet_pton for systems without it.  SPDX-License-Identifier: ISC */

#include "config.h"
#include "compat.h"

#ifndef HAVE_INET_PTON

#include <netinet/in.h>
#include <errno.h>

static int hexit(int);
static int quad(const char *, unsigned char *);
static const char *group(const char *, unsigned char *);
static int colons(const char *, unsigned char *);

/* Four decimal numbers without leading zeros. */
static int
quad(const char *s, unsigned char *to)
{
	unsigned v;
	int i, n;

	for (i = 0; i < 4; i++) {
		for (v = 0, n = 0; *s >= '0' && *s <= '9'; s++, n++) {
			if (n > 0 && v == 0)
				return 0;
			v = 10 * v + (unsigned)(*s - '0');
			if (v > 255)
				return 0;
		}
		if (n == 0 || *s != (i < 3 ? '.' : '\0'))
			return 0;
		to[i] = (unsigned char)v;
		s++;
	}
	return 1;
}

static int
hexit(int c)
{
	static const char digits[] = "0123456789abcdef0123456789ABCDEF";
	const char *p;

	p = c == '\0' ? NULL : strchr(digits, c);
	return p == NULL ? -1 : (int)(p - digits) % 16;
}

/* One to four digits; what is behind them, or NULL. */
static const char *
group(const char *s, unsigned char *to)
{
	unsigned v = 0;
	int n;

	for (n = 0; hexit(*s) >= 0; s++, n++) {
		if (n == 4)
			return NULL;
		v = 16 * v + (unsigned)hexit(*s);
	}
	to[0] = (unsigned char)(v >> 8);
	to[1] = (unsigned char)(v & 0xff);
	return n == 0 ? NULL : s;
}

/* RFC 4291 2.2: groups of two octets, "::" for zeros once, at the end perhaps
   an IPv4 address. */
static int
colons(const char *s, unsigned char *to)
{
	const char *end;
	int n = 0, gap = -1;

	memset(to, 0, 16);
	if (s[0] == ':' && *++s != ':')
		return 0;
	while (*s != '\0') {
		if (*s == ':') {
			if (gap >= 0)
				return 0;
			gap = n;
			if (*++s == '\0')
				break;
		}
		if (n <= 12 && quad(s, to + n)) {
			n += 4;
			break;
		}
		if (n == 16 || (end = group(s, to + n)) == NULL)
			return 0;
		n += 2;
		if (*end == ':' && *++end == '\0')
			return 0;
		else if (*end != '\0' && end[-1] != ':')
			return 0;
		s = end;
	}
	if (gap < 0)
		return n == 16;
	if (n == 16)
		return 0;
	memmove(to + gap + 16 - n, to + gap, (size_t)(n - gap));
	memset(to + gap, 0, (size_t)(16 - n));
	return 1;
}

int
inet_pton(int family, const char *text, void *to)
{
	unsigned char b[16];
	int ok;

	if (family != AF_INET && family != AF_INET6) {
		errno = EAFNOSUPPORT;
		return -1;
	}
	ok = family == AF_INET ? quad(text, b) : colons(text, b);
	if (ok)
		memcpy(to, b, family == AF_INET ? 4 : 16);
	return ok;
}

#endif
