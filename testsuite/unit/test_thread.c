/* session/thread.  SPDX-License-Identifier: ISC */

#include "base/base.h"

#include "session_t.c"

#include <utime.h>

#include "base/num.h"
#include "base/pool.h"
#include "session/mset.h"
#include "session/thread.h"

static struct sess *sess;
static struct pool *pool;
static char folder[8] = ".";		/* the one in use: ".a", ".b", ... */
static int count;			/* its messages */

static void show(const struct threads *, u32, struct str *);

/* A node and what is below, as THREAD has it. */
static void
show(const struct threads *t, u32 n, struct str *out)
{
	u32 c;

	if (t->node[n].seq != 0)
		str_catf(out, "%u", t->node[n].seq);
	c = t->node[n].child;
	if (n != 0 && c != 0 && t->node[c].next == 0) {
		str_catc(out, ' ');
		show(t, c, out);
		return;
	}
	if (c != 0 && t->node[n].seq != 0)
		str_catc(out, ' ');
	for (; c != 0; c = t->node[c].next) {
		T_INT(t->node[c].parent, n);
		str_catc(out, '(');
		show(t, c, out);
		str_catc(out, ')');
	}
}

static const char *
threads(enum thread_by by, const char *set)
{
	static struct str out;
	struct threads *t;
	struct mset *m;

	st_fresh(&out);
	m = mset_new(pool);
	if (*set != '\0')
		T_INT(mset_parse(pool, set, strlen(set), &m), E_OK);
	if (thread_run(sess->view, mset_normal(m, view_count(sess->view)), by,
	    &t) != E_OK)
		return "error";
	show(t, 0, &out);
	threads_free(&t);
	T_OK(t == NULL);
	return str_c(&out);
}

/* All messages of the folder that was made last. */
static const char *
refs(void)
{
	char name[16] = "INBOX";

	memcpy(name + strlen(name), folder, strlen(folder) + 1);
	if (view_open(sess, name, FALSE) != E_OK)
		return "no folder";
	return threads(THREAD_REFERENCES, "1:*");
}

static const char *
subjects(void)
{
	(void)refs();
	return threads(THREAD_ORDEREDSUBJECT, "1:*");
}

/* A new, empty folder. */
static void
begin(void)
{
	static char letter = 'a';

	folder[1] = letter++;
	folder[2] = '\0';
	st_mkdir(folder);
	count = 0;
}

/*
 * Another message: id, references, subject, minute of its date (-1: none). The
 * time of its file is the same for all.
 */
static void
mail(const char *id, const char *references, const char *subject, int minute)
{
	struct str path, text;
	struct utimbuf t;

	count++;
	str_init(&path, 0);
	str_init(&text, 0);
	str_catf(&path, "%s/cur/%d.m.h:2,", folder, 1000 + count);
	if (*id != '\0')
		str_catf(&text, "Message-ID: <%s@x>\n", id);
	if (*references == '=')
		str_catf(&text, "In-Reply-To: %s\n", references + 1);
	else if (*references != '\0')
		str_catf(&text, "References: %s\n", references);
	if (*subject != '\0')
		str_catf(&text, "Subject: %s\n", subject);
	if (minute >= 0)
		str_catf(&text, "Date: 1 Jan 2020 10:%d:00 +0000\n", minute);
	str_cats(&text, "\n");
	st_file(str_c(&path), str_c(&text));
	str_free(&text);
	str_init(&text, 0);
	t.actime = t.modtime = 1577880000L;	/* 12:00 on that day */
	T_INT(utime(full(str_c(&path), &text), &t), 0);
	str_free(&path);
	str_free(&text);
}

/* ---- steps 1 to 4 ------------------------------------------------------- */

static void
test_links(void)
{
	begin();
	mail("1", "", "a", 10);
	mail("2", "<1@x>", "b", 11);
	mail("3", "<1@x> <2@x>", "c", 12);
	mail("4", "<1@x>", "d", 13);
	mail("5", "", "e", 14);
	T_STR(refs(), "(1 (2 3)(4))(5)");
	/* Children before parents, In-Reply-To, words around the id. */
	begin();
	mail("3", "=Your mail <2@x> of <1@x>", "c", 12);
	mail("2", "=<1@x>", "b", 11);
	mail("1", "", "a", 10);
	T_STR(refs(), "(3 2 1)");
	/* References without any id, then In-Reply-To does not exist. */
	begin();
	mail("1", "", "a", 10);
	mail("2", "nothing <here>", "b", 11);
	mail("3", "<\"1\"@x>", "c", 12);
	mail("4", "< 1 @x>", "d", 12);
	T_STR(refs(), "(1 (3)(4))(2)");
	/* Case counts in message identifiers. */
	begin();
	mail("a", "", "a", 10);
	mail("b", "<A@x>", "b", 11);
	T_STR(refs(), "(1)(2)");
}

