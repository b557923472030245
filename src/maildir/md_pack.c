/* Names of message files, packed.  SPDX-License-Identifier: ISC */

/*
 * A folder of a million messages must fit in 64 bytes each, and their names
 * alone have 80 or 90. But the names of one folder share their form: a few
 * numbers in a constant text. So the text with marks in place of the numbers
 * (the shape) is stored once, and each name is the number of its shape
 * followed by the values of its marks:
 *
 *	entry	= idlen id [sufflen suffix]	; all numbers as varints
 *	id	= shape *value / 0 bytes	; 0: no shape, the text itself
 *
 * Any name can be stored, and what is stored is given back byte for byte. Two
 * names of one arena have the same identity if and only if their ids are the
 * same bytes. The suffix is stored only if it is not the usual one of the
 * message's flags (rec->form).
 *
 * A scan makes a new arena, which takes the old one's place; the shapes are
 * shared, so that ids of both can be compared.
 */

#include "base/base.h"

#include "base/log.h"
#include "base/map.h"
#include "base/mem.h"
#include "base/num.h"
#include "maildir/folder_int.h"

#define SHAPES_MAX	1024	/* more are not worth their memory */
#define SHAPED_MAX	255	/* longer names are stored as they are */
#define HEX_DIGITS	16	/* V and I of a 64-bit system */
#define DEC_DIGITS	18	/* fit in 64 bits */
#define VARINT_MAX	10	/* bytes of a u64, 7 bits each */
#define ARENA_FIRST	4096

enum { MARK_DEC = 1, MARK_HEX = 2 };	/* in a shape */

/* An identity taken apart. The shape is at most as long as the name, a value
   at most 10 bytes for one digit. */
struct packed {
	char	shape[SHAPED_MAX + 1];
	size_t	nshape;
	u8	v[VARINT_MAX * (SHAPED_MAX + 1)];
	size_t	n;
};

static size_t put_varint(u8 *, u64);
static const u8 *get_varint(const u8 *, u64 *);
static int is_digit(unsigned int);
static int is_hex(unsigned int);
static size_t take_number(struct packed *, const char *, size_t);
static int take_apart(struct packed *, const char *, size_t);
static u32 shape_index(struct names *, const struct packed *, int);
static void pack_id(struct names *, const char *, size_t, int, struct str *);
static void cat_hex(struct str *, u64);

static size_t
put_varint(u8 *p, u64 v)
{
	size_t n;

	for (n = 0; v >= 0x80; v >>= 7)
		p[n++] = (u8)(v | 0x80);
	p[n++] = (u8)v;
	return n;
}

static const u8 *
get_varint(const u8 *p, u64 *out)
{
	unsigned int shift;

	for (*out = 0, shift = 0; *p & 0x80; shift += 7)
		*out |= (u64)(*p++ & 0x7f) << shift;
	*out |= (u64)*p++ << shift;
	return p;
}

/* Of a byte as unsigned int; this is where a SELECT spends its time. */
static int
is_digit(unsigned int c)
{
	return c - '0' < 10;
}

static int
is_hex(unsigned int c)
{
	return c - '0' < 10 || c - 'A' < 6;
}

/* A number at s that prints as it is written: bytes used, 0 if none. */
static size_t
take_number(struct packed *k, const char *s, size_t n)
{
	size_t len, i;
	u64 v;

	for (len = 0; len < n && is_hex((u8)s[len]); len++)
		;
	v = 0;
	if (len == HEX_DIGITS) {
		for (i = 0; i < len; i++)
			v = v << 4 | (u64)(is_digit((u8)s[i]) ?
			    s[i] - '0' : s[i] - 'A' + 10);
		k->shape[k->nshape++] = MARK_HEX;
	} else if (s[0] != '0' && is_digit((u8)s[0])) {
		for (len = 0; len < n && len < DEC_DIGITS &&
		    is_digit((u8)s[len]); len++)
			v = v * 10 + (u64)(s[len] - '0');
		k->shape[k->nshape++] = MARK_DEC;
	} else {
		return 0;
	}
	k->n += put_varint(k->v + k->n, v);
	return len;
}

