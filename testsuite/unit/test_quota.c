/* maildir/: maildirsize, deliveries, the warning.
   SPDX-License-Identifier: ISC */

#include "base/base.h"

#include <sys/stat.h>
#include <fcntl.h>
#include <stdio.h>
#include <utime.h>

#include "base/clock.h"
#include "base/file.h"
#include "base/str.h"
#include "base/vec.h"
#include "maildir/folder.h"

#include "t.h"

#define SIZE	"maildirsize"

static const char *at(const char *);
static void put(const char *, const char *);
static const char *get(const char *);
static struct maildir *maildir(const char *, int);
static int deliver(struct maildir *, const char *, size_t);
static void counting(void);
static int warned(struct maildir *, u32);
static void warning(void);
static void places(void);
static void keywords(void);

static struct str path, content;

static const char *
at(const char *name)
{
	str_reset(&path);
	str_catf(&path, "%s/%s", t_tmpdir(), name);
	return str_c(&path);
}

static void
put(const char *name, const char *text)
{
	int fd;

	fd = open(at(name), O_WRONLY | O_CREAT | O_TRUNC, 0644);
	if (fd < 0 || file_write_all(fd, text, strlen(text)) != E_OK)
		T_OK(!"cannot write a test file");
	close(fd);
}

static const char *
get(const char *name)
{
	str_reset(&content);
	return file_slurp(at(name), 100000, &content) == E_OK ?
	    str_c(&content) : "(none)";
}

static struct maildir *
maildir(const char *quota, int all)
{
	struct md_opts opts;

	memset(&opts, 0, sizeof(opts));
	opts.host = "h";
	opts.keywords = KW_FAST;
	opts.quota = quota;
	opts.quota_all = all;
	return maildir_new(t_tmpdir(), &opts);
}

/* Delivers so many bytes, if there is room. */
static int
deliver(struct maildir *md, const char *folder, size_t n)
{
	static char text[4096];
	struct folder *f;
	struct upload *u;
	int r;

	memset(text, 'x', sizeof(text));
	r = folder_open(md, folder, FOLDER_ADD, &f);
	if (r != E_OK)
		return r;
	r = folder_room(f, n);
	if (r == E_OK)
		r = delivery_begin(f, &u);
	if (r == E_OK) {
		(void)upload_write(u, text, n);
		r = folder_deliver(f, &u);
	}
	folder_close(&f);
	return r;
}

static void
counting(void)
{
	struct maildir *md;
	struct md_quota q;

	md = maildir(NULL, FALSE);
	T_INT(maildir_quota(md, &q), E_NOENT);
	put(SIZE, "100S,3C\n          10            1\n  -4 -2\nx\n");
	T_INT(maildir_quota(md, &q), E_OK);
	T_INT(q.max_bytes, 100);
	T_INT(q.max_count, 3);
	T_INT(q.bytes, 6);
	T_INT(q.count, -1);
	put(SIZE, "hello\n");
	T_INT(maildir_quota(md, &q), E_OK);
	T_OK(q.max_bytes == 0 && q.max_count == 0);
	/* Counted anew: the sum was negative. */
	put(SIZE, "100S,3C\n          10           -1\n");
	T_INT(deliver(md, "", 40), E_OK);
	T_STR(get(SIZE), "100S,3C\n           0            0\n"
	    "          40            1\n");
	T_INT(deliver(md, "", 60), E_OK);
	T_INT(deliver(md, "", 1), E_QUOTA);
	T_INT(deliver(md, "Trash", 1000), E_OK);
	T_STR(get(SIZE), "100S,3C\n         100            2\n");
	maildir_free(&md);
	/* With the trash. */
	md = maildir("200S", TRUE);
	T_INT(deliver(md, "Trash", 1), E_QUOTA);
	T_STR(get(SIZE), "200S\n        1100            3\n");
	maildir_free(&md);
	/* A quota without its letter. */
	t_catch_log();
	md = maildir("5000", FALSE);
	T_INT(deliver(md, "Trash", 0), E_OK);
	T_INT(deliver(md, "", 1), E_QUOTA);
	T_OK(t_logged("quota string '5000' not parseable"));
	maildir_free(&md);
}

/* A warning came if the stamp is there. */
static int
warned(struct maildir *md, u32 percent)
{
	struct stat st;
	int yes;

	unlink(at("quotawarn"));
	T_INT(maildir_warn(md, percent, "warn"), E_OK);
	yes = stat(at("quotawarn"), &st) == 0;
	return yes;
}

