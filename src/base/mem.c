/* Allocation that dies, and wiping.  SPDX-License-Identifier: ISC */

#include "base/base.h"

#include "base/log.h"
#include "base/mem.h"

static void *check(void *);

static void *
check(void *p)
{
	if (p == NULL)
		die("out of memory");
	return p;
}

void *
mem_try(size_t n, size_t size)
{
	if (size != 0 && n > (size_t)-1 / size) {
		errno = ENOMEM;
		return NULL;
	}
	if (n == 0 || size == 0)
		return calloc(1, 1);
	return calloc(n, size);
}

void *
mem_array(size_t n, size_t size)
{
	return check(mem_try(n, size));
}

void *
mem_new(size_t size)
{
	return mem_array(1, size);
}

void *
mem_grow(void *p, size_t n, size_t size)
{
	if (size != 0 && n > (size_t)-1 / size)
		die("out of memory");
	if (n == 0 || size == 0)
		n = size = 1;
	return check(realloc(p, n * size));
}

void *
mem_dup(const void *p, size_t n)
{
	char *copy;

	if (n == (size_t)-1)
		die("out of memory");
	copy = check(malloc(n + 1));
	if (n > 0)
		memcpy(copy, p, n);
	copy[n] = '\0';
	return copy;
}

char *
mem_strdup(const char *s)
{
	return mem_dup(s, strlen(s));
}

void *
mem_free(void *p)
{
	free(p);
	return NULL;
}

void
mem_wipe(void *p, size_t n)
{
	if (n > 0)
		explicit_bzero(p, n);
}

void
mem_free_secret(char **s)
{
	if (*s == NULL)
		return;
	mem_wipe(*s, strlen(*s));
	free(*s);
	*s = NULL;
}

int
mem_equal_consttime(const void *a, const void *b, size_t n)
{
	const volatile u8 *x = a, *y = b;
	u8 diff;
	size_t i;

	for (diff = 0, i = 0; i < n; i++)
		diff |= (u8)(x[i] ^ y[i]);
	return diff == 0;
}
