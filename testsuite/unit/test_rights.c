/* session/rights, session/acl, and what they do to a view.
   SPDX-License-Identifier: ISC */

#include "base/base.h"

#include <time.h>
#include <utime.h>

#include "session_t.c"

#include "base/pool.h"
#include "session/acl.h"
#include "session/append.h"
#include "session/mset.h"
#include "session/ns.h"
#include "session/rights.h"
#include "session/transfer.h"

#define MAIL	"Subject: x\n\nbody\n"
#define DEFAULT	"owner aceilrstwx\nadministrators aceilrstwx\n"

static struct sess *sess;
static struct pool *pool;
static struct str text;

static const char *
mine(const char *name)
{
	static char buf[RIGHTS_BUF];
	u32 r;

	if (rights_get(sess, name, &r) != E_OK)
		return "error";
	rights_letters(buf, r);
	return buf;
}

static void
age(const char *file)
{
	struct utimbuf ut;
	struct str s;

	str_init(&s, 0);
	ut.actime = ut.modtime = time(NULL) - 100;
	(void)utime(full(file, &s), &ut);
	str_free(&s);
}

static void
test_who(void)
{
	static const struct {
		const char	*options, *rights;
	} cases[] = {
		{ "", "alsw" },
		{ "group=staff", "alrsw" },
		{ "x=1,group=none,group=staff", "alrsw" },
		{ "group=staff,group=thieves", "alr" },
		{ "group=", "alsw" },
		{ "xgroup=staff", "alsw" },
		{ "group=administrators", "aceilrstwx" },
		{ "disableshared=1", "ceilrstwx" },
		{ "disableshared", "ceilrstwx" },
		{ "disableshared=0", "alsw" }
	};
	size_t i;

	st_file(".A/courierimapacl", "owner al\nuser=joe s\nanyone w\n"
	    "group=staff r\n-group=thieves sw\nuser=Joe x\nauthuser x\n");
	for (i = 0; i < NITEMS(cases); i++) {
		sess->options = cases[i].options;
		T_STR(mine("INBOX.A"), cases[i].rights);
	}
	sess->options = "";
	T_STR(mine("INBOX"), "aceilrstwx");
	T_STR(mine("INBOX.none"), "aceilrstwx");
	T_STR(mine("INBOX.A.none"), "alsw");
	T_STR(mine("elsewhere"), "");
}

/* A mailbox of somebody else is nothing of mine. */
static void
test_owner(void)
{
	struct ns_tree other;
	const struct ns_tree *own = sess->own;

	other = *own;
	other.owner = "user=bob";
	sess->own = &other;
	T_STR(mine("INBOX.A"), "sw");
	T_STR(rights_owner(sess, &other), "user=bob");
	sess->options = "disableshared=1";
	T_STR(mine("INBOX.A"), "");
	sess->options = "";
	sess->own = own;
	T_STR(rights_owner(sess, own), "user=joe");
}

static void
test_changes(void)
{
	age(".A/courierimapacl");
	T_STR(mine("INBOX.A"), "alsw");
	T_STR(mine("INBOX.A"), "alsw");
	st_file(".A/courierimapacl", "owner lr\n");
	T_STR(mine("INBOX.A"), "alr");
	st_file(".A/courierimapacl", "owner lw\n");	/* the same size */
	T_STR(mine("INBOX.A"), "alw");
	st_file(".A/new.acl", DEFAULT);
	st_rename(".A/new.acl", ".A/courierimapacl");
	T_STR(mine("INBOX.A"), "aceilrstwx");
}

static void
test_need(void)
{
	T_INT(rights_need(sess, "INBOX.A", RIGHT_ALL), E_OK);
	T_INT(rights_check(RIGHT_L | RIGHT_R, RIGHT_R), E_OK);
	T_INT(rights_check(RIGHT_L | RIGHT_R, RIGHT_R | RIGHT_W), E_PERM);
	T_INT(rights_check(RIGHT_R, RIGHT_W), E_NOENT);
	T_INT(rights_check(0, RIGHT_R), E_NOENT);
}

