/* maildir/: access lists.  SPDX-License-Identifier: ISC */

#include "base/base.h"

#include <sys/stat.h>
#include <fcntl.h>
#include <stdio.h>
#include <time.h>
#include <utime.h>

#include "base/file.h"
#include "base/pool.h"
#include "base/str.h"
#include "maildir/folder.h"

#include "t.h"

#define OWNER	"owner aceilrstwx\n"
#define ADMIN	"administrators aceilrstwx\n"
#define DEFAULT	OWNER ADMIN

static const char *in_tree(const char *);
static void put(const char *, const char *);
static const char *get(const char *);
static void folder(const char *);
static const char *shown(const struct md_acl *);
static const char *applies(struct maildir *, const char *);
static const char *rights(const struct md_acl *, const char *, const char *);
static void reading(struct maildir *);
static void changing(void);
static void computing(void);
static void leaving(void);
static void inheriting(struct maildir *);
static void folders(struct maildir *);
static void denying(struct maildir *);
static void marking(struct maildir *);
static void resetting(struct maildir *);

static struct str path, content, text;
static struct pool *pool;

static const char *
in_tree(const char *name)
{
	str_reset(&path);
	str_catf(&path, "%s/%s", t_tmpdir(), name);
	return str_c(&path);
}

static void
put(const char *name, const char *s)
{
	int fd;

	fd = open(in_tree(name), O_WRONLY | O_CREAT | O_TRUNC, 0644);
	if (fd < 0 || file_write_all(fd, s, strlen(s)) != E_OK)
		T_OK(!"cannot write a test file");
	close(fd);
}

static const char *
get(const char *name)
{
	str_reset(&content);
	if (file_slurp(in_tree(name), 100000, &content) != E_OK)
		return "none";
	return str_c(&content);
}

static void
folder(const char *name)
{
	static const char *const subs[] = { "", "/cur", "/new", "/tmp" };
	struct str s;
	size_t i;

	str_init(&s, 0);
	for (i = 0; i < NITEMS(subs); i++) {
		str_reset(&s);
		str_catf(&s, "%s%s", name, subs[i]);
		(void)mkdir(in_tree(str_c(&s)), 0700);
	}
	str_free(&s);
}

static const char *
shown(const struct md_acl *acl)
{
	size_t i;

	str_reset(&text);
	for (i = 0; i < acl->n; i++)
		str_catf(&text, "%s %s\n", acl->v[i].id, acl->v[i].rights);
	return str_c(&text);
}

/* The list that applies to a folder, or the error. */
static const char *
applies(struct maildir *md, const char *name)
{
	struct md_acl acl;
	int e;

	md_acl_init(&acl, pool);
	e = maildir_acl_read(md, name, &acl);
	return e == E_OK ? shown(&acl) : e == E_PERM ? "E_PERM" :
	    e == E_TOOBIG ? "E_TOOBIG" : e == E_INVAL ? "E_INVAL" : "error";
}

static const char *
rights(const struct md_acl *acl, const char *one, const char *two)
{
	const char *ids[2];

	ids[0] = one;
	ids[1] = two;
	str_reset(&text);
	md_acl_compute(acl, ids, two != NULL ? 2 : 1, &text);
	return str_c(&text);
}

/* What a file means (maildir.md 5.4). */
static void
reading(struct maildir *md)
{
	static const struct {
		const char	*file, *list;
	} cases[] = {
		{ DEFAULT, DEFAULT },
		{ "", ADMIN },
		{ "owner lr", "owner lr\n" ADMIN },
		{ OWNER "user=b   rl\n\n user=c l\nuser=d\n",
		    OWNER "user=b lr\nuser=d \n" ADMIN },
		{ "user=b l\n" OWNER "user=b r\n",
		    "user=b r\n" OWNER ADMIN },
		{ "# x\nuser=b rrlQ9l\n", "# x\nuser=b 9Qlr\n" ADMIN },
		{ "user=b l r \nuser=c lr\r\nuser=d\r\n",
		    "user=b lr\nuser=c lr\nuser=d \n" ADMIN },
		{ "user=b\tl\nuser=\001 l\n", ADMIN },
		{ "administrators lq\n", "administrators aceilqrstwx\n" },
		{ "group=administrators l\nadministrators q\n",
		    "group=administrators aceilrstwx\nadministrators q\n" },
		{ "-administrators r\n-group=administrators p\n", ADMIN }
	};
	size_t i;

	folder(".A");
	for (i = 0; i < NITEMS(cases); i++) {
		put(".A/courierimapacl", cases[i].file);
		T_STR(applies(md, "A"), cases[i].list);
		T_STR(get(".A/courierimapacl"), cases[i].file);
	}
	put(".A/courierimapacl", DEFAULT);
}

