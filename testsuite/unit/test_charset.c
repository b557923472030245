/* charset/charset.  SPDX-License-Identifier: ISC */

#include "base/base.h"

#include "base/str.h"
#include "charset/charset.h"

#include "t.h"

static void guess(const char *, size_t, const char *);
static void feed_bytewise(const char *, const char *, size_t, const char *);

static void
feed_bytewise(const char *name, const char *s, size_t n, const char *want)
{
	struct charset_conv *cv;
	struct str out;
	size_t i;

	str_init(&out, 0);
	T_INT(charset_open(name, &cv), E_OK);
	for (i = 0; i < n; i++) {
		charset_feed(cv, s + i, 1, &out);
		charset_feed(cv, s + i, 0, &out);
	}
	charset_end(cv, &out);
	charset_close(&cv);
	T_OK(cv == NULL);
	T_STR(str_c(&out), want);
	str_free(&out);
}

/* Bytes of nobody knows what. */
static void
guess(const char *s, size_t n, const char *want)
{
	struct charset_conv *cv;
	struct str out;
	size_t i;

	str_init(&out, 0);
	charset_open_lax("x-unknown", &cv);
	for (i = 0; i < n; i++)
		charset_feed(cv, s + i, 1, &out);
	charset_end(cv, &out);
	charset_close(&cv);
	T_STR(str_c(&out), want);
	str_reset(&out);
	charset_open_lax("us-ascii", &cv);
	charset_feed(cv, s, n, &out);
	charset_end(cv, &out);
	charset_close(&cv);
	T_STR(str_c(&out), want);
	str_free(&out);
}

int
main(void)
{
	struct charset_conv *cv;
	struct str s;

	str_init(&s, 0);
	T_OK(charset_known("UTF-8") && charset_known("Us-Ascii"));
	T_OK(charset_known("ISO-8859-1"));
	T_OK(!charset_known("x-no-such-set"));
	T_OK(!charset_known(""));
	T_OK(!charset_known("UTF-8//IGNORE"));
	T_INT(charset_open("x-none", &cv), E_CHARSET);
	T_OK(cv == NULL);

	T_INT(charset_to_utf8("iso-8859-1", "\351", 1, &s), E_OK);
	T_STR(str_c(&s), "\303\251");
	T_INT(charset_to_utf8("utf-8", "\351", 1, &s), E_SYNTAX);
	T_INT(charset_to_utf8("us-ascii", "\351", 1, &s), E_SYNTAX);
	T_INT(charset_to_utf8("nope", "a", 1, &s), E_CHARSET);
	T_STR(str_c(&s), "\303\251");

	str_reset(&s);
	charset_to_utf8_lax("nope", "\351", 1, &s);
	charset_to_utf8_lax("nope", "\303\251", 2, &s);
	charset_to_utf8_lax("us-ascii", "\351", 1, &s);
	T_STR(str_c(&s), "\303\251\303\251\303\251");

	feed_bytewise("utf-8", "a\342\202\254\360\237\230\200z", 9,
	    "a\342\202\254\360\237\230\200z");
	feed_bytewise("utf-8", "a\342\202", 3,
	    "a\357\277\275\357\277\275");
	feed_bytewise("utf-8", "\342x", 2, "\357\277\275x");
	feed_bytewise("iso-8859-1", "\344b", 2, "\303\244b");
#ifdef HAVE_ICONV
	feed_bytewise("koi8-r", "\326", 1, "\320\266");
	feed_bytewise("iso-2022-jp", "\033$BF|K\\\033(B.", 11,
	    "\346\227\245\346\234\254.");
	feed_bytewise("shift_jis", "\223\372", 2, "\346\227\245");
	feed_bytewise("shift_jis", "\223", 1, "\357\277\275");
	feed_bytewise("windows-1252", "\200", 1, "\342\202\254");
	T_INT(charset_to_utf8("shift_jis", "\223", 1, &s), E_SYNTAX);
	/* Names that mail uses, sets that are larger than their name. */
	feed_bytewise("ISO-8859-8-I", "\371\354", 2, "\327\251\327\234");
	feed_bytewise("ks_c_5601-1987", "\307\321", 2, "\355\225\234");
	feed_bytewise("x-sjis", "\223\372", 2, "\346\227\245");
	feed_bytewise("x-mac-roman", "\212", 1, "\303\244");
	feed_bytewise("unicode-1-1-utf-7", "+AOk-", 5, "\303\251");
	feed_bytewise("GB2312", "\351F", 2, "\351\225\225");
	feed_bytewise("shift_jis", "\207@", 2, "\342\221\240");
	feed_bytewise("euc-kr", "\201A", 2, "\352\260\202");
	T_OK(!charset_known("x-") && !charset_known("x-unknown"));
	/* Letters that the library holds back: one may follow that combines. */
	feed_bytewise("windows-1255", "\345", 1, "\327\225");
	feed_bytewise("windows-1258", "a\342", 2, "a\303\242");
	str_reset(&s);
	T_INT(charset_to_utf8("windows-1255", "\371\345", 2, &s), E_OK);
	T_STR(str_c(&s), "\327\251\327\225");
#endif
	guess("a\303\251b", 4, "a\303\251b");
	guess("\351t\351", 3, "\303\251t\303\251");
	guess("\303\303\251\342\202", 5,
	    "\303\203\303\251\303\242\302\202");
	str_free(&s);
	return t_done();
}
