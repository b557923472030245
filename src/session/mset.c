/* Message sets.  SPDX-License-Identifier: ISC */

#include "base/base.h"

#include "base/mem.h"
#include "base/num.h"
#include "base/pool.h"
#include "base/str.h"

#include "session/mset.h"
#include "session/view.h"

static void	grow(struct mset *);
static int	parse_number(const char *, size_t, size_t *, u32 *);
static int	cmp_range(const void *, const void *);
static size_t	merge(struct mrange *, size_t);

struct mset *
mset_new(struct pool *pool)
{
	struct mset *set;

	set = pool_alloc(pool, sizeof(*set));
	set->pool = pool;
	return set;
}

static void
grow(struct mset *set)
{
	struct mrange *r;
	size_t size;

	if (set->n < set->size)
		return;
	size = set->size == 0 ? 8 : set->size * 2;
	r = pool_array(set->pool, size, sizeof(*r));
	if (set->n > 0)
		memcpy(r, set->r, set->n * sizeof(*r));
	set->r = r;
	set->size = size;
}

/*
 *   seq-number = nz-number / "*"       ; `*` is given as 0
 *   nz-number = digit-nz *DIGIT
 *   digit-nz = %x31-39
 *   uniqueid = nz-number
 * Zeros in front are let through.
 */
static int
parse_number(const char *s, size_t n, size_t *pos, u32 *out)
{
	size_t used;

	if (*pos < n && s[*pos] == '*') {
		(*pos)++;
		*out = 0;
		return E_OK;
	}
	used = num_scan_u32(s + *pos, n - *pos, out);
	if (used == 0 || *out == 0)
		return E_SYNTAX;
	*pos += used;
	return E_OK;
}

int
mset_parse(struct pool *pool, const char *s, size_t n, struct mset **out)
{
	struct mset *set;
	size_t pos;
	u32 lo, hi;

	set = mset_new(pool);
	pos = 0;
	for (;;) {
		if (parse_number(s, n, &pos, &lo) != E_OK)
			return E_SYNTAX;
		hi = lo;
		if (pos < n && s[pos] == ':') {
			pos++;
			if (parse_number(s, n, &pos, &hi) != E_OK)
				return E_SYNTAX;
		}
		if (set->n >= MSET_RANGES_MAX)
			return E_TOOBIG;
		grow(set);
		set->r[set->n].lo = lo;
		set->r[set->n].hi = hi;
		set->n++;
		if (pos == n)
			break;
		if (s[pos++] != ',')
			return E_SYNTAX;
	}
	*out = set;
	return E_OK;
}

void
mset_add(struct mset *set, u32 v)
{
	mset_add_range(set, v, v);
}

void
mset_add_range(struct mset *set, u32 lo, u32 hi)
{
	struct mrange *last;

	if (set->n > 0) {
		last = &set->r[set->n - 1];
		if (last->hi != U32_MAX && last->hi + 1 == lo && hi >= lo &&
		    last->lo <= last->hi) {
			last->hi = hi;
			return;
		}
	}
	grow(set);
	set->r[set->n].lo = lo;
	set->r[set->n].hi = hi;
	set->n++;
}

u64
mset_count(const struct mset *set)
{
	u64 sum;
	size_t i;

	sum = 0;
	for (i = 0; i < set->n; i++) {
		if (set->r[i].hi >= set->r[i].lo)
			sum += (u64)(set->r[i].hi - set->r[i].lo) + 1;
		else
			sum += (u64)(set->r[i].lo - set->r[i].hi) + 1;
	}
	return sum;
}

u32 *
mset_numbers(const struct mset *set, size_t *out_n)
{
	size_t i, n = 0;
	u32 *v, k;

	v = mem_array((size_t)mset_count(set) + 1, sizeof(*v));
	for (i = 0; i < set->n; i++)
		for (k = set->r[i].lo; ; k++) {
			v[n++] = k;
			if (k == set->r[i].hi)
				break;
		}
	*out_n = n;
	return v;
}