/* FALSE: this name has no shape. */
static int
take_apart(struct packed *k, const char *s, size_t n)
{
	size_t i, used;

	k->nshape = k->n = 0;
	if (n > SHAPED_MAX)
		return FALSE;
	for (i = 0; i < n; i += used) {
		if (s[i] == MARK_DEC || s[i] == MARK_HEX)
			return FALSE;
		used = 0;
		if (i == 0 || !is_hex((u8)s[i - 1]) || s[i - 1] == '0')
			used = take_number(k, s + i, n - i);
		if (used == 0) {
			k->shape[k->nshape++] = s[i];
			used = 1;
		}
	}
	k->shape[k->nshape] = '\0';
	return TRUE;
}

/* 1 and up; 0: not known and not to be added. */
static u32
shape_index(struct names *names, const struct packed *k, int add)
{
	struct shapes *all;
	struct shape *sh;

	if (names->last != NULL && names->last->len == k->nshape &&
	    memcmp(names->last->text, k->shape, k->nshape) == 0)
		return names->last->index;
	all = names->shapes;
	sh = map_get(all->by_text, k->shape, k->nshape);
	if (sh == NULL && add && all->list.n < SHAPES_MAX) {
		sh = mem_new(sizeof(*sh));
		sh->text = mem_dup(k->shape, k->nshape);
		sh->len = k->nshape;
		vec_push(&all->list, sh);
		sh->index = (u32)all->list.n;
		map_put(all->by_text, k->shape, k->nshape, sh);
	}
	if (sh == NULL)
		return 0;
	names->last = sh;
	return sh->index;
}

static void
pack_id(struct names *names, const char *s, size_t n, int add,
    struct str *out)
{
	struct packed k;
	u8 head[VARINT_MAX];
	u32 shape;

	shape = take_apart(&k, s, n) ? shape_index(names, &k, add) : 0;
	str_reset(out);
	str_cat(out, head, put_varint(head, shape));
	if (shape != 0)
		str_cat(out, k.v, k.n);
	else
		str_cat(out, s, n);
}

void
names_init(struct names *names, const struct names *like)
{
	memset(names, 0, sizeof(*names));
	str_init(&names->id, 0);
	if (like != NULL) {
		names->shapes = like->shapes;
	} else {
		names->shapes = mem_new(sizeof(*names->shapes));
		vec_init(&names->shapes->list);
		names->shapes->by_text = map_new(0);
	}
	names->shapes->refs++;
}

void
names_free(struct names *names)
{
	struct shapes *all;
	struct shape *sh;

	all = names->shapes;
	names->shapes = NULL;
	names->last = NULL;
	str_free(&names->id);
	names->p = mem_free(names->p);
	names->used = names->size = 0;
	if (all == NULL || --all->refs > 0)
		return;
	while ((sh = vec_pop(&all->list)) != NULL) {
		mem_free(sh->text);
		mem_free(sh);
	}
	vec_free(&all->list);
	map_free(&all->by_text);
	mem_free(all);
}

void
names_add(struct names *names, const char *name, struct rec *rec)
{
	const char *suffix;
	u8 *p;
	size_t id, want;

	id = md_name_id(name);
	suffix = name + id;
	rec->flags = (u8)md_name_flags(name);
	if (*suffix == '\0')
		rec->form = FORM_NONE;
	else if (md_name_usual(suffix, rec->flags))
		rec->form = FORM_USUAL;
	else
		rec->form = FORM_OWN;
	pack_id(names, name, id, TRUE, &names->id);
	want = names->used + names->id.len + strlen(suffix) + 2 * VARINT_MAX;
	if (want > U32_MAX)
		log_panic("names of one folder take over 4 GB");
	if (want > names->size) {
		names->size = names->size == 0 ? ARENA_FIRST : names->size * 2;
		if (names->size < want)
			names->size = want;
		names->p = mem_grow(names->p, names->size, 1);
	}
	rec->name = (u32)names->used;
	p = names->p + names->used;
	p += put_varint(p, names->id.len);
	memcpy(p, str_c(&names->id), names->id.len);
	p += names->id.len;
	if (rec->form == FORM_OWN) {
		p += put_varint(p, strlen(suffix));
		memcpy(p, suffix, strlen(suffix));
		p += strlen(suffix);
	}
	names->used = (size_t)(p - names->p);
}

