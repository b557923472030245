/* charset/utf8 and charset/ucase.  SPDX-License-Identifier: ISC */

#include "base/base.h"

#include "base/str.h"
#include "charset/ucase.h"
#include "charset/utf8.h"

#include "t.h"

static const struct {
	const char	*s;
	size_t		n;
	size_t		used;
	u32		cp;
} cases[] = {
	{ "a", 1, 1, 'a' },
	{ "", 0, 0, 0 },
	{ "\303\251", 2, 2, 0xe9 },
	{ "\303\251", 1, 0, 0 },
	{ "\300\200", 2, 0, 0 },
	{ "\301\277", 2, 0, 0 },
	{ "\340\200\200", 3, 0, 0 },
	{ "\342\202\254", 3, 3, 0x20ac },
	{ "\355\240\200", 3, 0, 0 },
	{ "\357\277\277", 3, 3, 0xffff },
	{ "\360\237\230\200", 4, 4, 0x1f600 },
	{ "\360\200\200\200", 4, 0, 0 },
	{ "\364\217\277\277", 4, 4, 0x10ffff },
	{ "\364\220\200\200", 4, 0, 0 },
	{ "\365\200\200\200", 4, 0, 0 },
	{ "\200", 1, 0, 0 },
	{ "\303a", 2, 0, 0 }
};

/* i;unicode-casemap: RFC 5051 2. */
static void
casemap(const char *in, const char *want)
{
	struct str s;

	str_init(&s, 0);
	ucase_casemap(in, strlen(in), &s);
	T_STR(str_c(&s), want);
	str_free(&s);
}

static void
test_casemap(void)
{
	casemap("", "");
	casemap("aZ09 [~", "AZ09 [~");
	/* No UTF-8 at all: as it is, all of it. */
	casemap("ab\303", "ab\303");
	casemap("ab\303\251\377", "ab\303\251\377");
#ifdef HAVE_LIBUNISTRING
	/* The RFC's own: DZ WITH CARON is D, z, COMBINING CARON. */
	casemap("\307\204", "Dz\314\214");
	casemap("\307\206", "Dz\314\214");
	casemap("\303\251", "E\314\201");
	casemap("\303\211", "E\314\201");
	casemap("\320\266\320\226", "\320\226\320\226");
	casemap("\303\237", "\303\237");		/* no title case */
	casemap("\357\254\201", "fi");		/* ligature fi */
	casemap("\357\275\201", "A");		/* full width a */
	casemap("\342\204\253", "A\314\212");	/* angstrom sign, twice */
	casemap("\341\272\243", "A\314\211");
	casemap("\352\260\200", "\341\204\200\341\205\241");
#else
	casemap("\303\251", "\303\251");
#endif
}

int
main(void)
{
	struct str s;
	char buf[UTF8_MAX];
	size_t i;
	u32 cp;

	for (i = 0; i < NITEMS(cases); i++) {
		cp = 0;
		T_INT(utf8_decode(cases[i].s, cases[i].n, &cp),
		    cases[i].used);
		if (cases[i].used == 0)
			continue;
		T_INT(cp, cases[i].cp);
		T_INT(utf8_encode(buf, cp), cases[i].used);
		T_OK(memcmp(buf, cases[i].s, cases[i].used) == 0);
	}
	T_INT(utf8_encode(buf, 0xd800), 0);
	T_INT(utf8_encode(buf, 0x110000), 0);
	T_OK(utf8_valid("a\303\251b", 4));
	T_OK(!utf8_valid("a\351b", 3));
	T_OK(utf8_is_ascii("abc", 3));
	T_OK(!utf8_is_ascii("ab\200", 3));

	str_init(&s, 0);
	utf8_cat(&s, 0xdfff);
	T_STR(str_c(&s), "\357\277\275");
	str_reset(&s);
	ucase_fold("AbC\377", 4, &s);
	T_STR(str_c(&s), "abc\357\277\275");
#ifdef HAVE_LIBUNISTRING
	T_INT(ucase_lower(0xc9), 0xe9);
	T_INT(ucase_lower(0x416), 0x436);
	T_INT(ucase_upper(0x436), 0x416);
	T_INT(ucase_lower(0xdf), 0xdf);
#endif
	str_free(&s);
	test_casemap();
	return t_done();
}
