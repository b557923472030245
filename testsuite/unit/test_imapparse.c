/* Reading IMAP commands.  SPDX-License-Identifier: ISC */

#include "base/base.h"

#include "base/io.h"
#include "base/mem.h"
#include "base/str.h"

#include "wire/imapparse.h"

#include "t.h"

static void dump(const struct arg *, struct str *);
static void run(const char *, int, int, const char *, const char *);
static void long_ones(void);
static void streams(void);

/* Cases: input, flags, result of begin and args, the tree as text. */
static const struct test {
	const char	*in;
	int		flags;
	int		result;
	const char	*tree;
} tests[] = {
	{ "a NOOP\r\n", 0, E_OK, "a NOOP" },
	{ "  a \t NOOP \r\n", 0, E_OK, "a NOOP" },
	{ "* NOOP\n", 0, E_OK, "* NOOP" },
	{ "1 LOGIN joe pass[]*%]\r\n", 0, E_OK, "1 LOGIN A:joe A:pass[]*%]" },
	{ "1 LOGIN \"j\\\"o\\\\e\" \"\"\r\n", 0, E_OK, "1 LOGIN Q:j\"o\\e Q:" },
	{ "1 LOGIN {3}\r\njoe {0}\r\n\r\n", 0, E_OK, "1 LOGIN L:joe L:" },
	{ "1 LOGIN {3+}\r\njoe {2+}\r\nab\r\n", 0, E_OK, "1 LOGIN L:joe L:ab" },
	{ "1 X nil NIL {3}\r\nNIL\r\n", 0, E_OK, "1 X N:nil N:NIL L:NIL" },
	{ "1 X (a (b) () \"c\")\r\n", 0, E_OK, "1 X (A:a (A:b) () Q:c)" },
	{ "1 X ( a b )\r\n", 0, E_OK, "1 X (A:a A:b)" },
	{ "1 X (\\Seen \\Deleted $Junk)\r\n", 0, E_OK,
	    "1 X (A:\\Seen A:\\Deleted A:$Junk)" },
	{ "1 X ~home ~{2}\r\nhi\r\n", 0, E_OK, "1 X A:~home L:hi" },
	{ "1 FETCH 1:*,3 BODY[1.2.HEADER.FIELDS (To \"Cc\")]<0.5>\r\n",
	    IMAPPARSE_SECTION, E_OK, "1 FETCH A:1:*,3 A:BODY "
	    "[A:1.2.HEADER.FIELDS (A:To Q:Cc)] A:<0.5>" },
	{ "1 FETCH 1 (BODY.PEEK[])\r\n", IMAPPARSE_SECTION, E_OK,
	    "1 FETCH A:1 (A:BODY.PEEK [])" },
	{ "1 X BODY[]\r\n", 0, E_OK, "1 X A:BODY[]" },
	{ "1 LOGIN (joe) p(a]s)s\r\n", IMAPPARSE_FLAT, E_OK,
	    "1 LOGIN A:(joe) A:p(a]s)s" },
	{ "1 LOGIN ( \"x\"( )\r\n", IMAPPARSE_FLAT, E_SYNTAX, NULL },
	{ "1 X \"\303\251\"\r\n", 0, E_OK, "1 X Q:\303\251" },
	{ "1 X \"\303\"\r\n", 0, E_SYNTAX, NULL },
	{ "1 X \"\355\240\200\"\r\n", 0, E_SYNTAX, NULL },
	{ "1 X caf\303\251\r\n", 0, E_SYNTAX, NULL },
	{ "1 X \"open\r\n", 0, E_SYNTAX, NULL },
	{ "1 X (open\r\n", 0, E_SYNTAX, NULL },
	{ "1 X a)\r\n", 0, E_SYNTAX, NULL },
	{ "1 X a\"b\"\r\n", 0, E_SYNTAX, NULL },
	{ "1 X a{3}\r\n", 0, E_SYNTAX, NULL },
	{ "1 X {}\r\n", 0, E_SYNTAX, NULL },
	{ "1 X {3\r\n", 0, E_SYNTAX, NULL },
	{ "1 X {8193}\r\n", 0, E_TOOBIG, NULL },
	{ "1 X {99999999999999999999}\r\n", 0, E_TOOBIG, NULL },
	{ "1 X \\\r\n", 0, E_SYNTAX, NULL },
	{ "1 NOOP(x)\r\n", 0, E_SYNTAX, NULL },
	{ "\r\n", 0, E_SYNTAX, NULL },
	{ "a\r\n", 0, E_SYNTAX, NULL },
	{ "a+b NOOP\r\n", 0, E_SYNTAX, NULL },
	{ "(x) NOOP\r\n", 0, E_SYNTAX, NULL },
	{ "a \"NOOP\"\r\n", 0, E_SYNTAX, NULL },
	{ "a NOO", 0, E_EOF, NULL },
	{ "", 0, E_EOF, NULL }
};