static void
changing(void)
{
	struct md_acl acl;

	md_acl_init(&acl, pool);
	T_INT(md_acl_set(&acl, "user=b", "wrlr"), E_OK);
	T_INT(md_acl_modify(&acl, "user=b", "+ia"), E_OK);
	T_INT(md_acl_modify(&acl, "user=b", "-lx"), E_OK);
	T_INT(md_acl_modify(&acl, "-user=c", "r"), E_OK);
	T_INT(md_acl_modify(&acl, "user=d", "-r"), E_OK);
	T_STR(shown(&acl), "user=b airw\n-user=c r\nuser=d \n");
	T_STR(md_acl_get(&acl, "user=b"), "airw");
	T_OK(md_acl_get(&acl, "user=x") == NULL);
	T_INT(md_acl_set(&acl, "", "l"), E_INVAL);
	T_INT(md_acl_set(&acl, "a b", "l"), E_INVAL);
	T_INT(md_acl_set(&acl, "a\n", "l"), E_INVAL);
	T_INT(md_acl_modify(&acl, "a", "l r"), E_INVAL);
	T_INT(md_acl_modify(&acl, "a", "-\001"), E_INVAL);
	md_acl_delete(&acl, "user=b");
	md_acl_delete(&acl, "user=b");
	T_STR(shown(&acl), "-user=c r\nuser=d \n");
}

/* maildir.md 5.3 */
static void
computing(void)
{
	struct md_acl acl;

	md_acl_init(&acl, pool);
	md_acl_set(&acl, "owner", "lrx");
	md_acl_set(&acl, "user=b", "lw");
	md_acl_set(&acl, "-user=b", "r");
	md_acl_set(&acl, "group=g", "i");
	md_acl_set(&acl, "administrators", "t");
	md_acl_set(&acl, "anyone", "s");
	md_acl_set(&acl, "-group=g", "s");
	T_STR(rights(&acl, "user=z", NULL), "s");
	T_STR(rights(&acl, "user=b", NULL), "lsw");
	T_STR(rights(&acl, "user=b", "owner"), "alswx");
	T_STR(rights(&acl, "user=b", "group=g"), "ilw");
	T_STR(rights(&acl, "user=b", "User=b"), "lsw");
	T_STR(rights(&acl, "group=administrators", NULL), "st");
	T_STR(rights(&acl, "administrators", NULL), "st");
	T_STR(rights(&acl, "-user=b", NULL), "s");
	md_acl_set(&acl, "-owner", "al");
	T_STR(rights(&acl, "owner", NULL), "arsx");
	md_acl_set(&acl, "anonymous", "p");
	md_acl_set(&acl, "-anyone", "s");
	T_STR(rights(&acl, "user=z", NULL), "p");
}

static void
leaving(void)
{
	struct md_acl acl;

	md_acl_init(&acl, pool);
	md_acl_set(&acl, "owner", "al");
	T_STR(md_acl_lacks(&acl, NULL), "administrators");
	md_acl_set(&acl, "group=administrators", MD_ACL_ALL);
	T_OK(md_acl_lacks(&acl, "user=me") == NULL);
	md_acl_set(&acl, "-user=me", "a");
	T_STR(md_acl_lacks(&acl, "user=me"), "user=me");
	T_OK(md_acl_lacks(&acl, NULL) == NULL);
	md_acl_set(&acl, "-anyone", "l");
	T_STR(md_acl_lacks(&acl, NULL), "owner");
	md_acl_set(&acl, "-anyone", "x");
	T_STR(md_acl_lacks(&acl, NULL), "administrators");
}

