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
static char	*fold_inbox(struct pool *, const char *);
static u32	marks(struct sess *, const char *);
static int	concerns(const char *, const char *);
static void	seen(struct sess *, const struct ns_tree *, const char *,
		    struct ns_dirent *, size_t *);
static int	walk(struct sess *, const char *, struct ns_dirent *, size_t,
		    ns_fn *, void *);

static int
good_pattern(const char *p)
{
	size_t n;

	for (n = 0; *p != '\0'; p++)
		n += *p == '*' || *p == '%';
	return n <= NS_WILDCARDS_MAX;
}

/* The literal beginning of a pattern matches INBOX in any case. */
static char *
fold_inbox(struct pool *pool, const char *pattern)
{
	char *res;
	size_t i;

	res = pool_strdup(pool, pattern);
	for (i = 0; i < INBOX_LEN && res[i] != '\0'; i++) {
		if (res[i] == '*' || res[i] == '%')
			break;
		if (ascii_toupper((unsigned char)res[i]) != INBOX[i])
			return res;
	}
	if (i == INBOX_LEN && res[i] != '\0' && res[i] != NS_SEP &&
	    res[i] != '*' && res[i] != '%')
		return res;
	memcpy(res, INBOX, i);
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
	base = fold_inbox(pool, base);
	if (ns_check(base) != E_OK)
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
   IMAP_CHECK_ALL_FOLDERS. */
static u32
marks(struct sess *sess, const char *name)
{
	struct view_status st;

	if (!ns_is_inbox(name) && !sess->check_all)
		return 0;
	if (view_status(sess, name, &st) != E_OK)
		return 0;
	return st.unseen > 0 ? NS_MARKED : NS_UNMARKED;
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
 * Leaves out what is not asked for, and what this user may not know of, before
 * anything is concluded from it: a name above another one that is seen is then
 * only that (RFC 4314 4).
 */
static void
seen(struct sess *sess, const struct ns_tree *tree, const char *pattern,
    struct ns_dirent *v, size_t *n)
{
	struct ns_place place;
	size_t i, w;
	u32 rights;
	int e;

	for (i = w = 0; i < *n; i++) {
		if (!concerns(pattern, v[i].name))
			continue;
		place.tree = tree;
		place.dir = v[i].dir;
		e = v[i].dir != NULL ?
		    rights_at(sess, &place, v[i].name, &rights) :
		    rights_get(sess, v[i].name, &rights);
		if (e == E_OK && (rights & RIGHT_L) != 0)
			v[w++] = v[i];
	}
	*n = w;
}

/* Real folders first, then those that only have something below. */
static int
walk(struct sess *sess, const char *pattern, struct ns_dirent *v, size_t n,
    ns_fn *fn, void *ctx)
{
	struct ns_entry entry;
	size_t i;
	int e, pass;

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
	struct ns_dirent *v;
	struct pool *pool;
	size_t n;
	int e;

	if (!good_pattern(pattern))
		return E_TOOBIG;
	pool = pool_new();
	e = ns_all(sess, pool, sess->own, &v, &n);
	if (e == E_OK) {
		pattern = fold_inbox(pool, pattern);
		seen(sess, sess->own, pattern, v, &n);
		ns_complete(pool, &v, &n);
		e = walk(sess, pattern, v, n, fn, ctx);
	}
	pool_free(&pool);
	return e;
}

/* Lines of other namespaces (#shared.) are left out. */
int
ns_lsub(struct sess *sess, const char *pattern, ns_fn *fn, void *ctx)
{
	struct ns_dirent *v;
	struct pool *pool;
	struct vec lines;
	char *name;
	size_t i, w, n;
	int e;

	if (!good_pattern(pattern))
		return E_TOOBIG;
	pool = pool_new();
	vec_init(&lines);
	e = maildir_subs(sess->md, &lines);
	v = pool_array(pool, lines.n + 1, sizeof(*v));
	for (i = n = 0; i < lines.n; i++) {
		name = ns_decode(sess, pool, lines.v[i], &v[n].converted);
		if (name == NULL)
			continue;
		name = fold_inbox(pool, name);
		if (ns_check(name) != E_OK)
			continue;
		v[n].attrs = NS_SUBSCRIBED;
		v[n++].name = name;
	}
	vec_free_all(&lines);
	ns_sort(v, n);
	for (i = w = 0; i < n; i++)
		if (w == 0 || strcmp(v[i].name, v[w - 1].name) != 0)
			v[w++] = v[i];
	if (e == E_OK) {
		pattern = fold_inbox(pool, pattern);
		seen(sess, sess->own, pattern, v, &w);
		ns_complete(pool, &v, &w);
		e = walk(sess, pattern, v, w, fn, ctx);
	}
	pool_free(&pool);
	return e;
}
