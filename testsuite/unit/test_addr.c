/* mail/addr.  SPDX-License-Identifier: ISC */

#include "base/base.h"

#include "base/pool.h"
#include "base/str.h"
#include "mail/addr.h"

#include "t.h"

/* Members by |, rows by newline; - is NULL. */
static const struct {
	const char	*in;
	const char	*out;
} cases[] = {
	{ "", "" },
	{ " , ,", "" },
	{ "\"Doe, John\" <john@example.org>",
	  "Doe, John|-|john|example.org\n" },
	{ "foo@example.org (Comment Name)",
	  "Comment Name|-|foo|example.org\n" },
	{ "a.b.c@d.e.f (x (nested) y)", "x (nested) y|-|a.b.c|d.e.f\n" },
	{ "bare", "-|-|bare|\n" },
	{ "\"No At\" <noat>", "No At|-|noat|\n" },
	{ "Foo <@r1,@r2:foo@example.org>",
	  "Foo|@r1,@r2|foo|example.org\n" },
	{ "\"quoted local\"@x.org", "-|-|quoted local|x.org\n" },
	{ "bad <bad", "bad|-|bad|\n" },
	{ "Group: a@x.org;", "group Group\n-|-|a|x.org\nend\n" },
	{ "undisclosed-recipients:;", "group undisclosed-recipients\nend\n" },
	{ "My Friends: a@b, \"C D\" <c@d>;, e@f",
	  "group My Friends\n-|-|a|b\nC D|-|c|d\nend\n-|-|e|f\n" },
	{ "John Q. Public <j@p.q>", "John Q. Public|-|j|p.q\n" },
	{ "a @ b . c", "-|-|a|b.c\n" },
	{ "a . b@c", "-|-|a.b|c\n" },
	{ "<>", "-|-||\n" },
	{ "x@[127.0.0.1]", "-|-|x|[127.0.0.1]\n" },
	{ "=?utf-8?Q?J=C3=B6rg?= <j@x>", "=?utf-8?Q?J=C3=B6rg?=|-|j|x\n" },
	{ "J\303\266rg <j@x>, k@y", "J\303\266rg|-|j|x\n-|-|k|y\n" },
	{ "\"open quote <a@b>", "-|-|open quote <a@b>|\n" },
	{ "unclosed: a@b", "group unclosed\n-|-|a|b\nend\n" },
	{ "\"A\" \"B\" <a@b>", "A B|-|a|b\n" },
	{ "<a@b> (late name)", "late name|-|a|b\n" },
	{ "(one) a@b (two) ()", "two|-|a|b\n" },
	{ "(one) a@b, c@d", "one|-|a|b\n-|-|c|d\n" },
	{ "a@b@c.d", "-|-|a@b|c.d\n" },
	{ "N <a@b@c.d>", "N|-|a@b|c.d\n" },
	{ "a@@b", "-|-|a|b\n" },
	{ "<@r1@r2:a@b>", "-|@r1r2|a|b\n" },
	{ "A: B: a@b; c@d;", "group A\n-|-|a|b\nend\n-|-|c|d\n" }
};

static void show(const struct addr *, struct str *);

static void
show(const struct addr *a, struct str *s)
{
	str_reset(s);
	for (; a != NULL; a = a->next) {
		if (a->kind == ADDR_GROUP)
			str_catf(s, "group %s\n", a->local);
		else if (a->kind == ADDR_GROUP_END)
			str_cats(s, "end\n");
		else
			str_catf(s, "%s|%s|%s|%s\n",
			    a->name == NULL ? "-" : a->name,
			    a->route == NULL ? "-" : a->route,
			    a->local, a->domain);
	}
}

int
main(void)
{
	struct pool *p = pool_new();
	struct str s, big;
	struct addr *a;
	size_t i;

	str_init(&s, 0);
	str_init(&big, 0);
	for (i = 0; i < NITEMS(cases); i++) {
		show(addr_parse(p, cases[i].in, strlen(cases[i].in)), &s);
		T_STR(str_c(&s), cases[i].out);
	}
	for (i = 0; i < 50000; i++)
		str_cats(&big, "a@b,(((");
	addr_parse(p, str_c(&big), big.len);
	str_reset(&big);
	for (i = 0; i < 50000; i++)
		str_cats(&big, "a@b,");
	a = addr_parse(p, str_c(&big), big.len);
	for (i = 0; a != NULL; a = a->next)
		i++;
	T_INT(i, ADDR_MAX);
	str_free(&big);
	str_free(&s);
	pool_free(&p);
	return t_done();
}
