/* Names of mailboxes: LIST and LSUB.  SPDX-License-Identifier: ISC */

#include "base/base.h"

#include "base/ascii.h"
#include "base/glob.h"
#include "base/mem.h"
#include "base/pool.h"
#include "base/str.h"
#include "base/vec.h"
#include "maildir/folder.h"

#include "session/ns_int.h"
#include "session/rights.h"
#include "session/sess.h"
#include "session/view.h"

static int	good_pattern(const char *);
static char	*fold_root(struct pool *, const char *);
static u32	marks(struct sess *, const char *);
static int	concerns(const char *, const char *);
static int	may_see(struct sess *, const char *);
static int	walk(struct sess *, struct pool *, const char *,
		    struct ns_dirents *, ns_fn *, void *);
static int	shown_sub(struct sess *, struct pool *, const char *);

static int
good_pattern(const char *p)
{
	size_t n;

	for (n = 0; *p != '\0'; p++)
		n += *p == '*' || *p == '%';
	return n <= NS_WILDCARDS_MAX;
}

/* The literal beginning of a pattern matches INBOX and shared in any case. */
static char *
fold_root(struct pool *pool, const char *pattern)
{
	static const char *const roots[] = { INBOX, NS_LINKED_ROOT };
	char *res;
	size_t i, k, n;

	res = pool_strdup(pool, pattern);
	n = strcspn(res, ".*%");
	for (i = 0; i < NITEMS(roots); i++) {
		k = strlen(roots[i]);
		if (n <= k && (n == k || res[n] == '*' || res[n] == '%') &&
		    ascii_ncasecmp(res, roots[i], n) == 0)
			memcpy(res, roots[i], n);
	}
	return res;
}

char *
ns_join(struct pool *pool, const char *ref, const char *pattern)
{
	char *base, *tail, *res;
	struct str s;

	base = pool_strdup(pool, ref);
	ns_strip(base);
	tail = pool_strdup(pool, pattern);
	ns_strip(tail);
	if (*base == '\0')
		return tail;
	base = fold_root(pool, base);
	if (ns_check(base) != E_OK && strcmp(base, NS_SHARED_ROOT) != 0)
		return NULL;
	if (*tail == '\0')
		return base;
	str_init(&s, 0);
	str_cats(&s, base);
	str_catc(&s, NS_SEP);
	str_cats(&s, tail);
	res = pool_strdup(pool, str_c(&s));
	str_free(&s);
	return res;
}

/* \Marked: something is in new/ or lacks \Seen; INBOX only, unless
   IMAP_CHECK_ALL_FOLDERS. A view of a linked maildir is made by looking. */
static u32
marks(struct sess *sess, const char *name)
{
	struct view_status st;

	if (!ns_is_inbox(name) && (!sess->check_all || ns_is_linked(name)))
		return 0;
	if (view_status(sess, name, &st) != E_OK)
		return 0;
	return st.unseen > 0 ? NS_MARKED : NS_UNMARKED;
}

static int
may_see(struct sess *sess, const char *name)
{
	u32 rights;

	return rights_get(sess, name, &rights) == E_OK &&
	    (rights & RIGHT_L) != 0;
}

/* Does the pattern ask for this name or for one above it? */
static int
concerns(const char *pattern, const char *name)
{
	char *above, *sep;
	int yes;

	above = mem_strdup(name);
	do {
		yes = glob_match(pattern, above, NS_SEP) == GLOB_YES;
		sep = strrchr(above, NS_SEP);
		if (sep != NULL)
			*sep = '\0';
	} while (!yes && sep != NULL);
	mem_free(above);
	return yes;
}

/*
 * Left out is what is not asked for, and what this user may not know of, before
 * anything is concluded from it: a name above another one that is seen is then
 * only that (RFC 4314 4).
 */
