/* charset/utf7imap.  SPDX-License-Identifier: ISC */

#include "base/base.h"

#include "base/str.h"
#include "charset/utf7imap.h"

#include "t.h"

static const struct {
	const char	*utf8;
	const char	*utf7;
} pairs[] = {
	{ "", "" },
	{ "INBOX.plain", "INBOX.plain" },
	{ "a&b", "a&-b" },
	{ "&&", "&-&-" },
	{ "n\303\251", "n&AOk-" },
	{ "\303\251t\303\251", "&AOk-t&AOk-" },
	{ "\303\251\303\244", "&AOkA5A-" },
	{ "\345\217\260\345\214\227", "&U,BTFw-" },
	{ "x\360\237\230\200y", "x&2D3eAA-y" },
	{ "\t", "&AAk-" },
	{ "~peter/mail/\346\227\245\346\234\254\350\252\236",
	  "~peter/mail/&ZeVnLIqe-" }
};

static const char *const bad[] = {
	"&bad", "&AOk", "&", "a&b", "&2D0-", "&3gA-", "&AOkA-", "&A-", "&AO-",
	"&A!k-", "\303\251", "&AAA-", "&2D3YPQ-", "&AOl-", "&AOkB-"
};

/* Not the shortest spelling, yet clear. */
static const struct {
	const char	*utf7;
	const char	*utf8;
} odd[] = {
	{ "&AOkA6Q-", "\303\251\303\251" },
	{ "&AOk-&AOk-", "\303\251\303\251" },
	{ "&AGE-", "a" }
};

int
main(void)
{
	struct str s;
	size_t i;

	str_init(&s, 0);
	for (i = 0; i < NITEMS(pairs); i++) {
		str_reset(&s);
		T_INT(utf7imap_encode(pairs[i].utf8, strlen(pairs[i].utf8),
		    &s), E_OK);
		T_STR(str_c(&s), pairs[i].utf7);
		str_reset(&s);
		T_INT(utf7imap_decode(pairs[i].utf7, strlen(pairs[i].utf7),
		    &s), E_OK);
		T_STR(str_c(&s), pairs[i].utf8);
	}
	for (i = 0; i < NITEMS(odd); i++) {
		str_reset(&s);
		T_INT(utf7imap_decode(odd[i].utf7, strlen(odd[i].utf7), &s),
		    E_OK);
		T_STR(str_c(&s), odd[i].utf8);
	}
	for (i = 0; i < NITEMS(bad); i++) {
		str_reset(&s);
		str_cats(&s, "kept");
		T_INT(utf7imap_decode(bad[i], strlen(bad[i]), &s), E_SYNTAX);
		T_STR(str_c(&s), "kept");
	}
	T_INT(utf7imap_encode("a\377", 2, &s), E_SYNTAX);
	T_STR(str_c(&s), "kept");
	str_free(&s);
	return t_done();
}
