/* session/append and session/transfer.  SPDX-License-Identifier: ISC */

#include "base/base.h"

#include <sys/resource.h>
#include <sys/stat.h>

#include "session_t.c"

#include "base/dirscan.h"
#include "base/io.h"
#include "base/pool.h"
#include "session/append.h"
#include "session/mset.h"
#include "session/msgread.h"
#include "session/transfer.h"

#define MANY		2500	/* over two batches of session/transfer.c */
#define DESCRIPTORS	32	/* that this test may have */

static struct sess *sess;

static int
sink(void *ctx, const char *p, size_t n)
{
	return str_cat(ctx, p, n);
}

/* The stored bytes of a message of INBOX. */
static const char *
stored(u32 seq)
{
	static struct str s;
	struct msg *m;

	st_fresh(&s);
	if (msgread_open(sess->view, seq, &m) != E_OK)
		return "error";
	(void)msgread_raw(m, 0, msgread_stored_size(m), sink, &s);
	msgread_close(&m);
	return str_c(&s);
}

static int
upload(const char *name, const char *text, const struct append_opts *opts,
    u32 *uid)
{
	struct append *a;
	struct io *io;
	u32 validity;
	int e;

	e = append_open(sess, name, &a);
	if (e != E_OK)
		return e;
	io = io_mem_new(text, strlen(text), NULL);
	e = append_literal(a, io, strlen(text), opts);
	io_free(&io);
	if (e != E_OK) {
		append_abort(&a);
		return e;
	}
	e = append_has_8bit(a) ? 100 : 0;
	validity = 0;
	if (append_commit(&a, &validity, uid) != E_OK || validity == 0)
		return E_TEMP;
	return e;
}

static void
test_append(void)
{
	struct append_opts opts;
	const char *kw = "todo";
	struct vflags vf;
	i64 date;
	u32 uid;

	memset(&opts, 0, sizeof(opts));
	T_INT(upload("INBOX.none", "x", &opts, &uid), E_NOENT);
	T_INT(upload("none", "x", &opts, &uid), E_INVAL);
	T_INT(upload("INBOX", "A: b\r\n\r\nc\rd\r\r\ne", &opts, &uid), 0);
	T_INT(uid, 1);
	T_INT(view_sync(sess->view, TRUE, TRUE), E_OK);
	T_STR(st_events(), "exists 1/0 ");
	T_STR(stored(1), "A: b\n\ncd\ne\n");
	opts.sys = VF_SEEN | VF_DELETED;
	opts.kw = &kw;
	opts.nkw = 1;
	opts.has_date = TRUE;
	opts.date = 837596665;
	T_INT(upload("INBOX", "S: \303\251\n\n", &opts, &uid), 100);
	T_INT(upload("INBOX", "", &opts, &uid), 0);
	T_INT(uid, 3);
	T_INT(view_sync(sess->view, FALSE, TRUE), E_OK);
	T_STR(st_events(), "keywords+=todo exists 3/0 ");
	T_INT(view_flags(sess->view, 2, &vf), E_OK);
	T_INT(vf.sys, VF_SEEN | VF_DELETED);
	T_INT(vf.nkw, 1);
	T_STR(vf.kw[0], "todo");
	T_INT(view_date(sess->view, 2, &date), E_OK);
	T_INT(date, 837596665);
	T_STR(stored(3), "\n");
	kw = "bad kw";
	T_INT(upload("INBOX", "x", &opts, &uid), E_INVAL);
	T_INT(view_sync(sess->view, TRUE, TRUE), E_OK);
	T_STR(st_events(), "");
}

/* The client goes away in the middle: nothing stays. */
static void
test_cut(void)
{
	struct append_opts opts;
	struct append *a;
	struct io *io;

	memset(&opts, 0, sizeof(opts));
	T_INT(append_open(sess, "INBOX", &a), E_OK);
	io = io_mem_new("abc", 3, NULL);
	T_INT(append_literal(a, io, 10, &opts), E_EOF);
	io_free(&io);
	append_abort(&a);
	T_OK(a == NULL);
	T_INT(view_sync(sess->view, TRUE, TRUE), E_OK);
	T_STR(st_events(), "");
}

static const char *
report(const struct transfer_report *r)
{
	static struct str s;

	st_fresh(&s);
	mset_print(r->from, &s);
	str_catc(&s, ' ');
	mset_print(r->to, &s);
	return str_c(&s);
}

