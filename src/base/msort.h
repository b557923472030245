/* Stable sorting with a context.  SPDX-License-Identifier: ISC */

#ifndef BASE_MSORT_H
#define BASE_MSORT_H

/* Less than, equal to or greater than 0, as qsort has it. */
typedef int msort_fn(const void *ctx, u32 a, u32 b);

/* Sorts n numbers (indices, mostly) in place; equal ones keep their order.
   Takes as much memory again for the time; n * log n comparisons at most. */
void	msort_u32(u32 *v, size_t n, msort_fn *, const void *ctx);

#endif