static void
dump(const struct arg *a, struct str *out)
{
	static const char kinds[] = "AQLN";

	for (; a != NULL; a = a->next) {
		if (out->len > 0 && out->data[out->len - 1] != '(' &&
		    out->data[out->len - 1] != '[')
			str_catc(out, ' ');
		switch (a->type) {
		case ARG_LIST:
			str_catc(out, '(');
			dump(a->list, out);
			str_catc(out, ')');
			break;
		case ARG_SECTION:
			str_catc(out, '[');
			dump(a->list, out);
			str_catc(out, ']');
			break;
		case ARG_STREAM:
			str_cats(out, "S:");
			str_catu64(out, a->size);
			break;
		default:
			str_catc(out, kinds[a->type]);
			str_catc(out, ':');
			str_cat(out, a->s, a->len);
			break;
		}
	}
}

/* The command, then a second one that must be read untouched. */
static void
run(const char *in, int flags, int result, const char *tree,
    const char *second)
{
	struct imapparse *p;
	struct str all, out, text;
	struct arg *args;
	struct io *io;
	int r;

	str_init(&all, 0);
	str_init(&out, 0);
	str_init(&text, 0);
	str_cats(&all, in);
	if (second != NULL && result != E_EOF)
		str_cats(&all, second);
	io = io_mem_new(str_c(&all), all.len, &out);
	p = imapparse_new(io);
	args = NULL;
	r = imapparse_begin(p);
	if (r == E_OK)
		r = imapparse_args(p, flags, &args);
	T_INT(r, result);
	if (r == E_OK && tree != NULL) {
		str_cats(&text, imapparse_tag(p));
		str_catc(&text, ' ');
		str_cats(&text, imapparse_name(p));
		dump(args, &text);
		T_STR(str_c(&text), tree);
	}
	if (second != NULL && result != E_EOF) {
		T_INT(imapparse_end(p), E_OK);
		T_INT(imapparse_begin(p), E_OK);
		T_STR(imapparse_tag(p), "z");
	}
	imapparse_free(&p);
	io_free(&io);
	str_free(&all);
	str_free(&out);
	str_free(&text);
}

static void
long_ones(void)
{
	struct str s;
	size_t i;

	str_init(&s, 0);
	str_cats(&s, "a X ");
	for (i = 0; i < IMAPPARSE_ATOM_MAX + 5; i++)
		str_catc(&s, 'x');
	str_cats(&s, "\r\n");
	run(str_c(&s), 0, E_TOOBIG, NULL, "z NOOP\r\n");

	str_reset(&s);
	str_cats(&s, "a X \"");
	for (i = 0; i < IMAPPARSE_QUOTED_MAX + 1; i++)
		str_catc(&s, 'x');
	str_cats(&s, "\"\r\n");
	run(str_c(&s), 0, E_TOOBIG, NULL, "z NOOP\r\n");

	str_reset(&s);
	str_cats(&s, "a X ");
	for (i = 0; i < IMAPPARSE_DEPTH_MAX + 1; i++)
		str_catc(&s, '(');
	for (i = 0; i < IMAPPARSE_DEPTH_MAX + 1; i++)
		str_catc(&s, ')');
	str_cats(&s, "\r\n");
	run(str_c(&s), 0, E_TOOBIG, NULL, "z NOOP\r\n");

	str_reset(&s);
	str_cats(&s, "a X");
	for (i = 0; i < IMAPPARSE_ARGS_MAX + 1; i++)
		str_cats(&s, " x");
	str_cats(&s, "\r\n");
	run(str_c(&s), 0, E_TOOBIG, NULL, "z NOOP\r\n");

	/* A literal that need not be asked for is dropped whole. */
	str_reset(&s);
	str_cats(&s, "a X {9000+}\r\n");
	for (i = 0; i < 9000; i++)
		str_catc(&s, '\n');
	str_cats(&s, " more {4+}\r\nz N\n x\r\n");
	run(str_c(&s), 0, E_TOOBIG, NULL, "z NOOP\r\n");
	run("a X ) {7+}\r\nz NOOP\n y\r\n", 0, E_SYNTAX, NULL,
	    "z NOOP\r\n");
	run("a X {99999999999+}\r\n", 0, E_TOOBIG, NULL, NULL);
	str_free(&s);
}

