/* mail/rfc2047.  SPDX-License-Identifier: ISC */

#include "base/base.h"

#include "base/str.h"
#include "mail/rfc2047.h"

#include "t.h"

static const struct {
	const char	*in;
	const char	*out;
} decode[] = {
	{ "plain", "plain" },
	{ "", "" },
	{ "=?utf-8?B?w6k=?=", "\303\251" },
	{ "=?ISO-8859-1?q?Keld_J=F8rn?= x", "Keld J\303\270rn x" },
	{ "=?utf-8?q?a?= =?utf-8?q?b?=", "ab" },
	{ "=?utf-8?q?a?=\t  =?iso-8859-1?q?=e9?=", "a\303\251" },
	{ "=?utf-8?q?a?= b =?utf-8?q?c?=", "a b c" },
	{ "=?utf-8?B?4oI=?= =?utf-8?B?rA==?=", "\342\202\254" },
	{ "=?utf-8*en?q?x?=", "x" },
	{ "=?utf-8?x?a?=", "=?utf-8?x?a?=" },
	{ "=?utf-8?q?open", "=?utf-8?q?open" },
	{ "=?", "=?" },
	{ "a=?utf-8?q?b?=c", "abc" },
	{ "\351 =?utf-8?q?b?=", "\303\251 b" },
	{ "\303\251", "\303\251" },
	/* Broken ones, as they come. */
	{ "=?utf-8?Q?why?\?=", "why?" },
	{ "=?utf-8?Q?a?b?c?= d", "a?b?c d" },
	{ "=?utf-8?q?open =?utf-8?q?x?=", "=?utf-8?q?open x" },
	{ "=?utf-8?b?YQ?b?=", "=?utf-8?b?YQ?b?=" },
	{ "=?utf-8?Q?a b c?=", "a b c" },
	{ "=?utf-8?Q?=C3?= =?utf-8?Q?=A9?=", "\303\251" },
	{ "=?utf-8?Q?=C3?= =?UTF-8?B?qQ==?=", "\303\251" },
	{ "=?utf-8?Q?=C3?= x =?utf-8?Q?=A9?=", "\357\277\275 x \357\277\275" },
	{ "=?x-what?Q?=C3=A9?= =?x-what?Q?=E9?=", "\303\203\302\251\303\251" },
	{ "=?x-what?Q?=C3=A9?=", "\303\251" },
	{ "=?us-ascii?Q?=E9?=", "\303\251" },
	{ "=?utf-8?Q?=ZZ=4=?=", "=ZZ=4=" },
	{ "=?utf-8?Q?a_=5F=20?=", "a _ " },
	{ "=?utf-8?B?YWI=YWI=?=", "abab" },
	{ "=?utf-8?B?YW!Jj?=", "abc" },
	{ "=?utf-8?B?Y?=", "" },
	{ "=?utf-8?Q?\?=x", "x" },
	{ "=??Q?a?=", "=??Q?a?=" },
	{ "=?utf-8??a?=", "=?utf-8??a?=" },
	{ "(=?utf-8?Q?a?=)", "(a)" },
	{ "\"=?utf-8?Q?a?=\"", "\"a\"" },
	{ "=?utf-8?Q?a?==?utf-8?Q?b?=", "ab" },
#ifdef HAVE_ICONV
	{ "=?iso-2022-jp?B?GyRCRnxLXA==?= =?ISO-2022-JP?B?GyRCOGwbKEI=?=",
	  "\346\227\245\346\234\254\350\252\236" },
	{ "=?gb2312?B?1tA=?= =?gb2312?B?zsQ=?=",
	  "\344\270\255\346\226\207" },
	{ "=?big5?Q?=A4?= =?big5?Q?=A4?=", "\344\270\255" },
#endif
	{ "=?utf-8?Q?=e9?=", "\357\277\275" }
};

static const struct {
	const char	*in;
	const char	*out;
} encode[] = {
	{ "raw \303\251 utf8", "raw =?utf-8?B?w6k=?= utf8" },
	{ "plain =?x?= text", "plain =?x?= text" },
	{ "a\377b\303\251", "=?utf-8?B?YWLDqQ==?=" },
	{ "\303\251 \303\251", "=?utf-8?B?w6kgw6k=?=" },
	{ "\377", "" },
	{ "J\366rg", "Jrg" },
	{ "J\366rg J\303\266rg", "=?utf-8?B?SnJnIErDtnJn?=" },
	{ "", "" }
};

int
main(void)
{
	struct str s, t, u;
	size_t i;

	str_init(&s, 0);
	str_init(&t, 0);
	str_init(&u, 0);
	for (i = 0; i < NITEMS(decode); i++) {
		str_reset(&s);
		rfc2047_decode(decode[i].in, strlen(decode[i].in), &s);
		T_STR(str_c(&s), decode[i].out);
	}
	for (i = 0; i < NITEMS(encode); i++) {
		str_reset(&s);
		rfc2047_encode_8bit(encode[i].in, strlen(encode[i].in), &s);
		T_STR(str_c(&s), encode[i].out);
	}
	str_reset(&s);
	rfc2047_utf8("\303\251 =?utf-8?q?a?=", 16, &s);
	T_STR(str_c(&s), "\303\251 =?utf-8?q?a?=");
	str_reset(&s);
	rfc2047_utf8("J\366rg", 4, &s);
	T_STR(str_c(&s), "J\303\266rg");
	for (i = 0; i < 100; i++)
		str_cats(&t, "\342\202\254");
	str_reset(&s);
	rfc2047_encode_8bit(str_c(&t), t.len, &s);
	T_OK(strchr(str_c(&s), ' ') - s.data <= 75);
	rfc2047_decode(str_c(&s), s.len, &u);
	T_STR(str_c(&u), str_c(&t));
	str_free(&s);
	str_free(&t);
	str_free(&u);
	return t_done();
}
