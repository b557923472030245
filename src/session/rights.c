/* What this user may do with a mailbox.  SPDX-License-Identifier: ISC */

#include "base/base.h"

#include "base/log.h"
#include "base/map.h"
#include "base/pool.h"
#include "base/str.h"
#include "base/vec.h"
#include "conf/options.h"
#include "maildir/folder.h"

#include "session/ns.h"
#include "session/rights.h"
#include "session/sess.h"

/* What one folder's own list gives, and of which state of the file. */
struct known {
	struct md_acl_mark mark;
	u32		rights;
};

static size_t	put_letters(char *, u32, int);
static u32	from_letters(const char *);
static void	identify(const struct sess *, const struct ns_tree *,
		    struct pool *, struct vec *);
static int	is_own(const struct sess *, const struct ns_tree *);
static int	compute(struct sess *, struct pool *,
		    const struct ns_place *, const char *, u32 *);
static int	evaluate(struct sess *, const struct ns_place *,
		    const char *, u32 *);
static int	lookup(struct sess *, const struct ns_place *, const char *,
		    u32 *);

static const struct {
	u32	bit;
	char	letter;
} letters[] = {
	{ RIGHT_A, 'a' },
	{ RIGHT_C, 'c' },
	{ RIGHT_E, 'e' },
	{ RIGHT_I, 'i' },
	{ RIGHT_L, 'l' },
	{ RIGHT_P, 'p' },
	{ RIGHT_R, 'r' },
	{ RIGHT_S, 's' },
	{ RIGHT_T, 't' },
	{ RIGHT_W, 'w' },
	{ RIGHT_X, 'x' },
};

/* ---- who --------------------------------------------------------------- */

const char *
rights_owner(const struct sess *sess, const struct ns_tree *tree)
{
	return tree->owner != NULL ? tree->owner : sess->identifier;
}

static int
is_own(const struct sess *sess, const struct ns_tree *tree)
{
	return strcmp(rights_owner(sess, tree), sess->identifier) == 0;
}

/* All identifiers of this user in a tree (maildir.md 5.3), in the pool. */
static void
identify(const struct sess *sess, const struct ns_tree *tree,
    struct pool *pool, struct vec *out)
{
	const char *pos, *group;
	struct str s;
	size_t n;

	vec_push(out, pool_strdup(pool, sess->identifier));
	if (is_own(sess, tree))
		vec_push(out, pool_strdup(pool, "owner"));
	str_init(&s, 0);
	pos = sess->options;
	while ((group = option_next(&pos, "group", &n)) != NULL) {
		if (n == 0)
			continue;
		str_reset(&s);
		str_cats(&s, "group=");
		str_cat(&s, group, n);
		vec_push(out, pool_strdup(pool, str_c(&s)));
	}
	str_free(&s);
}

int
rights_lists(const struct sess *sess)
{
	return !option_on(sess->options, "disableshared");
}

/* ---- what -------------------------------------------------------------- */

static u32
from_letters(const char *s)
{
	size_t i;
	u32 rights;

	rights = 0;
	for (i = 0; i < NITEMS(letters); i++)
		if (strchr(s, letters[i].letter) != NULL)
			rights |= letters[i].bit;
	return rights;
}

static int
compute(struct sess *sess, struct pool *pool, const struct ns_place *place,
    const char *name, u32 *out)
{
	struct md_acl acl;
	struct vec ids;
	struct str s;
	int e;

	md_acl_init(&acl, pool);
	e = maildir_acl_read(place->tree->md, place->dir, &acl);
	if (e == E_PERM || e == E_TOOBIG) {
		log_warn("%s: the access list of %s cannot be read",
		    sess->user, name);
		return E_OK;		/* nobody may do anything */
	}
	if (e != E_OK)
		return e;
	vec_init(&ids);
	str_init(&s, 0);
	identify(sess, place->tree, pool, &ids);
	md_acl_compute(&acl, (const char *const *)(void *const *)ids.v, ids.n,
	    &s);
	*out = from_letters(str_c(&s));
	str_free(&s);
	vec_free(&ids);
	return E_OK;
}

static int
evaluate(struct sess *sess, const struct ns_place *place, const char *name,
    u32 *out)
{
	struct pool *pool;
	int e;

	*out = 0;
	pool = pool_new();
	e = compute(sess, pool, place, name, out);
	pool_free(&pool);
	return e;
}

/* As evaluate, from memory if the folder's own list is as it was. */
static int
lookup(struct sess *sess, const struct ns_place *place, const char *name,
    u32 *out)
{
	struct md_acl_mark mark;
	struct known *k;
	int e;

	if (!maildir_acl_mark(place->tree->md, place->dir, &mark))
		return evaluate(sess, place, name, out);
	if (sess->rights == NULL)
		sess->rights = map_new(0);
	k = map_gets(sess->rights, name);
	if (k != NULL && md_acl_mark_same(&k->mark, &mark)) {
		*out = k->rights;
		return E_OK;
	}
	e = evaluate(sess, place, name, out);
	if (e != E_OK)
		return e;
	if (k == NULL) {
		k = pool_alloc(sess->pool, sizeof(*k));
		map_puts(sess->rights, name, k);
	}
	k->mark = mark;
	k->rights = *out;
	return E_OK;
}

int
rights_get(struct sess *sess, const char *name, u32 *out)
{
	struct ns_place place;
	struct pool *pool;
	int e;

	*out = 0;
	if (ns_tree_of(sess, name, &place.tree) != E_OK)
		return E_OK;
	pool = pool_new();
	e = ns_where(sess, pool, name, &place);
	if (e == E_OK)
		e = rights_at(sess, &place, name, out);
	pool_free(&pool);
	return e;
}

int
rights_at(struct sess *sess, const struct ns_place *place, const char *name,
    u32 *out)
{
	if (place->tree->kind == NS_LINKED) {
		*out = ns_linked_rights(place);
		return E_OK;
	}
	if (rights_lists(sess))
		return lookup(sess, place, name, out);
	*out = is_own(sess, place->tree) ? RIGHT_ALL & ~(u32)RIGHT_A : 0;
	return E_OK;
}

int
rights_check(u32 have, u32 want)
{
	if ((have & want) == want)
		return E_OK;
	return (have & RIGHT_L) != 0 ? E_PERM : E_NOENT;
}

int
rights_need(struct sess *sess, const char *name, u32 want)
{
	u32 have;
	int e;

	e = rights_get(sess, name, &have);
	return e != E_OK ? e : rights_check(have, want);
}

/* ---- as text ----------------------------------------------------------- */

/* `d` stands between c and i in the alphabet, and e follows it. */
static size_t
put_letters(char *buf, u32 rights, int with_d)
{
	size_t i, n;

	n = 0;
	for (i = 0; i < NITEMS(letters); i++) {
		if (with_d && letters[i].bit == RIGHT_E)
			buf[n++] = 'd';
		if (rights & letters[i].bit)
			buf[n++] = letters[i].letter;
	}
	buf[n] = '\0';
	return n;
}

size_t
rights_letters(char *buf, u32 rights)
{
	return put_letters(buf, rights, FALSE);
}

size_t
rights_text(char *buf, u32 rights)
{
	if ((rights & RIGHT_D) == RIGHT_D)
		return put_letters(buf, rights & ~(u32)RIGHT_D, TRUE);
	return put_letters(buf, rights, FALSE);
}
