/* charset/match.  SPDX-License-Identifier: ISC */

#include "base/base.h"

#include "base/mem.h"
#include "charset/match.h"

#include "t.h"

static const struct {
	const char	*needle;
	const char	*text;
	int		found;
} cases[] = {
	{ "b", "abc", 1 },
	{ "ABC", "xabcx", 1 },
	{ "aab", "aaaab", 1 },
	{ "abab", "abacabab", 1 },
	{ "abd", "abcabcabd", 1 },
	{ "abd", "abcabcab", 0 },
	{ "two words", "two \t\r\n words", 1 },
	{ "  two words ", "two words", 1 },
	{ "two  words", "twowords", 0 },
	{ "", "", 1 },
	{ "x", "", 0 },
	{ "caf\303\251", "un caf\303\251 noir", 1 },
	{ "cafe", "caf\303\251", 0 },
#ifdef HAVE_LIBUNISTRING
	{ "CAF\303\211", "caf\303\251", 1 },
	{ "\320\226", "\320\266", 1 },
#endif
	{ "a b", "a\302\240b", 1 },
	{ "SS", "\303\237", 0 },
	{ "z", "\377\377z", 1 },
	{ "x\360\237\230\200y", "..x\360\237\230\200y", 1 }
};

int
main(void)
{
	struct match *m;
	char *big;
	size_t i, j;

	for (i = 0; i < NITEMS(cases); i++) {
		m = match_new(cases[i].needle, strlen(cases[i].needle));
		T_INT(match_text(m, cases[i].text, strlen(cases[i].text)),
		    cases[i].found);
		match_reset(m);
		T_OK(!match_found(m));
		match_begin(m);
		for (j = 0; cases[i].text[j] != '\0'; j++)
			match_feed(m, cases[i].text + j, 1);
		T_INT(match_found(m), cases[i].found);
		match_free(&m);
	}

	m = match_new("ab", 2);
	match_begin(m);
	match_feed(m, "a", 1);
	match_begin(m);
	T_OK(!match_feed(m, "b", 1));
	T_OK(match_text(m, "AB", 2));
	T_OK(!match_text(m, "x", 1));
	T_OK(match_found(m));
	match_free(&m);

	/* Quadratic searchers would not come back from this. */
	big = mem_new(2000000);
	memset(big, 'a', 2000000);
	big[999999] = 'b';
	m = match_new(big, 1000000);
	memset(big, 'a', 2000000);
	T_OK(!match_text(m, big, 2000000));
	match_free(&m);
	mem_free(big);
	return t_done();
}
