/* base/map, base/pool, base/vec, base/glob, base/file.
   SPDX-License-Identifier: ISC */

#include "base/base.h"

#include <sys/stat.h>

#include "base/file.h"
#include "base/glob.h"
#include "base/map.h"
#include "base/num.h"
#include "base/pool.h"
#include "base/str.h"

#include "t.h"

#define MANY	20000

static void maps(void);
static void pools(void);
static void globs(void);
static void files(void);

static void
maps(void)
{
	static int values[MANY];
	struct map *m;
	char key[NUM_BUF];
	int i, bad;

	m = map_new(0);
	for (i = 0; i < MANY; i++) {
		num_u32(key, (u32)i);
		map_puts(m, key, values + i);
	}
	for (i = 0; i < MANY; i += 2) {
		num_u32(key, (u32)i);
		map_del(m, key, strlen(key));
	}
	for (i = bad = 0; i < MANY; i++) {
		num_u32(key, (u32)i);
		if (map_gets(m, key) != (i % 2 == 0 ? NULL : values + i))
			bad++;
	}
	T_INT(bad, 0);
	T_INT(map_count(m), MANY / 2);
	T_OK(map_puts(m, "1", values) == values + 1);
	map_free(&m);
	T_OK(m == NULL);
}

static void
pools(void)
{
	struct pool *p;
	char *a, *b;
	int i;

	p = pool_new();
	a = pool_strdup(p, "hello");
	for (i = 0; i < 10000; i++)
		b = pool_alloc(p, (size_t)(i % 5000));
	b = pool_strndup(p, "worldwide", 5);
	T_STR(a, "hello");
	T_STR(b, "world");
	pool_reset(p);
	T_INT(pool_used(p), 0);
	pool_free(&p);
}

static void
globs(void)
{
	static const struct {
		const char	*pattern, *name;
		int		want;
	} cases[] = {
		{ "*", "INBOX.a", GLOB_YES },
		{ "%", "INBOX", GLOB_YES },
		{ "%", "INBOX.a", GLOB_NO },
		{ "INBOX.%", "INBOX.a", GLOB_YES },
		{ "INBOX.%", "INBOX", GLOB_PARENT },
		{ "INBOX.%.c", "INBOX.b.c", GLOB_YES },
		{ "INBOX.%.c", "INBOX.b", GLOB_PARENT },
		{ "INBOX*", "INBOX", GLOB_YES },
		{ "a*b*c", "axxbyyc", GLOB_YES },
		{ "a*b*c", "axxbyy", GLOB_PARENT },
		{ "", "", GLOB_YES },
		{ "", "x", GLOB_NO }
	};
	struct str name;
	size_t i;

	for (i = 0; i < NITEMS(cases); i++)
		T_INT(glob_match(cases[i].pattern, cases[i].name, '.'),
		    cases[i].want);
	str_init(&name, 0);
	for (i = 0; i < 2000; i++)
		str_catc(&name, 'a');
	T_OK(glob_reaches("INBOX.%.c", "INBOX.b", '.'));
	T_OK(glob_reaches("a.b.%", "a.b.", '.'));
	T_OK(glob_reaches("a.%", "a.b", '.'));
	T_OK(!glob_reaches("a.%", "a.b.", '.'));
	T_OK(!glob_reaches("a.b", "a.c", '.'));
	T_INT(glob_match("*a*a*a*a*a*a*a*a*a*a*b", str_c(&name), '.'),
	    GLOB_PARENT);
	str_free(&name);
}

static void
files(void)
{
	struct str path, tmp, data;
	struct stat st;

	str_init(&path, 0);
	str_init(&tmp, 0);
	str_init(&data, 0);
	str_catf(&path, "%s/file", t_tmpdir());
	str_catf(&tmp, "%s/tmp", t_tmpdir());
	T_INT(file_slurp(str_c(&path), 100, &data), E_NOENT);
	T_INT(file_replace(str_c(&path), str_c(&tmp), "hello", 5, 0640, TRUE),
	    E_OK);
	T_INT(file_slurp(str_c(&path), 100, &data), E_OK);
	T_STR(str_c(&data), "hello");
	str_reset(&data);
	T_INT(file_slurp(str_c(&path), 4, &data), E_TOOBIG);
	T_OK(stat(str_c(&tmp), &st) < 0);
	T_INT(symlink(str_c(&path), str_c(&tmp)), 0);
	T_OK(file_open_regular(str_c(&tmp)) < 0);
	T_INT(file_remove_tree(str_c(&tmp)), E_OK);
	T_INT(stat(str_c(&path), &st), 0);
	str_free(&path);
	str_free(&tmp);
	str_free(&data);
}

int
main(void)
{
	maps();
	pools();
	globs();
	files();
	return t_done();
}
