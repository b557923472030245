/* Locale-free text helpers.  SPDX-License-Identifier: ISC */

#include "base/base.h"

#include "base/ascii.h"

int
ascii_isalpha(int c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

int
ascii_isdigit(int c)
{
	return c >= '0' && c <= '9';
}

int
ascii_isalnum(int c)
{
	return ascii_isalpha(c) || ascii_isdigit(c);
}

int
ascii_isspace(int c)
{
	return c == ' ' || (c >= '\t' && c <= '\r');
}

int
ascii_isprint(int c)
{
	return c >= 0x20 && c <= 0x7e;
}

int
ascii_tolower(int c)
{
	return c >= 'A' && c <= 'Z' ? c + ('a' - 'A') : c;
}

int
ascii_toupper(int c)
{
	return c >= 'a' && c <= 'z' ? c - ('a' - 'A') : c;
}

int
ascii_ncasecmp(const char *a, const char *b, size_t n)
{
	int x, y;

	for (; n > 0; a++, b++, n--) {
		x = ascii_tolower((unsigned char)*a);
		y = ascii_tolower((unsigned char)*b);
		if (x != y || x == '\0')
			return x - y;
	}
	return 0;
}

int
ascii_casecmp(const char *a, const char *b)
{
	return ascii_ncasecmp(a, b, (size_t)-1);
}

int
ascii_memcasecmp(const void *va, const void *vb, size_t n)
{
	const u8 *a = va, *b = vb;
	int x, y;

	for (; n > 0; a++, b++, n--) {
		x = ascii_tolower(*a);
		y = ascii_tolower(*b);
		if (x != y)
			return x - y;
	}
	return 0;
}

int
ascii_begins(const char *s, const char *prefix)
{
	return strncmp(s, prefix, strlen(prefix)) == 0;
}

int
ascii_casebegins(const char *s, const char *prefix)
{
	return ascii_ncasecmp(s, prefix, strlen(prefix)) == 0;
}

void
ascii_lower(char *s)
{
	for (; *s != '\0'; s++)
		*s = (char)ascii_tolower((unsigned char)*s);
}

void
ascii_upper(char *s)
{
	for (; *s != '\0'; s++)
		*s = (char)ascii_toupper((unsigned char)*s);
}
