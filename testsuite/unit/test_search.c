/* session/search.  SPDX-License-Identifier: ISC */

#include "base/base.h"

#include "session_t.c"

#include "base/pool.h"
#include "session/mset.h"
#include "session/search.h"

static struct sess *sess;
static struct pool *pool;

static const char *
run(struct criteria *c, int uids)
{
	static struct str out;
	struct mset *found;

	st_fresh(&out);
	if (search_run(sess->view, pool, c, uids, &found) != E_OK)
		return "error";
	mset_print(found, &out);
	return str_c(&out);
}

static struct criteria *
flag(u32 bits)
{
	struct criteria *c;

	c = search_new(pool, SK_FLAG);
	c->num = bits;
	return c;
}

static struct criteria *
text(enum search_key key, const char *name, const char *charset,
    const char *s)
{
	struct criteria *c;

	c = search_new(pool, key);
	c->name = name;
	T_INT(search_text(pool, c, charset, s, strlen(s)), E_OK);
	return c;
}

static struct criteria *
day(enum search_key key, const char *s)
{
	struct criteria *c;

	c = search_new(pool, key);
	T_INT(search_date(c, s, strlen(s)), E_OK);
	return c;
}

static struct criteria *
size(enum search_key key, u64 n)
{
	struct criteria *c;

	c = search_new(pool, key);
	c->num = n;
	return c;
}

static struct criteria *
set(enum search_key key, const char *s)
{
	struct criteria *c;

	c = search_new(pool, key);
	T_INT(mset_parse(pool, s, strlen(s), &c->set), E_OK);
	return c;
}

static struct criteria *
join(enum search_key key, struct criteria *a, struct criteria *b)
{
	struct criteria *c;

	c = search_new(pool, key);
	search_add(c, a);
	if (b != NULL)
		search_add(c, b);
	return c;
}

static struct criteria *
not(struct criteria *a)
{
	return join(SK_NOT, a, NULL);
}

static void
make_mail(void)
{
	st_file("cur/100.a.h:2,S",
	    "From: =?iso-8859-1?Q?J=F6rg?= <j@x>\n"
	    "Date: Wed, 1 Feb 1995 23:30:00 -0800\n"
	    "X-Test: some value\nX-Empty:\nSubject: Hello\n world\n\n"
	    "plain body text\n");
	st_file("cur/200.b.h:2,FS",
	    "Subject: base64\nMIME-Version: 1.0\n"
	    "Date: Thu, 2 Feb 1995 00:10:00 +0900\n"
	    "Content-Type: text/plain; charset=utf-8\n"
	    "Content-Transfer-Encoding: base64\n\n"
	    "R3LDnMOfZSBhdXMgS8O2bG4K\n");
	st_file("cur/300.c.h:2,",
	    "Subject: parts\nMIME-Version: 1.0\n"
	    "Content-Type: multipart/mixed; boundary=q\n\n"
	    "preamble needle\n--q\n"
	    "Content-Type: text/html; charset=iso-8859-1\n"
	    "Content-Transfer-Encoding: quoted-printable\n\n"
	    "<b>caf=E9 au\n  lait</b>\n--q\n"
	    "Content-Type: application/octet-stream; name=secret.bin\n\n"
	    "attached\n--q\nContent-Type: message/rfc822\n\n"
	    "Subject: embedded\nFrom: other@y\n\ndeep inside\n--q--\n");
	st_file("cur/400.d.h:2,", "Subject: nothing\n\n");
	st_mkdir(".odd");
	st_file(".odd/cur/100.a.h:2,",
	    "MIME-Version: 1.0\nContent-Type: multipart/report; boundary=q\n"
	    "\n--q\nContent-Type: message/delivery-status\n\n"
	    "Action: failed\n\n--q\nContent-Type: image/png\n"
	    "Content-Disposition: attachment;\n"
	    " filename*0*=utf-8''na%C3; filename*1*=%AFve.png\n\nx\n--q--\n");
	st_file(".odd/cur/200.b.h:2,",
	    "MIME-Version: 1.0\nContent-Type: multipart/mixed\n"
	    "Content-Disposition: inline; filename*=utf-8''%E2%82%AC\n\n"
	    "no parts at all\n");
	st_file(".odd/cur/300.c.h:2,", "Subject: x\n\nLatin caf\351\n");
	st_file(".odd/cur/400.d.h:2,",
	    "MIME-Version: 1.0\nContent-Type: text/plain; charset=x-what\n\n"
	    "unknown caf\303\251\n");
	st_file(".odd/cur/500.e.h:2,",
	    "MIME-Version: 1.0\n"
	    "Content-Type: text/plain; charset*=us-ascii''iso-8859-15\n\n"
	    "12 \244\n");
}

