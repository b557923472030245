/* Case folding for searches.  SPDX-License-Identifier: ISC */

#include "base/base.h"

#ifdef HAVE_LIBUNISTRING
#include <unicase.h>
#endif

#include "base/ascii.h"
#include "base/str.h"
#include "charset/ucase.h"
#include "charset/utf8.h"

/* The library only for what is not ASCII: most text is. */
#ifdef HAVE_LIBUNISTRING
#define LOWER(cp)	((u32)uc_tolower(cp))
#define UPPER(cp)	((u32)uc_toupper(cp))
#else
#define LOWER(cp)	(cp)
#define UPPER(cp)	(cp)
#endif

u32
ucase_lower(u32 cp)
{
	if (cp < 0x80)
		return (u32)ascii_tolower((int)cp);
	return LOWER(cp);
}

u32
ucase_upper(u32 cp)
{
	if (cp < 0x80)
		return (u32)ascii_toupper((int)cp);
	return UPPER(cp);
}

void
ucase_fold(const char *s, size_t n, struct str *out)
{
	size_t used;
	u32 cp;

	for (; n > 0; s += used, n -= used) {
		used = utf8_decode(s, n, &cp);
		if (used == 0) {
			cp = UTF8_REPLACEMENT;
			used = 1;
		}
		utf8_cat(out, ucase_lower(cp));
	}
}
