/* Numbers for strings: equal ones get the same.  SPDX-License-Identifier: ISC */

#include "base/base.h"

#include "base/intern.h"
#include "base/map.h"
#include "base/mem.h"
#include "base/msort.h"
#include "base/str.h"

#define SLOTS_MIN	64

struct intern {
	struct str	bytes;
	u32		*at;		/* n + 1: where each begins */
	u32		n;
	u32		size;		/* room in `at` */
	u32		max;
	u32		*slots;		/* number + 1, or 0; open addressing */
	u32		nslots;		/* a power of two */
	u32		used;
};

static u32 find(const struct intern *, const void *, size_t);
static void grow(struct intern *);
static int append(struct intern *, const void *, size_t, u32 *);
static int compare(const void *, u32, u32);

struct intern *
intern_new(size_t max_count, size_t max_bytes)
{
	struct intern *in;

	in = mem_new(sizeof(*in));
	str_init(&in->bytes, max_bytes);
	in->max = (u32)max_count;
	in->size = SLOTS_MIN;
	in->at = mem_array(in->size, sizeof(*in->at));
	in->nslots = SLOTS_MIN;
	in->slots = mem_array(in->nslots, sizeof(*in->slots));
	return in;
}

void
intern_free(struct intern **inp)
{
	if (*inp == NULL)
		return;
	str_free(&(*inp)->bytes);
	mem_free((*inp)->at);
	mem_free((*inp)->slots);
	*inp = mem_free(*inp);
}

/* The slot of the string, or the free one where it goes. */
static u32
find(const struct intern *in, const void *s, size_t n)
{
	u32 i, id;

	for (i = map_hash(s, n) & (in->nslots - 1); in->slots[i] != 0;
	    i = (i + 1) & (in->nslots - 1)) {
		id = in->slots[i] - 1;
		if (in->at[id + 1] - in->at[id] == n &&
		    memcmp(str_c(&in->bytes) + in->at[id], s, n) == 0)
			break;
	}
	return i;
}

/* At most three quarters of the slots are in use. */
static void
grow(struct intern *in)
{
	u32 *old, i, n, id;

	old = in->slots;
	n = in->nslots;
	in->nslots *= 2;
	in->slots = mem_array(in->nslots, sizeof(*in->slots));
	for (i = 0; i < n; i++) {
		if (old[i] == 0)
			continue;
		id = old[i] - 1;
		in->slots[find(in, in->bytes.data + in->at[id],
		    in->at[id + 1] - in->at[id])] = old[i];
	}
	mem_free(old);
}

static int
append(struct intern *in, const void *s, size_t n, u32 *out)
{
	int e;

	if (in->n == in->max)
		return E_TOOBIG;
	e = str_cat(&in->bytes, s, n);
	if (e != E_OK)
		return e;
	if (in->n + 1 == in->size) {
		in->size += in->size / 2;
		in->at = mem_grow(in->at, in->size, sizeof(*in->at));
	}
	*out = in->n++;
	in->at[in->n] = (u32)in->bytes.len;
	return E_OK;
}

int
intern_add(struct intern *in, const void *s, size_t n, u32 *out)
{
	u32 slot;
	int e;

	slot = find(in, s, n);
	if (in->slots[slot] != 0) {
		*out = in->slots[slot] - 1;
		return E_OK;
	}
	e = append(in, s, n, out);
	if (e != E_OK)
		return e;
	in->slots[slot] = *out + 1;
	if (++in->used > in->nslots / 4 * 3)
		grow(in);
	return E_OK;
}

int
intern_unique(struct intern *in, u32 *out)
{
	return append(in, "", 0, out);
}

u32
intern_count(const struct intern *in)
{
	return in->n;
}

static int
compare(const void *ctx, u32 a, u32 b)
{
	const struct intern *in = ctx;
	const char *s = str_c(&in->bytes);
	u32 m, n;
	int c;

	m = in->at[a + 1] - in->at[a];
	n = in->at[b + 1] - in->at[b];
	c = memcmp(s + in->at[a], s + in->at[b], m < n ? m : n);
	return c != 0 ? c : m < n ? -1 : m > n;
}

void
intern_rank(const struct intern *in, u32 *rank)
{
	u32 *order, i;

	order = mem_array(in->n + 1, sizeof(*order));
	for (i = 0; i < in->n; i++)
		order[i] = i;
	msort_u32(order, in->n, compare, in);
	for (i = 0; i < in->n; i++)
		rank[order[i]] = i;
	mem_free(order);
}