static void
test_broken(void)
{
	t_catch_log();
	st_mkdir(".B");
	st_mkdir(".B/courierimapacl");
	T_STR(mine("INBOX.B"), "error");
	T_INT(view_open(sess, "INBOX.B", FALSE), E_TEMP);
	st_mkdir(".C");
	for (str_reset(&text); text.len < 70000; )
		str_cats(&text, "user=x l\n");
	st_file(".C/courierimapacl", str_c(&text));
	T_STR(mine("INBOX.C"), "");
	T_OK(t_logged("joe: the access list of INBOX.C cannot be read"));
	T_INT(view_open(sess, "INBOX.C", FALSE), E_NOENT);
	age(".C/courierimapacl");
	T_STR(mine("INBOX.C"), "");
	(void)t_logged("");
	T_STR(mine("INBOX.C"), "");
	T_OK(!t_logged("cannot be read"));	/* once is enough */
}

static int
list_one(void *ctx, const struct ns_entry *e)
{
	(void)ctx;
	str_catf(&text, "%s%s%s ", e->name, e->attrs & NS_NOSELECT ? "!" : "",
	    e->attrs & NS_CHILDREN ? "+" : "");
	return E_OK;
}

static const char *
listed(const char *pattern)
{
	str_reset(&text);
	T_INT(ns_list(sess, pattern, list_one, NULL), E_OK);
	return str_c(&text);
}

/* RFC 4314 4, LIST: as if it were not there. */
static void
test_hidden(void)
{
	st_mkdir(".H");
	st_mkdir(".H.one");
	st_mkdir(".H.two");
	st_file(".H/courierimapacl", "owner r\n");
	st_file(".H.one/courierimapacl", "owner lr\n");
	st_file(".H.two/courierimapacl", "-anyone l\n" DEFAULT);
	T_STR(listed("INBOX.H*"), "INBOX.H.one INBOX.H!+ ");
	st_file(".H.one/courierimapacl", "owner r\n");
	T_STR(listed("INBOX.H*"), "");
	T_INT(ns_known(sess, pool, "INBOX.H"), E_OK);
	T_INT(ns_known(sess, pool, "INBOX.none"), E_NOENT);
	st_mkdir(".V.H");
	T_INT(ns_known(sess, pool, "INBOX.V"), E_OK);
	st_file(".V.H/courierimapacl", "owner r\n");
	T_INT(ns_known(sess, pool, "INBOX.V"), E_NOENT);
}

static void
test_view(void)
{
	struct view_store st;
	struct vflags vf;
	int changed;

	st_mkdir(".W");
	st_file(".W/cur/1.a.h:2,", MAIL);
	st_file(".W/courierimapacl", "owner lrs\n");
	T_INT(view_open(sess, "INBOX.W", FALSE), E_OK);
	T_OK(!view_readonly(sess->view));
	memset(&st, 0, sizeof(st));
	st.op = VIEW_ADD;
	st.sys = VF_SEEN | VF_FLAGGED | VF_DELETED;
	T_INT(view_store_begin(sess->view, &st), E_OK);
	T_INT(view_store(sess->view, 1, &st, &changed), E_OK);
	T_INT(view_store_end(sess->view), E_OK);
	T_INT(view_flags(sess->view, 1, &vf), E_OK);
	T_INT(vf.sys & VF_STORED, VF_SEEN);
	T_INT(view_expunge(sess->view, NULL), E_PERM);
	(void)st_events();
	st_file(".W/courierimapacl", "owner lrt\n");
	T_INT(view_sync(sess->view, TRUE, TRUE), E_OK);
	T_STR(st_events(), "rights alrs=alrt ");
	st_file(".W/courierimapacl", "owner l\n");
	st_file(".W/new/2.b.h", MAIL);
	T_INT(view_sync(sess->view, TRUE, TRUE), E_OK);
	T_STR(st_events(), "rights alrt=al ");	/* and nothing else */
	T_INT(view_count(sess->view), 1);
	st_file(".W/courierimapacl", "owner lr\n");
	T_INT(view_sync(sess->view, TRUE, TRUE), E_OK);
	T_STR(st_events(), "rights al=alr exists 2/2 ");
	view_close(sess);
	T_INT(view_open(sess, "INBOX.W", FALSE), E_OK);
	T_OK(view_readonly(sess->view));
	view_close(sess);
	st_file(".W/courierimapacl", "owner l\n");
	T_INT(view_open(sess, "INBOX.W", FALSE), E_PERM);
	st_file(".W/courierimapacl", "owner wx\n");
	T_INT(view_open(sess, "INBOX.W", FALSE), E_NOENT);
}

