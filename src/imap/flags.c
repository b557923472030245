/* Flag lists from the client.  SPDX-License-Identifier: ISC */

#include "base/base.h"

#include "base/ascii.h"
#include "base/pool.h"

#include "wire/imaparg.h"

#include "session/sess.h"
#include "session/view.h"

#include "imap/flags.h"
#include "imap/imap.h"

static int add(struct flags *, const char *, int);
static int keyword_ok(const char *);

/* flag-keyword = atom; what Courier stores (imap-wire.md 6.1). */
static int
keyword_ok(const char *s)
{
	for (; *s != '\0'; s++)
		if (*s <= 0x20 || *s >= 0x7f ||
		    strchr("(){%*\"\\][", *s) != NULL)
			return FALSE;
	return TRUE;
}

/*
 *   flag = "\Answered" / "\Flagged" / "\Deleted" / "\Seen" / "\Draft" /
 *          flag-keyword / flag-extension        ; Does not include "\Recent"
 *   flag-extension = "\" atom                   ; none is known
 */
static int
add(struct flags *f, const char *s, int keywords)
{
	static const struct {
		const char	*name;
		u32		bit;
	} names[] = {
		{ "\\Answered", VF_ANSWERED },
		{ "\\Flagged", VF_FLAGGED },
		{ "\\Deleted", VF_DELETED },
		{ "\\Seen", VF_SEEN },
		{ "\\Draft", VF_DRAFT }
	};
	size_t i;

	for (i = 0; i < NITEMS(names); i++)
		if (ascii_casecmp(s, names[i].name) == 0) {
			f->sys |= names[i].bit;
			return E_OK;
		}
	if (s[0] == '\\' || !keyword_ok(s) || !keywords)
		return E_SYNTAX;
	for (i = 0; i < f->nkw; i++)
		if (ascii_casecmp(s, f->kw[i]) == 0)
			return E_OK;
	if (f->nkw == FLAGS_KW_MAX)
		return E_TOOBIG;
	f->kw[f->nkw++] = s;
	return E_OK;
}

/*
 *   flag-list = "(" [flag *(SP flag)] ")"
 *   store-att-flags = (["+" / "-"] "FLAGS" [".SILENT"]) SP
 *                     (flag-list / (flag *(SP flag)))
 */
int
flags_parse(struct imap *im, struct pool *pool, struct arg **pos,
    int bare_allowed, struct flags *out)
{
	struct arg *a;
	const char *s;
	int r;

	memset(out, 0, sizeof(*out));
	out->kw = pool_array(pool, FLAGS_KW_MAX, sizeof(*out->kw));
	a = *pos;
	if (a == NULL)
		return bare_allowed ? E_OK : E_SYNTAX;
	if (a->type == ARG_LIST || a->type == ARG_NIL) {
		*pos = a->next;
		a = a->list;
	} else if (bare_allowed)
		*pos = NULL;
	else
		return E_SYNTAX;
	while (a != NULL) {
		if (a->type != ARG_ATOM || arg_atom(&a, &s) != E_OK)
			return E_SYNTAX;
		r = add(out, s, im->sess->keywords != 0);
		if (r != E_OK)
			return r;
	}
	return E_OK;
}
