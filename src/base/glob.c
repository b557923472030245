/* IMAP LIST wildcards, RFC 3501 6.3.8.  SPDX-License-Identifier: ISC */

#include "base/base.h"

#include "base/glob.h"
#include "base/mem.h"

static void closure(const char *, size_t, u8 *);
static int run(const char *, size_t, const char *, int, u8 *);

/*
 * The set of pattern positions that the name read so far can stand at is kept
 * as one byte per position, so that no pattern makes the time explode.
 */
static void
closure(const char *pattern, size_t n, u8 *at)
{
	size_t i;

	for (i = 0; i < n; i++)
		if (at[i] && (pattern[i] == '*' || pattern[i] == '%'))
			at[i + 1] = TRUE;
}

/* Where in the pattern the name can end, in the caller's array of n + 1 bytes;
   FALSE: nowhere. */
static int
run(const char *pattern, size_t n, const char *name, int sep, u8 *out)
{
	u8 *next;
	size_t i;
	int any;

	next = mem_array(n + 1, 1);
	out[0] = any = TRUE;
	closure(pattern, n, out);
	for (; any && *name != '\0'; name++) {
		memset(next, 0, n + 1);
		for (i = 0, any = FALSE; i < n; i++) {
			if (!out[i])
				continue;
			if (pattern[i] == '*' ||
			    (pattern[i] == '%' && *name != sep))
				next[i] = any = TRUE;
			else if (pattern[i] != '%' && pattern[i] == *name)
				next[i + 1] = any = TRUE;
		}
		closure(pattern, n, next);
		memcpy(out, next, n + 1);
	}
	mem_free(next);
	return any;
}

int
glob_match(const char *pattern, const char *name, int sep)
{
	u8 *at;
	size_t n, i;
	int any, result;

	n = strlen(pattern);
	at = mem_array(n + 1, 1);
	any = run(pattern, n, name, sep, at);
	result = GLOB_NO;
	if (any && at[n])
		result = GLOB_YES;
	else
		for (i = 0; any && i < n; i++)
			if (at[i] && (pattern[i] == '*' || pattern[i] == sep))
				result = GLOB_PARENT;
	mem_free(at);
	return result;
}

int
glob_reaches(const char *pattern, const char *name, int sep)
{
	u8 *at;
	size_t n;
	int any;

	n = strlen(pattern);
	at = mem_array(n + 1, 1);
	any = run(pattern, n, name, sep, at);
	mem_free(at);
	return any;
}