static void
cat_hex(struct str *out, u64 v)
{
	int shift;

	for (shift = 4 * (HEX_DIGITS - 1); shift >= 0; shift -= 4)
		str_catc(out, "0123456789ABCDEF"[v >> shift & 15]);
}

void
names_cat(const struct names *names, const struct rec *rec, struct str *out)
{
	const struct shape *sh;
	const u8 *p, *end;
	size_t i, from;
	u64 n;

	p = get_varint(names->p + rec->name, &n);
	end = p + n;
	p = get_varint(p, &n);
	sh = n > 0 ? names->shapes->list.v[n - 1] : NULL;
	if (sh == NULL)
		str_cat(out, p, (size_t)(end - p));
	for (i = from = 0; sh != NULL && i <= sh->len; i++) {
		if (i < sh->len && sh->text[i] != MARK_DEC &&
		    sh->text[i] != MARK_HEX)
			continue;
		str_cat(out, sh->text + from, i - from);
		from = i + 1;
		if (i == sh->len)
			break;
		p = get_varint(p, &n);
		if (sh->text[i] == MARK_DEC)
			str_catu64(out, n);
		else
			cat_hex(out, n);
	}
	if (rec->form == FORM_USUAL) {
		md_name_info(out, rec->flags);
	} else if (rec->form == FORM_OWN) {
		p = get_varint(end, &n);
		str_cat(out, p, (size_t)n);
	}
}

/* ---- finding by identity ------------------------------------------------ */

static const u8 *
id_of(const struct names *names, const struct rec *rec, size_t *out_n)
{
	const u8 *p;
	u64 n;

	p = get_varint(names->p + rec->name, &n);
	*out_n = (size_t)n;
	return p;
}

int
names_same(const struct names *a, const struct rec *x,
    const struct names *b, const struct rec *y)
{
	const u8 *p, *q;
	size_t m, n;

	p = id_of(a, x, &m);
	q = id_of(b, y, &n);
	return m == n && memcmp(p, q, n) == 0;
}

void
names_index(struct names_index *ix, struct names *names,
    const struct rec *recs, size_t n)
{
	const u8 *id;
	size_t i, h, len;

	ix->names = names;
	ix->recs = recs;
	for (ix->mask = 16; ix->mask < n; )
		ix->mask *= 2;
	ix->heads = mem_array(ix->mask, sizeof(*ix->heads));
	ix->next = mem_array(n, sizeof(*ix->next));
	ix->mask--;
	for (i = n; i-- > 0; ) {
		id = id_of(names, recs + i, &len);
		h = map_hash(id, len) & ix->mask;
		ix->next[i] = ix->heads[h];
		ix->heads[h] = (u32)i + 1;
	}
}

size_t
names_find(struct names_index *ix, const char *name, size_t n, int without)
{
	const struct rec *rec;
	const u8 *id;
	size_t len;
	u32 i;

	if (ix->heads == NULL)
		return NAMES_NONE;
	pack_id(ix->names, name, n, FALSE, &ix->names->id);
	i = ix->heads[map_hash(str_c(&ix->names->id), ix->names->id.len) &
	    ix->mask];
	for (; i != 0; i = ix->next[i - 1]) {
		rec = ix->recs + i - 1;
		id = id_of(ix->names, rec, &len);
		if ((rec->state & without) == 0 && len == ix->names->id.len &&
		    memcmp(id, str_c(&ix->names->id), len) == 0)
			return i - 1;
	}
	return NAMES_NONE;
}

void
names_index_free(struct names_index *ix)
{
	ix->heads = mem_free(ix->heads);
	ix->next = mem_free(ix->next);
}