static void
warning(void)
{
	static const struct {
		const char	*size;
		u32		percent;
		int		want;
	} cases[] = {
		{ "100S\n49 1\n", 50, FALSE },
		{ "100S\n50 1\n", 50, TRUE },
		{ "100S\n-9 1\n", 1, FALSE },
		{ "100S\n-9 1\n", 0, TRUE },
		{ "100S,10C\n1 9\n", 90, TRUE },
		{ "100S,10C\n1 9\n", 91, FALSE },
		{ "100S\n101 1\n", 100, TRUE },
		{ "9223372036854775807S\n9223372036854775800 1\n", 99, TRUE },
		{ "40000000S\n20000000 1\n", 50, TRUE },
		{ "40000000S\n19990000 1\n", 50, FALSE },
		{ "hello\n1 1\n", 0, FALSE }
	};
	struct maildir *md;
	struct utimbuf ut;
	struct stat st;
	size_t i;

	md = maildir(NULL, FALSE);
	put("warn", "Subject: full\n\nx\n");
	T_INT(chdir(t_tmpdir()), 0);
	for (i = 0; i < NITEMS(cases); i++) {
		put(SIZE, cases[i].size);
		T_INT(warned(md, cases[i].percent), cases[i].want);
	}
	/* Once a day. */
	put(SIZE, "100S\n90 1\n");
	T_OK(warned(md, 50));
	ut.actime = ut.modtime = clock_now() - WARN_SECONDS + 60;
	T_INT(utime(at("quotawarn"), &ut), 0);
	T_INT(maildir_warn(md, 50, "warn"), E_OK);
	T_OK(stat(at("quotawarn"), &st) == 0 && st.st_mtime == ut.modtime);
	ut.modtime = clock_now() - WARN_SECONDS;
	T_INT(utime(at("quotawarn"), &ut), 0);
	T_INT(maildir_warn(md, 50, "warn"), E_OK);
	T_OK(stat(at("quotawarn"), &st) == 0 && st.st_mtime > ut.modtime);
	/* Without a text nothing happens. */
	T_OK(unlink(at("quotawarn")) == 0);
	T_INT(maildir_warn(md, 50, "none"), E_OK);
	T_OK(stat(at("quotawarn"), &st) < 0);
	maildir_free(&md);
}

static void
places(void)
{
	struct str root, folder;
	struct stat st;

	str_init(&root, 0);
	str_init(&folder, 0);
	T_INT(maildir_make(at("a/b.c/Maildir")), E_OK);
	T_INT(maildir_make(at("a/b.c/Maildir/")), E_OK);
	T_OK(stat(at("a/b.c/Maildir/new"), &st) == 0 &&
	    (st.st_mode & 0777) == 0700);
	T_OK(maildir_make(at("warn/x")) != E_OK);
	T_INT(maildir_make(at("a/b.c/Maildir/.x.y")), E_OK);
	T_INT(maildir_locate(at("a/b.c/Maildir/.x.y"), &root, &folder), E_OK);
	T_STR(str_c(&root), at("a/b.c/Maildir/.x.y"));
	T_STR(str_c(&folder), "");
	put("a/b.c/Maildir/.x.y/maildirfolder", "");
	T_INT(maildir_locate(at("a/b.c/Maildir/.x.y/"), &root, &folder), E_OK);
	T_STR(str_c(&folder), "x.y");
	T_STR(str_c(&root) + root.len - strlen("/b.c/Maildir"), "/b.c/Maildir");
	str_free(&root);
	str_free(&folder);
}

static void
keywords(void)
{
	static const char *const words[] = { "red", "Blue" };
	struct maildir *md;
	struct vec lines;

	md = maildir(NULL, FALSE);
	vec_init(&lines);
	T_INT(maildir_keywords(md, "", FALSE, &lines), E_OK);
	T_INT(lines.n, 0);
	T_INT(maildir_keywords_set(md, "", FALSE, "2.b:2,S", STORE_SET, words,
	    2), E_OK);
	T_STR(get("courierimapkeywords/2.b"), "red\nBlue\n");
	T_INT(maildir_keywords_set(md, "", TRUE, "1.a", STORE_ADD, words, 1),
	    E_OK);
	T_INT(maildir_keywords_set(md, "", TRUE, "2.b", STORE_DEL, words, 1),
	    E_OK);
	T_INT(maildir_keywords(md, "", FALSE, &lines), E_OK);
	T_INT(lines.n, 2);
	T_STR(lines.v[0], "1.a red");
	T_STR(lines.v[1], "2.b Blue");
	vec_free_all(&lines);
	T_INT(maildir_keywords_set(md, "", FALSE, "../x", STORE_SET, words, 1),
	    E_INVAL);
	T_INT(maildir_keywords_set(md, "", FALSE, "", STORE_SET, words, 1),
	    E_INVAL);
	T_INT(maildir_keywords_set(md, "gone", FALSE, "1.a", STORE_SET, words,
	    1), E_NOENT);
	maildir_free(&md);
}

int
main(void)
{
	str_init(&path, 0);
	str_init(&content, 0);
	T_INT(maildir_make(t_tmpdir()), E_OK);
	T_INT(maildir_make(at(".Trash")), E_OK);
	counting();
	warning();
	places();
	keywords();
	str_free(&path);
	str_free(&content);
	return t_done();
}
