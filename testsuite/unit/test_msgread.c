/* session/msgread.  SPDX-License-Identifier: ISC */

#include "base/base.h"

#include "session_t.c"

#include "base/pool.h"
#include "mail/envelope.h"
#include "session/msgread.h"

#define SIMPLE	"From: a@b\nSubject: one\n two\nX-A: 1\nDate: x\n\nHello\nyou"
#define CRLF	"Subject: crlf\r\n\r\nbody\r\n"
#define BARE	"Subject: only a header\n"
#define PARTS	"MIME-Version: 1.0\n" \
		"Content-Type: multipart/mixed; boundary=b\n\npre\n" \
		"--b\nContent-Type: text/plain\nX-P: q\n\none\n" \
		"--b\nContent-Type: message/rfc822\n\n" \
		"Subject: in\n\ninner\n\n--b--\n"

static struct sess *sess;

static int
append(void *ctx, const char *p, size_t n)
{
	return str_cat(ctx, p, n);
}

static const char *
section(struct msg *m, const char *path, enum mime_what what, u64 start,
    u64 len)
{
	static struct str out;
	struct mime_span span;
	u32 nums[8];
	size_t n;
	int e;

	st_fresh(&out);
	for (n = 0; *path != '\0'; path++)
		nums[n++] = (u32)(*path - '0');
	e = msgread_section(m, nums, n, what, &span);
	if (e != E_OK)
		return e == E_NOENT ? "none" : "error";
	e = msgread_send(m, &span, start, msgread_partial(span.size, start,
	    len), append, &out);
	return e == E_OK ? str_c(&out) : "error";
}

static struct msg *
open_msg(u32 seq)
{
	struct msg *m;

	m = NULL;
	T_INT(msgread_open(sess->view, seq, &m), E_OK);
	return m;
}

static void
test_simple(void)
{
	static const char *const names[] = { "subject", "x-none", "DATE" };
	struct msg_fields want;
	struct mime_span span;
	struct envelope *env;
	struct str out;
	struct msg *m;
	u64 size;
	u32 i;

	m = open_msg(1);
	T_INT(msgread_stored_size(m), sizeof(SIMPLE) - 1);
	T_INT(msgread_envelope(m, &env), E_OK);
	T_STR(env->subject, "one two");
	T_STR(section(m, "", MIME_TEXT, 0, U64_MAX), "Hello\r\nyou");
	T_STR(section(m, "1", MIME_ALL, 0, U64_MAX), "Hello\r\nyou");
	T_STR(section(m, "11", MIME_ALL, 0, U64_MAX), "Hello\r\nyou");
	T_STR(section(m, "2", MIME_ALL, 0, U64_MAX), "none");
	T_INT(msgread_size(m, &size), E_OK);
	T_INT(size, sizeof(SIMPLE) - 1 + 7);
	T_STR(section(m, "", MIME_TEXT, 4, 5), "o\r\nyo");
	T_STR(section(m, "", MIME_TEXT, 6, 1), "\n");
	T_STR(section(m, "", MIME_TEXT, 7, 1), "y");
	T_STR(section(m, "", MIME_TEXT, 99, 5), "");
	T_STR(section(m, "", MIME_TEXT, 4294967295U, U64_MAX), "");
	for (i = 0; i < 12; i++)
		T_INT(strlen(section(m, "", MIME_TEXT, i, 3)),
		    i < 8 ? 3 : i < 10 ? 10 - i : 0);
	str_init(&out, 0);
	msgread_section(m, NULL, 0, MIME_HEADER, &span);
	memset(&want, 0, sizeof(want));
	want.names = names;
	want.n = 3;
	T_INT(msgread_fields(m, &span, &want, append, &out), E_OK);
	T_STR(str_c(&out), "Subject: one\r\n two\r\nDate: x\r\n\r\n");
	str_reset(&out);
	want.not = TRUE;
	T_INT(msgread_fields(m, &span, &want, append, &out), E_OK);
	T_STR(str_c(&out), "From: a@b\r\nX-A: 1\r\n\r\n");
	str_reset(&out);
	want.not = FALSE;
	want.n = 0;
	T_INT(msgread_fields(m, &span, &want, append, &out), E_OK);
	T_STR(str_c(&out), "\r\n");
	str_free(&out);
	msgread_close(&m);
	T_OK(m == NULL);
}