/* maildir.md 5.5: a folder gets its copy, other names get none. */
static void
inheriting(struct maildir *md)
{
	T_STR(applies(md, ""), DEFAULT);
	T_STR(get("courierimapacl"), "none");
	folder(".A.B");
	folder(".A.x.C");
	put(".A/courierimapacl", DEFAULT "user=b lr\n");
	T_STR(applies(md, "A.none.more"), DEFAULT "user=b lr\n");
	T_STR(applies(md, "A.x"), DEFAULT "user=b lr\n");
	T_STR(get("courierimaphieracl/A.x"), "none");
	T_STR(applies(md, "A.B"), DEFAULT "user=b lr\n");
	T_STR(get(".A.B/courierimapacl"), DEFAULT "user=b lr\n");
	put(".A/courierimapacl", DEFAULT);
	T_STR(applies(md, "A.B"), DEFAULT "user=b lr\n");
	T_STR(applies(md, "A.x.C"), DEFAULT);
	T_STR(applies(md, "A..x"), "E_INVAL");
	/* Kept for a name that has a folder below it; left over. */
	(void)mkdir(in_tree("courierimaphieracl"), 0755);
	put("courierimaphieracl/A.x", DEFAULT "user=c l\n");
	put("courierimaphieracl/A.gone", DEFAULT "user=c l\n");
	T_STR(applies(md, "A.x"), DEFAULT "user=c l\n");
	T_STR(applies(md, "A.x.none"), DEFAULT "user=c l\n");
	T_STR(applies(md, "A.gone"), DEFAULT);
	T_STR(applies(md, "A.gone.more"), DEFAULT);
}

static void
folders(struct maildir *md)
{
	struct md_acl acl;

	/* Made: its own copy, one for each name above without a folder. */
	put(".A/courierimapacl", DEFAULT "user=b lr\n");
	T_INT(maildir_create(md, "A.one.two"), E_OK);
	T_STR(get(".A.one.two/courierimapacl"), DEFAULT "user=b lr\n");
	T_STR(get("courierimaphieracl/A.one"), DEFAULT "user=b lr\n");
	/* What was left of an earlier one does not come back. */
	T_INT(maildir_create(md, "A.gone"), E_OK);
	T_STR(get(".A.gone/courierimapacl"), DEFAULT "user=b lr\n");
	T_STR(get("courierimaphieracl/A.gone"), "none");
	/* Deleted, with something below: the list stays, and comes back. */
	T_INT(maildir_create(md, "A.gone.x"), E_OK);
	md_acl_init(&acl, pool);
	T_INT(maildir_acl_read(md, "A.gone", &acl), E_OK);
	md_acl_set(&acl, "user=d", "l");
	T_INT(maildir_acl_write(md, "A.gone", &acl), E_OK);
	T_INT(maildir_delete(md, "A.gone"), E_OK);
	T_STR(get("courierimaphieracl/A.gone"), DEFAULT "user=b lr\n"
	    "user=d l\n");
	T_INT(maildir_create(md, "A.gone"), E_OK);
	T_STR(applies(md, "A.gone"), DEFAULT "user=b lr\nuser=d l\n");
	/* Renamed: lists go along, and hold on to what was inherited. */
	T_INT(maildir_delete(md, "A.gone"), E_OK);
	folder(".A.gone.old");
	T_INT(maildir_rename(md, "A.gone", "N.m"), E_OK);
	T_STR(get(".N.m.old/courierimapacl"), DEFAULT "user=b lr\n"
	    "user=d l\n");
	T_STR(get("courierimaphieracl/N.m"), DEFAULT "user=b lr\n"
	    "user=d l\n");
	T_STR(get("courierimaphieracl/A.gone"), "none");
	T_STR(get("courierimaphieracl/N"), DEFAULT);
	/* Those below have theirs from the folder that they follow. */
	folder(".M");
	folder(".M.x");
	T_INT(maildir_rename(md, "M", "O"), E_OK);
	T_STR(get(".O/courierimapacl"), DEFAULT);
	T_STR(get(".O.x/courierimapacl"), "none");
	/* A list needs a name that is there. */
	T_INT(maildir_acl_write(md, "nowhere", &acl), E_NOENT);
	T_INT(maildir_acl_write(md, "N", &acl), E_OK);
	T_STR(applies(md, "N"), DEFAULT "user=b lr\nuser=d l\n");
}

