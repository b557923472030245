/* session/mset.  SPDX-License-Identifier: ISC */

#include "base/base.h"

#include "base/pool.h"
#include "base/str.h"
#include "session/mset.h"

#include "t.h"

/* What a set is after parsing; after sorting with `*` = 10. */
static const struct {
	const char *in;
	int	err;
	const char *normal;
} cases[] = {
	{ "1", E_OK, "1" },
	{ "*", E_OK, "10" },
	{ "1:*", E_OK, "1:10" },
	{ "*:1", E_OK, "1:10" },
	{ "1:*,4", E_OK, "1:10" },
	{ "5:3", E_OK, "3:5" },
	{ "999:*", E_OK, "10:999" },
	{ "7,1,2,3", E_OK, "1:3,7" },
	{ "2,2,2", E_OK, "2" },
	{ "1,3,5:6,6:7", E_OK, "1,3,5:7" },
	{ "4294967295", E_OK, "4294967295" },
	{ "4294967295,1:4294967295", E_OK, "1:4294967295" },
	{ "4294967296", E_SYNTAX, NULL },
	{ "", E_SYNTAX, NULL },
	{ "0", E_SYNTAX, NULL },
	{ "1:", E_SYNTAX, NULL },
	{ ":1", E_SYNTAX, NULL },
	{ "1,,2", E_SYNTAX, NULL },
	{ "1,", E_SYNTAX, NULL },
	{ "1:2:3", E_SYNTAX, NULL },
	{ "1 2", E_SYNTAX, NULL },
	{ "a", E_SYNTAX, NULL },
	{ "-1", E_SYNTAX, NULL },
};

static void
test_cases(struct pool *pool)
{
	struct mset *set;
	struct str s;
	size_t i;
	int e;

	str_init(&s, 0);
	for (i = 0; i < NITEMS(cases); i++) {
		e = mset_parse(pool, cases[i].in, strlen(cases[i].in), &set);
		T_INT(e, cases[i].err);
		if (e != E_OK)
			continue;
		str_reset(&s);
		mset_print(mset_normal(set, 10), &s);
		T_STR(str_c(&s), cases[i].normal);
	}
	str_free(&s);
}

static void
test_build(struct pool *pool)
{
	struct mset *set;
	struct str s;

	set = mset_new(pool);
	str_init(&s, 0);
	mset_add(set, 1);
	mset_add(set, 3);
	mset_add(set, 5);
	mset_add(set, 6);
	mset_print(set, &s);
	T_STR(str_c(&s), "1,3,5:6");
	T_INT(mset_count(set), 4);
	str_reset(&s);
	mset_add(set, 2);
	mset_print(set, &s);
	T_STR(str_c(&s), "1,3,5:6,2");
	T_OK(mset_has(set, 6, 9));
	T_OK(!mset_has(set, 7, 9));
	set = mset_normal(set, 9);
	T_OK(mset_in_normal(set, 1));
	T_OK(mset_in_normal(set, 3));
	T_OK(!mset_in_normal(set, 4));
	T_OK(mset_in_normal(set, 6));
	T_OK(!mset_in_normal(set, 7));
	str_free(&s);
}

static void
test_bad_seq(struct pool *pool)
{
	struct mset *set;

	mset_parse(pool, "1:5,9", 5, &set);
	T_INT(mset_bad_seq(set, 8), 9);
	T_INT(mset_bad_seq(set, 9), 0);
	T_INT(mset_bad_seq(set, 3), 4);
	T_INT(mset_bad_seq(set, 0), 1);
	mset_parse(pool, "9:4", 3, &set);
	T_INT(mset_bad_seq(set, 5), 6);
	T_INT(mset_bad_seq(set, 2), 4);
	mset_parse(pool, "1:*,*:7", 7, &set);
	T_INT(mset_bad_seq(set, 0), 0);
	T_INT(mset_bad_seq(set, 3), 0);
	mset_parse(pool, "*", 1, &set);
	T_INT(mset_bad_seq(set, 3), 0);
	T_INT(mset_bad_seq(set, 0), 1);
}

static void
test_huge(struct pool *pool)
{
	struct mset *set;
	struct str s;
	u32 i;

	str_init(&s, 0);
	for (i = 0; i < MSET_RANGES_MAX; i++)
		str_cats(&s, "1,");
	str_cats(&s, "1");
	T_INT(mset_parse(pool, str_c(&s), s.len, &set), E_TOOBIG);
	str_free(&s);
}

int
main(void)
{
	struct pool *pool;

	pool = pool_new();
	test_cases(pool);
	test_build(pool);
	test_bad_seq(pool);
	test_huge(pool);
	pool_free(&pool);
	return t_done();
}
