/* session/shindex, ns_shared, ns_linked.  SPDX-License-Identifier: ISC */

#include "base/base.h"

#include "session_t.c"

#include <sys/stat.h>

#include "base/pool.h"
#include "conf/conf.h"
#include "conf/env.h"
#include "session/ns.h"
#include "session/shindex.h"

static struct shindex *ix;
static struct conf conf;
static struct sess *sess;
static struct pool *pool;

static const char *
path(const char *name)
{
	static struct str s;

	st_fresh(&s);
	str_catf(&s, "%s/%s", t_tmpdir(), name);
	return str_c(&s);
}

static const struct shindex_file *
read_text(const char *text, int kind)
{
	st_file("index", text);
	return shindex_read(ix, path("index"), kind);
}

/* "name=path ", behind a group's path "*". */
static const char *
entries(const struct shindex_file *f)
{
	static struct str s;
	size_t i;

	st_fresh(&s);
	for (i = 0; i < shindex_count(f); i++)
		str_catf(&s, "%s=%s%s ", shindex_at(f, i)->name,
		    shindex_at(f, i)->path,
		    shindex_at(f, i)->group ? "*" : "");
	return str_c(&s);
}

static const char *
accounts(const char *text)
{
	return entries(read_text(text, SHINDEX_ACCOUNTS));
}

static const char *
links(const char *text)
{
	return entries(read_text(text, SHINDEX_LINKS));
}

static void
test_accounts(void)
{
	T_STR(accounts("b\t1\t2\t/h/b\n"), "b=/h/b/./Maildir ");
	T_STR(accounts("b\t1\t2\t/h/b\t\n"), "b=/h/b/./Maildir ");
	T_STR(accounts("b\t1\t2\t/h/b\tmd"), "b=/h/b/md ");
	T_STR(accounts("b\t1\t2\t/h/b\t/var/md\tx\ty\n"), "b=/var/md ");
	T_STR(accounts("b\t1\t2\t\t/var/md\n"), "b=/var/md ");
	T_STR(accounts("d.o/t\\s\t1\t2\t/h\t/m\n"), "d o t\\s=/m ");
	T_STR(accounts("a b*%\t1\t2\t/h\t/m\n"), "a b*%=/m ");
	T_STR(accounts("# x\n\nb\t1\t2\t/h\t/m#c\n"), "b=/m ");
	T_OK(!t_logged("syntax"));
	/* The first one of a name. */
	T_STR(accounts("a.b\t1\t2\t/h\t/m\na b\t1\t2\t/h\t/n\n"),
	    "a b=/m ");
	T_OK(!t_logged("syntax"));
}

static void
test_wrong_lines(void)
{
	static const char *const lines[] = {
		"b", "b\t1", "b\t1\t2", "b\t1\t2\t", "\t1\t2\t/h\t/m",
		"b\t0\t2\t/h", "b\t1\t0\t/h", "b\tx\t2\t/h", "b\t1\t2x\t/h",
		"b\t-1\t2\t/h", "b\t99999999999\t2\t/h", "b\t1\t2\trel",
		"b 1 2 /h", "b\t\t1\t2\t/h", "\300\200\t1\t2\t/h",
		"a\001b\t1\t2\t/h", "g\t*", "g\t*\t", "g\t*\t/etc/passwd",
		"g\t*\t../x", "g\t*\ta/../../x", "g\t*\t..", "g\t*\ta//b",
		"g\t*\t."
	};
	struct str s;
	size_t i;

	str_init(&s, 0);
	for (i = 0; i < NITEMS(lines); i++) {
		str_reset(&s);
		str_catf(&s, "%s\nok\t1\t2\t/h\t/m\n", lines[i]);
		T_STR(accounts(str_c(&s)), "ok=/m ");
		T_OK(t_logged("index(1): syntax error."));
	}
	str_free(&s);
}

static void
test_groups(void)
{
	struct str want;

	str_init(&want, 0);
	str_catf(&want, "g=%s* ", path("sub"));
	T_STR(accounts("g\t*\tsub\n"), str_c(&want));
	str_reset(&want);
	str_catf(&want, "g=%s* ", path("d/sub"));
	T_STR(accounts("g\t*\td/sub\tmore\n"), str_c(&want));
	str_free(&want);
}

