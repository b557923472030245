/* Better names of character sets.  SPDX-License-Identifier: ISC */

#include "base/base.h"

#include "base/ascii.h"
#include "charset/alias.h"

/*
 * What mail calls these sets, and what iconv does; of those at the end, the
 * sets that Windows writes under their names. To add one: a row.
 */
static const struct {
	const char	*name;
	const char	*known;
} rows[] = {
	{ "iso-8859-6-e", "iso-8859-6" },
	{ "iso-8859-6-i", "iso-8859-6" },
	{ "iso-8859-8-e", "iso-8859-8" },
	{ "iso-8859-8-i", "iso-8859-8" },
	{ "ks_c_5601-1987", "cp949" },
	{ "ks_c_5601-1989", "cp949" },
	{ "unicode-1-1-utf-7", "utf-7" },
	{ "unicode-1-1-utf-8", "utf-8" },
	{ "iso8859_1", "iso-8859-1" },
	{ "dos-874", "cp874" },
	{ "x-mac-roman", "macintosh" },
	{ "x-mac-cyrillic", "mac-cyrillic" },
	{ "euc-kr", "cp949" },
	{ "gb2312", "gbk" },
	{ "shift_jis", "cp932" }
};

const char *
alias_of(const char *name)
{
	size_t i;

	for (i = 0; i < NITEMS(rows); i++)
		if (ascii_casecmp(rows[i].name, name) == 0)
			return rows[i].known;
	return ascii_memcasecmp(name, "x-", 2) == 0 ? name + 2 : NULL;
}