static void
test_transfer(void)
{
	struct transfer_report r;
	struct view_status st;
	struct vflags vf;
	struct mset *set;
	struct pool *pool;
	i64 date;

	pool = pool_new();
	st_mkdir(".to");
	mset_parse(pool, "1:2,9", 5, &set);
	T_INT(transfer_run(sess->view, pool, set, FALSE, "INBOX.none", FALSE,
	    &r), E_NOENT);
	T_INT(transfer_run(sess->view, pool, set, FALSE, "INBOX.to", FALSE,
	    &r), E_OK);
	T_STR(report(&r), "1:2 1:2");
	T_OK(r.uidvalidity != 0);
	mset_parse(pool, "2", 1, &set);
	T_INT(transfer_run(sess->view, pool, set, TRUE, "INBOX.to", TRUE,
	    &r), E_OK);
	T_STR(report(&r), "2 3");
	T_INT(view_sync(sess->view, FALSE, TRUE), E_OK);
	T_STR(st_events(), "gone 2/2 exists 2/0 ");
	/* Onto itself. */
	mset_parse(pool, "1", 1, &set);
	T_INT(transfer_run(sess->view, pool, set, TRUE, "INBOX", FALSE, &r),
	    E_OK);
	T_STR(report(&r), "1 4");
	T_INT(view_sync(sess->view, FALSE, TRUE), E_OK);
	T_STR(st_events(), "exists 3/0 ");
	/* Nothing there: nothing copied, no error. */
	mset_parse(pool, "99", 2, &set);
	T_INT(transfer_run(sess->view, pool, set, TRUE, "INBOX.to", FALSE,
	    &r), E_OK);
	T_STR(report(&r), " ");
	T_INT(view_status(sess, "INBOX.to", &st), E_OK);
	T_INT(st.messages, 3);
	T_INT(st.recent, 0);
	T_INT(view_open(sess, "INBOX.to", TRUE), E_OK);
	T_INT(view_flags(sess->view, 3, &vf), E_OK);
	T_INT(vf.sys, VF_SEEN | VF_DELETED);
	T_INT(vf.nkw, 1);
	T_INT(view_date(sess->view, 3, &date), E_OK);
	T_INT(date, 837596665);
	mset_parse(pool, "1", 1, &set);
	T_INT(transfer_run(sess->view, pool, set, FALSE, "INBOX", TRUE, &r),
	    E_PERM);
	pool_free(&pool);
}

/* Messages of .more/cur whose file has n links. */
static u32
with_links(nlink_t n)
{
	struct dirscan *d;
	struct stat st;
	struct str s;
	const char *name;
	u32 found;

	str_init(&s, 0);
	found = 0;
	if (dirscan_open(full(".more/cur", &s), &d) != E_OK)
		return 0;
	while (dirscan_next(d, &name) > 0) {
		(void)full(".more/cur/", &s);
		str_cats(&s, name);
		if (stat(str_c(&s), &st) == 0 && st.st_nlink == n)
			found++;
	}
	dirscan_close(&d);
	str_free(&s);
	return found;
}

/* More than descriptors and one batch. */
static void
test_many(void)
{
	struct rlimit few;
	struct str path;
	struct transfer_report r;
	struct view_status st;
	struct mset *set;
	struct pool *pool;
	char name[64];
	u32 i;

	str_init(&path, 0);
	pool = pool_new();
	st_mkdir(".many");
	st_mkdir(".more");
	for (i = 0; i < MANY; i++) {
		snprintf(name, sizeof(name), ".many/cur/%u.m.h:2,S", i + 1);
		st_file(name, "Subject: m\n\n");
	}
	/* A file of another owner is not linked. */
	if (geteuid() == 0)
		T_INT(chown(full(".many/cur/7.m.h:2,S", &path), 1, 1), 0);
	T_INT(getrlimit(RLIMIT_NOFILE, &few), 0);
	few.rlim_cur = DESCRIPTORS;
	T_INT(setrlimit(RLIMIT_NOFILE, &few), 0);
	T_INT(view_open(sess, "INBOX.many", FALSE), E_OK);
	mset_parse(pool, "1:*", 3, &set);
	/* The client goes away in the second batch: all or none. */
	st_pulses = 20;
	T_INT(transfer_run(sess->view, pool, set, FALSE, "INBOX.more", TRUE,
	    &r), E_EOF);
	st_pulses = -1;
	T_STR(report(&r), " ");
	T_INT(view_status(sess, "INBOX.more", &st), E_OK);
	T_INT(st.messages, 0);
	T_INT(transfer_run(sess->view, pool, set, FALSE, "INBOX.more", FALSE,
	    &r), E_OK);
	T_STR(report(&r), "1:2500 1025:3524");
	T_INT(with_links(2), geteuid() == 0 ? MANY - 1 : MANY);
	T_INT(with_links(1), geteuid() == 0 ? 1 : 0);
	T_INT(transfer_run(sess->view, pool, set, FALSE, "INBOX.more", TRUE,
	    &r), E_OK);
	T_STR(report(&r), "1:2500 3525:6024");
	T_INT(with_links(2), geteuid() == 0 ? 2 * MANY - 2 : 2 * MANY);
	T_INT(view_sync(sess->view, TRUE, TRUE), E_OK);
	T_INT(view_count(sess->view), 0);
	(void)st_events();
	str_free(&path);
	pool_free(&pool);
}

int
main(void)
{
	st_mkdir("");
	sess = st_session();
	T_INT(view_open(sess, "INBOX", FALSE), E_OK);
	test_append();
	test_cut();
	test_transfer();
	test_many();
	sess_free(&sess);
	return t_done();
}
