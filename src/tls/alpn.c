/* Names of protocols (RFC 7301).  SPDX-License-Identifier: ISC */

#include "base/base.h"

#include "tls/alpn.h"

#define SEPARATORS	" \t,"
#define NAME_MAX_LEN	255

static int holds(const u8 *, size_t, const u8 *);

void
alpn_init(struct alpn *a, const char *list)
{
	size_t n;

	str_init(&a->names, 0);
	a->optional = a->our_order = FALSE;
	for (; list != NULL && *list != '\0'; list += n) {
		list += strspn(list, SEPARATORS);
		n = strcspn(list, SEPARATORS);
		if (*list == '@') {
			a->optional |= list[1] == 'o';
			a->our_order |= list[1] == 's';
		} else if (n > 0 && n <= NAME_MAX_LEN) {
			str_catc(&a->names, (int)n);
			str_cat(&a->names, list, n);
		}
	}
}

void
alpn_free(struct alpn *a)
{
	str_free(&a->names);
}

/* TRUE if the list has that name (which begins with its length). */
static int
holds(const u8 *list, size_t n, const u8 *name)
{
	size_t i;

	for (i = 0; i < n; i += (size_t)list[i] + 1)
		if (list[i] == *name && i + *name < n &&
		    memcmp(list + i, name, (size_t)*name + 1) == 0)
			return TRUE;
	return FALSE;
}

int
alpn_choose(const struct alpn *a, const u8 *theirs, size_t n, const u8 **out,
    size_t *out_len)
{
	const u8 *first = theirs, *second = (const u8 *)a->names.data;
	size_t i, n1 = n, n2 = a->names.len;

	if (a->our_order) {
		first = second;
		second = theirs;
		n1 = n2;
		n2 = n;
	}
	for (i = 0; i < n1 && i + first[i] < n1; i += (size_t)first[i] + 1)
		if (holds(second, n2, first + i)) {
			*out = first + i + 1;
			*out_len = first[i];
			return E_OK;
		}
	return E_NOENT;
}