static void
test_links(void)
{
	T_STR(links("a\t/p\nb  \t /q more\n# x\n"), "a=/p b=/q ");
	T_OK(!t_logged("syntax"));
	T_STR(links("a.b\t/p\nc\trel\nd\n/e\t/p\n\t/p\na/b /p\nx /y"), "x=/y ");
	T_OK(t_logged("index(6): syntax error."));
}

/* Bytes of every kind, long lines, many lines: nothing but lines is lost. */
static void
test_hostile(void)
{
	struct str s;
	size_t i;
	u32 seed;

	str_init(&s, 0);
	for (i = 0, seed = 1; i < 60000; i++) {
		seed = seed * 1103515245 + 12345;
		str_catc(&s, "\t\n#*/.\\\377\001abc019 "[(seed >> 16) % 16]);
	}
	str_cats(&s, "\nok\t1\t2\t/h\t/m\n");
	T_OK(strstr(accounts(str_c(&s)), "ok=/m ") != NULL);
	(void)t_logged("");
	str_reset(&s);
	for (i = 0; i < SHINDEX_LINE_MAX; i++)
		str_catc(&s, 'a');
	str_cats(&s, "\t1\t2\t/h\nok\t1\t2\t/h\t/m\n");
	T_STR(accounts(str_c(&s)), "ok=/m ");
	str_reset(&s);
	for (i = 0; i < SHINDEX_ENTRIES_MAX + 2; i++)
		str_catf(&s, "n%u\t1\t2\t/h\n", (u32)i);
	T_INT(shindex_count(read_text(str_c(&s), SHINDEX_ACCOUNTS)),
	    SHINDEX_ENTRIES_MAX);
	T_OK(t_logged("more than 100000 entries"));
	str_free(&s);
}

static void
test_files(void)
{
	const struct shindex_file *f;

	f = shindex_read(ix, path("none"), SHINDEX_ACCOUNTS);
	T_INT(shindex_count(f), 0);
	T_OK(t_logged("none: No such file or directory"));
	f = shindex_read(ix, path("none"), SHINDEX_ACCOUNTS);
	T_INT(shindex_count(f), 0);
	T_OK(!t_logged("none"));
	st_file("none", "a\t1\t1\t/h\t/m\n");
	f = shindex_read(ix, path("none"), SHINDEX_ACCOUNTS);
	T_STR(entries(f), "a=/m ");
	T_OK(shindex_find(f, "ab", 1) == shindex_at(f, 0));
	T_OK(shindex_find(f, "ab", 2) == NULL);
	/* While it is kept it does not change. */
	shindex_keep(ix, TRUE);
	st_remove("none");
	T_OK(shindex_read(ix, path("none"), SHINDEX_ACCOUNTS) == f);
	T_STR(entries(f), "a=/m ");
	shindex_keep(ix, FALSE);
	T_INT(shindex_count(shindex_read(ix, path("none"),
	    SHINDEX_ACCOUNTS)), 0);
	T_INT(shindex_count(shindex_read(ix, t_tmpdir(), SHINDEX_ACCOUNTS)),
	    0);
	T_OK(t_logged(t_tmpdir()));
	T_INT(mkfifo(path("fifo"), 0600), 0);
	T_INT(shindex_count(shindex_read(ix, path("fifo"),
	    SHINDEX_ACCOUNTS)), 0);
}

static void
test_munge(void)
{
	shindex_free(&ix);
	ix = shindex_new(TRUE);
	T_STR(accounts("d.o/t\\s\t1\t2\t/h\t/m\n"), "d\\:o\\;t\\\\s=/m ");
}

/* ---- names -------------------------------------------------------------- */

static void
line(struct str *s, const char *name, const char *md)
{
	str_catf(s, "%s\t1\t1\t%s\t%s\n", name, t_tmpdir(), md);
}

static const char *
owner_of(const char *name)
{
	const struct ns_tree *tree;

	return ns_tree_of(sess, name, &tree) != E_OK ? "none" :
	    tree->owner == NULL ? "own" : tree->owner;
}

