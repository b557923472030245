/* maildir/: one folder's life, byte for byte.  SPDX-License-Identifier: ISC */

#include "base/base.h"

#include <sys/stat.h>
#include <fcntl.h>
#include <stdio.h>
#include <time.h>

#include "base/file.h"
#include "base/mem.h"
#include "base/str.h"
#include "base/vec.h"
#include "maildir/folder.h"

#include "t.h"

static const char *root(void);
static void put(const char *, const char *);
static const char *get(const char *);
static int there(const char *);
static const char *file_of(struct folder *, size_t);
static void expect_uids(struct folder *, const char *);
static void scanning(struct maildir *);
static void flags_and_keywords(struct maildir *);
static void damage(struct maildir *);
static void adding(struct maildir *);
static void twice(struct maildir *);
static void flag_clash(struct maildir *);
static void tree(struct maildir *);

static struct str scratch, content;

static const char *
root(void)
{
	return t_tmpdir();
}

static void
put(const char *name, const char *text)
{
	int fd;

	str_reset(&scratch);
	str_catf(&scratch, "%s/%s", root(), name);
	fd = open(str_c(&scratch), O_WRONLY | O_CREAT | O_TRUNC, 0644);
	if (fd < 0 || file_write_all(fd, text, strlen(text)) != E_OK)
		T_OK(!"cannot write a test file");
	close(fd);
}

static const char *
get(const char *name)
{
	str_reset(&scratch);
	str_catf(&scratch, "%s/%s", root(), name);
	str_reset(&content);
	if (file_slurp(str_c(&scratch), 100000, &content) != E_OK)
		return NULL;
	return str_c(&content);
}

static int
there(const char *name)
{
	struct stat st;

	str_reset(&scratch);
	str_catf(&scratch, "%s/%s", root(), name);
	return lstat(str_c(&scratch), &st) == 0;
}

static const char *
file_of(struct folder *f, size_t i)
{
	str_reset(&scratch);
	folder_filename(f, i, &scratch);
	return str_c(&scratch);
}

/* "1:name 2:name" of all records. */
static void
expect_uids(struct folder *f, const char *want)
{
	struct str s;
	size_t i;

	str_init(&s, 0);
	for (i = 0; i < folder_count(f); i++) {
		str_catf(&s, "%s%u:", i == 0 ? "" : " ", folder_rec(f, i)->uid);
		folder_filename(f, i, &s);
		str_cats(&s, folder_rec(f, i)->state & REC_GONE ? "!" : "");
	}
	T_STR(str_c(&s), want);
	str_free(&s);
}

/* The order of first UIDs is the one of maildir.md 3.4. */
static void
scanning(struct maildir *md)
{
	static const char *const names[] = {
		"-5.x", "!bang", "Abc", "abc", "0005.zz", "5.yy",
		"1000000000.a.h", "1700000000.M10P1.h", "1700000000.M5P1.h",
		"1700000000.M5P1.h,S=3", "1700000000_2", "1700000001"
	};
	struct folder *f;
	struct str path, want;
	size_t i;

	str_init(&path, 0);
	str_init(&want, 0);
	for (i = NITEMS(names); i-- > 0; ) {
		str_reset(&path);
		str_catf(&path, "%s/%s", i % 2 == 0 ? "new" : "cur", names[i]);
		put(str_c(&path), "x\n");
	}
	T_INT(folder_open(md, "", FOLDER_RW, &f), E_OK);
	T_INT(folder_count(f), NITEMS(names));
	str_catf(&want, "1 %u 13\n", folder_uidvalidity(f));
	for (i = 0; i < NITEMS(names); i++) {
		T_OK(strncmp(file_of(f, i), names[i],
		    strlen(names[i])) == 0);
		T_INT(folder_rec(f, i)->state & REC_RECENT, REC_RECENT);
		str_catf(&want, "%u %s\n", (u32)i + 1, names[i]);
	}
	T_STR(get("courierimapuiddb"), str_c(&want));
	T_OK(!there("new/5.yy"));
	T_OK(there("cur/-5.x:2,"));
	folder_close(&f);

	/* A second session: nothing is recent, the file is not rewritten. */
	T_INT(folder_open(md, "", FOLDER_RW, &f), E_OK);
	T_INT(folder_rec(f, 0)->state & REC_RECENT, 0);
	T_INT(folder_uidnext(f), 13);
	T_INT(folder_expunge(f, 0), E_OK);
	for (i = 2; i < NITEMS(names); i++)
		folder_expunge(f, i);
	folder_settle(f);
	expect_uids(f, "2:!bang");
	folder_refresh(f);
	folder_close(&f);
	str_reset(&want);
	T_OK(strstr(get("courierimapuiddb"), " 13\n2 !bang\n") != NULL);
	str_free(&path);
	str_free(&want);
}