static void
test_odd(void)
{
	struct msg *m;
	u64 size;

	m = open_msg(2);
	T_INT(msgread_size(m, &size), E_OK);
	T_INT(size, sizeof(CRLF) - 1);
	T_STR(section(m, "", MIME_ALL, 0, U64_MAX), CRLF);
	T_STR(section(m, "", MIME_HEADER, 0, U64_MAX),
	    "Subject: crlf\r\n\r\n");
	T_STR(section(m, "", MIME_TEXT, 0, U64_MAX), "body\r\n");
	msgread_close(&m);
	m = open_msg(3);
	T_STR(section(m, "", MIME_HEADER, 0, U64_MAX),
	    "Subject: only a header\r\n");
	T_STR(section(m, "", MIME_TEXT, 0, U64_MAX), "");
	msgread_close(&m);
	m = open_msg(4);
	T_INT(msgread_size(m, &size), E_OK);
	T_INT(size, 0);
	T_STR(section(m, "", MIME_ALL, 0, U64_MAX), "");
	T_STR(section(m, "1", MIME_ALL, 0, U64_MAX), "");
	msgread_close(&m);
}

static void
test_parts(void)
{
	struct mime_part *root;
	struct msg_fields want;
	struct mime_span span;
	struct str out;
	struct msg *m;
	u32 path[1];

	m = open_msg(5);
	T_INT(msgread_tree(m, &root), E_OK);
	T_INT(root->nchild, 2);
	T_STR(section(m, "1", MIME_ALL, 0, U64_MAX), "one");
	T_STR(section(m, "2", MIME_ALL, 0, U64_MAX),
	    "Subject: in\r\n\r\ninner\r\n");
	T_STR(section(m, "2", MIME_HEADER, 0, U64_MAX),
	    "Subject: in\r\n\r\n");
	T_STR(section(m, "21", MIME_ALL, 0, U64_MAX), "inner\r\n");
	T_STR(section(m, "3", MIME_ALL, 0, U64_MAX), "none");
	str_init(&out, 0);
	path[0] = 1;
	T_INT(msgread_section(m, path, 1, MIME_MIME, &span), E_OK);
	memset(&want, 0, sizeof(want));
	want.mime = TRUE;
	T_INT(msgread_fields(m, &span, &want, append, &out), E_OK);
	T_STR(str_c(&out), "Content-Type: text/plain\r\n\r\n");
	str_free(&out);
	msgread_close(&m);
}

/* A message larger than any buffer, read in pieces as clients do. */
static void
test_large(u32 seq, const char *stored, size_t n)
{
	struct mime_span span;
	struct str wire, out;
	struct msg *m;
	u64 pos, take;
	size_t i;

	str_init(&wire, 0);
	for (i = 0; i < n; i++) {
		if (stored[i] == '\n')
			str_catc(&wire, '\r');
		str_catc(&wire, stored[i]);
	}
	str_init(&out, 0);
	for (pos = 0; pos < wire.len; pos += take) {
		m = open_msg(seq);
		T_INT(msgread_section(m, NULL, 0, MIME_ALL, &span), E_OK);
		T_INT(span.size, wire.len);
		take = msgread_partial(span.size, pos, 65537);
		T_INT(msgread_send(m, &span, pos, take, append, &out), E_OK);
		msgread_close(&m);
	}
	T_INT(out.len, wire.len);
	T_OK(memcmp(out.data, wire.data, wire.len) == 0);
	/* Backwards and at random. */
	m = open_msg(seq);
	for (pos = wire.len; pos > 50000; pos -= 49999) {
		str_reset(&out);
		msgread_send(m, &span, pos - 100, 100, append, &out);
		T_MEM(out.data, out.len, wire.data + pos - 100, 100);
	}
	msgread_close(&m);
	str_free(&wire);
	str_free(&out);
}

