/* Stable sorting with a context.  SPDX-License-Identifier: ISC

   qsort hands no context over, keeps no order of equals, and is quadratic on
   some systems for input that a stranger chose. */

#include "base/base.h"

#include "base/mem.h"
#include "base/msort.h"

static void merge(const u32 *, size_t, size_t, u32 *, msort_fn *,
    const void *);

/* Merges from[0..mid) and from[mid..n). */
static void
merge(const u32 *from, size_t mid, size_t n, u32 *to, msort_fn *cmp,
    const void *ctx)
{
	size_t a, b;

	for (a = 0, b = mid; a < mid && b < n; )
		if (cmp(ctx, from[a], from[b]) <= 0)
			*to++ = from[a++];
		else
			*to++ = from[b++];
	memcpy(to, from + a, (mid - a) * sizeof(*to));
	memcpy(to + (mid - a), from + b, (n - b) * sizeof(*to));
}

void
msort_u32(u32 *v, size_t n, msort_fn *cmp, const void *ctx)
{
	u32 *from, *to, *other, *swap;
	size_t run, i, len;

	if (n < 2)
		return;
	other = mem_array(n, sizeof(*other));
	from = v;
	to = other;
	for (run = 1; run < n; run *= 2) {
		for (i = 0; i < n; i += len) {
			len = n - i < 2 * run ? n - i : 2 * run;
			merge(from + i, len < run ? len : run, len, to + i,
			    cmp, ctx);
		}
		swap = from;
		from = to;
		to = swap;
	}
	if (from != v)
		memcpy(v, from, n * sizeof(*v));
	mem_free(other);
}
