/* mail/msgid.  SPDX-License-Identifier: ISC */

#include "base/base.h"

#include "base/str.h"
#include "mail/msgid.h"

#include "t.h"

/* All that are found, with "|" behind each. */
static const struct {
	const char	*in;
	const char	*out;
} cases[] = {
	{ "", "" },
	{ "<a@b>", "a@b|" },
	{ "<a@b> <c@d>\t<e@f>", "a@b|c@d|e@f|" },
	{ "<a@b><c@d>", "a@b|c@d|" },
	{ "<\"01KF8\"@xxx.yyy.com>", "01KF8@xxx.yyy.com|" },
	{ "<\"a\\\"b c\"@d>", "a\"bc@d|" },
	{ "<a@\r\n b>", "a@b|" },
	{ "<A@b> <a@b>", "A@b|a@b|" },
	{ "Your mail of Monday (<x@y>) <z@z>", "x@y|z@z|" },
	{ "a@b", "" },
	{ "<no-at> <a@b>", "a@b|" },
	{ "<@b> <a@> <a@b", "" },
	{ "<<a@b>>", "a@b|" },
	{ "<open <a@b>", "a@b|" },
	{ "> <a@b>", "a@b|" },
	{ "<a@b\\", "" },
	{ "<>", "" },
	{ "<", "" }
};

int
main(void)
{
	struct str id, all;
	size_t i, pos;

	str_init(&id, 0);
	str_init(&all, 0);
	for (i = 0; i < NITEMS(cases); i++) {
		str_reset(&all);
		for (pos = 0; msgid_next(cases[i].in, strlen(cases[i].in),
		    &pos, &id); str_catc(&all, '|'))
			str_catstr(&all, &id);
		T_STR(str_c(&all), cases[i].out);
	}
	str_free(&id);
	str_free(&all);
	return t_done();
}