/* The file shrinks behind our back: the literal keeps its length. */
static void
test_shrunk(u32 seq)
{
	struct mime_span span;
	struct str out;
	struct msg *m;

	str_init(&out, 0);
	m = open_msg(seq);
	T_INT(msgread_section(m, NULL, 0, MIME_ALL, &span), E_OK);
	st_file("cur/600.g.h:2,", "short");
	T_INT(msgread_send(m, &span, 0, span.size, append, &out), E_TEMP);
	T_INT(out.len, span.size);
	msgread_close(&m);
	str_free(&out);
}

/* The quick look at a header and the full parser agree, whatever comes. */
static void
test_agree(void)
{
	static const char bytes[] = "a:\n\n\r \n\r\t-";
	struct mime_span header, whole, text;
	struct mime_part *root;
	char name[64], buf[40];
	struct msg *m;
	u32 i, k, x, n;
	int same;

	x = 1;
	for (i = 0; i < 300; i++) {
		x = x * 1103515245U + 12345U;
		n = (x >> 16) % (sizeof(buf) - 1);
		for (k = 0; k < n; k++) {
			x = x * 1103515245U + 12345U;
			buf[k] = bytes[(x >> 16) % (sizeof(bytes) - 1)];
		}
		buf[n] = '\0';
		snprintf(name, sizeof(name), ".fuzz/cur/%u.f.h:2,", i + 1000);
		st_file(name, buf);
	}
	T_INT(view_open(sess, "INBOX.fuzz", FALSE), E_OK);
	T_INT(view_count(sess->view), 300);
	same = 0;
	for (i = 1; i <= 300; i++) {
		m = open_msg(i);
		msgread_section(m, NULL, 0, MIME_HEADER, &header);
		msgread_section(m, NULL, 0, MIME_ALL, &whole);
		msgread_section(m, NULL, 0, MIME_TEXT, &text);
		if (msgread_tree(m, &root) == E_OK &&
		    header.end == root->header.end &&
		    header.size == root->header.size &&
		    whole.size == root->header.size + root->body.size &&
		    text.size == root->body.size &&
		    text.start == root->body.start &&
		    text.lines == root->body.lines)
			same++;
		msgread_close(&m);
	}
	T_INT(same, 300);
}

int
main(void)
{
	struct str big;
	struct msg *m;
	u32 i;

	str_init(&big, 0);
	str_cats(&big, "Subject: big\n\n");
	for (i = 0; i < 40000; i++)
		str_catf(&big, "line %u\n%s", i, i % 7 == 0 ? "\n" : "");
	st_mkdir("");
	st_file("cur/100.a.h:2,", SIMPLE);
	st_file("cur/200.b.h:2,", CRLF);
	st_file("cur/300.c.h:2,", BARE);
	st_file("cur/400.d.h:2,", "");
	st_file("cur/500.e.h:2,", PARTS);
	st_file("cur/600.f.h:2,", str_c(&big));
	st_file("cur/600.g.h:2,", str_c(&big));
	st_file("cur/700.h.h:2,", SIMPLE);
	sess = st_session();
	T_INT(view_open(sess, "INBOX", FALSE), E_OK);
	test_simple();
	test_odd();
	test_parts();
	test_large(6, big.data, big.len);
	test_shrunk(7);
	st_remove("cur/700.h.h:2,");
	T_INT(msgread_open(sess->view, 8, &m), E_EXPUNGED);
	T_INT(msgread_open(sess->view, 99, &m), E_INVAL);
	st_mkdir(".fuzz");
	test_agree();
	sess_free(&sess);
	str_free(&big);
	return t_done();
}
