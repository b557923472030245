/* mail/subject.  SPDX-License-Identifier: ISC */

#include "base/base.h"

#include "base/mem.h"
#include "base/str.h"
#include "mail/subject.h"

#include "t.h"

#define LONG	300000

/* Each step of RFC 5256 2.1, in its order. */
static const struct {
	const char	*in;
	const char	*base;
	int		reply;
} cases[] = {
	/* 1: words decoded, white space joined. */
	{ "", "", 0 },
	{ "plain", "plain", 0 },
	{ "  two \t words\r\n more ", "two words more", 0 },
	{ "=?utf-8?Q?Re=3A?= =?utf-8?B?IMOkYg==?=", "\303\244b", 1 },
	{ "=?iso-8859-1?Q?caf=E9?=", "caf\303\251", 0 },
	{ "=?utf-8?Q?a=0D=0A=09b=20=20?=", "a b", 0 },
	/* 2: trailers. */
	{ "a (fwd)", "a", 1 },
	{ "a(FWD) (fwd)  (Fwd) ", "a", 1 },
	{ "(fwd)", "", 1 },
	{ "a (fwd) b", "a (fwd) b", 0 },
	{ "a (fw)", "a (fw)", 0 },
	/* 3: leaders. */
	{ "Re: a", "a", 1 },
	{ "RE:a", "a", 1 },
	{ "fw: a", "a", 1 },
	{ "Fwd: a", "a", 1 },
	{ "re : a", "a", 1 },
	{ "re\t[2] : a", "a", 1 },
	{ "Re[4]: a", "a", 1 },
	{ "Re[[4]: a", "Re[[4]: a", 0 },
	{ "Re[4: a", "Re[4: a", 0 },
	{ "re: fw: Fwd: a", "a", 1 },
	{ "Re:", "", 1 },
	{ "Re", "Re", 0 },
	{ "Re a", "Re a", 0 },
	{ "Real: a", "Real: a", 0 },
	{ "AW: a", "AW: a", 0 },
	{ "Re; a", "Re; a", 0 },
	{ "a Re: b", "a Re: b", 0 },
	/* 3 and 4: blobs. */
	{ "[list] a", "a", 0 },
	{ "[list]a", "a", 0 },
	{ "[list] Re: a", "a", 1 },
	{ "Re: [list] a", "a", 1 },
	{ "[x] [y] fwd [z] : a", "a", 1 },
	{ "[x][y] a", "a", 0 },
	{ "[x]", "[x]", 0 },
	{ "[x] ", "[x]", 0 },
	{ "[x] [y]", "[y]", 0 },
	{ "[x] Re:", "", 1 },
	{ "Re: [x]", "[x]", 1 },
	{ "Re: [x] (fwd)", "[x]", 1 },
	{ "[] a", "a", 0 },
	{ "[a[b] c", "[a[b] c", 0 },
	{ "[a]b] c", "b] c", 0 },
	{ "[open a", "[open a", 0 },
	{ "]a[", "]a[", 0 },
	/* 6: the whole is a forward; from 2 again. */
	{ "[fwd: a]", "a", 1 },
	{ "[FWD:a]", "a", 1 },
	{ "[fwd: [fwd: a]]", "a", 1 },
	{ "[fwd: Re: [list] a (fwd)]", "a", 1 },
	{ "Re: [fwd: a] ", "a", 1 },
	{ "[fwd: [x]]", "[x]", 1 },
	{ "[fwd:]", "", 1 },
	{ "[fwd: ]", "", 1 },
	{ "[fwd:", "[fwd:", 0 },
	{ "[fwd: a] b", "b", 0 },
	{ "[fwd: a", "[fwd: a", 0 },
	{ "[x] [fwd: a]", "a", 1 },
	{ "[fw: a]", "[fw: a]", 0 }
};

static void
check(const char *in, size_t n, const char *base, int reply)
{
	struct str out;

	str_init(&out, 0);
	T_INT(subject_base(in, n, &out) != 0, reply);
	T_STR(str_c(&out), base);
	str_free(&out);
}

/* The same few bytes over and over: the time must stay linear. */
static void
repeated(const char *piece, const char *base, int reply)
{
	size_t n = strlen(piece), i;
	char *s;

	s = mem_new(n * LONG + 1);
	for (i = 0; i < LONG; i++)
		memcpy(s + n * i, piece, n);
	check(s, n * LONG, base, reply);
	mem_free(s);
}

int
main(void)
{
	struct str out;
	size_t i;

	for (i = 0; i < NITEMS(cases); i++)
		check(cases[i].in, strlen(cases[i].in), cases[i].base,
		    cases[i].reply);
	repeated("[]", "[]", 0);
	repeated("[a] ", "[a]", 0);
	repeated("re:", "", 1);
	repeated("[a]re[b]:", "", 1);
	repeated("(fwd) ", "", 1);
	str_init(&out, 0);
	str_cats(&out, "kept ");
	T_INT(subject_base("a\0b", 3, &out), FALSE);
	T_MEM(out.data, out.len, "kept a\0b", 8);
	/* Nested forwards, one in the other. */
	str_reset(&out);
	for (i = 0; i < LONG; i++)
		str_cats(&out, "[fwd:");
	for (i = 0; i < LONG; i++)
		str_catc(&out, ']');
	check(str_c(&out), out.len, "", 1);
	str_free(&out);
	return t_done();
}
