/* SEARCH criteria and their evaluation.  SPDX-License-Identifier: ISC */

#include "base/base.h"

#include "base/pool.h"
#include "base/str.h"
#include "charset/charset.h"
#include "charset/match.h"
#include "mail/date822.h"
#include "mail/hdr.h"
#include "maildir/folder.h"

#include "session/mset.h"
#include "session/msgread.h"
#include "session/search.h"
#include "session/search_int.h"
#include "session/sess.h"
#include "session/view_int.h"

/* What answering a key costs: memory, a stat, the header, the body. */
enum { COST_MEM, COST_STAT, COST_OPEN, COST_HEADER, COST_SIZE, COST_BODY };

static int	eval(struct searching *, struct criteria *);
static int	by_flag(struct searching *, struct criteria *);
static int	by_keyword(struct searching *, struct criteria *);
static int	by_date(struct searching *, struct criteria *);
static int	by_sent(struct searching *, struct criteria *);
static int	by_size(struct searching *, struct criteria *);
static int	by_set(struct searching *, struct criteria *);
static int	by_all(struct searching *, struct criteria *);
static int	by_none(struct searching *, struct criteria *);
static int	by_and(struct searching *, struct criteria *);
static int	by_or(struct searching *, struct criteria *);
static int	by_not(struct searching *, struct criteria *);
static int	compare_day(enum search_key, enum search_key, long, long);
static void	prepare(struct view *, struct criteria *);
static void	finish(struct criteria *);
static void	sort_children(struct criteria *);

/*
 * To add a key: a word in enum search_key, a row here in the same place. The
 * function returns whether the message matches.
 */
static const struct {
	int	(*eval)(struct searching *, struct criteria *);
	int	cost;
} keys[] = {
	{ by_all, COST_MEM },
	{ by_and, COST_MEM },
	{ by_or, COST_MEM },
	{ by_not, COST_MEM },
	{ by_set, COST_MEM },
	{ by_set, COST_MEM },
	{ by_flag, COST_MEM },
	{ by_keyword, COST_MEM },
	{ by_date, COST_STAT },
	{ by_date, COST_STAT },
	{ by_date, COST_STAT },
	{ by_sent, COST_HEADER },
	{ by_sent, COST_HEADER },
	{ by_sent, COST_HEADER },
	{ by_size, COST_SIZE },
	{ by_size, COST_SIZE },
	{ search_by_header, COST_HEADER },
	{ search_by_body, COST_BODY },
	{ search_by_body, COST_BODY },
	{ by_none, COST_MEM },
};

/* ---- building ----------------------------------------------------------- */

struct criteria *
search_new(struct pool *pool, enum search_key key)
{
	struct criteria *c;

	c = pool_alloc(pool, sizeof(*c));
	c->key = key;
	return c;
}

void
search_add(struct criteria *parent, struct criteria *child)
{
	struct criteria **end;

	for (end = &parent->child; *end != NULL; end = &(*end)->next)
		;
	*end = child;
}

/*
 *   date = date-text / DQUOTE date-text DQUOTE
 *   date-text = date-day "-" date-month "-" date-year
 *   date-day = 1*2DIGIT
 */
int
search_date(struct criteria *c, const char *s, size_t n)
{
	struct date822 d;
	int e;

	e = date822_parse_search(s, n, &d);
	if (e == E_OK)
		c->day = date822_day(&d);
	return e;
}

int
search_text(struct pool *pool, struct criteria *c, const char *charset,
    const char *s, size_t n)
{
	struct str text;
	int e;

	str_init(&text, 0);
	e = charset_to_utf8(charset != NULL ? charset : "utf-8", s, n, &text);
	if (e == E_OK) {
		c->text = pool_strndup(pool, str_c(&text), text.len);
		c->textlen = text.len;
	}
	str_free(&text);
	if (e == E_SYNTAX) {
		c->key = SK_NONE;
		e = E_OK;
	}
	return e;
}

int
search_charset_known(const char *name)
{
	return charset_known(name);
}

/* ---- keys that need no text --------------------------------------------- */

static int
eval(struct searching *s, struct criteria *c)
{
	return keys[c->key].eval(s, c);
}

static int
by_all(struct searching *s, struct criteria *c)
{
	(void)s;
	(void)c;
	return TRUE;
}

static int
by_none(struct searching *s, struct criteria *c)
{
	(void)s;
	(void)c;
	return FALSE;
}

static int
by_and(struct searching *s, struct criteria *c)
{
	for (c = c->child; c != NULL; c = c->next)
		if (!eval(s, c))
			return FALSE;
	return TRUE;
}

static int
by_or(struct searching *s, struct criteria *c)
{
	for (c = c->child; c != NULL; c = c->next)
		if (eval(s, c))
			return TRUE;
	return FALSE;
}

static int
by_not(struct searching *s, struct criteria *c)
{
	return c->child == NULL || !eval(s, c->child);
}

static int
by_set(struct searching *s, struct criteria *c)
{
	return mset_in_normal(c->set, c->key == SK_UID ?
	    view_uid(s->view, s->seq) : s->seq);
}