static void
test_dummies(void)
{
	/* One child: it stands alone; two: siblings. */
	begin();
	mail("2", "<gone@x>", "a", 10);
	mail("3", "<away@x>", "b", 12);
	mail("4", "<away@x>", "c", 11);
	T_STR(refs(), "(1)((3)(2))");
	/* Dummies below dummies, and between messages. */
	begin();
	mail("1", "<g1@x> <g2@x> <g3@x>", "a", 10);
	mail("2", "<g1@x> <g2@x> <g4@x>", "b", 11);
	mail("3", "<1@x> <g5@x> <g6@x>", "c", 12);
	mail("4", "<1@x> <g5@x>", "d", 13);
	mail("5", "<g7@x> <g8@x> <g9@x>", "e", 14);
	T_STR(refs(), "((1 (3)(4))(2))(5)");
	/* A thread without a head stands where its oldest message would. */
	begin();
	mail("1", "", "a", 12);
	mail("2", "<g@x>", "b", 13);
	mail("3", "<g@x>", "c", 11);
	mail("4", "", "d", 10);
	T_STR(refs(), "(4)((3)(2))(1)");
}

static void
test_loops(void)
{
	/* Each says that it is a reply to the other; to itself. */
	begin();
	mail("1", "<2@x>", "a", 10);
	mail("2", "<1@x>", "b", 11);
	mail("3", "<3@x>", "c", 12);
	mail("4", "<4@x> <4@x>", "d", 13);
	T_STR(refs(), "(2 1)(3)(4)");
	/* A longer way round, and through messages that are not there. */
	begin();
	mail("1", "<3@x>", "a", 10);
	mail("2", "<1@x>", "b", 11);
	mail("3", "<2@x>", "c", 12);
	T_STR(refs(), "(3 1 2)");
	begin();
	mail("1", "<a@x> <b@x> <c@x> <a@x>", "a", 10);
	mail("2", "<c@x> <b@x> <a@x> <c@x>", "b", 11);
	T_STR(refs(), "((1)(2))");
	/* The last reference wins over what others said before. */
	begin();
	mail("1", "", "a", 10);
	mail("2", "", "b", 11);
	mail("4", "<1@x> <3@x>", "c", 13);
	mail("3", "<2@x>", "d", 12);
	T_STR(refs(), "(1)(2 4 3)");
	/* But what a message said of itself is not changed by others. */
	begin();
	mail("1", "", "a", 10);
	mail("2", "", "b", 11);
	mail("3", "<2@x>", "c", 12);
	mail("4", "<1@x> <3@x>", "d", 13);
	T_STR(refs(), "(1)(2 3 4)");
}

static void
test_ids(void)
{
	/* The second of one identifier has no part in it. */
	begin();
	mail("1", "", "a", 10);
	mail("1", "", "b", 9);
	mail("2", "<1@x>", "c", 11);
	T_STR(refs(), "(2)(1 3)");
	/* A reply to a twin, which is a reply itself. */
	begin();
	mail("1", "", "a", 10);
	mail("2", "<1@x>", "b", 11);
	mail("2", "<1@x>", "c", 12);
	mail("3", "<2@x>", "d", 13);
	T_STR(refs(), "(1 (2 4)(3))");
	/* No identifier, and one that is none. */
	begin();
	mail("", "<1@x>", "a", 10);
	mail("", "<1@x>", "b", 11);
	mail("1", "", "c", 9);
	T_STR(refs(), "(3 (1)(2))");
}

static void
test_dates(void)
{
	/* Equal dates: by number. No date: that of the file, 12:00. */
	begin();
	mail("1", "", "a", -1);
	mail("2", "", "b", 10);
	mail("3", "", "c", 10);
	mail("4", "", "d", 9);
	mail("5", "<1@x>", "e", 30);
	mail("6", "<1@x>", "f", 20);
	T_STR(refs(), "(4)(2)(3)(1 (6)(5))");
	T_STR(subjects(), "(4)(2)(3)(6)(5)(1)");
}

/* ---- step 5 ------------------------------------------------------------- */

static void
test_subjects(void)
{
	/* 5.B.iv, 5.C: a reply below what is none, whichever is first. */
	begin();
	mail("1", "", "Re: Topic", 10);
	mail("2", "", "topic", 11);
	mail("3", "", "Re: TOPIC", 12);
	T_STR(refs(), "(2 (1)(3))");
	/* Neither, or both: siblings. A third one joins them. */
	begin();
	mail("1", "", "topic", 10);
	mail("2", "", "topic", 11);
	mail("3", "", "topic", 12);
	mail("4", "", "Re: other", 13);
	mail("5", "", "other (fwd)", 14);
	mail("6", "", "[list] topic", 15);
	T_STR(refs(), "((1)(2)(3)(6))((4)(5))");
	/* Replies of the second thread come along. */
	begin();
	mail("1", "", "topic", 10);
	mail("2", "<1@x>", "Re: topic", 11);
	mail("3", "", "topic", 12);
	mail("4", "<3@x>", "Re: topic", 13);
	mail("5", "", "Re: topic", 14);
	T_STR(refs(), "((1 2)(3 4)(5))");
	/* No subject: never together. */
	begin();
	mail("1", "", "", 10);
	mail("2", "", "Re:", 11);
	mail("3", "", "", 12);
	T_STR(refs(), "(1)(2)(3)");
	T_STR(subjects(), "(1 (2)(3))");
	/* The subject of a child does not count. */
	begin();
	mail("1", "", "a", 10);
	mail("2", "<1@x>", "b", 11);
	mail("3", "", "b", 12);
	T_STR(refs(), "(1 2)(3)");
}

