/* SMAP1: words, sets, uploads, quoting.  SPDX-License-Identifier: ISC */

#include "base/base.h"

#include "base/io.h"
#include "base/pool.h"
#include "base/str.h"

#include "wire/imapcapa.h"
#include "wire/smapline.h"
#include "wire/smapout.h"

#include "t.h"

static struct pool *pool;
static struct str got;

static void dots_in(void);
static void dots_out(void);
static void output(void);
static void ranges(void);
static smapline_sink sink;
static const char *undotted(const char *, size_t);
static void uploads(void);
static void words(void);
static const char *words_of(const char *);

/* The words in brackets, or the error. */
static const char *
words_of(const char *line)
{
	struct smapline l;
	struct io *io;
	size_t i;
	int e;

	io = io_mem_new(line, strlen(line), NULL);
	e = smapline_read(io, pool, &l);
	io_free(&io);
	str_reset(&got);
	if (e != E_OK)
		return err_text(e);
	for (i = 0; i < l.n; i++)
		str_catf(&got, "[%s]", l.word[i]);
	return str_c(&got);
}

static void
words(void)
{
	struct smapline l;
	struct str s;
	struct io *io;

	T_STR(words_of("\n"), "");
	T_STR(words_of(" \t \r\n"), "");
	T_STR(words_of("a b\tc\r\n"), "[a][b][c]");
	T_STR(words_of("  a  \n"), "[a]");
	T_STR(words_of("\"a b\" c\n"), "[a b][c]");
	T_STR(words_of("\"a \"\"b\"\"\"c\"\" d\n"), "[a \"b\"][c\"\"][d]");
	T_STR(words_of("\"\" x\n"), "[][x]");
	T_STR(words_of("a\"b c\"\n"), "[a\"b][c\"]");
	T_STR(words_of("\"open  end \n"), "[open  end ]");
	T_STR(words_of("no line end"), err_text(E_EOF));
	str_init(&s, 0);
	while (s.len < SMAPLINE_MAX)
		str_catc(&s, 'x');
	str_catc(&s, '\n');
	T_INT(strlen(words_of(str_c(&s))), SMAPLINE_MAX + 2);
	str_trunc(&s, SMAPLINE_MAX);
	str_cats(&s, "y\nz a\n");
	io = io_mem_new(str_c(&s), s.len, NULL);
	T_INT(smapline_read(io, pool, &l), E_TOOBIG);
	T_INT(smapline_read(io, pool, &l), E_OK);
	T_OK(smapline_take(&l, "Z"));
	T_OK(!smapline_take(&l, "b"));
	T_STR(smapline_peek(&l), "a");
	T_STR(smapline_next(&l), "a");
	T_OK(smapline_next(&l) == NULL);
	T_OK(!smapline_take(&l, "a"));
	io_free(&io);
	io = io_mem_new("a\0b\nc\n", 6, NULL);
	T_INT(smapline_read(io, pool, &l), E_SYNTAX);
	T_INT(smapline_read(io, pool, &l), E_OK);
	T_STR(smapline_next(&l), "c");
	io_free(&io);
	str_free(&s);
	T_STR(smapline_value("Flags=a=b", "FLAGS"), "a=b");
	T_OK(smapline_value("FLAGS", "FLAGS") == NULL);
	T_OK(smapline_value("FLAG=", "FLAGS") == NULL);
	T_OK(smapline_value("FLAGSX=", "FLAGS") == NULL);
}

static void
ranges(void)
{
	static const char *const bad[] = {
		"", "-", "1-", "-1", "1-2-3", "x", "1x", "4294967296",
		"1-4294967296", "1:2", "1,2", " 1"
	};
	size_t i;
	u32 lo, hi;

	for (i = 0; i < NITEMS(bad); i++)
		T_OK(!smapline_range(bad[i], &lo, &hi));
	T_OK(smapline_range("7", &lo, &hi) && lo == 7 && hi == 7);
	T_OK(smapline_range("7-4294967295", &lo, &hi) && hi == U32_MAX);
}

