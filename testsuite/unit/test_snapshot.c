/* session/snapshot, and what SMAP1 asks of a view.
   SPDX-License-Identifier: ISC */

#include "base/base.h"

#include "session_t.c"

#include "base/pool.h"
#include "session/append.h"
#include "session/mset.h"
#include "session/ns.h"
#include "session/snapshot.h"
#include "session/transfer.h"

static struct sess *sess;

static void dates(void);
static void names(void);
static void pieces(void);
static void removal(void);
static int set_flags(u32, u32);
static void snapshots(void);

static int
set_flags(u32 seq, u32 sys)
{
	struct view_store op;
	int changed, e;

	memset(&op, 0, sizeof(op));
	op.op = VIEW_SET;
	op.sys = sys;
	e = view_store(sess->view, seq, &op, &changed);
	view_store_end(sess->view);
	return e;
}

/* A client comes back after others were here. */
static void
snapshots(void)
{
	struct snapshot *s;
	struct str id;

	str_init(&id, 0);
	T_INT(view_open(sess, "INBOX", FALSE), E_OK);
	s = snapshot_new(sess->view);
	T_STR(snapshot_id(s), "");
	T_INT(snapshot_load(s, "none"), E_NOENT);
	T_INT(snapshot_load(s, "../courierimapuiddb"), E_NOENT);
	T_INT(snapshot_save(s), E_OK);
	str_cats(&id, snapshot_id(s));
	T_INT(snapshot_save(s), E_EXIST);
	T_INT(set_flags(2, VF_SEEN), E_OK);
	st_remove("cur/1.a.h:2,S");
	st_file("cur/9.z.h:2,", "Subject: z\n\nbody\n");
	T_INT(view_sync(sess->view, TRUE, TRUE), E_OK);
	snapshot_free(&s);
	T_INT(view_open(sess, "INBOX", FALSE), E_OK);
	st_events();
	s = snapshot_new(sess->view);
	T_INT(snapshot_load(s, str_c(&id)), E_OK);
	T_STR(snapshot_id(s), str_c(&id));
	T_INT(snapshot_count(s), 3);
	snapshot_tell(s);
	T_STR(st_events(), "gone 1/1 exists 3/0 flags 1=8 ");
	T_INT(snapshot_save(s), E_OK);
	T_OK(strcmp(snapshot_id(s), str_c(&id)) != 0);
	/* What is not told yet cannot be written down. */
	st_file("cur/91.z.h:2,", "Subject: z\n\nbody\n");
	T_INT(view_sync(sess->view, TRUE, FALSE), E_OK);
	T_INT(snapshot_save(s), E_BUSY);
	T_INT(view_sync(sess->view, TRUE, TRUE), E_OK);
	T_INT(snapshot_save(s), E_OK);
	snapshot_free(&s);
	str_free(&id);
}

static void
dates(void)
{
	struct str id;
	i64 t;

	T_INT(view_open(sess, "INBOX", FALSE), E_OK);
	T_INT(view_set_date(sess->view, 1, (i64)1234567890L), E_OK);
	T_OK(view_date(sess->view, 1, &t) == E_OK && t == (i64)1234567890L);
	T_INT(view_set_date(sess->view, 99, (i64)1), E_INVAL);
	str_init(&id, 0);
	view_identity(sess->view, 1, &id);
	view_identity(sess->view, 99, &id);
	T_STR(str_c(&id), "2.b.h");
	str_free(&id);
	T_INT(view_open(sess, "INBOX", TRUE), E_OK);
	T_INT(view_set_date(sess->view, 1, (i64)1), E_PERM);
}

/* A message in pieces; COPY that tells names. */
static void
pieces(void)
{
	struct transfer_report t;
	struct append_opts opts;
	struct append *a;
	struct mset *set;
	struct pool *pool;
	struct str name, id;

	str_init(&name, 0);
	str_init(&id, 0);
	pool = pool_new();
	memset(&opts, 0, sizeof(opts));
	T_INT(view_open(sess, "INBOX", FALSE), E_OK);
	T_INT(append_open(sess, "INBOX", &a), E_OK);
	append_begin(a, &opts);
	append_data(a, "Subject: p\r", 11);
	append_data(a, "\n\r\nbo", 5);
	append_data(a, "dy", 2);
	T_INT(append_end(a), E_OK);
	T_INT(append_commit_name(&a, &name), E_OK);
	T_INT(view_sync(sess->view, TRUE, TRUE), E_OK);
	view_identity(sess->view, view_count(sess->view), &id);
	T_STR(str_c(&name), str_c(&id));
	T_OK(strstr(str_c(&name), ",S=17") != NULL);
	/* Half of one is none. */
	T_INT(append_open(sess, "INBOX", &a), E_OK);
	append_begin(a, &opts);
	append_data(a, "Subject: q\n", 11);
	append_abort(&a);
	set = mset_new(pool);
	mset_add_range(set, 1, 2);
	T_INT(transfer_run(sess->view, pool, set, FALSE, "INBOX", 0, &t), E_OK);
	T_OK(t.names == NULL && mset_count(t.from) == 2);
	T_INT(transfer_run(sess->view, pool, set, FALSE, "INBOX",
	    TRANSFER_MOVE | TRANSFER_NAMES, &t), E_OK);
	T_INT(view_sync(sess->view, TRUE, TRUE), E_OK);
	str_reset(&id);
	view_identity(sess->view, view_count(sess->view), &id);
	T_STR(t.names[1], str_c(&id));
	T_OK(strcmp(t.names[0], t.names[1]) != 0);
	str_free(&name);
	str_free(&id);
	pool_free(&pool);
}

static void
removal(void)
{
	struct mset *set;
	struct pool *pool;
	u32 n;

	pool = pool_new();
	set = mset_new(pool);
	mset_add_range(set, 1, 2);
	T_INT(view_open(sess, "INBOX", FALSE), E_OK);
	n = view_count(sess->view);
	T_INT(view_expunge_these(sess->view, set), E_OK);
	T_INT(view_sync(sess->view, TRUE, TRUE), E_OK);
	T_INT(view_count(sess->view), n - 2);
	T_INT(view_open(sess, "INBOX", TRUE), E_OK);
	T_INT(view_expunge_these(sess->view, set), E_PERM);
	pool_free(&pool);
}

static void
names(void)
{
	struct pool *pool;
	struct str s;

	pool = pool_new();
	str_init(&s, 0);
	T_INT(ns_word_cat(&s, "INBOX"), E_OK);
	T_INT(ns_word_cat(&s, "a.b/~:\\\001"), E_OK);
	T_STR(str_c(&s), "INBOX.a\\056b\\057\\176\\072\\134\\001");
	T_STR(ns_word(pool, str_c(&s)), "a.b/~:\\\001");
	T_INT(ns_word_cat(&s, ""), E_INVAL);
	T_INT(ns_word_cat(&s, "\xff"), E_INVAL);
	T_STR(ns_word(pool, "INBOX.x\\05"), "x\\05");
	T_STR(ns_word(pool, "INBOX.x\\000\\777\\08"), "x\\000\\777\\08");
	T_STR(ns_word(pool, "INBOX"), "INBOX");
	str_free(&s);
	pool_free(&pool);
}

int
main(void)
{
	st_mkdir("");
	st_file("cur/1.a.h:2,S", "Subject: a\n\nbody\n");
	st_file("cur/2.b.h:2,", "Subject: b\n\nbody\n");
	st_file("cur/3.c.h:2,F", "Subject: c\n\nbody\n");
	sess = st_session();
	snapshots();
	dates();
	pieces();
	removal();
	names();
	sess_free(&sess);
	return t_done();
}