static void
flags_and_keywords(struct maildir *md)
{
	static const char *const label[] = { "$Label1" };
	struct folder *f, *g;
	size_t i;

	T_INT(folder_open(md, "", FOLDER_RW, &f), E_OK);
	T_INT(folder_open(md, "", FOLDER_RW, &g), E_OK);
	i = folder_find(f, 2);
	T_INT(folder_store(f, i, STORE_SET, MSG_SEEN | MSG_FLAGGED, NULL, 0),
	    E_OK);
	T_OK(there("cur/!bang:2,FS"));
	/* The other session starts from the flags that are there now. */
	T_INT(folder_store(g, i, STORE_ADD, MSG_ANSWERED, NULL, 0), E_OK);
	T_OK(there("cur/!bang:2,FRS"));
	T_INT(folder_refresh(f), E_OK);
	T_INT(folder_rec(f, i)->flags, MSG_SEEN | MSG_FLAGGED | MSG_ANSWERED);
	T_OK(folder_rec(f, i)->state & REC_CHANGED);

	T_INT(folder_store(f, i, STORE_ADD, 0, label, 1), E_OK);
	T_STR(get("courierimapkeywords/!bang"), "$Label1\n");
	T_INT(folder_refresh(g), E_OK);
	T_OK(folder_has_keyword(g, i, "$LABEL1"));
	T_STR(get("courierimapkeywords/:list"), "$Label1\n\n!bang:0\n");
	T_OK(!there("courierimapkeywords/!bang"));
	T_INT(folder_store(g, i, STORE_DEL, 0, label, 1), E_OK);
	T_STR(get("courierimapkeywords/!bang"), "");
	T_INT(folder_refresh(f), E_OK);
	T_OK(!folder_has_keyword(f, i, "$Label1"));
	T_OK(!there("courierimapkeywords/:list"));
	T_INT(folder_keyword_ok("a b"), FALSE);
	T_INT(folder_keyword_ok(""), FALSE);
	folder_close(&f);
	folder_close(&g);
}

/* Damaged side files never reuse a UID (maildir.md 3.2). */
static void
damage(struct maildir *md)
{
	struct folder *f;

	put("cur/100.a.h:2,S", "a");
	put("cur/200.b.h:2,", "b");
	put("courierimapuiddb", "1 777 0\n5 100.a.h:2,S\n5 200.b.h\n\nxyz\n9\n"
	    "2 !bang\n0 nothing\n7 gone.h");
	T_INT(folder_open(md, "", FOLDER_RW, &f), E_OK);
	T_INT(folder_uidvalidity(f), 777);
	expect_uids(f, "2:!bang:2,FRS 5:100.a.h:2,S 8:200.b.h:2,");
	T_STR(get("courierimapuiddb"),
	    "1 777 9\n2 !bang\n5 100.a.h\n8 200.b.h\n");

	/* cur/ that cannot be read: an error, nothing is lost. */
	str_reset(&scratch);
	str_catf(&scratch, "%s/cur", root());
	str_reset(&content);
	str_catf(&content, "%s/away", root());
	T_INT(rename(str_c(&scratch), str_c(&content)), 0);
	T_OK(folder_refresh(f) != E_OK);
	T_INT(folder_count(f), 3);
	T_INT(rename(str_c(&content), str_c(&scratch)), 0);
	T_INT(folder_refresh(f), E_OK);
	expect_uids(f, "2:!bang:2,FRS 5:100.a.h:2,S 8:200.b.h:2,");
	folder_close(&f);
	put("courierimapuiddb", "hello");
	T_INT(folder_open(md, "", FOLDER_RW, &f), E_OK);
	T_OK(folder_uidvalidity(f) > 777);
	expect_uids(f, "1:!bang:2,FRS 2:100.a.h:2,S 3:200.b.h:2,");
	folder_close(&f);
}

