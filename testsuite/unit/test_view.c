/* session/view, change, rights.  SPDX-License-Identifier: ISC */

#include "base/base.h"

#include "session_t.c"

#include "base/pool.h"
#include "session/mset.h"
#include "session/rights.h"

#define MAIL	"Subject: x\n\nbody\n"

static struct sess *sess;

static int
store(u32 seq, enum view_op op, u32 sys, const char *keyword)
{
	struct view_store st;
	int e, changed;

	st.op = op;
	st.sys = sys;
	st.kw = &keyword;
	st.nkw = keyword != NULL;
	e = view_store_begin(sess->view, &st);
	if (e != E_OK)
		return e;
	e = view_store(sess->view, seq, &st, &changed);
	view_store_end(sess->view);
	return e != E_OK ? e : changed;
}

static u32
flags(u32 seq)
{
	struct vflags vf;

	(void)view_flags(sess->view, seq, &vf);
	return vf.sys;
}

static void
test_open(void)
{
	struct view_status st;

	T_INT(view_open(sess, "INBOX.none", FALSE), E_NOENT);
	T_OK(sess->view == NULL);
	T_INT(view_open(sess, "bad", FALSE), E_INVAL);
	T_INT(view_open(sess, "INBOX", FALSE), E_OK);
	T_INT(view_count(sess->view), 4);
	T_INT(view_recent(sess->view), 4);
	T_INT(view_first_unseen(sess->view), 2);
	T_INT(view_uidnext(sess->view), 5);
	T_INT(view_seq(sess->view, 3), 3);
	T_INT(view_seq(sess->view, 9), 0);
	T_INT(view_seq_from(sess->view, 9), 5);
	T_INT(view_uid(sess->view, 5), 0);
	T_INT(flags(1), VF_SEEN | VF_RECENT);
	T_INT(view_status(sess, "INBOX", &st), E_OK);
	T_INT(st.messages, 4);
	T_INT(st.unseen, 3);
	T_INT(st.uidnext, 5);
	T_INT(view_open(sess, "INBOX", FALSE), E_OK);
	T_INT(view_recent(sess->view), 0);
	T_STR(st_events(), "");
}

static void
test_changes(void)
{
	st_remove("cur/100.b.h:2,");
	st_file("new/200.e.h", MAIL);
	T_INT(view_sync(sess->view, TRUE, FALSE), E_OK);
	T_STR(st_events(), "");
	T_INT(view_count(sess->view), 4);
	T_INT(view_uid(sess->view, 2), 2);
	T_INT(view_uidnext(sess->view), 5);
	T_INT(view_sync(sess->view, FALSE, TRUE), E_OK);
	T_STR(st_events(), "gone 2/2 exists 4/1 ");
	T_INT(view_uid(sess->view, 2), 3);
	T_INT(view_uid(sess->view, 4), 5);
	/* Another program sets a flag; meanwhile a message goes. */
	st_remove("cur/100.a.h:2,S");
	st_rename("cur/100.c.h:2,", "cur/100.c.h:2,F");
	T_INT(view_sync(sess->view, TRUE, TRUE), E_OK);
	T_STR(st_events(), "gone 1/1 exists 3/1 flags 1=2 ");
	T_INT(view_sync(sess->view, TRUE, TRUE), E_OK);
	T_STR(st_events(), "");
	/* Flags are told without renumbering, and only once. */
	st_rename("cur/100.c.h:2,F", "cur/100.c.h:2,FS");
	T_INT(view_sync(sess->view, TRUE, FALSE), E_OK);
	T_STR(st_events(), "flags 1=10 ");
	T_INT(view_sync(sess->view, FALSE, TRUE), E_OK);
	T_STR(st_events(), "");
}

static void
test_store(void)
{
	T_INT(store(1, VIEW_ADD, VF_ANSWERED, NULL), TRUE);
	T_INT(store(1, VIEW_ADD, VF_ANSWERED, NULL), FALSE);
	T_INT(flags(1), VF_ANSWERED | VF_FLAGGED | VF_SEEN);
	T_INT(store(1, VIEW_DEL, VF_SEEN, NULL), TRUE);
	T_INT(store(1, VIEW_SET, VF_DRAFT, NULL), TRUE);
	T_INT(flags(1), VF_DRAFT);
	T_STR(st_events(), "");
	T_INT(store(1, VIEW_ADD, 0, "kw1"), TRUE);
	T_STR(st_events(), "keywords+=kw1 ");
	T_INT(store(2, VIEW_ADD, 0, "KW1"), TRUE);
	T_STR(st_events(), "");
	T_INT(store(1, VIEW_DEL, 0, "kw1"), TRUE);
	T_STR(st_events(), "");
	T_INT(store(2, VIEW_SET, VF_SEEN, NULL), TRUE);
	T_STR(st_events(), "keywords- ");
	T_INT(store(2, VIEW_ADD, 0, "a b"), E_INVAL);
	T_INT(view_sync(sess->view, TRUE, TRUE), E_OK);
	T_STR(st_events(), "");
}

static void
test_expunge(void)
{
	struct pool *pool;
	struct mset *set;

	pool = pool_new();
	T_INT(store(1, VIEW_ADD, VF_DELETED, NULL), TRUE);
	T_INT(store(3, VIEW_ADD, VF_DELETED, NULL), TRUE);
	mset_parse(pool, "5:*", 3, &set);
	T_INT(view_expunge(sess->view, set), E_OK);
	T_INT(view_count(sess->view), 3);
	T_INT(store(3, VIEW_ADD, VF_SEEN, NULL), E_EXPUNGED);
	T_INT(view_sync(sess->view, FALSE, TRUE), E_OK);
	T_STR(st_events(), "gone 3/5 exists 2/0 ");
	T_INT(view_expunge(sess->view, NULL), E_OK);
	T_INT(view_sync(sess->view, TRUE, TRUE), E_OK);
	T_STR(st_events(), "gone 1/3 exists 1/0 ");
	T_INT(view_last_uid(sess->view), 4);
	pool_free(&pool);
}

static void
test_readonly(void)
{
	T_INT(view_open(sess, "INBOX", TRUE), E_OK);
	T_INT(store(1, VIEW_ADD, VF_SEEN, NULL), E_PERM);
	T_INT(view_expunge(sess->view, NULL), E_PERM);
	view_close(sess);
	T_OK(sess->view == NULL);
}

static void
test_rights(void)
{
	char buf[RIGHTS_BUF];
	u32 r;

	T_INT(rights_get(sess, "INBOX", &r), E_OK);
	rights_text(buf, r);
	T_STR(buf, "acdilrsw");
	rights_text(buf, r & ~(u32)RIGHT_X);
	T_STR(buf, "aceilrstw");
	rights_letters(buf, r);
	T_STR(buf, "aceilrstwx");
	T_INT(rights_need(sess, "nothere", RIGHT_R), E_NOENT);
}

int
main(void)
{
	st_mkdir("");
	st_file("cur/100.a.h:2,S", MAIL);
	st_file("cur/100.b.h:2,", MAIL);
	st_file("cur/100.c.h:2,", MAIL);
	st_file("new/100.d.h", MAIL);
	sess = st_session();
	test_open();
	test_changes();
	test_store();
	test_expunge();
	test_readonly();
	test_rights();
	sess_free(&sess);
	return t_done();
}
