/* mail/mime and mail/mime_walk.  SPDX-License-Identifier: ISC */

#include "base/base.h"

#include "base/file.h"
#include "base/mem.h"
#include "base/pool.h"
#include "base/str.h"
#include "mail/crlf.h"
#include "mail/mime.h"

#include "t.h"

static struct pool *pool;
static struct str shown;
static const char *msg;
static struct mime_part *root;

static void parse(const char *);
static void dump(struct str *, struct mime_part *);
static void sizes(void);
static void section(const char *, enum mime_what, const char *);
static void nested(void);
static void broken(void);
static void from_fd(void);

/* The tree as text: type, header and body offsets, wire size, lines. */
static void
dump(struct str *s, struct mime_part *p)
{
	str_reset(s);
	for (; p != NULL; p = mime_walk(p))
		str_catf(s, "%lu %s/%s %lu-%lu %lu-%lu %lu %lu\n",
		    (unsigned long)p->depth, p->ct.type, p->ct.subtype,
		    (unsigned long)p->header.start,
		    (unsigned long)p->header.end,
		    (unsigned long)p->body.start,
		    (unsigned long)p->body.end,
		    (unsigned long)p->body.size,
		    (unsigned long)p->body.lines);
}

/* In one piece and byte by byte: the trees must be the same. */
static void
parse(const char *s)
{
	struct mime_parser *mp;
	struct str again;
	size_t i;

	msg = s;
	str_init(&again, 0);
	mp = mime_new(pool);
	for (i = 0; s[i] != '\0'; i++)
		mime_feed(mp, s + i, 1);
	dump(&again, mime_finish(&mp));
	T_OK(mp == NULL);
	root = mime_parse_mem(pool, s, strlen(s));
	dump(&shown, root);
	T_STR(str_c(&again), str_c(&shown));
	str_free(&again);
	sizes();
}

/* Each span's size is what crlf_size says of its bytes. */
static void
sizes(void)
{
	struct mime_part *p;
	int last, ok = TRUE;

	for (p = root; p != NULL; p = mime_walk(p)) {
		last = 0;
		if (p->header.size != crlf_size(&last,
		    msg + p->header.start,
		    (size_t)(p->header.end - p->header.start)))
			ok = FALSE;
		last = 0;
		if (p->body.size != crlf_size(&last, msg + p->body.start,
		    (size_t)(p->body.end - p->body.start)))
			ok = FALSE;
	}
	T_OK(ok);
}

/* want is NULL: no such part. */
static void
section(const char *path, enum mime_what what, const char *want)
{
	struct mime_span sp;
	u32 nums[8];
	size_t n = 0;

	for (; *path != '\0'; path++)
		if (*path != '.')
			nums[n++] = (u32)(*path - '0');
	if (want == NULL) {
		T_INT(mime_section(root, nums, n, what, &sp), E_NOENT);
		return;
	}
	T_INT(mime_section(root, nums, n, what, &sp), E_OK);
	T_MEM(msg + sp.start, (size_t)(sp.end - sp.start), want,
	    strlen(want));
}

static void
nested(void)
{
	parse("MIME-Version: 1.0\n"
	    "Content-Type: multipart/mixed; boundary=\"a\"\n"
	    "Subject: top\n\npreamble\n--a\n\none\ntwo\n--a  \n"
	    "Content-Type: message/rfc822\n\n"
	    "Subject: in\nMIME-Version: 1.0\n"
	    "Content-Type: multipart/alternative; boundary=ab\n\n"
	    "--ab\n\nx\n--ab\nContent-Type: text/html\n\ny\n--ab--\n"
	    "epi\n--a--\nepilogue\n");
	T_STR(root->env.subject, "top");
	T_INT(root->kind, MIME_MULTIPART);
	T_INT(root->nchild, 2);
	T_INT(root->child->next->kind, MIME_MESSAGE);
	T_STR(root->child->next->child->env.subject, "in");
	section("", MIME_MIME, NULL);
	section("1", MIME_ALL, "one\ntwo");
	section("1", MIME_MIME, "\n");
	section("2", MIME_MIME, "Content-Type: message/rfc822\n\n");
	section("2", MIME_HEADER, "Subject: in\nMIME-Version: 1.0\n"
	    "Content-Type: multipart/alternative; boundary=ab\n\n");
	section("2", MIME_TEXT, "--ab\n\nx\n--ab\nContent-Type: text/html\n"
	    "\ny\n--ab--\nepi");
	section("2.1", MIME_ALL, "x");
	section("2.2", MIME_ALL, "y");
	section("2.2", MIME_MIME, "Content-Type: text/html\n\n");
	section("2.3", MIME_ALL, NULL);
	section("1.1", MIME_ALL, NULL);
	section("3", MIME_ALL, NULL);
	section("0", MIME_ALL, NULL);
	T_INT(root->child->body.lines, 1);
	T_INT(root->child->body.size, 8);

	parse("Subject: s\n\nbody\n");
	section("", MIME_ALL, "Subject: s\n\nbody\n");
	section("", MIME_HEADER, "Subject: s\n\n");
	section("", MIME_TEXT, "body\n");
	section("1", MIME_ALL, "body\n");
	section("1.1.1", MIME_ALL, "body\n");
	section("1", MIME_MIME, "Subject: s\n\n");
	section("2", MIME_ALL, NULL);

	parse("MIME-Version: 1.0\r\nContent-Type: message/rfc822\r\n\r\n"
	    "Subject: in\r\n\r\nhello\r\n");
	section("1", MIME_ALL, "Subject: in\r\n\r\nhello\r\n");
	section("1", MIME_HEADER, "Subject: in\r\n\r\n");
	section("1.1", MIME_ALL, "hello\r\n");
	T_INT(root->body.size, 22);
	T_INT(root->body.lines, 3);

	parse("MIME-Version: 1.0\nContent-Type: multipart/digest; "
	    "boundary=d\n\n--d\n\nSubject: m\n\n--d--\n");
	T_STR(root->child->child->env.subject, "m");
	T_INT(root->child->kind, MIME_MESSAGE);
}

