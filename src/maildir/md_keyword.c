/* Keywords of a folder: the table and the sets, maildir.md 4.
   SPDX-License-Identifier: ISC */

#include "base/base.h"

#include "base/ascii.h"
#include "base/map.h"
#include "base/mem.h"
#include "maildir/folder_int.h"

static int cmp_u32(const void *, const void *);

int
folder_keyword_ok(const char *s)
{
	size_t n;

	for (n = 0; s[n] != '\0'; n++)
		if ((u8)s[n] <= ' ' || strchr("(){%*\"\\]", s[n]) != NULL)
			return FALSE;
	return n > 0 && n <= KEYWORD_MAX;
}

size_t
folder_keywords(const struct folder *f)
{
	return f->keywords.n;
}

const char *
folder_keyword(const struct folder *f, size_t i)
{
	return f->keywords.v[i];
}

const u32 *
folder_kwset(const struct folder *f, u32 kwset, size_t *out_n)
{
	if (kwset == 0 || kwset > f->nkwsets) {
		*out_n = 0;
		return NULL;
	}
	*out_n = f->kwsets[kwset - 1].n;
	return f->kwsets[kwset - 1].v;
}

int
folder_has_keyword(const struct folder *f, size_t i, const char *keyword)
{
	const u32 *set;
	size_t n, k;

	set = folder_kwset(f, f->recs[i].kwset, &n);
	for (k = 0; k < n; k++)
		if (ascii_casecmp(f->keywords.v[set[k]], keyword) == 0)
			return TRUE;
	return FALSE;
}

u32
kw_table_index(struct folder *f, const char *s, size_t n)
{
	char *word, *folded;
	size_t i, at;

	word = mem_dup(s, n);
	folded = mem_dup(s, n);
	for (i = 0; i < n; i++) {
		if ((u8)word[i] <= ' ' || strchr("(){%*\"\\]", word[i]) != NULL)
			word[i] = '_';
		folded[i] = f->md->opts.kw_case ? word[i] :
		    (char)ascii_tolower((u8)word[i]);
	}
	at = (size_t)map_get(f->by_word, folded, n);
	if (at == 0) {
		vec_push(&f->keywords, word);
		at = f->keywords.n;
		map_put(f->by_word, folded, n, (void *)at);
	} else {
		mem_free(word);
	}
	mem_free(folded);
	return (u32)at - 1;
}

static int
cmp_u32(const void *a, const void *b)
{
	const u32 *x = a, *y = b;

	return *x < *y ? -1 : *x > *y;
}

u32
kw_intern(struct folder *f, const u32 *v, size_t n)
{
	u32 *copy;
	size_t i, m, at;

	if (n == 0)
		return 0;
	copy = mem_dup(v, n * sizeof(*v));
	qsort(copy, n, sizeof(*copy), cmp_u32);
	for (i = m = 1; i < n; i++)
		if (copy[i] != copy[m - 1])
			copy[m++] = copy[i];
	at = (size_t)map_get(f->by_set, copy, m * sizeof(*copy));
	if (at != 0) {
		mem_free(copy);
		return (u32)at;
	}
	if (f->nkwsets == f->kwsets_size) {
		f->kwsets_size = f->kwsets_size * 2 + 8;
		f->kwsets = mem_grow(f->kwsets, f->kwsets_size,
		    sizeof(*f->kwsets));
	}
	f->kwsets[f->nkwsets].v = copy;
	f->kwsets[f->nkwsets++].n = m;
	map_put(f->by_set, copy, m * sizeof(*copy), (void *)f->nkwsets);
	return (u32)f->nkwsets;
}

void
md_keywords_init(struct folder *f)
{
	vec_init(&f->keywords);
	f->by_word = map_new(0);
	f->by_set = map_new(0);
}

void
md_keywords_free(struct folder *f)
{
	size_t i;

	for (i = 0; i < f->nkwsets; i++)
		mem_free(f->kwsets[i].v);
	f->kwsets = mem_free(f->kwsets);
	f->nkwsets = f->kwsets_size = 0;
	vec_free_all(&f->keywords);
	map_free(&f->by_word);
	map_free(&f->by_set);
}