static int
collect(void *ctx, const struct ns_entry *e)
{
	str_catf(ctx, "%s=%u ", e->name, e->attrs);
	return E_OK;
}

static const char *
list(const char *pattern)
{
	static struct str s;

	st_fresh(&s);
	return ns_list(sess, pattern, collect, &s) == E_OK ? str_c(&s) : "?";
}

static void
make_index(void)
{
	struct str s;

	str_init(&s, 0);
	line(&s, "bob", "bob");
	line(&s, "me", ".");
	line(&s, "away", "nowhere");
	str_cats(&s, "grp\t*\tindex.grp\nloop\t*\tindex.loop\n");
	st_file("index.top", str_c(&s));
	str_reset(&s);
	line(&s, "carol", "carol");
	str_cats(&s, "in\t*\tindex.in\n");
	st_file("index.grp", str_c(&s));
	str_reset(&s);
	line(&s, "grp", "carol");
	st_file("index.in", str_c(&s));
	st_file("index.loop", "loop\t*\tindex.loop\n");
	st_file("index.topG", "");
	str_free(&s);
	st_mkdir("bob");
	st_mkdir("bob/.Pub");
	st_mkdir("carol");
	st_mkdir("bob/.Secret");
	st_file("bob/courierimapacl", "anyone lr\n");
	st_file("bob/.Pub/courierimapacl", "user=joe lr\n");
	st_file("bob/.Secret/courierimapacl", "owner lr\nuser=jo lr\n");
	st_file("carol/courierimapacl", "anyone lr\n");
	conf.imap_sharedindexfile = pool_strdup(pool, path("index.top"));
}

static void
test_trees(void)
{
	T_STR(owner_of("INBOX.x"), "own");
	T_STR(owner_of("#shared.bob"), "user=bob");
	T_STR(owner_of("#shared.bob.Pub.none"), "user=bob");
	T_STR(owner_of("#shared.grp.carol.x"), "user=carol");
	T_STR(owner_of("#shared.grp.in.grp"), "user=grp");
	T_STR(owner_of("#shared.grp"), "none");
	T_STR(owner_of("#shared.grp.in"), "none");
	T_STR(owner_of("#shared.me"), "none");
	T_STR(owner_of("#shared.away"), "none");
	T_STR(owner_of("#shared.nobody"), "none");
	T_STR(owner_of("#shared"), "none");
	T_STR(owner_of("#Shared.bob"), "none");
	T_STR(owner_of("shared.x"), "none");
	T_STR(owner_of("#shared.loop.loop.loop.loop.loop.loop.loop.loop."
	    "loop.loop.loop.loop"), "none");
	T_STR(list("#shared.%"), "#shared.bob=2 #shared.grp=3 "
	    "#shared.loop=3 ");
	T_STR(list("#shared.bob*"), "#shared.bob=2 #shared.bob.Pub=0 ");
	T_STR(list("#shared.grp.in.%"), "#shared.grp.in.grp=0 ");
	T_OK(strstr(list("#shared.loop.*"), "loop.loop") != NULL);
	T_STR(list("#*"), "");
	T_STR(list("*"), "INBOX=16 ");
	sess->options = "group=x,sharedgroup=G";
	T_STR(list("#shared.*"), "");
	T_STR(owner_of("#shared.bob"), "none");
	sess->options = "sharedgroup=/../index.top";
	T_STR(owner_of("#shared.bob"), "user=bob");
	sess->options = "disableshared";
	T_STR(owner_of("#shared.bob"), "none");
	sess->options = "";
}

int
main(void)
{
	t_catch_log();
	pool = pool_new();
	ix = shindex_new(FALSE);
	test_accounts();
	test_wrong_lines();
	test_groups();
	test_links();
	test_hostile();
	test_files();
	test_munge();
	shindex_free(&ix);
	st_mkdir("");
	conf_load(&conf, CONF_D);
	sess = sess_new(&conf, NULL, "joe", t_tmpdir());
	make_index();
	test_trees();
	sess_free(&sess);
	pool_free(&pool);
	return t_done();
}