static void
adding(struct maildir *md)
{
	static const time_t date = 1000000000;
	struct folder *f, *g;
	struct upload *u[2];
	struct rec *rec;
	time_t got;
	u32 uids[2];
	int fd;

	T_INT(folder_open(md, "", FOLDER_RW, &f), E_OK);
	put("new/300.waiting", "w\n");
	T_INT(upload_begin(f, u), E_OK);
	T_INT(upload_write(u[0], "hello\n", 6), E_OK);
	upload_set(u[0], MSG_SEEN, &date);
	upload_keyword(u[0], "Junk");
	T_INT(upload_copy(f, f, 1, u + 1), E_OK);
	T_INT(folder_add(f, u, 2, uids), E_OK);
	/* The added ones come before what was waiting. */
	T_INT(uids[0], 4);
	T_INT(uids[1], 5);
	T_INT(folder_uidnext(f), 7);
	rec = folder_rec(f, folder_find(f, 4));
	T_OK(strstr(file_of(f, folder_find(f, 4)), "host.example,S=6:2,S") != NULL);
	T_OK(!(rec->state & REC_RECENT));
	T_OK(folder_has_keyword(f, folder_find(f, 4), "junk"));
	T_INT(folder_date(f, folder_find(f, 4), &got), E_OK);
	T_INT(got, date);
	T_INT(folder_open_msg(f, folder_find(f, 4), &fd), E_OK);
	close(fd);
	T_INT(upload_begin(f, u), E_OK);
	upload_abort(u);
	T_OK(u[0] == NULL);
	folder_expunge(f, folder_find(f, 4));
	T_INT(folder_open_msg(f, folder_find(f, 4), &fd), E_EXPUNGED);
	/* Kept while somebody else may show it. */
	T_INT(folder_open(md, "", FOLDER_RW, &g), E_OK);
	folder_expunge(f, folder_find(f, 5));
	T_INT(folder_open_msg(g, folder_find(g, 5), &fd), E_OK);
	close(fd);
	T_INT(folder_date(g, folder_find(g, 5), &got), E_OK);
	T_INT(folder_refresh(g), E_OK);
	T_INT(folder_open_msg(g, folder_find(g, 5), &fd), E_OK);
	close(fd);
	T_INT(upload_copy(f, g, folder_find(g, 5), u), E_EXPUNGED);
	folder_close(&f);
	T_INT(folder_open_msg(g, folder_find(g, 5), &fd), E_OK);
	close(fd);
	folder_close(&g);
	T_INT(folder_open(md, "", FOLDER_RW, &f), E_OK);
	folder_close(&f);
}

/* Two files of one identity are two messages, and stay so (maildir.md 1.11);
   mail that waits never replaces another (1.4). */
static void
twice(struct maildir *md)
{
	struct folder *f;
	struct str was;
	int round;

	T_INT(maildir_create(md, "T"), E_OK);
	put(".T/cur/100.d:2,S", "one\n");
	put(".T/cur/100.d:2,F", "two\n");
	put(".T/cur/200.e:2,", "old\n");
	put(".T/new/200.e", "waiting\n");
	put(".T/new/300.f:2,S", "x\n");
	str_init(&was, 0);
	for (round = 0; round < 3; round++) {
		T_INT(folder_open(md, "T", FOLDER_RW, &f), E_OK);
		T_INT(folder_count(f), 5);
		T_INT(folder_uidnext(f), 6);
		if (round > 0)
			T_STR(get(".T/courierimapuiddb"), str_c(&was));
		folder_close(&f);
		str_reset(&was);
		str_cats(&was, get(".T/courierimapuiddb"));
	}
	T_OK(there(".T/cur/200.e:2,"));
	T_STR(get(".T/cur/200.e:2,"), "old\n");
	str_free(&was);
	T_INT(maildir_delete(md, "T"), E_OK);
}

