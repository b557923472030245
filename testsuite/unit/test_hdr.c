/* mail/hdr, mail/tok822, mail/crlf.  SPDX-License-Identifier: ISC */

#include "base/base.h"

#include "base/pool.h"
#include "base/str.h"
#include "mail/crlf.h"
#include "mail/hdr.h"
#include "mail/tok822.h"

#include "t.h"

static const char sample[] =
    "Subject: one\r\n two\r\n\tthree \r\nX-Y : z\njunk line\n: no name\n"
    "Empty:\r\nLast:a\n\nbody: no\n";

static const struct {
	const char	*in;
	size_t		n;
	const char	*out;
} folded[] = {
	{ " a\r\n b\n\tc \r\n", 12, "a b\tc" },
	{ "a\rb", 3, "a b" },
	{ "a\r\r\n b\r", 7, "a b" },
	{ "\r\ra\r\rb\r\r", 8, "a  b" },
	{ "a\0b", 3, "ab" },
	{ " \r\n ", 4, "" },
	{ "", 0, "" }
};

static void unfold(void);
static void tokens(void);
static void line_ends(void);

static void
unfold(void)
{
	struct str s;
	size_t i;

	for (i = 0; i < NITEMS(folded); i++) {
		str_init(&s, 0);
		T_INT(hdr_unfold(folded[i].in, folded[i].n, &s), E_OK);
		T_STR(str_c(&s), folded[i].out);
		str_free(&s);
	}
}

static void
tokens(void)
{
	struct tok822 t;
	struct str s;
	static const char in[] =
	    "a.b (c (d) \\) e) \"q \\\" r\"@[1.2] \"open";

	str_init(&s, 0);
	tok822_init(&t, in, sizeof(in) - 1, TOK822_ADDR, &s);
	T_INT(tok822_next(&t), TOK_ATOM);
	T_STR(str_c(&s), "a");
	T_INT(tok822_next(&t), TOK_SPECIAL);
	T_INT(t.ch, '.');
	T_INT(tok822_next(&t), TOK_ATOM);
	T_INT(tok822_next(&t), TOK_COMMENT);
	T_STR(str_c(&s), "c (d) ) e");
	T_OK(t.space);
	T_INT(tok822_next(&t), TOK_QUOTED);
	T_STR(str_c(&s), "q \" r");
	T_INT(tok822_next(&t), TOK_SPECIAL);
	T_INT(tok822_next(&t), TOK_LITERAL);
	T_STR(str_c(&s), "[1.2]");
	T_INT(tok822_next(&t), TOK_QUOTED);
	T_STR(str_c(&s), "open");
	T_INT(tok822_next(&t), TOK_END);
	str_free(&s);
}

static void
line_ends(void)
{
	static const char in[] = "a\nb\r\n\n\r\r\nc\r";
	struct str s;
	size_t i;
	u64 size = 0;
	int last = 0, last2 = 0;

	str_init(&s, 0);
	crlf_cat(&last, in, sizeof(in) - 1, &s);
	T_STR(str_c(&s), "a\r\nb\r\n\r\n\r\r\nc\r");
	last = 0;
	T_INT(crlf_size(&last, in, sizeof(in) - 1), s.len);
	last = 0;
	str_reset(&s);
	for (i = 0; i < sizeof(in) - 1; i++) {
		crlf_cat(&last, in + i, 1, &s);
		size += crlf_size(&last2, in + i, 1);
	}
	T_STR(str_c(&s), "a\r\nb\r\n\r\n\r\r\nc\r");
	T_INT(size, s.len);
	str_free(&s);
}

int
main(void)
{
	struct pool *p = pool_new();
	struct hdr_field f;
	size_t pos = 0;

	T_OK(hdr_next(sample, sizeof(sample) - 1, &pos, &f));
	T_OK(hdr_is(&f, "sUBJECT") && !hdr_is(&f, "Subj"));
	T_OK(hdr_next(sample, sizeof(sample) - 1, &pos, &f));
	T_OK(hdr_is(&f, "x-y"));
	T_INT(f.namelen, 4);
	T_STR(hdr_get(p, sample, sizeof(sample) - 1, "subject"),
	    "one two\tthree");
	T_STR(hdr_get(p, sample, sizeof(sample) - 1, "empty"), "");
	T_OK(hdr_get(p, sample, sizeof(sample) - 1, "body") == NULL);
	unfold();
	tokens();
	line_ends();
	pool_free(&p);
	return t_done();
}
