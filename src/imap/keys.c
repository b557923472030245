/* Search keys to criteria.  SPDX-License-Identifier: ISC

   Depth and number of keys are bounded: the client chooses both. */

#include "base/base.h"

#include "base/ascii.h"

#include "wire/imaparg.h"

#include "session/mset.h"
#include "session/sess.h"
#include "session/view.h"

#include "imap/cmd.h"
#include "imap/imap.h"
#include "imap/keys.h"

struct keys {
	struct pool	*pool;
	const char	*charset;
	u32		count;
	int		depth;
};

static int leaf(struct keys *, struct arg **, struct criteria *,
	    const struct key_row *);
static struct criteria *negate(struct keys *, struct criteria *);
static int parse_list(struct keys *, struct arg *, struct criteria **);
static int parse_named(struct keys *, struct arg **,
	    const struct key_row *, struct criteria **);
static int parse_one(struct keys *, struct arg **, struct criteria **);
static int parse_set(struct keys *, struct arg **, enum search_key,
	    struct criteria **);
static int pair(struct keys *, struct arg **, struct criteria *);
static int text(struct keys *, struct arg **, struct criteria *);

static struct criteria *
negate(struct keys *k, struct criteria *c)
{
	struct criteria *n;

	n = search_new(k->pool, SK_NOT);
	search_add(n, c);
	return n;
}

static int
parse_set(struct keys *k, struct arg **pos, enum search_key key,
    struct criteria **out)
{
	const char *s;

	if (arg_atom(pos, &s) != E_OK)
		return E_SYNTAX;
	*out = search_new(k->pool, key);
	return mset_parse(k->pool, s, strlen(s), &(*out)->set);
}

static int
text(struct keys *k, struct arg **pos, struct criteria *c)
{
	const char *s;
	size_t n;

	if (arg_astring(pos, &s, &n) != E_OK)
		return E_SYNTAX;
	return search_text(k->pool, c, k->charset, s, n);
}

/* Keys that take an argument but no other key. */
static int
leaf(struct keys *k, struct arg **pos, struct criteria *c,
    const struct key_row *row)
{
	const char *s;
	size_t n;

	switch (row->kind) {
	case KEY_KEYWORD:
	case KEY_UNKEYWORD:
		if (arg_atom(pos, &s) != E_OK)
			return E_SYNTAX;
		c->text = c->name = s;
		c->textlen = strlen(s);
		return E_OK;
	case KEY_DATE:
		if (arg_astring(pos, &s, &n) != E_OK)
			return E_SYNTAX;
		return search_date(c, s, n);
	case KEY_NUMBER:
		return arg_u64(pos, &c->num);
	case KEY_FIELD:
		c->name = row->name;
		return text(k, pos, c);
	case KEY_HEADER:
		if (arg_astring(pos, &c->name, NULL) != E_OK)
			return E_SYNTAX;
		return text(k, pos, c);
	case KEY_STRING:
		return text(k, pos, c);
	default:
		return E_OK;
	}
}

/* NEW: two keys in one. */
static int
pair(struct keys *k, struct arg **pos, struct criteria *c)
{
	struct criteria *f;

	(void)pos;
	f = search_new(k->pool, SK_FLAG);
	f->num = VF_RECENT;
	search_add(c, f);
	f = search_new(k->pool, SK_FLAG);
	f->num = VF_SEEN;
	search_add(c, negate(k, f));
	return E_OK;
}

static int
parse_named(struct keys *k, struct arg **pos, const struct key_row *row,
    struct criteria **out)
{
	struct criteria *c, *sub;
	int i, r;

	if (row->kind == KEY_UIDS)
		return parse_set(k, pos, SK_UID, out);
	c = search_new(k->pool, row->key);
	c->num = row->num;
	*out = c;
	switch (row->kind) {
	case KEY_NEW:
		return pair(k, pos, c);
	case KEY_NOT:
	case KEY_OR:
		for (i = row->kind == KEY_OR ? 2 : 1; i > 0; i--) {
			r = parse_one(k, pos, &sub);
			if (r != E_OK)
				return r;
			search_add(c, sub);
		}
		return E_OK;
	default:
		r = leaf(k, pos, c, row);
		if (row->kind == KEY_UNFLAG || row->kind == KEY_UNKEYWORD)
			*out = negate(k, c);
		return r;
	}
}

/* Keys without a word between them: all must match. */
static int
parse_list(struct keys *k, struct arg *a, struct criteria **out)
{
	struct criteria *c;
	int r;

	if (a == NULL)
		return E_SYNTAX;
	*out = search_new(k->pool, SK_AND);
	while (a != NULL) {
		r = parse_one(k, &a, &c);
		if (r != E_OK)
			return r;
		search_add(*out, c);
	}
	return E_OK;
}

static int
parse_one(struct keys *k, struct arg **pos, struct criteria **out)
{
	const struct key_row *row;
	struct arg *a;
	int r;

	a = *pos;
	if (a == NULL)
		return E_SYNTAX;
	if (++k->count > SEARCH_KEYS_MAX || k->depth >= SEARCH_DEPTH_MAX)
		return E_TOOBIG;
	k->depth++;
	if (a->type == ARG_LIST) {
		*pos = a->next;
		r = parse_list(k, a->list, out);
	} else if (a->type != ARG_ATOM)
		r = E_SYNTAX;
	else if (a->s[0] == '*' || ascii_isdigit((unsigned char)a->s[0]))
		r = parse_set(k, pos, SK_SEQ, out);
	else {
		row = keys_find(a->s);
		*pos = a->next;
		r = row == NULL ? E_SYNTAX : parse_named(k, pos, row, out);
	}
	k->depth--;
	return r;
}

int
keys_parse(struct pool *pool, struct arg *args, const char *charset,
    struct criteria **out)
{
	struct keys k;

	memset(&k, 0, sizeof(k));
	k.pool = pool;
	k.charset = charset;
	return parse_list(&k, args, out);
}

int
keys_search(struct imap *im, struct imap_cmd *cmd, struct arg *args,
    const char *charset, int uids, struct mset **out)
{
	struct criteria *c;
	int e, known;

	known = charset == NULL || search_charset_known(charset);
	e = keys_parse(cmd->pool, args, known ? charset : NULL, &c);
	if (e == E_OK && !known)
		e = E_CHARSET;
	if (e == E_OK)
		e = search_run(im->sess->view, cmd->pool, c, uids, out);
	return e;
}