static void
broken(void)
{
	parse("");
	T_STR(str_c(&shown), "0 text/plain 0-0 0-0 0 0\n");
	parse("\nbody");
	T_STR(str_c(&shown), "0 text/plain 0-1 1-5 4 0\n");
	parse("Subject: x\n");
	T_STR(str_c(&shown), "0 text/plain 0-11 11-11 0 0\n");
	T_STR(root->env.subject, "x");
	parse("Subject: x");
	T_STR(root->env.subject, "x");
	parse("Content-Type: text/html\nContent-Transfer-Encoding: 8BIT\n\n");
	T_STR(root->ct.type, "text");
	T_STR(root->ct.subtype, "plain");
	T_STR(root->ct.encoding, "8bit");
	parse("MIME-Version: 1.0\nContent-Type: multipart/mixed; "
	    "boundary=zzz\n\nno boundary here\n");
	T_INT(root->kind, MIME_LEAF);
	T_OK(ctype_is(&root->ct, "multipart", "mixed"));
	section("1", MIME_ALL, "no boundary here\n");
	parse("MIME-Version: 1.0\nContent-Type: multipart/mixed\n\n--\n\nx\n");
	T_INT(root->kind, MIME_LEAF);
	parse("MIME-Version: 1.0\nContent-Type: multipart/mixed; "
	    "boundary=b\n\n--b\n\nopen to the end\n");
	section("1", MIME_ALL, "open to the end\n");
	/* The boundary follows at once, or in the middle of a header. */
	parse("MIME-Version: 1.0\nContent-Type: multipart/mixed; "
	    "boundary=b\n\n--b\n--b\nContent-Type: text/html\n--b\n\n--bx\n"
	    "--b--\n--b\n");
	T_INT(root->nchild, 3);
	section("1", MIME_ALL, "");
	section("2", MIME_MIME, "Content-Type: text/html\n");
	section("3", MIME_ALL, "--bx");
	/* The inner multipart lacks its end. */
	parse("MIME-Version: 1.0\nContent-Type: multipart/mixed; "
	    "boundary=b\n\n--b\nContent-Type: multipart/mixed; boundary=c\n"
	    "\n--c\n\nx\n--b\n\ny\n--b--\n");
	T_INT(root->nchild, 2);
	section("1.1", MIME_ALL, "x");
	section("2", MIME_ALL, "y");
	/* An embedded header that is all there is of its message. */
	parse("MIME-Version: 1.0\nContent-Type: multipart/mixed; "
	    "boundary=b\n\n--b\nContent-Type: message/rfc822\n\nSubject: x\n"
	    "--b--\n");
	section("1", MIME_ALL, "Subject: x");
	T_STR(root->child->child->env.subject, "x");
}

static void
from_fd(void)
{
	struct mime_part *r;
	struct str path, s;
	char *big;
	int fd;

	str_init(&path, 0);
	str_init(&s, 0);
	str_catf(&path, "%s/m", t_tmpdir());
	big = mem_new(200000);
	memset(big, 'y', 200000);
	memcpy(big, "A: b\n\n", 6);
	big[65535] = '\r';
	big[65536] = '\n';
	big[150000] = '\n';
	T_INT(file_replace(str_c(&path), "m.tmp", big, 200000, 0600, FALSE),
	    E_OK);
	fd = file_open_regular(str_c(&path));
	T_OK(fd >= 0);
	T_INT(mime_parse_fd(pool, fd, &r), E_OK);
	T_INT(r->body.size, 200000 - 6 + 1);
	T_INT(r->body.lines, 2);
	close(fd);
	T_INT(mime_parse_fd(pool, -1, &r), E_TEMP);
	T_OK(r == NULL);
	mem_free(big);
	str_free(&path);
	str_free(&s);
}

int
main(void)
{
	pool = pool_new();
	str_init(&shown, 0);
	nested();
	broken();
	from_fd();
	str_free(&shown);
	pool_free(&pool);
	return t_done();
}