static void
test_flags(void)
{
	struct criteria *c;

	T_STR(run(search_new(pool, SK_ALL), FALSE), "1:4");
	T_STR(run(search_new(pool, SK_NONE), FALSE), "");
	T_STR(run(flag(VF_SEEN), FALSE), "1:2");
	T_STR(run(not(flag(VF_SEEN)), FALSE), "3:4");
	T_STR(run(not(not(flag(VF_SEEN))), FALSE), "1:2");
	T_STR(run(join(SK_OR, flag(VF_FLAGGED), set(SK_SEQ, "4")), FALSE),
	    "2,4");
	T_STR(run(join(SK_AND, flag(VF_SEEN), set(SK_SEQ, "2:*")), FALSE),
	    "2");
	T_STR(run(set(SK_SEQ, "*"), TRUE), "4");
	T_STR(run(set(SK_UID, "99:*"), FALSE), "4");
	T_STR(run(set(SK_SEQ, "3:2"), FALSE), "2:3");
	c = search_new(pool, SK_KEYWORD);
	c->name = "nokw";
	T_STR(run(c, FALSE), "");
	T_STR(run(not(c), FALSE), "1:4");
}

static void
test_headers(void)
{
#ifdef HAVE_LIBUNISTRING
	T_STR(run(text(SK_HEADER, "From", NULL, "J\303\226RG"), FALSE), "1");
#endif
	T_STR(run(text(SK_HEADER, "From", "iso-8859-1", "j\366rg"), FALSE),
	    "1");
	T_STR(run(text(SK_HEADER, "Subject", NULL, "hello world"), FALSE),
	    "1");
	T_STR(run(text(SK_HEADER, "X-Test", NULL, ""), FALSE), "1");
	T_STR(run(text(SK_HEADER, "X-Empty", NULL, ""), FALSE), "1");
	T_STR(run(text(SK_HEADER, "X-None", NULL, ""), FALSE), "");
	/* The message's own header, not that of embedded messages. */
	T_STR(run(text(SK_HEADER, "Subject", NULL, "embedded"), FALSE), "");
	/* Cannot be converted: matches nothing; NOT: everything. */
	T_STR(run(text(SK_HEADER, "From", "utf-8", "\377"), FALSE), "");
}

static void
test_bodies(void)
{
	T_STR(run(text(SK_BODY, NULL, NULL, "BODY  text"), FALSE), "1");
#ifdef HAVE_LIBUNISTRING
	T_STR(run(text(SK_BODY, NULL, NULL, "aus k\303\226ln"), FALSE), "2");
#endif
	T_STR(run(text(SK_BODY, NULL, NULL, "caf\303\251 au lait"), FALSE),
	    "3");
	T_STR(run(text(SK_BODY, NULL, "iso-8859-1", "caf\351"), FALSE), "3");
	T_STR(run(text(SK_BODY, NULL, NULL, "deep"), FALSE), "3");
	T_STR(run(text(SK_BODY, NULL, NULL, "needle"), FALSE), "");
	T_STR(run(text(SK_BODY, NULL, NULL, "attached"), FALSE), "");
	T_STR(run(text(SK_BODY, NULL, NULL, "embedded"), FALSE), "");
	T_STR(run(text(SK_BODY, NULL, NULL, ""), FALSE), "1:4");
	T_STR(run(text(SK_TEXT, NULL, NULL, "embedded"), FALSE), "3");
	T_STR(run(text(SK_TEXT, NULL, NULL, "secret.bin"), FALSE), "3");
	T_STR(run(text(SK_TEXT, NULL, NULL, "x-test:"), FALSE), "1");
	T_STR(run(text(SK_TEXT, NULL, NULL, "x-test: some"), FALSE), "1");
	T_STR(run(text(SK_TEXT, NULL, NULL, "plain"), FALSE), "1:2");
	/* Several in one pass, in trees. */
	T_STR(run(join(SK_OR, text(SK_BODY, NULL, NULL, "deep"),
	    join(SK_AND, text(SK_TEXT, NULL, NULL, "hello"),
	    text(SK_BODY, NULL, NULL, "plain"))), FALSE), "1,3");
	T_STR(run(join(SK_AND, not(text(SK_TEXT, NULL, NULL, "subject:")),
	    search_new(pool, SK_ALL)), FALSE), "");
	T_STR(run(not(text(SK_BODY, NULL, NULL, "deep")), FALSE), "1:2,4");
}

