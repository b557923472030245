/* IMAP LIST wildcards, RFC 3501 6.3.8.  SPDX-License-Identifier: ISC */

#include "base/base.h"

#include "base/glob.h"
#include "base/mem.h"

static void closure(const char *, size_t, u8 *);

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

int
glob_match(const char *pattern, const char *name, int sep)
{
	u8 *at, *next, *swap;
	size_t n, i;
	int any, result;

	n = strlen(pattern);
	at = mem_array(n + 1, 1);
	next = mem_array(n + 1, 1);
	at[0] = any = TRUE;
	closure(pattern, n, at);
	for (; any && *name != '\0'; name++) {
		memset(next, 0, n + 1);
		for (i = 0, any = FALSE; i < n; i++) {
			if (!at[i])
				continue;
			if (pattern[i] == '*' ||
			    (pattern[i] == '%' && *name != sep))
				next[i] = any = TRUE;
			else if (pattern[i] != '%' && pattern[i] == *name)
				next[i + 1] = any = TRUE;
		}
		closure(pattern, n, next);
		swap = at;
		at = next;
		next = swap;
	}
	result = GLOB_NO;
	if (any && at[n])
		result = GLOB_YES;
	else
		for (i = 0; any && i < n; i++)
			if (at[i] && (pattern[i] == '*' || pattern[i] == sep))
				result = GLOB_PARENT;
	mem_free(at);
	mem_free(next);
	return result;
}
