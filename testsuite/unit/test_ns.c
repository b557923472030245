/* session/ns.  SPDX-License-Identifier: ISC */

#include "base/base.h"

#include "session_t.c"

#include "base/pool.h"
#include "session/ns.h"

static struct sess *sess;
static struct pool *pool;

static const struct {
	const char *wire;
	int	err;
	const char *name;
	const char *back;
} names[] = {
	{ "INBOX", E_OK, "INBOX", "INBOX" },
	{ "inbox", E_OK, "INBOX", "INBOX" },
	{ "inBox.Bar", E_OK, "INBOX.Bar", "INBOX.Bar" },
	{ "INBOX.&AOk-", E_OK, "INBOX.\303\251", "INBOX.&AOk-" },
	{ "INBOX.&AGEAYg-", E_OK, "INBOX.ab", "INBOX.ab" },
	{ "INBOX.&Jjo-x&-y", E_OK, "INBOX.\342\230\272x&y",
	    "INBOX.&Jjo-x&-y" },
	{ "INBOX.n\303\251", E_OK, "INBOX.n\303\251", "INBOX.n&AOk-" },
	{ "INBOX.a b*%:~\"\\", E_OK, "INBOX.a b*%:~\"\\",
	    "INBOX.a b*%:~\"\\" },
	{ "INBOX.x.", E_OK, "INBOX.x.", "INBOX.x." },
	{ "INBOX.&AOk", E_SYNTAX, NULL, NULL },
	{ "INBOX.&!-", E_SYNTAX, NULL, NULL },
	{ "INBOX.&bad", E_SYNTAX, NULL, NULL },
	{ "INBOX.\351", E_SYNTAX, NULL, NULL },
	{ "INBOX.&AC4-", E_INVAL, NULL, NULL },
	{ "foo", E_INVAL, NULL, NULL },
	{ "INBOXfoo", E_INVAL, NULL, NULL },
	{ "INBOX..x", E_INVAL, NULL, NULL },
	{ "INBOX.x..", E_INVAL, NULL, NULL },
	{ "INBOX.a/b", E_INVAL, NULL, NULL },
	{ "INBOX.../etc", E_INVAL, NULL, NULL },
	{ "", E_INVAL, NULL, NULL },
	{ ".", E_INVAL, NULL, NULL },
};

static void
test_wire(void)
{
	struct str back;
	size_t i;
	char *name;
	int e;

	str_init(&back, 0);
	for (i = 0; i < NITEMS(names); i++) {
		e = ns_from_wire(sess, pool, names[i].wire,
		    strlen(names[i].wire), &name);
		T_INT(e, names[i].err);
		if (e != E_OK)
			continue;
		T_STR(name, names[i].name);
		str_reset(&back);
		ns_to_wire(sess, name, &back);
		T_STR(str_c(&back), names[i].back);
	}
	T_INT(ns_from_wire(sess, pool, "INBOX.a\0b", 9, &name), E_SYNTAX);
	sess->utf8 = TRUE;
	T_INT(ns_from_wire(sess, pool, "INBOX.&AOk-", 11, &name), E_OK);
	T_STR(name, "INBOX.&AOk-");
	sess->utf8 = FALSE;
	str_free(&back);
}

static int
collect(void *ctx, const struct ns_entry *entry)
{
	struct str *s;

	s = ctx;
	str_catf(s, "%s=%u ", entry->name, entry->attrs &
	    ~(u32)(NS_MARKED | NS_UNMARKED));
	return E_OK;
}

static const char *
list(const char *pattern)
{
	static struct str s;

	st_fresh(&s);
	if (ns_list(sess, pattern, collect, &s) != E_OK)
		return "error";
	return str_c(&s);
}

static const char *
lsub(const char *pattern)
{
	static struct str s;

	st_fresh(&s);
	if (ns_lsub(sess, pattern, collect, &s) != E_OK)
		return "error";
	return str_c(&s);
}

static const char *
dir_of(const char *name)
{
	struct ns_place place;

	return ns_find(sess, pool, name, &place) == E_OK ? place.dir : "none";
}

static const char *
new_dir(const char *name)
{
	struct ns_place place;

	return ns_find_new(sess, pool, name, &place) == E_OK ? place.dir :
	    "none";
}

static void
test_list(void)
{
	T_STR(list("*"), "INBOX=0 ");
	st_mkdir(".A");
	st_mkdir(".A.B");
	st_mkdir(".C.D.E");
	st_file(".mailfilter", "");
	st_mkdir("..dd");
	st_mkdir(".trail.");
	st_mkdir(".lat\351");
	T_STR(list("*"), "INBOX=2 INBOX.A=2 INBOX.A.B=0 INBOX.C.D.E=0 "
	    "INBOX.C=3 INBOX.C.D=3 ");
	T_STR(list("%"), "INBOX=2 ");
	T_STR(list("INBOX.%"), "INBOX.A=2 INBOX.C=3 ");
	T_STR(list("inbox.a"), "");
	T_STR(list("inbox.A"), "INBOX.A=2 ");
	T_STR(list("in%"), "INBOX=2 ");
	T_STR(list("*E"), "INBOX.C.D.E=0 ");
	T_STR(list("#shared.*"), "");
	T_STR(list("***********"), "error");
	T_STR(ns_join(pool, "INBOX.", "%"), "INBOX.%");
	T_STR(ns_join(pool, "inbox", "A."), "INBOX.A");
	T_STR(ns_join(pool, "", "*"), "*");
	T_OK(ns_join(pool, "foo", "*") == NULL);
}