static void
streams(void)
{
	static const char in[] = "a APPEND {1+}\r\nb (\\Seen) {5}\r\nhello\r\n"
	    "b APPEND c {3+}\r\nx\ny\r\n"
	    "c APPEND d U (~{2+}\r\nab ) e\r\n"
	    "d APPEND d U (~{2+}\r\nabc)\r\nz NOOP\r\n";
	struct imapparse *p;
	struct str out, text;
	struct arg *args;
	struct io *io;
	char buf[8];

	str_init(&out, 0);
	str_init(&text, 0);
	io = io_mem_new(in, sizeof(in) - 1, &out);
	p = imapparse_new(io);
	T_INT(imapparse_begin(p), E_OK);
	T_INT(imapparse_args(p, IMAPPARSE_STREAM, &args), E_OK);
	dump(args, &text);
	T_STR(str_c(&text), "L:b (A:\\Seen) S:5");
	T_STR(str_c(&out), "");
	T_INT(imapparse_accept(p), E_OK);
	T_STR(str_c(&out), "+ OK\r\n");
	T_INT(io_read_full(io, buf, 5), E_OK);
	T_MEM(buf, 5, "hello", 5);
	T_INT(imapparse_args(p, 0, &args), E_OK);
	T_OK(args == NULL);
	T_INT(imapparse_end(p), E_OK);

	T_INT(imapparse_begin(p), E_OK);
	T_INT(imapparse_args(p, IMAPPARSE_STREAM, &args), E_OK);
	T_INT(imapparse_end(p), E_OK);		/* refused */

	str_reset(&text);			/* within a list */
	T_INT(imapparse_begin(p), E_OK);
	T_INT(imapparse_args(p, IMAPPARSE_STREAM, &args), E_OK);
	dump(args, &text);
	T_STR(str_c(&text), "A:d A:U (S:2)");
	T_INT(imapparse_accept(p), E_OK);
	T_INT(io_read_full(io, buf, 2), E_OK);
	T_INT(imapparse_args(p, 0, &args), E_OK);
	str_reset(&text);
	dump(args, &text);
	T_STR(str_c(&text), "A:e");
	T_INT(imapparse_end(p), E_OK);
	T_INT(imapparse_begin(p), E_OK);
	T_INT(imapparse_args(p, IMAPPARSE_STREAM, &args), E_OK);
	T_INT(imapparse_accept(p), E_OK);
	T_INT(io_read_full(io, buf, 2), E_OK);
	T_INT(imapparse_args(p, 0, &args), E_SYNTAX);
	T_INT(imapparse_end(p), E_OK);

	T_INT(imapparse_begin(p), E_OK);
	T_STR(imapparse_tag(p), "z");
	T_STR(str_c(&out), "+ OK\r\n");

	imapparse_free(&p);
	io_free(&io);
	str_free(&out);
	str_free(&text);
}

int
main(void)
{
	size_t i;

	for (i = 0; i < NITEMS(tests); i++)
		run(tests[i].in, tests[i].flags, tests[i].result,
		    tests[i].tree, strstr(tests[i].in, "{8193}") ||
		    strstr(tests[i].in, "{999") ? NULL : "z NOOP\r\n");
	long_ones();
	streams();
	return t_done();
}