/* The UID of a new message, as APPEND tells it. */
static u32
added(const char *name)
{
	struct append_opts opts;
	struct append *a;
	u32 validity, uid;

	memset(&opts, 0, sizeof(opts));
	T_INT(append_open(sess, name, &a), E_OK);
	append_begin(a, &opts);
	append_data(a, MAIL, sizeof(MAIL) - 1);
	T_INT(append_end(a), E_OK);
	T_INT(append_commit(&a, &validity, &uid), E_OK);
	return uid;
}

static void
test_add(void)
{
	struct append *a;

	st_file(".W/courierimapacl", "owner lr\n");
	T_INT(append_open(sess, "INBOX.W", &a), E_PERM);
	st_file(".W/courierimapacl", "owner r\n");
	T_INT(append_open(sess, "INBOX.W", &a), E_NOENT);
	st_file(".W/courierimapacl", "owner i\n");
	T_INT(append_open(sess, "INBOX.W", &a), E_OK);
	append_abort(&a);
	T_INT(added("INBOX.W"), 0);	/* no UID is told: RFC 4315 3 */
	st_file(".W/courierimapacl", "owner ir\n");
	T_OK(added("INBOX.W") != 0);
}

static const char *
as_text(const struct acl *acl)
{
	size_t i;

	str_reset(&text);
	for (i = 0; i < acl_count(acl); i++)
		str_catf(&text, "%s=%s ", acl_id(acl, i), acl_rights(acl, i));
	return str_c(&text);
}

static void
test_lists(void)
{
	const char *lacks;
	struct acl *acl;

	st_file(".A/courierimapacl", DEFAULT);
	T_INT(acl_read(sess, pool, "INBOX.none", &acl), E_NOENT);
	T_INT(acl_read(sess, pool, "INBOX.V", &acl), E_NOENT);
	T_INT(acl_look(sess, pool, "INBOX.V", &acl), E_OK);
	T_INT(acl_read(sess, pool, "INBOX.A", &acl), E_OK);
	T_INT(acl_modify(acl, "user=b", "ld"), E_OK);
	T_INT(acl_modify(acl, "user=b", "+k"), E_OK);
	T_INT(acl_modify(acl, "user=b", "-x"), E_OK);
	T_INT(acl_modify(acl, "-user=c", "r"), E_OK);
	T_INT(acl_modify(acl, "user=d", ""), E_OK);
	T_INT(acl_put(acl, "user=e", ""), E_OK);
	T_STR(as_text(acl), "owner=aceilrstwx administrators=aceilrstwx "
	    "user=b=celt -user=c=r user=e= ");
	T_INT(acl_modify(acl, "a b", "l"), E_INVAL);
	T_INT(acl_modify(acl, "\377", "l"), E_INVAL);
	T_INT(acl_modify(acl, "x", "\303\251"), E_INVAL);
	T_INT(acl_write(sess, "INBOX.A", acl, &lacks), E_OK);
	T_OK(lacks == NULL);
	acl_delete(acl, "owner");
	T_INT(acl_write(sess, "INBOX.A", acl, &lacks), E_INVAL);
	T_STR(lacks, "owner");
	acl_clear(acl);
	T_INT(acl_put(acl, "owner", "al"), E_OK);
	T_INT(acl_write(sess, "INBOX.A", acl, &lacks), E_INVAL);
	T_STR(lacks, "administrators");
	T_INT(acl_put(acl, "administrators", "aceilrstwx"), E_OK);
	T_INT(acl_put(acl, "-user=joe", "l"), E_OK);
	T_INT(acl_write(sess, "INBOX.A", acl, &lacks), E_INVAL);
	T_STR(lacks, "user=joe");
	T_INT(acl_write(sess, "INBOX.none", acl, &lacks), E_NOENT);
	T_INT(acl_read(sess, pool, "INBOX.A", &acl), E_OK);
	T_STR(as_text(acl), "owner=aceilrstwx administrators=aceilrstwx "
	    "user=b=celt -user=c=r user=e= ");
	sess->options = "disableshared=1";
	T_INT(acl_read(sess, pool, "INBOX.A", &acl), E_NOTSUP);
	T_INT(acl_write(sess, "INBOX.A", acl, &lacks), E_NOTSUP);
	sess->options = "";
}