static int
by_flag(struct searching *s, struct criteria *c)
{
	return (view_rec_sys(view_rec(s->view, s->seq)) & c->num) == c->num;
}

static int
by_keyword(struct searching *s, struct criteria *c)
{
	return folder_has_keyword(s->view->folder, s->seq - 1, c->name);
}

/* The keys BEFORE, ON, SINCE follow each other in this order. */
static int
compare_day(enum search_key key, enum search_key before, long day, long than)
{
	if (key == before)
		return day < than;
	if ((int)key == (int)before + 1)
		return day == than;
	return day >= than;
}

/* INTERNALDATE in the server's zone. */
static int
by_date(struct searching *s, struct criteria *c)
{
	struct date822 d;
	i64 t;

	if (view_date(s->view, s->seq, &t) != E_OK)
		return FALSE;
	date822_local(t, &d);
	return compare_day(c->key, SK_BEFORE, date822_day(&d), c->day);
}

/* The day as the Date field writes it, whatever its zone (RFC 3501 6.4.4). */
static int
by_sent(struct searching *s, struct criteria *c)
{
	struct date822 d;
	struct pool *pool;
	const char *header;
	char *value;
	size_t n;
	int e;

	if (search_open(s) != E_OK ||
	    msgread_header(s->msg, &header, &n) != E_OK)
		return FALSE;
	pool = pool_new();
	value = hdr_get(pool, header, n, "Date");
	e = value != NULL ? date822_parse(value, strlen(value), &d) :
	    E_NOENT;
	pool_free(&pool);
	return e == E_OK &&
	    compare_day(c->key, SK_SENTBEFORE, date822_day(&d), c->day);
}

/* RFC822.SIZE lies between the file's length and twice as much, CRs of the
   file aside: most messages need no reading. */
static int
by_size(struct searching *s, struct criteria *c)
{
	u64 size;

	if (search_open(s) != E_OK)
		return FALSE;
	size = msgread_stored_size(s->msg);
	if (c->key == SK_LARGER && size > c->num)
		return TRUE;
	if (c->key == SK_LARGER && size <= c->num / 2)
		return FALSE;
	if (c->key == SK_SMALLER && size >= c->num)
		return FALSE;
	if (c->key == SK_SMALLER && size < c->num / 2)
		return TRUE;
	if (msgread_size(s->msg, &size) != E_OK)
		return FALSE;
	return c->key == SK_LARGER ? size > c->num : size < c->num;
}

/* ---- a search ----------------------------------------------------------- */

int
search_open(struct searching *s)
{
	if (s->msg == NULL && s->error == E_OK)
		s->error = msgread_open(s->view, s->seq, &s->msg);
	return s->error;
}

/* Cheap keys first; the order of equal ones is kept. */
static void
sort_children(struct criteria *c)
{
	struct criteria *rest, *one, **at;

	rest = c->child;
	c->child = NULL;
	while ((one = rest) != NULL) {
		rest = one->next;
		for (at = &c->child; *at != NULL && (*at)->cost <= one->cost;
		    at = &(*at)->next)
			;
		one->next = *at;
		*at = one;
	}
}

/* Sets in normal form, matchers made, costs known, children sorted. A list
   costs what its dearest key does. */
static void
prepare(struct view *view, struct criteria *c)
{
	struct criteria *k;

	c->cost = keys[c->key].cost;
	if (c->key == SK_SEQ)
		c->set = mset_normal(c->set, view_count(view));
	else if (c->key == SK_UID)
		c->set = mset_normal(c->set, view_last_uid(view));
	else if (c->key == SK_HEADER || c->key == SK_BODY ||
	    c->key == SK_TEXT)
		c->match = match_new(c->text != NULL ? c->text : "",
		    c->textlen);
	for (k = c->child; k != NULL; k = k->next) {
		prepare(view, k);
		if (k->cost > c->cost)
			c->cost = k->cost;
	}
	sort_children(c);
}

static void
finish(struct criteria *c)
{
	match_free(&c->match);
	for (c = c->child; c != NULL; c = c->next)
		finish(c);
}

int
search_run(struct view *view, struct pool *pool, struct criteria *root,
    int uids, struct mset **out)
{
	struct searching s;
	struct mset *found;
	u32 count;
	int e, hit;

	found = mset_new(pool);
	prepare(view, root);
	memset(&s, 0, sizeof(s));
	s.view = view;
	s.root = root;
	count = view_count(view);
	e = E_OK;
	for (s.seq = 1; s.seq <= count && e == E_OK; s.seq++) {
		if (view_rec(view, s.seq)->state & REC_GONE)
			continue;
		s.error = E_OK;
		s.scanned = FALSE;
		hit = eval(&s, root);
		if (s.msg != NULL) {
			msgread_close(&s.msg);
			if (++s.opened % SESS_PULSE_EVERY == 0)
				e = sess_pulse(view_sess(view));
		}
		if (hit)
			mset_add(found, uids ? view_uid(view, s.seq) : s.seq);
	}
	finish(root);
	*out = found;
	return e;
}