static void
test_encodings(void)
{
	/* Made by an old server. */
	st_mkdir(".&AOk-");
	st_mkdir(".&AOk-.x");
	st_mkdir(".R&D");
	st_mkdir(".a&-b");
	T_STR(dir_of("INBOX.\303\251"), "&AOk-");
	T_STR(dir_of("INBOX.\303\251.x"), "&AOk-.x");
	T_STR(dir_of("INBOX.R&D"), "R&D");
	T_STR(dir_of("INBOX.a&b"), "a&-b");
	T_STR(dir_of("INBOX.&AOk-"), "none");
	/* New ones follow their parents, then the tree. */
	T_STR(new_dir("INBOX.\303\251.\303\274"), "&AOk-.&APw-");
	T_STR(new_dir("INBOX.\303\274"), "&APw-");
	T_STR(new_dir("INBOX.\303\251"), "none");
	T_STR(new_dir("INBOX.\360\237\230\200"), "none");
	/* The same name in both: UTF-8 wins, the other is shown literally. */
	st_mkdir(".\303\251");
	T_STR(dir_of("INBOX.\303\251"), "\303\251");
	T_STR(dir_of("INBOX.&AOk-"), "&AOk-");
	T_STR(new_dir("INBOX.\303\274"), "\303\274");
	T_STR(list("INBOX.&AOk-"), "INBOX.&AOk-=0 ");
	T_STR(list("INBOX.\303\251"), "INBOX.\303\251=2 ");
	/* One name in two encodings. */
	st_mkdir(".&APw-.\303\266");
	T_STR(dir_of("INBOX.\303\274.\303\266"), "&APw-.\303\266");
	sess->names = SESS_NAMES_UTF8;
	T_STR(dir_of("INBOX.a&-b"), "a&-b");
	T_STR(dir_of("INBOX.a&b"), "none");
	sess->names = SESS_NAMES_UTF7;
	T_STR(new_dir("INBOX.\303\237"), "&AN8-");
	sess->names = SESS_NAMES_AUTO;
}

static void
test_change(void)
{
	T_INT(ns_create(sess, "INBOX.new.one"), E_OK);
	T_INT(ns_create(sess, "INBOX.new.one"), E_EXIST);
	T_INT(ns_create(sess, "INBOX"), E_EXIST);
	T_INT(ns_create(sess, "other"), E_INVAL);
	T_STR(list("INBOX.new*"), "INBOX.new.one=0 INBOX.new=3 ");
	T_INT(ns_rename(sess, "INBOX.new", "INBOX.new.x"), E_INVAL);
	T_INT(ns_rename(sess, "INBOX.nosuch", "INBOX.y"), E_NOENT);
	T_INT(ns_rename(sess, "INBOX.new", "INBOX.A"), E_EXIST);
	T_INT(ns_rename(sess, "INBOX", "INBOX.y"), E_INVAL);
	T_INT(ns_rename(sess, "INBOX.new", "INBOX.old"), E_OK);
	T_STR(list("INBOX.old*"), "INBOX.old.one=0 INBOX.old=3 ");
	T_INT(view_open(sess, "INBOX.old.one", FALSE), E_OK);
	T_INT(ns_delete(sess, "INBOX.old.one"), E_BUSY);
	T_INT(ns_rename(sess, "INBOX.old", "INBOX.new"), E_BUSY);
	view_close(sess);
	T_INT(ns_delete(sess, "INBOX.old.one"), E_OK);
	T_INT(ns_delete(sess, "INBOX.old.one"), E_NOENT);
	T_INT(ns_delete(sess, "INBOX"), E_INVAL);
	T_INT(ns_delete(sess, "INBOX.Trash"), E_INVAL);
}

static void
test_subscriptions(void)
{
	T_STR(lsub("*"), "");
	T_INT(ns_subscribe(sess, "INBOX.A.B"), E_OK);
	T_INT(ns_subscribe(sess, "INBOX.A.B"), E_OK);
	T_INT(ns_subscribe(sess, "INBOX.gone"), E_OK);
	T_INT(ns_subscribe(sess, "x"), E_INVAL);
	T_STR(lsub("INBOX.%"), "INBOX.gone=32 INBOX.A=3 ");
	T_INT(ns_unsubscribe(sess, "INBOX.gone"), E_OK);
	T_INT(ns_unsubscribe(sess, "INBOX.gone"), E_OK);
	T_STR(lsub("INBOX.*"), "INBOX.A.B=32 INBOX.A=3 ");
	/* Lines of an old server, and of other namespaces. */
	st_file("courierimapsubscribed",
	    "inbox\niNBOX.a\nINBOX.&APY-\n#shared.x\nINBOX..bad\n");
	T_STR(lsub("*"), "INBOX=34 INBOX.a=32 INBOX.\303\266=32 ");
	T_INT(ns_unsubscribe(sess, "INBOX.\303\266"), E_OK);
	T_STR(lsub("*"), "INBOX=34 INBOX.a=32 ");
}

int
main(void)
{
	st_mkdir("");
	sess = st_session();
	pool = pool_new();
	test_wire();
	test_list();
	test_encodings();
	test_change();
	test_subscriptions();
	T_OK(ns_covers("INBOX.a", "INBOX.a.b"));
	T_OK(!ns_covers("INBOX.a", "INBOX.ab"));
	T_OK(ns_is_trash(sess, "INBOX.Trash"));
	pool_free(&pool);
	sess_free(&sess);
	return t_done();
}