static void
test_words(void)
{
	static const struct {
		const char	*word, *id;
	} cases[] = {
		{ "bob", "user=bob" },
		{ "-bob", "-user=bob" },
		{ "owner", "owner" },
		{ "-owner", "-owner" },
		{ "anyone", "anyone" },
		{ "anonymous", "anonymous" },
		{ "authuser", "authuser" },
		{ "administrators", "administrators" },
		{ "Anyone", "user=Anyone" },
		{ "-", "-user=" }
	};
	size_t i;

	for (i = 0; i < NITEMS(cases); i++) {
		T_STR(acl_from_word(pool, cases[i].word), cases[i].id);
		T_STR(acl_to_word(pool, cases[i].id), cases[i].word);
	}
	T_OK(acl_from_word(pool, "user=bob") == NULL);
	T_OK(acl_word_ok("b \303\266"));
	T_OK(!acl_word_ok(""));
	T_OK(!acl_word_ok("b\t"));
	T_OK(!acl_word_ok("\177"));
	T_OK(!acl_word_ok("\303"));
	T_OK(acl_to_word(pool, "group=x") == NULL);
	T_STR(acl_to_word(pool, "bare"), "bare");
}

static const char *
form(const char *rights, int how)
{
	str_reset(&text);
	acl_letters(rights, how, &text);
	return str_c(&text);
}

static void
test_forms(void)
{
	const char *always, *others;

	T_STR(form("aceilrstwx", ACL_ACL2), "acdilrsw");
	T_STR(form("aceilrstwx", ACL_2086), "acdilrsw");
	T_STR(form("aceilrstwx", ACL_4314), "acdeiklrstwx");
	T_STR(form("eilt", ACL_ACL2), "eilt");
	T_STR(form("eilt", ACL_2086), "il");
	T_STR(form("eilt", ACL_4314), "deilt");
	T_STR(form("9Zl", ACL_2086), "9Zl");
	T_STR(form("", ACL_4314), "");
	acl_grantable(sess, "INBOX.A", "joe", &always, &others);
	T_STR(always, "al");
	T_STR(others, "ceiprstwx");
	acl_grantable(sess, "INBOX.A", "-joe", &always, &others);
	T_STR(always, "");
	T_STR(others, "ceiprstwx");
	acl_grantable(sess, "INBOX.A", "-anyone", &always, &others);
	T_STR(others, "ceiprstwx");
	acl_grantable(sess, "INBOX.A", "bob", &always, &others);
	T_STR(always, "");
	T_STR(form(others, ACL_2086), "acdilprsw");
}

int
main(void)
{
	str_init(&text, 0);
	st_mkdir("");
	st_mkdir(".A");
	sess = st_session();
	pool = pool_new();
	test_who();
	test_owner();
	test_changes();
	test_need();
	test_broken();
	test_hidden();
	test_view();
	test_add();
	test_lists();
	test_words();
	test_forms();
	pool_free(&pool);
	sess_free(&sess);
	str_free(&text);
	return t_done();
}
