/* Folders as word lists.  SPDX-License-Identifier: ISC */

#include "base/base.h"

#include "base/pool.h"

#include "session/ns.h"

#include "smap/smap.h"

/* folder = ("INBOX" / "public") *(WSP word) [WSP DQUOTE DQUOTE] */
int
smap_folder(struct smap *sm, char **out)
{
	struct str name;
	const char *word;
	int first, e;

	*out = NULL;
	e = E_OK;
	str_init(&name, NS_NAME_MAX);
	for (first = TRUE; (word = smapline_next(&sm->line)) != NULL &&
	    *word != '\0'; first = FALSE) {
		if (e != E_OK)
			continue;
		if (first && strcmp(word, "public") == 0)
			e = str_cats(&name, NS_SHARED_ROOT);
		else if (first && strcmp(word, "INBOX") != 0)
			e = E_INVAL;
		else
			e = ns_word_cat(&name, word);
	}
	if (first)
		e = E_INVAL;
	if (e == E_OK && strcmp(str_c(&name), NS_SHARED_ROOT) == 0)
		e = E_NOENT;
	else if (e == E_OK)
		e = ns_check(str_c(&name));
	if (e == E_OK || e == E_NOENT)
		*out = pool_strdup(sm->pool, str_c(&name));
	str_free(&name);
	return e;
}