int
mset_has(const struct mset *set, u32 v, u32 star)
{
	u32 lo, hi;
	size_t i;

	for (i = 0; i < set->n; i++) {
		lo = set->r[i].lo == 0 ? star : set->r[i].lo;
		hi = set->r[i].hi == 0 ? star : set->r[i].hi;
		if ((v >= lo && v <= hi) || (v >= hi && v <= lo))
			return v != 0;
	}
	return FALSE;
}

int
mset_print(const struct mset *set, struct str *out)
{
	size_t i;

	for (i = 0; i < set->n; i++) {
		if (i > 0)
			str_catc(out, ',');
		str_catu32(out, set->r[i].lo);
		if (set->r[i].hi != set->r[i].lo) {
			str_catc(out, ':');
			str_catu32(out, set->r[i].hi);
		}
	}
	return out->toobig ? E_TOOBIG : E_OK;
}

static int
cmp_range(const void *a, const void *b)
{
	const struct mrange *x = a, *y = b;

	if (x->lo != y->lo)
		return x->lo < y->lo ? -1 : 1;
	return 0;
}

/* Joins what overlaps or touches; the ranges are sorted. */
static size_t
merge(struct mrange *r, size_t n)
{
	size_t i, w;

	w = 0;
	for (i = 0; i < n; i++) {
		if (w > 0 && (r[w - 1].hi == U32_MAX ||
		    r[i].lo <= r[w - 1].hi + 1)) {
			if (r[i].hi > r[w - 1].hi)
				r[w - 1].hi = r[i].hi;
		} else
			r[w++] = r[i];
	}
	return w;
}

struct mset *
mset_normal(const struct mset *set, u32 star)
{
	struct mset *res;
	u32 lo, hi, t;
	size_t i;

	res = mset_new(set->pool);
	res->size = set->n + 1;
	res->r = pool_array(set->pool, res->size, sizeof(*res->r));
	for (i = 0; i < set->n; i++) {
		lo = set->r[i].lo == 0 ? star : set->r[i].lo;
		hi = set->r[i].hi == 0 ? star : set->r[i].hi;
		if (lo == 0 || hi == 0)
			continue;
		if (lo > hi) {
			t = lo;
			lo = hi;
			hi = t;
		}
		res->r[res->n].lo = lo;
		res->r[res->n].hi = hi;
		res->n++;
	}
	if (res->n > 1) {
		qsort(res->r, res->n, sizeof(*res->r), cmp_range);
		res->n = merge(res->r, res->n);
	}
	return res;
}

int
mset_in_normal(const struct mset *set, u32 v)
{
	size_t lo, hi, mid;

	for (lo = 0, hi = set->n; lo < hi; ) {
		mid = lo + (hi - lo) / 2;
		if (set->r[mid].hi < v)
			lo = mid + 1;
		else
			hi = mid;
	}
	return lo < set->n && set->r[lo].lo <= v;
}

u32
mset_bad_seq(const struct mset *set, u32 count)
{
	u32 lo, hi;
	size_t i;

	for (i = 0; i < set->n; i++) {
		lo = set->r[i].lo;
		hi = set->r[i].hi;
		if (lo == 0 && hi == 0 && count == 0)
			return 1;
		if (lo == 0 || hi == 0)
			continue;
		if (lo > count && hi > count)
			return lo < hi ? lo : hi;
		if (lo > count || hi > count)
			return count + 1;
	}
	return 0;
}

void
mset_begin(struct mset_iter *it, const struct mset *set,
    const struct view *view, int by_uid)
{
	u32 star;

	star = by_uid ? view_last_uid(view) : view_count(view);
	it->view = view;
	it->set = mset_normal(set, star);
	it->by_uid = by_uid;
	it->i = 0;
	it->seq = 0;
}

int
mset_next(struct mset_iter *it, u32 *out_seq)
{
	const struct mrange *r;
	u32 seq;

	for (; it->i < it->set->n; it->i++) {
		r = &it->set->r[it->i];
		seq = it->by_uid ? view_seq_from(it->view, r->lo) : r->lo;
		if (seq <= it->seq)
			seq = it->seq + 1;
		if (seq > view_count(it->view))
			return FALSE;
		if ((it->by_uid ? view_uid(it->view, seq) : seq) > r->hi)
			continue;
		it->seq = seq;
		*out_seq = seq;
		return TRUE;
	}
	return FALSE;
}