/* A name that another message has is not taken from it. */
static void
flag_clash(struct maildir *md)
{
	struct folder *f;

	T_INT(maildir_create(md, "T"), E_OK);
	put(".T/cur/100.d:2,", "one\n");
	T_INT(folder_open(md, "T", FOLDER_RW, &f), E_OK);
	put(".T/cur/100.d:2,S", "two\n");
	T_OK(folder_store(f, 0, STORE_ADD, MSG_SEEN, NULL, 0) != E_OK);
	T_STR(get(".T/cur/100.d:2,S"), "two\n");
	T_INT(folder_refresh(f), E_OK);
	T_INT(folder_count(f), 2);
	folder_close(&f);
	T_INT(maildir_delete(md, "T"), E_OK);
}

static void
tree(struct maildir *md)
{
	struct md_status st;
	struct vec v;
	u32 before;

	T_INT(maildir_create(md, "A"), E_OK);
	T_INT(maildir_create(md, "A"), E_EXIST);
	T_INT(maildir_create(md, "A.B"), E_OK);
	T_INT(maildir_create(md, "A..B"), E_INVAL);
	T_INT(maildir_create(md, "a/b"), E_INVAL);
	T_OK(there(".A/maildirfolder"));
	T_OK(there(".A/courierimapkeywords"));
	T_INT(maildir_status(md, "A.B", &st), E_OK);
	before = st.uidvalidity;
	T_INT(maildir_rename(md, "A", "A.C"), E_INVAL);
	T_INT(maildir_rename(md, "A", "Z"), E_OK);
	T_OK(there(".Z.B/cur") && !there(".A.B"));
	T_INT(maildir_status(md, "Z.B", &st), E_OK);
	T_OK(st.uidvalidity > before);
	T_INT(maildir_rename(md, "A", "Y"), E_NOENT);
	vec_init(&v);
	T_INT(maildir_list(md, &v), E_OK);
	T_INT(v.n, 3);
	vec_free_all(&v);
	T_INT(maildir_delete(md, "Z"), E_OK);
	T_OK(there(".Z.B/cur"));
	T_INT(maildir_delete(md, "Z"), E_NOENT);
	T_INT(maildir_delete(md, ""), E_INVAL);

	T_INT(maildir_subscribe(md, "INBOX.Z", TRUE), E_OK);
	T_INT(maildir_subscribe(md, "inbox", TRUE), E_OK);
	T_INT(maildir_subscribe(md, "INBOX", TRUE), E_OK);
	T_STR(get("courierimapsubscribed"), "INBOX.Z\ninbox\n");
	T_INT(maildir_subscribe(md, "Inbox.Z", FALSE), E_OK);
	T_STR(get("courierimapsubscribed"), "inbox\n");
	T_INT(maildir_status(md, "", &st), E_OK);
	T_INT(st.messages, 4);
}

int
main(void)
{
	static const char *const subs[] = { "tmp", "new", "cur" };
	struct md_opts opts;
	struct maildir *md;
	size_t i;

	memset(&opts, 0, sizeof(opts));
	opts.keywords = KW_FAST;
	opts.locks = TRUE;
	opts.sync = TRUE;
	opts.host = "host.example";
	str_init(&scratch, 0);
	str_init(&content, 0);
	for (i = 0; i < NITEMS(subs); i++) {
		str_reset(&scratch);
		str_catf(&scratch, "%s/%s", root(), subs[i]);
		mkdir(str_c(&scratch), 0700);
	}
	md = maildir_new(root(), &opts);
	scanning(md);
	flags_and_keywords(md);
	damage(md);
	adding(md);
	twice(md);
	flag_clash(md);
	tree(md);
	maildir_free(&md);
	str_free(&scratch);
	str_free(&content);
	return t_done();
}
