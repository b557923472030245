/* mail/mime on hostile input: limits and time.  SPDX-License-Identifier: ISC */

#include "base/base.h"

#include "base/clock.h"
#include "base/pool.h"
#include "base/str.h"
#include "mail/mime.h"

#include "t.h"

#define PATIENCE	20000	/* ms; quadratic work would take minutes */

static struct str msg;

static struct mime_part *parse(struct pool *);
static void check_tree(struct mime_part *);
static void repeat(const char *, size_t);
static void noise(void);

static struct mime_part *
parse(struct pool *pool)
{
	struct mime_part *root;

	root = mime_parse_mem(pool, str_c(&msg), msg.len);
	check_tree(root);
	return root;
}

/* No part outside of the message or of the one that holds it. */
static void
check_tree(struct mime_part *p)
{
	int ok = TRUE;

	for (; p != NULL; p = mime_walk(p)) {
		if (p->header.start > p->header.end ||
		    p->header.end != p->body.start ||
		    p->body.start > p->body.end || p->body.end > msg.len ||
		    p->depth > MIME_DEPTH_MAX)
			ok = FALSE;
		if (p->parent != NULL &&
		    (p->header.start < p->parent->body.start ||
		    p->body.end > p->parent->body.end))
			ok = FALSE;
		if (p->kind == MIME_MESSAGE && p->child == NULL)
			ok = FALSE;
	}
	T_OK(ok);
}

static void
repeat(const char *s, size_t n)
{
	while (n-- > 0)
		str_cats(&msg, s);
}

/* Pseudo-random messages of pieces that mean something. */
static void
noise(void)
{
	static const char *const pieces[] = {
		"--a\n", "--b\r\n", "--a--\n", "\n", "\r\n", "x\n", "--\n",
		"Content-Type: multipart/mixed; boundary=a\n",
		"Content-Type: multipart/digest; boundary=b\r\n",
		"Content-Type: message/rfc822\n", "MIME-Version: 1.0\n",
		"Content-Type: multipart/x; boundary=\n", "From: <a@b\n",
		" folded\n", "\r", "--b--", "Content-Type:\n"
	};
	struct pool *pool = pool_new();
	u32 seed = 12345;
	int i, n;

	for (i = 0; i < 2000; i++) {
		str_reset(&msg);
		repeat("MIME-Version: 1.0\n"
		    "Content-Type: multipart/mixed; boundary=a\n\n", 1);
		for (n = 0; n < 40; n++) {
			seed = seed * 1103515245U + 12345U;
			str_cats(&msg, pieces[(seed >> 16) %
			    NITEMS(pieces)]);
		}
		parse(pool);
		pool_reset(pool);
	}
	pool_free(&pool);
}

int
main(void)
{
	struct pool *pool = pool_new();
	struct mime_part *root, *p;
	u64 start = clock_msec();
	u32 deepest = 0;

	str_init(&msg, 0);
	/* Messages in messages. */
	repeat("MIME-Version: 1.0\nContent-Type: message/rfc822\n\n", 50000);
	for (p = parse(pool); p != NULL; p = mime_walk(p))
		deepest = p->depth;
	T_INT(deepest, MIME_DEPTH_MAX);

	/* Multiparts in multiparts with one boundary. */
	str_reset(&msg);
	repeat("MIME-Version: 1.0\n", 1);
	repeat("Content-Type: multipart/mixed; boundary=a\n\n--a\n", 50000);
	parse(pool);

	/* More parts than anybody wants. */
	str_reset(&msg);
	repeat("MIME-Version: 1.0\n"
	    "Content-Type: multipart/mixed; boundary=a\n\n", 1);
	repeat("--a\n\nx\n", 300000);
	root = parse(pool);
	T_INT(root->nchild, MIME_PARTS_MAX - 1);

	/* One endless header, one endless line, endless parameters. */
	str_reset(&msg);
	repeat("To: a@b, ((((\n", 200000);
	parse(pool);
	str_reset(&msg);
	repeat("MIME-Version: 1.0\nContent-Type: multipart/mixed", 1);
	repeat("; a*0=b", 100000);
	parse(pool);
	str_reset(&msg);
	repeat("\n", 1);
	repeat("--aaaaaaaa", 300000);
	root = parse(pool);
	T_INT(root->body.size, 3000000);
	noise();
	T_OK(clock_msec() - start < PATIENCE);
	str_free(&msg);
	pool_free(&pool);
	return t_done();
}
