/* Case folding for searches.  SPDX-License-Identifier: ISC */

#include "base/base.h"

#ifdef HAVE_LIBUNISTRING
#include <unicase.h>
#include <uninorm.h>
#endif

#include "base/ascii.h"
#include "base/str.h"
#include "charset/ucase.h"
#include "charset/utf8.h"

/* The library only for what is not ASCII: most text is. */
#ifdef HAVE_LIBUNISTRING
#define LOWER(cp)	((u32)uc_tolower(cp))
#define UPPER(cp)	((u32)uc_toupper(cp))
#define TITLE(cp)	((u32)uc_totitle(cp))
#define PARTS_MAX	UC_DECOMPOSITION_MAX_LENGTH
#else
#define LOWER(cp)	(cp)
#define UPPER(cp)	(cp)
#define TITLE(cp)	(cp)
#define PARTS_MAX	1
#endif

static size_t parts(u32, u32 *);
static void cat_parts(u32, struct str *);

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

/* What the code point is made of by one step, or 0. */
static size_t
parts(u32 cp, u32 *out)
{
#ifdef HAVE_LIBUNISTRING
	ucs4_t part[PARTS_MAX];
	int tag, i, n;

	n = uc_decomposition(cp, &tag, part);
	for (i = 0; i < n; i++)
		out[i] = part[i];
	return n > 0 ? (size_t)n : 0;
#else
	(void)cp;
	(void)out;
	return 0;
#endif
}

/* The tables of Unicode are trees: this ends. */
static void
cat_parts(u32 cp, struct str *out)
{
	u32 part[PARTS_MAX];
	size_t i, n;

	n = parts(cp, part);
	if (n == 0)
		utf8_cat(out, cp);
	for (i = 0; i < n; i++)
		cat_parts(part[i], out);
}

void
ucase_casemap(const char *s, size_t n, struct str *out)
{
	size_t used, i;
	u32 cp;

	if (!utf8_valid(s, n)) {
		str_cat(out, s, n);
		return;
	}
	for (i = 0; i < n; i += used) {
		used = utf8_decode(s + i, n - i, &cp);
		if (cp < 0x80)
			str_catc(out, ascii_toupper((int)cp));
		else
			cat_parts(TITLE(cp), out);
	}
}
