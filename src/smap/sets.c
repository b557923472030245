/* Message sets.  SPDX-License-Identifier: ISC */

#include "base/base.h"

#include "session/mset.h"

#include "smap/smap.h"

/* set = range *(WSP range), each above the one before */
int
smap_set(struct smap *sm, struct mset **out)
{
	struct mset *set;
	const char *word;
	u32 lo, hi, last;

	set = mset_new(sm->pool);
	for (last = 0; (word = smapline_peek(&sm->line)) != NULL &&
	    smapline_range(word, &lo, &hi); last = hi) {
		if (lo <= last || hi < lo)
			return E_SYNTAX;
		mset_add_range(set, lo, hi);
		(void)smapline_next(&sm->line);
	}
	if (last == 0)
		return E_SYNTAX;
	*out = set;
	return E_OK;
}