static void
uploads(void)
{
	static const char *const bad[] = {
		"", "{", "{}", "{.}", "{.5", "{5}", "{5/}", "{/5}", "{5/5",
		"{5/5}x", "{.x}", "{-1/1}", "{99999999999999999999/1}"
	};
	struct smap_upload up;
	struct io *io;
	size_t i;
	u64 n;

	for (i = 0; i < NITEMS(bad); i++)
		T_OK(!smapline_upload(bad[i], &up));
	T_OK(smapline_upload("{.12}", &up) && up.dotted && up.n == 12);
	T_OK(smapline_upload("{3/99}", &up) && !up.dotted && up.n == 3);
	io = io_mem_new("12\r\n\nx\n0\n", 9, NULL);
	T_OK(smapline_chunk(io, &n) == E_OK && n == 12);
	for (i = 0; i < 3; i++)
		T_OK(smapline_chunk(io, &n) == E_OK && n == 0);
	T_INT(smapline_chunk(io, &n), E_EOF);
	io_free(&io);
	io = io_mem_new("abcdef", 6, NULL);
	str_reset(&got);
	T_INT(smapline_octets(io, 4, sink, &got), E_OK);
	T_STR(str_c(&got), "abcd");
	T_INT(smapline_octets(io, 4, sink, &got), E_EOF);
	io_free(&io);
}

static void
sink(void *ctx, const char *p, size_t n)
{
	str_cat(ctx, p, n);
}

/* What comes of it, then what is left in brackets. */
static const char *
undotted(const char *text, size_t n)
{
	struct io *io;
	int e;

	str_reset(&got);
	io = io_mem_new(text, n, NULL);
	e = smapline_dots(io, sink, &got);
	if (e != E_OK)
		str_cats(&got, err_text(e));
	str_catc(&got, '[');
	while ((e = io_getc(io)) >= 0)
		str_catc(&got, e);
	str_catc(&got, ']');
	io_free(&io);
	return str_c(&got);
}

static void
dots_in(void)
{
	T_STR(undotted(".\nx", 3), "[x]");
	T_STR(undotted("a\n.\nx", 5), "a\n[x]");
	T_STR(undotted("a\r\n.\r\nx", 7), "a\r\n[x]");
	T_STR(undotted("..\n...\n.a\n.\n", 12), ".\n..\na\n[]");
	T_STR(undotted(".\r.\n.\r\r\n.\n", 10), "\r.\n\r\r\n[]");
	T_STR(undotted("a.\n.\n", 5), "a.\n[]");
	T_STR(undotted("\n\n.\n", 4), "\n\n[]");
}

static void
dots_out(void)
{
	struct smapout_dots d;
	struct str out;

	str_init(&out, 0);
	d.io = io_mem_new("", 0, &out);
	d.bol = TRUE;
	smapout_dots(&d, ".a", 2);
	smapout_dots(&d, ".\n", 2);
	smapout_dots(&d, ".", 1);
	smapout_dots(&d, ".\n\nb", 4);
	smapout_dots_end(&d);
	d.bol = TRUE;
	smapout_dots_end(&d);
	io_flush(d.io);
	T_STR(str_c(&out), "..a.\n...\n\nb\n.\n.\n");
	io_free(&d.io);
	str_free(&out);
}

static void
output(void)
{
	struct smapout_set set;
	struct imapcapa c;
	struct str out;
	struct io *io;

	str_init(&out, 0);
	io = io_mem_new("", 0, &out);
	smapout_quoted(io, "a \"b\"\r\nc");
	smapout_pair(io, "N", "\"");
	memset(&set, 0, sizeof(set));
	set.io = io;
	smapout_set_end(&set);
	smapout_set_add(&set, 1);
	smapout_set_add(&set, 2);
	smapout_set_add(&set, 4);
	smapout_set_add(&set, 6);
	smapout_set_add(&set, 7);
	smapout_set_end(&set);
	T_INT(set.n, 3);
	io_flush(io);
	T_STR(str_c(&out), "\"a \"\"b\"\"  c\"\"N=\"\"\" 1-2 4 6-7");
	io_free(&io);
	str_reset(&out);
	memset(&c, 0, sizeof(c));
	c.extensions = "none";
	c.smap = "X SMAP1";
	imapcapa_list(&c, FALSE, &out);
	T_STR(str_c(&out), "IMAP4rev1 SMAP1 ENABLE UTF8=ACCEPT");
	str_reset(&out);
	c.keywords = 1;
	imapcapa_list(&c, FALSE, &out);
	T_STR(str_c(&out), "IMAP4rev1 SMAP1 KEYWORDS ENABLE "
	    "UTF8=ACCEPT");
	c.smap = "SMAP2";
	T_OK(!imapcapa_has(&c, "SMAP1") && !imapcapa_has(&c, "SMAP2"));
	str_free(&out);
}

int
main(void)
{
	pool = pool_new();
	str_init(&got, 0);
	words();
	ranges();
	uploads();
	dots_in();
	dots_out();
	output();
	str_free(&got);
	pool_free(&pool);
	return t_done();
}