/* A list that is there counts, whatever its state. */
static void
denying(struct maildir *md)
{
	struct str s;
	int i;

	folder(".D");
	folder(".D.E");
	(void)mkdir(in_tree(".D/courierimapacl"), 0700);
	T_STR(applies(md, "D"), "error");
	T_STR(applies(md, "D.E"), "error");
	T_STR(get(".D.E/courierimapacl"), "none");
	(void)rmdir(in_tree(".D/courierimapacl"));
	str_init(&s, 0);
	for (i = 0; i < MD_ACL_ENTRIES_MAX; i++)
		str_catf(&s, "user=%d l\n", i);
	put(".D/courierimapacl", str_c(&s));
	T_STR(applies(md, "D"), "E_TOOBIG");
	str_reset(&s);
	for (i = 0; s.len <= MD_ACL_MAX; i++)
		str_cats(&s, "user=b l\n");
	put(".D/courierimapacl", str_c(&s));
	T_STR(applies(md, "D"), "E_TOOBIG");
	str_free(&s);
	if (geteuid() != 0) {
		put(".D/courierimapacl", DEFAULT);
		(void)chmod(in_tree(".D/courierimapacl"), 0);
		T_STR(applies(md, "D"), "E_PERM");
	}
	(void)unlink(in_tree(".D/courierimapacl"));
	(void)mkfifo(in_tree(".D/courierimapacl"), 0600);
	T_STR(applies(md, "D"), ADMIN);		/* and does not wait */
	(void)unlink(in_tree(".D/courierimapacl"));
}

static void
marking(struct maildir *md)
{
	struct md_acl_mark a, b;
	struct utimbuf ut;

	T_OK(!maildir_acl_mark(md, "none", &a));
	put(".A/courierimapacl", DEFAULT);
	T_OK(maildir_acl_mark(md, "A", &a));
	T_OK(maildir_acl_mark(md, "A", &b));
	T_OK(!md_acl_mark_same(&a, &b));	/* too young to tell */
	ut.actime = ut.modtime = time(NULL) - 10;
	(void)utime(in_tree(".A/courierimapacl"), &ut);
	T_OK(maildir_acl_mark(md, "A", &a));
	T_OK(maildir_acl_mark(md, "A", &b));
	T_OK(md_acl_mark_same(&a, &b));
	put(".A/courierimapacl", OWNER);
	T_OK(maildir_acl_mark(md, "A", &b));
	T_OK(!md_acl_mark_same(&a, &b));
}

static void
resetting(struct maildir *md)
{
	struct utimbuf ut;

	ut.actime = ut.modtime = time(NULL) - MD_ACL_OLD - 10;
	put("courierimaphieracl/R", DEFAULT);
	put("courierimaphieracl/S", DEFAULT);
	(void)utime(in_tree("courierimaphieracl/R"), &ut);
	(void)utime(in_tree("courierimaphieracl/N"), &ut);
	T_INT(maildir_acl_reset(md), E_OK);
	T_STR(get("courierimaphieracl/R"), "none");
	T_STR(get("courierimaphieracl/S"), DEFAULT);
	T_OK(strcmp(get("courierimaphieracl/N"), "none") != 0);
}

int
main(void)
{
	struct md_opts opts;
	struct maildir *md;

	memset(&opts, 0, sizeof(opts));
	opts.host = "h";
	str_init(&path, 0);
	str_init(&content, 0);
	str_init(&text, 0);
	pool = pool_new();
	folder(".");
	md = maildir_new(t_tmpdir(), &opts);
	reading(md);
	changing();
	computing();
	leaving();
	inheriting(md);
	folders(md);
	denying(md);
	marking(md);
	resetting(md);
	maildir_free(&md);
	pool_free(&pool);
	str_free(&path);
	str_free(&content);
	str_free(&text);
	return t_done();
}
