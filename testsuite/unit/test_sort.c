/* session/sort, session/msgkey.  SPDX-License-Identifier: ISC */

#include "base/base.h"

#include "session_t.c"

#include <utime.h>

#include "base/pool.h"
#include "session/mset.h"
#include "session/sort.h"

static struct sess *sess;
static struct pool *pool;

static void
stamp(const char *path, long when)
{
	struct str s;
	struct utimbuf t;

	str_init(&s, 0);
	t.actime = t.modtime = when;
	T_INT(utime(full(path, &s), &t), 0);
	str_free(&s);
}

/* The order by these keys, all messages of the set; "-" reverses the next. */
static const char *
order(const char *set, const char *keys)
{
	static const char *const letters = "acdfzst";
	static struct str out;
	struct sort_key key[SORT_KEYS_MAX + 1];
	struct mset *m;
	size_t n, nkeys, i;
	u32 *seq;

	st_fresh(&out);
	for (nkeys = 0; *keys != '\0'; keys++, nkeys++) {
		key[nkeys].reverse = *keys == '-';
		keys += *keys == '-';
		key[nkeys].by = (enum sort_by)(strchr(letters, *keys) -
		    letters);
	}
	m = mset_new(pool);
	if (*set != '\0')
		T_INT(mset_parse(pool, set, strlen(set), &m), E_OK);
	if (sort_run(sess->view, pool, mset_normal(m,
	    view_count(sess->view)), key, nkeys, &seq, &n) != E_OK)
		return "error";
	for (i = 0; i < n; i++)
		str_catf(&out, i > 0 ? " %u" : "%u", seq[i]);
	return str_c(&out);
}

static void
make_mail(void)
{
	st_file("cur/100.a.h:2,",
	    "From: Zoe <anna@z>\nTo: x@y\nSubject: Re: beta\n"
	    "Date: Mon, 2 Jan 2023 10:00:00 +0200\n\nshort\n");
	st_file("cur/200.b.h:2,",
	    "From: bert@a\nCc: one@x\nSubject: Alpha\n"
	    "Date: Mon, 2 Jan 2023 09:00:00 +0000\n\na longer text\n");
	st_file("cur/300.c.h:2,",
	    "From: \"ANNA\"@b\nTo: g: m@x;, n@x\nSubject: [l] BETA\n"
	    "\nno date\nat\nall\n");
	st_file("cur/400.d.h:2,",
	    "To: a@b\nCc: =?utf-8?Q?=C3=84?= <zed@x>\n"
	    "Subject: =?iso-8859-1?Q?=C4lpha?=\n"
	    "Date: 32 Foo 2024 99:99\n\nx\n");
	st_file("cur/500.e.h:2,", "From:\nDate: 2 Jan 2023 07:59:59 XYZ\n\n"
	    "no subject, no address\n");
	stamp("cur/100.a.h:2,", 500000);
	stamp("cur/200.b.h:2,", 400000);
	stamp("cur/300.c.h:2,", 1672600000L);	/* 1 Jan 2023 */
	stamp("cur/400.d.h:2,", 2000000000L);
	stamp("cur/500.e.h:2,", 400000);
}

static void
test_keys(void)
{
	T_STR(order("1:*", "a"), "2 5 1 3 4");
	/* 10:00 +0200 is 08:00; what has no date counts by its file's. */
	T_STR(order("1:*", "d"), "3 5 1 2 4");
	/* Local parts, without case, quotes undone. */
	T_STR(order("1:*", "f"), "4 5 1 3 2");
	T_STR(order("1:*", "c"), "1 3 5 2 4");
	/* The first address is a group: empty. */
	T_STR(order("1:*", "t"), "2 3 5 4 1");
	/* Base subjects; with libunistring A WITH DIAERESIS begins like A. */
#ifdef HAVE_LIBUNISTRING
	T_STR(order("1:*", "s"), "5 2 4 1 3");
	T_STR(order("1:*", "-s"), "1 3 4 2 5");
#endif
	T_STR(order("1:3", "s"), "2 1 3");
	T_STR(order("1:*", "z"), "5 3 1 2 4");
}

static void
test_several(void)
{
	T_STR(order("1:*", "-a"), "4 3 1 2 5");
	T_STR(order("1:3", "sa"), "2 1 3");
	T_STR(order("1:3", "s-d"), "2 1 3");
	T_STR(order("1:3", "sd"), "2 3 1");
	T_STR(order("1,3", "f-s-a"), "3 1");
	T_STR(order("2,5", "a"), "2 5");
	T_STR(order("2,5", "a-z"), "2 5");
	T_STR(order("2,5", "az"), "5 2");
	T_STR(order("", "s"), "");
	T_STR(order("3", "sfcdatz"), "3");
	T_STR(order("1:5", "-sssssssssssssssss"), "error");
}

/* A message that goes away while it is to be sorted: empty keys. */
static void
test_gone(void)
{
	st_remove("cur/200.b.h:2,");
	T_STR(order("1:3", "s"), "2 1 3");
	T_STR(order("1:3", "-z"), "1 3 2");
	st_pulses = 0;
	T_STR(order("1:3", "s"), "2 1 3");
	st_pulses = -1;
}

/* Texts that are equal as far as they count keep their order. */
static void
test_long(void)
{
	struct str s;
	size_t i;

	st_mkdir(".long");
	str_init(&s, 0);
	for (i = 0; i < 2; i++) {
		str_reset(&s);
		str_cats(&s, "Subject: ");
		while (s.len < 3000)
			str_catc(&s, 'x');
		str_cats(&s, i == 0 ? "b\n\n" : "a\n\n");
		st_file(i == 0 ? ".long/cur/100.a.h:2," :
		    ".long/cur/200.b.h:2,", str_c(&s));
	}
	st_file(".long/cur/300.c.h:2,", "Subject: w\n\n");
	str_free(&s);
	T_INT(view_open(sess, "INBOX.long", FALSE), E_OK);
	T_STR(order("1:*", "s"), "3 1 2");
}

/* The client has gone: the work ends. */
static void
test_pulse(void)
{
	char name[] = ".many/cur/100.aa.h:2,";
	size_t i;

	st_mkdir(".many");
	for (i = 0; i < SESS_PULSE_EVERY; i++) {
		name[14] = (char)('a' + i / 10);
		name[15] = (char)('a' + i % 10);
		st_file(name, "Subject: x\n\n");
	}
	T_INT(view_open(sess, "INBOX.many", FALSE), E_OK);
	T_OK(strncmp(order("1:*", "s"), "1 2 3 ", 6) == 0);
	st_pulses = 0;
	T_STR(order("1:*", "s"), "error");
	st_pulses = -1;
}

int
main(void)
{
	st_mkdir("");
	make_mail();
	sess = st_session();
	pool = pool_new();
	T_INT(view_open(sess, "INBOX", FALSE), E_OK);
	test_keys();
	test_several();
	test_gone();
	test_long();
	test_pulse();
	pool_free(&pool);
	sess_free(&sess);
	return t_done();
}
