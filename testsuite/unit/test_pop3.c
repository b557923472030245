/* Order of messages, and courierpop3dsizelist.  SPDX-License-Identifier: ISC */

#include "base/base.h"

#include "base/mem.h"
#include "base/str.h"

#include "pop3/order.h"
#include "pop3/sizelist.h"
#include "pop3/snapshot.h"

#include "t.h"

static void check(const char *, size_t, const char *);
static void damaged(void);
static void find(void);
static void order(void);
static void show(const struct sizelist *, struct str *);
static void versions(void);

/* As it would be written, with what else the list tells. */
static void
show(const struct sizelist *l, struct str *out)
{
	struct inbox s;

	memset(&s, 0, sizeof(s));
	s.v = l->v;
	s.n = l->n;
	s.next = l->next;
	s.list = l->list;
	sizelist_print(&s, out);
	if (l->stale)
		str_cats(out, "stale\n");
}

static void
check(const char *text, size_t n, const char *want)
{
	struct sizelist l;
	struct str out;

	str_init(&out, 0);
	sizelist_parse(&l, mem_dup(text, n), n, 99);
	show(&l, &out);
	T_STR(str_c(&out), want);
	sizelist_free(&l);
	str_free(&out);
}

#define CHECK(text, want)	check(text, sizeof(text) - 1, want)

static void
versions(void)
{
	CHECK("", "/3 1 99\n");
	CHECK("a:2, 20 1:5:0\n", "/3 1 99\n");
	CHECK("/0 7 5\na:2, 20 1:5:0\n", "/3 7 5\n");
	CHECK("/1 7 5\na:2, 20 1\n", "/3 7 5\n");
	CHECK("/1 7\na:2, 20 1\n", "/3 7 99\n");
	CHECK("/4 7 5\na:2, 20 1:5:0\n", "/3 7 5\n");
	CHECK("/2 7 5\na:2, 20 1:5\nb 9 0:0\nc 1 3\n",
	    "/3 7 5\na:2, 20 1:5:0\nb 9 0:0:0\nstale\n");
	CHECK("/2 7\na:2, 20 1:5\n", "/3 7 99\na:2, 20 1:5:0\nstale\n");
	CHECK("/3 7 0\na:2, 20 0:0:0\nb:2,S 9 3:0:1\n",
	    "/3 7 0\na:2, 20 0:0:0\nb:2,S 9 3:0:1\n");
	CHECK("/3 7 5 9\na b c:2, 20 1:5:0\n", "/3 7 5\na b c:2, 20 1:5:0\n");
}

static void
damaged(void)
{
	CHECK("/3 x 5\na:2, 20 1:5:0\n", "/3 1 99\n");
	CHECK("/3\na:2, 20 1:5:0\n", "/3 1 99\n");
	CHECK("/\n", "/3 1 99\n");
	CHECK("/3 4 5\r\na:2, 20 1:5:0\r\n", "/3 4 5\na:2, 20 1:5:0\n");
	/* A number is never given twice. */
	CHECK("/3 2 5\na:2, 20 7:5:0\nb:2, 9 9:6:0\n",
	    "/3 8 5\na:2, 20 7:5:0\nb:2, 9 9:6:0\n");
	CHECK("/3 18446744073709551615 5\n", "/3 1 99\n");
	CHECK("/3 7 5\na:2, 20x 1:5:0\nb 3 x:5:0\nc 3 1:5x:0\nd 3 1:5:x\n"
	    "e  3  1:5:0\nf 1:5:0\n 3 1:5:0\n\n"
	    "g 3 99999999999999999999:5:0\n", "/3 7 5\n");
	CHECK("/3 7 5\na\0b:2, 20 1:5:0\nc:2, 3 2:5:0\n",
	    "/3 7 5\nc:2, 3 2:5:0\n");
	/* Without its end a line may be a part of one. */
	CHECK("/3 7 55\na:2, 20 1:55:0", "/3 7 55\na:2, 20 1:55:0\nstale\n");
	CHECK("/3 7 55\na:2, 20 1:5", "/3 7 55\nstale\n");
	CHECK("/2 7 55\na:2, 20 1:55", "/3 7 55\na:2, 20 1:55:0\nstale\n");
	/* In any order. */
	CHECK("/3 7 5\n20.a 1 3:5:0\n3.b 1 2:5:0\n3.a:2,S 1 1:5:0\n",
	    "/3 7 5\n3.a:2,S 1 1:5:0\n3.b 1 2:5:0\n20.a 1 3:5:0\n");
}

static void
order(void)
{
	T_INT(order_cmp("100.a:2,S", "100.a:2,"), 0);
	T_INT(order_cmp("100.a:1,zz", "100.a:2,"), 0);
	T_INT(order_cmp("100.a", "100.a"), 0);
	T_INT(order_cmp("100.a", "100.a:2,"), -1);
	T_INT(order_cmp("100.a:2,", "100.a"), 1);
	T_INT(order_cmp("99.z", "100.a"), -1);
	T_INT(order_cmp("-1.a", "0.a"), -1);
	T_INT(order_cmp("name", "1.a"), -1);
	T_INT(order_cmp("  7.a", "7.a"), -1);
	T_INT(order_cmp("07.a", "7.a"), -1);
	/* Bytes are signed. */
	T_INT(order_cmp("1.\303\251", "1.a"), -1);
	T_INT(order_cmp("99999999999999999999.a", "99999999999999999999.b"),
	    -1);
	T_INT(order_cmp("99999999999999999999.a", "9223372036854775807.b"),
	    1);
}

static void
find(void)
{
	static char a[] = "1.a:2,", a2[] = "1.a:2,S", b[] = "2.b",
	    c[] = "3.c:2,F";
	struct pop3_msg v[4];

	memset(v, 0, sizeof(v));
	v[0].name = a;
	v[1].name = a2;
	v[2].name = b;
	v[2].state = MSG_BARE;
	v[3].name = c;
	T_INT(order_find(v, 4, "1.a:2,", 0), 0);
	T_INT(order_find(v, 4, "1.a:2,S", 0), 1);
	T_INT(order_find(v, 4, "1.a:2,T", 0), 0);
	T_INT(order_find(v, 4, "2.b", 0), 2);
	T_INT(order_find(v, 4, "2.b:2,S", 0), 2);
	T_INT(order_find(v, 4, "3.c", 0), 3);
	T_INT(order_find(v, 4, "3.d", 0), 4);
	T_INT(order_find(v, 0, "3.d", 0), 0);
	v[0].state = MSG_TAKEN;
	T_INT(order_find(v, 4, "1.a:2,", MSG_TAKEN), 1);
	v[1].state = MSG_TAKEN;
	T_INT(order_find(v, 4, "1.a:2,", MSG_TAKEN), 4);
}

int
main(void)
{
	versions();
	damaged();
	order();
	find();
	return t_done();
}