int
ns_push_tree(struct sess *sess, struct pool *pool,
    const struct ns_tree *tree, struct ns_dirents *list)
{
	struct ns_place place;
	struct ns_dirent *v;
	size_t i, n;
	u32 rights;
	int e;

	place.tree = tree;
	e = ns_all(sess, pool, tree, &v, &n);
	for (i = 0; e == E_OK && i < n; i++) {
		if (!concerns(list->pattern, v[i].name))
			continue;
		place.dir = v[i].dir;
		if (rights_at(sess, &place, v[i].name, &rights) == E_OK &&
		    (rights & RIGHT_L) != 0)
			ns_push(list, v[i].name, v[i].dir, 0);
	}
	return e;
}

/* Real folders first, then those that only have something below. */
static int
walk(struct sess *sess, struct pool *pool, const char *pattern,
    struct ns_dirents *list, ns_fn *fn, void *ctx)
{
	struct ns_dirent *v = list->v;
	struct ns_entry entry;
	size_t i, n = list->n;
	int e, pass;

	ns_sort(v, n);
	ns_complete(pool, &v, &n);
	for (pass = 0; pass < 2; pass++) {
		for (i = 0; i < n; i++) {
			if (((v[i].attrs & NS_NOSELECT) != 0) != pass)
				continue;
			if (glob_match(pattern, v[i].name, NS_SEP) !=
			    GLOB_YES)
				continue;
			entry.name = v[i].name;
			entry.attrs = v[i].attrs;
			if (pass == 0)
				entry.attrs |= marks(sess, v[i].name);
			e = fn(ctx, &entry);
			if (e != E_OK)
				return e;
		}
	}
	return E_OK;
}

int
ns_list(struct sess *sess, const char *pattern, ns_fn *fn, void *ctx)
{
	struct ns_dirents list;
	struct pool *pool;
	int e;

	if (!good_pattern(pattern))
		return E_TOOBIG;
	pool = pool_new();
	memset(&list, 0, sizeof(list));
	list.pattern = pattern = fold_root(pool, pattern);
	e = E_OK;
	if (ns_covers(NS_SHARED_ROOT, pattern))
		ns_shared_all(sess, pool, pattern, &list);
	else if (*pattern != '#') {
		e = ns_push_tree(sess, pool, sess->own, &list);
		ns_linked_all(sess, pool, pattern, &list);
	}
	if (e == E_OK)
		e = walk(sess, pool, pattern, &list, fn, ctx);
	mem_free(list.v);
	pool_free(&pool);
	return e;
}

/* A line of another's folder that is not there (any more) would tell of it:
   what this user may not see looks the same. */
static int
shown_sub(struct sess *sess, struct pool *pool, const char *name)
{
	struct ns_place place;

	return ns_check(name) == E_OK && !ns_is_linked(name) &&
	    (*name != '#' || ns_find(sess, pool, name, &place) == E_OK) &&
	    may_see(sess, name);
}

int
ns_lsub(struct sess *sess, const char *pattern, ns_fn *fn, void *ctx)
{
	struct ns_dirents list;
	struct pool *pool;
	struct vec lines;
	char *name;
	size_t i, w;
	int e, converted;

	if (!good_pattern(pattern))
		return E_TOOBIG;
	pool = pool_new();
	memset(&list, 0, sizeof(list));
	vec_init(&lines);
	pattern = fold_root(pool, pattern);
	e = maildir_subs(sess->md, &lines);
	for (i = 0; i < lines.n; i++) {
		name = ns_decode(sess, pool, lines.v[i], &converted);
		if (name == NULL)
			continue;
		name = fold_root(pool, name);
		if ((*name == '#') == (*pattern == '#') &&
		    concerns(pattern, name) && shown_sub(sess, pool, name))
			ns_push(&list, name, "", NS_SUBSCRIBED);
	}
	vec_free_all(&lines);
	if (*pattern != '#')
		ns_linked_subs(sess, pool, pattern, &list);
	ns_sort(list.v, list.n);
	for (i = w = 0; i < list.n; i++)
		if (w == 0 || strcmp(list.v[i].name, list.v[w - 1].name) != 0)
			list.v[w++] = list.v[i];
	list.n = w;
	if (e == E_OK)
		e = walk(sess, pool, pattern, &list, fn, ctx);
	mem_free(list.v);
	pool_free(&pool);
	return e;
}
