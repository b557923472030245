/* base/intern, base/msort.  SPDX-License-Identifier: ISC */

#include "base/base.h"

#include "base/intern.h"
#include "base/mem.h"
#include "base/msort.h"
#include "base/num.h"

#include "t.h"

#define MANY	20000

static u32
id(struct intern *in, const char *s)
{
	u32 n = 99;

	T_INT(intern_add(in, s, strlen(s), &n), E_OK);
	return n;
}

static void
test_numbers(void)
{
	struct intern *in;
	u32 rank[6], n;

	in = intern_new(6, 100);
	T_INT(id(in, "b"), 0);
	T_INT(id(in, ""), 1);
	T_INT(id(in, "a"), 2);
	T_INT(id(in, "b"), 0);
	T_INT(intern_unique(in, &n), E_OK);
	T_INT(n, 3);
	T_INT(id(in, ""), 1);
	T_INT(id(in, "ab"), 4);
	T_INT(intern_add(in, "a\0b", 3, &n), E_OK);
	T_INT(n, 5);
	T_INT(intern_count(in), 6);
	intern_rank(in, rank);
	T_INT(rank[0], 5);
	T_INT(rank[1], 0);
	T_INT(rank[2], 2);
	T_INT(rank[3], 1);
	T_INT(rank[4], 4);
	T_INT(rank[5], 3);
	/* Full; what is there is still found. */
	T_INT(intern_add(in, "c", 1, &n), E_TOOBIG);
	T_INT(intern_unique(in, &n), E_TOOBIG);
	T_INT(id(in, "ab"), 4);
	intern_free(&in);
	T_OK(in == NULL);
	in = intern_new(10, 3);
	T_INT(id(in, "abc"), 0);
	T_INT(intern_add(in, "d", 1, &n), E_TOOBIG);
	T_INT(id(in, "abc"), 0);
	intern_free(&in);
	intern_free(&in);
}

/* Many, so that the table grows: each keeps its number. */
static void
test_many(void)
{
	struct intern *in;
	char buf[NUM_BUF];
	u32 i, n, *rank;
	int bad = 0;

	in = intern_new(2 * MANY, 0);
	for (i = 0; i < 2 * MANY; i++) {
		bad += intern_add(in, buf, num_u32(buf, i % MANY), &n) != E_OK;
		bad += n != i % MANY;
	}
	T_INT(bad, 0);
	rank = mem_array(MANY, sizeof(*rank));
	intern_rank(in, rank);
	T_INT(rank[0], 0);
	T_INT(rank[10], 2);
	T_INT(rank[9], 1 + 11111 + 7 * 1111);
	T_INT(rank[9999], MANY - 1);
	mem_free(rank);
	intern_free(&in);
}

static u32 calls;

static int
by_tens(const void *ctx, u32 a, u32 b)
{
	(void)ctx;
	calls++;
	return (int)(a / 10) - (int)(b / 10);
}

/* Equal ones keep their order, for any length. */
static void
test_msort(void)
{
	u32 v[200], i, n;
	int bad = 0;

	for (n = 0; n < NITEMS(v); n++) {
		for (i = 0; i < n; i++)
			v[i] = (i * 7919 + 13) % 50 * 10 + i % 10;
		calls = 0;
		msort_u32(v, n, by_tens, NULL);
		for (i = 1; i < n; i++)
			bad += v[i - 1] / 10 > v[i] / 10;
		bad += calls > n * 8;
	}
	T_INT(bad, 0);
	for (i = 0; i < NITEMS(v); i++)
		v[i] = 1000 + i % 10 + (i < 100 ? 10 : 0);
	msort_u32(v, NITEMS(v), by_tens, NULL);
	for (i = 0; i < NITEMS(v); i++)
		bad += v[i] != 1000 + i % 10 + (i < 100 ? 0 : 10);
	T_INT(bad, 0);
}

int
main(void)
{
	test_numbers();
	test_many();
	test_msort();
	return t_done();
}