/* What has no name, no parts, no character set that it admits to. */
static void
test_odd(void)
{
	T_INT(view_open(sess, "INBOX.odd", FALSE), E_OK);
	T_STR(run(text(SK_BODY, NULL, NULL, "action: failed"), FALSE), "1");
	T_STR(run(text(SK_TEXT, NULL, NULL, "na\303\257ve.png"), FALSE), "1");
	T_STR(run(text(SK_BODY, NULL, NULL, "parts at all"), FALSE), "2");
	T_STR(run(text(SK_HEADER, "Content-Disposition", NULL,
	    "\342\202\254"), FALSE), "2");
	T_STR(run(text(SK_BODY, NULL, NULL, "caf\303\251"), FALSE), "3:4");
#ifdef HAVE_ICONV
	T_STR(run(text(SK_BODY, NULL, NULL, "12 \342\202\254"), FALSE), "5");
#endif
}

static void
test_dates(void)
{
	struct criteria *c;

	/* As written, whatever the zone. */
	T_STR(run(day(SK_SENTON, "1-Feb-1995"), FALSE), "1");
	T_STR(run(day(SK_SENTON, "2-feb-1995"), FALSE), "2");
	T_STR(run(day(SK_SENTBEFORE, "2-Feb-1995"), FALSE), "1");
	T_STR(run(day(SK_SENTSINCE, "01-Feb-1995"), FALSE), "1:2");
	T_STR(run(day(SK_SINCE, "1-Jan-2000"), FALSE), "1:4");
	T_STR(run(day(SK_BEFORE, "1-Jan-2000"), FALSE), "");
	c = search_new(pool, SK_ON);
	T_INT(search_date(c, "32-Jan-2000", 11), E_SYNTAX);
	T_INT(search_date(c, "yesterday", 9), E_SYNTAX);
	c = search_new(pool, SK_TEXT);
	T_INT(search_text(pool, c, "no-such-set", "x", 1), E_CHARSET);
	T_OK(!search_charset_known("no-such-set"));
	T_OK(search_charset_known("ISO-8859-1"));
}

/* RFC822.SIZE of the last is 20: 18 bytes and two line ends. */
static void
test_sizes(void)
{
	T_STR(run(size(SK_LARGER, 19), FALSE), "1:4");
	T_STR(run(size(SK_LARGER, 20), FALSE), "1:3");
	T_STR(run(size(SK_SMALLER, 20), FALSE), "");
	T_STR(run(size(SK_SMALLER, 21), FALSE), "4");
	T_STR(run(size(SK_SMALLER, 18), FALSE), "");
	T_STR(run(size(SK_SMALLER, 100000), FALSE), "1:4");
	T_STR(run(size(SK_LARGER, 100000), FALSE), "");
}

int
main(void)
{
	st_mkdir("");
	make_mail();
	sess = st_session();
	pool = pool_new();
	T_INT(view_open(sess, "INBOX", FALSE), E_OK);
	test_flags();
	test_headers();
	test_bodies();
	test_dates();
	test_sizes();
	test_odd();
	pool_free(&pool);
	sess_free(&sess);
	return t_done();
}