static void
test_subjects_dummies(void)
{
	/* Both without a head: one. The subject is that of the oldest. */
	begin();
	mail("1", "<g@x>", "Re: topic", 12);
	mail("2", "<g@x>", "other", 13);
	mail("3", "<h@x>", "topic", 14);
	mail("4", "<h@x>", "more", 11);
	mail("5", "<i@x>", "topic", 15);
	mail("6", "<i@x>", "else", 16);
	T_STR(refs(), "((4)(3))((1)(2)(5)(6))");
	/* One with a head, before and behind: it goes below the other. */
	begin();
	mail("1", "", "topic", 10);
	mail("2", "<g@x>", "topic", 11);
	mail("3", "<g@x>", "other", 12);
	mail("4", "", "Re: topic", 13);
	mail("5", "<4@x>", "x", 14);
	T_STR(refs(), "((1)(2)(3)(4 5))");
}

/* ---- ORDEREDSUBJECT, and the rest --------------------------------------- */

static void
test_ordered(void)
{
	begin();
	mail("1", "", "Re: b", 20);
	mail("2", "<1@x>", "a", 12);
	mail("3", "", "B", 11);
	mail("4", "", "Re: A (fwd)", 30);
	mail("5", "", "[x] b", 21);
	mail("6", "", "c", 10);
	T_STR(subjects(), "(6)(3 (1)(5))(2 4)");
	T_STR(threads(THREAD_ORDEREDSUBJECT, "1,4:5"), "(1 5)(4)");
	T_STR(threads(THREAD_ORDEREDSUBJECT, ""), "");
	T_STR(threads(THREAD_REFERENCES, ""), "");
}

static void
test_rest(void)
{
	struct str s;

	/* Parents that were not searched for: as if they were not there. */
	begin();
	mail("1", "", "a", 10);
	mail("2", "<1@x>", "b", 11);
	mail("3", "<1@x> <2@x>", "c", 12);
	mail("4", "<1@x> <2@x>", "d", 13);
	T_STR(refs(), "(1 2 (3)(4))");
	T_STR(threads(THREAD_REFERENCES, "1,3:4"), "(1 (3)(4))");
	T_STR(threads(THREAD_REFERENCES, "3:4"), "((3)(4))");
	T_STR(threads(THREAD_REFERENCES, "4"), "(4)");
	/* One that is gone stands alone, without a date. */
	str_init(&s, 0);
	str_catf(&s, "%s/cur/1003.m.h:2,", folder);
	st_remove(str_c(&s));
	str_free(&s);
	T_STR(threads(THREAD_REFERENCES, "1:4"), "(3)(1 2 4)");
}

/* More references than are kept: the last ones count. */
static void
test_many(void)
{
	struct str s;
	u32 i;

	begin();
	str_init(&s, 0);
	str_cats(&s, "<1@x>");
	for (i = 0; i < THREAD_REFS_MAX + 5; i++)
		str_catf(&s, "\n <r%u@x>", i);
	str_cats(&s, " <2@x>");
	mail("1", "", "a", 10);
	mail("2", "", "b", 11);
	mail("3", str_c(&s), "c", 12);
	T_STR(refs(), "(1)(2 3)");
	str_free(&s);
}

/* A long chain that bites its tail. */
static void
test_chain(void)
{
	char id[NUM_BUF];
	struct str s;
	u32 i;

	begin();
	str_init(&s, 0);
	for (i = 1; i <= 500; i++) {
		str_reset(&s);
		str_catf(&s, "<%u@x>", i == 1 ? 500 : i - 1);
		num_u32(id, i);
		mail(id, str_c(&s), id, 10);
	}
	str_free(&s);
	T_OK(strncmp(refs(), "(500 1 2 3 ", 11) == 0);
}

int
main(void)
{
	st_mkdir("");
	sess = st_session();
	pool = pool_new();
	test_links();
	test_dummies();
	test_loops();
	test_ids();
	test_dates();
	test_subjects();
	test_subjects_dummies();
	test_ordered();
	test_rest();
	test_many();
	test_chain();
	pool_free(&pool);
	sess_free(&sess);
	return t_done();
}
