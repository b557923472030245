/* inet_ntop for systems without it.  SPDX-License-Identifier: ISC */

#include "config.h"
#include "compat.h"

#ifndef HAVE_INET_NTOP

#include <netinet/in.h>
#include <errno.h>

#define GROUPS		8
#define TEXT_MAX	46	/* INET6_ADDRSTRLEN */

static char *number(unsigned, unsigned, char *);
static char *quad(const unsigned char *, char *);
static int longest_run(const unsigned *, int *);
static char *colons(const unsigned char *, char *);

/* The end of what was written, in this and the next. */
static char *
number(unsigned v, unsigned base, char *to)
{
	if (v >= base)
		to = number(v / base, base, to);
	*to++ = "0123456789abcdef"[v % base];
	return to;
}

static char *
quad(const unsigned char *b, char *to)
{
	int i;

	for (i = 0; i < 4; i++) {
		if (i > 0)
			*to++ = '.';
		to = number(b[i], 10, to);
	}
	return to;
}

/* The first of the longest runs of two or more zeros; -1: none. */
static int
longest_run(const unsigned *g, int *len)
{
	int i, n, at = -1;

	*len = 1;
	for (i = 0; i < GROUPS; i += n + 1) {
		for (n = 0; i + n < GROUPS && g[i + n] == 0; n++)
			;
		if (n > *len) {
			*len = n;
			at = i;
		}
	}
	return at;
}

/* RFC 4291 2.2; an IPv4 address inside keeps its dots. */
static char *
colons(const unsigned char *b, char *to)
{
	unsigned g[GROUPS];
	int at, i, n;

	for (i = 0; i < GROUPS; i++)
		g[i] = (unsigned)b[2 * i] << 8 | b[2 * i + 1];
	at = longest_run(g, &n);
	for (i = 0; i < GROUPS; i++) {
		if (i == at) {
			*to++ = ':';
			i += n - 1;
			if (i == GROUPS - 1)
				*to++ = ':';
			continue;
		}
		if (i > 0)
			*to++ = ':';
		if (i == 6 && at == 0 &&
		    (n == 6 || (n == 5 && g[5] == 0xffff)))
			return quad(b + 12, to);
		to = number(g[i], 16, to);
	}
	return to;
}

const char *
inet_ntop(int family, const void *addr, char *to, socklen_t size)
{
	char text[TEXT_MAX];
	char *end;

	if (family != AF_INET && family != AF_INET6) {
		errno = EAFNOSUPPORT;
		return NULL;
	}
	end = family == AF_INET ? quad(addr, text) : colons(addr, text);
	*end++ = '\0';
	if (end - text > (long)size) {
		errno = ENOSPC;
		return NULL;
	}
	memcpy(to, text, (size_t)(end - text));
	return to;
}

#endif
