/* SEARCH.  SPDX-License-Identifier: ISC */

#include "base/base.h"

#include "base/ascii.h"
#include "base/io.h"
#include "base/num.h"

#include "session/mset.h"
#include "session/search.h"
#include "session/sess.h"
#include "session/view.h"

#include "smap/cmd.h"
#include "smap/smap.h"

enum kind { KEY_PLAIN, KEY_KEYWORD, KEY_DATE, KEY_NUMBER, KEY_FIELD,
	KEY_HEADER, KEY_STRING };

/* To add a key that the session has: a row. */
static const struct key {
	const char	*name;
	enum kind	kind;
	enum search_key	key;
	u32		num;
} keys[] = {
	{ "BCC", KEY_FIELD, SK_HEADER, 0 },
	{ "BEFORE", KEY_DATE, SK_BEFORE, 0 },
	{ "BODY", KEY_STRING, SK_BODY, 0 },
	{ "CC", KEY_FIELD, SK_HEADER, 0 },
	{ "DELETED", KEY_PLAIN, SK_FLAG, VF_DELETED },
	{ "DRAFT", KEY_PLAIN, SK_FLAG, VF_DRAFT },
	{ "FROM", KEY_FIELD, SK_HEADER, 0 },
	{ "HEADER", KEY_HEADER, SK_HEADER, 0 },
	{ "KEYWORD", KEY_KEYWORD, SK_KEYWORD, 0 },
	{ "LARGER", KEY_NUMBER, SK_LARGER, 0 },
	{ "ON", KEY_DATE, SK_ON, 0 },
	{ "REPLIED", KEY_PLAIN, SK_FLAG, VF_ANSWERED },
	{ "SEEN", KEY_PLAIN, SK_FLAG, VF_SEEN },
	{ "SENTBEFORE", KEY_DATE, SK_SENTBEFORE, 0 },
	{ "SENTON", KEY_DATE, SK_SENTON, 0 },
	{ "SENTSINCE", KEY_DATE, SK_SENTSINCE, 0 },
	{ "SINCE", KEY_DATE, SK_SINCE, 0 },
	{ "SMALLER", KEY_NUMBER, SK_SMALLER, 0 },
	{ "SUBJECT", KEY_FIELD, SK_HEADER, 0 },
	{ "TEXT", KEY_STRING, SK_TEXT, 0 },
	{ "TO", KEY_FIELD, SK_HEADER, 0 }
};

static int argument(struct smap *, const struct key *, struct criteria *);
static struct criteria *negated(struct smap *, struct criteria *);
static int parse(struct smap *, struct criteria **);
static int parse_key(struct smap *, struct criteria **);
static int parse_scope(struct smap *, struct criteria **);
static void put_result(struct smap *, const struct mset *);

static struct criteria *
negated(struct smap *sm, struct criteria *c)
{
	struct criteria *n;

	n = search_new(sm->pool, SK_NOT);
	search_add(n, c);
	return n;
}

/* scope = "ALL" / "MARKED" / "UNMARKED" / set */
static int
parse_scope(struct smap *sm, struct criteria **out)
{
	if (smapline_take(&sm->line, "ALL")) {
		*out = search_new(sm->pool, SK_ALL);
		return E_OK;
	}
	*out = search_new(sm->pool, SK_FLAG);
	(*out)->num = VF_FLAGGED;
	if (smapline_take(&sm->line, "MARKED"))
		return E_OK;
	if (smapline_take(&sm->line, "UNMARKED")) {
		*out = negated(sm, *out);
		return E_OK;
	}
	*out = search_new(sm->pool, SK_SEQ);
	return smap_set(sm, &(*out)->set);
}

static int
argument(struct smap *sm, const struct key *k, struct criteria *c)
{
	const char *s;

	if (k->kind == KEY_PLAIN)
		return E_OK;
	c->name = k->name;
	if (k->kind == KEY_HEADER)
		c->name = smapline_next(&sm->line);
	s = smapline_next(&sm->line);
	if (s == NULL)
		return E_INVAL;
	switch (k->kind) {
	case KEY_KEYWORD:
		c->text = c->name = s;
		c->textlen = strlen(s);
		return E_OK;
	case KEY_DATE:
		return search_date(c, s, strlen(s));
	case KEY_NUMBER:
		return num_parse_u64(s, &c->num);
	default:
		return search_text(sm->pool, c, NULL, s, strlen(s));
	}
}

/* key = ["NOT" WSP] name *(WSP argument) */
static int
parse_key(struct smap *sm, struct criteria **out)
{
	const char *name;
	size_t i;
	int not, e;

	not = smapline_take(&sm->line, "NOT");
	name = smapline_next(&sm->line);
	for (i = 0; name != NULL && i < NITEMS(keys); i++)
		if (ascii_casecmp(name, keys[i].name) == 0)
			break;
	if (name == NULL || i == NITEMS(keys))
		return E_INVAL;
	*out = search_new(sm->pool, keys[i].key);
	(*out)->num = keys[i].num;
	e = argument(sm, &keys[i], *out);
	if (not)
		*out = negated(sm, *out);
	return e;
}

/* search = "SEARCH" WSP scope WSP key */
static int
parse(struct smap *sm, struct criteria **out)
{
	struct criteria *c;
	int e;

	*out = search_new(sm->pool, SK_AND);
	e = parse_scope(sm, &c);
	if (e != E_OK)
		return e;
	search_add(*out, c);
	e = parse_key(sm, &c);
	if (e != E_OK)
		return e;
	search_add(*out, c);
	return smapline_peek(&sm->line) == NULL ? E_OK : E_INVAL;
}

/* Some lines, none if nothing was found. */
static void
put_result(struct smap *sm, const struct mset *found)
{
	struct smapout_set set;
	size_t i;

	memset(&set, 0, sizeof(set));
	set.io = sm->io;
	for (i = 0; i < found->n; i++) {
		smap_out(sm);
		if (i % SMAPOUT_RANGES == 0)
			io_puts(sm->io, i == 0 ? "* SEARCH" : "\n* SEARCH");
		set.lo = found->r[i].lo;
		set.hi = found->r[i].hi;
		smapout_set_end(&set);
	}
	if (found->n > 0)
		io_putc(sm->io, '\n');
}

void
smap_cmd_search(struct smap *sm)
{
	struct criteria *c;
	struct mset *found;
	int e;

	e = parse(sm, &c);
	if (e == E_OK)
		e = search_run(sm->sess->view, sm->pool, c, FALSE, &found);
	if (e != E_OK) {
		smap_error(sm, "SEARCH failed: ", e);
		return;
	}
	put_result(sm, found);
	smap_ok(sm, "Search completed.");
}
