/* Keywords: the text of a whole folder's, maildir.md 4.2.
   SPDX-License-Identifier: ISC */

#include "base/base.h"

#include "base/mem.h"
#include "base/num.h"
#include "maildir/folder_int.h"

static int put_table(struct folder *, struct str *, u32 **);
static void put_messages(struct folder *, const u32 *, struct str *);
static u32 read_set(struct folder *, const char *, const char *,
    const u32 *, size_t);

/* The table of the words that are in use; *out_map tells their places in it.
   FALSE: no message has a keyword. */
static int
put_table(struct folder *f, struct str *text, u32 **out_map)
{
	const u32 *set;
	size_t i, k, n;
	u32 *map, used;

	map = mem_array(f->keywords.n + 1, sizeof(*map));
	for (i = 0; i < f->n; i++) {
		if (f->recs[i].state & REC_GONE)
			continue;
		set = folder_kwset(f, f->recs[i].kwset, &n);
		for (k = 0; k < n; k++)
			map[set[k]] = 1;
	}
	for (i = used = 0; i < f->keywords.n; i++) {
		if (map[i] == 0)
			continue;
		map[i] = used++;
		str_cats(text, f->keywords.v[i]);
		str_catc(text, '\n');
	}
	str_catc(text, '\n');
	*out_map = map;
	return used > 0;
}

static void
put_messages(struct folder *f, const u32 *map, struct str *text)
{
	struct str name;
	const u32 *set;
	size_t i, k, n;

	str_init(&name, 0);
	for (i = 0; i < f->n; i++) {
		set = folder_kwset(f, f->recs[i].kwset, &n);
		if (n == 0 || (f->recs[i].state & REC_GONE))
			continue;
		str_reset(&name);
		names_cat(&f->names, f->recs + i, &name);
		str_cat(text, str_c(&name), md_name_id(str_c(&name)));
		for (k = 0; k < n; k++) {
			str_catc(text, k == 0 ? ':' : ' ');
			str_catu32(text, map[set[k]]);
		}
		str_catc(text, '\n');
	}
	str_free(&name);
}

int
kw_put_list(struct folder *f, struct str *text)
{
	u32 *map;
	int any;

	any = put_table(f, text, &map);
	put_messages(f, map, text);
	mem_free(map);
	return any;
}

/* "index index ..." up to end. */
static u32
read_set(struct folder *f, const char *p, const char *end, const u32 *table,
    size_t n)
{
	size_t m, used;
	u32 *v, i, set;

	v = NULL;
	for (m = 0; p < end; p += used) {
		while (p < end && (*p == ' ' || *p == ','))
			p++;
		used = num_scan_u32(p, (size_t)(end - p), &i);
		if (used == 0)
			break;
		if (i >= n)
			continue;
		v = mem_grow(v, m + 1, sizeof(*v));
		v[m++] = table[i];
	}
	set = kw_intern(f, v, m);
	mem_free(v);
	return set;
}

void
kw_read_list(struct folder *f, const char *p, size_t len, kw_list_fn *fn,
    void *ctx)
{
	const char *end, *lf, *colon;
	u32 *table;
	size_t n;

	end = p + len;
	table = NULL;
	for (n = 0; p < end && *p != '\n'; p = lf + 1) {
		lf = memchr(p, '\n', (size_t)(end - p));
		if (lf == NULL)
			lf = end;
		table = mem_grow(table, n + 1, sizeof(*table));
		table[n++] = kw_table_index(f, p, (size_t)(lf - p));
	}
	for (p++; p < end; p = lf + 1) {
		lf = memchr(p, '\n', (size_t)(end - p));
		if (lf == NULL)
			lf = end;
		colon = memchr(p, ':', (size_t)(lf - p));
		if (colon != NULL)
			fn(ctx, p, (size_t)(colon - p), read_set(f, colon + 1,
			    lf, table, n));
	}
	mem_free(table);
}
