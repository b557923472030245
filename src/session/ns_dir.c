/* Names of mailboxes: which directory.  SPDX-License-Identifier: ISC */

#include "base/base.h"

#include "base/mem.h"
#include "base/pool.h"
#include "base/str.h"
#include "base/vec.h"
#include "charset/utf7imap.h"
#include "charset/utf8.h"
#include "maildir/folder.h"

#include "session/ns_int.h"
#include "session/rights.h"
#include "session/sess.h"

#define DIR_MAX	254		/* bytes behind the dot */

static char	*with_prefix(struct pool *, const struct ns_tree *,
		    const char *);
static int	cmp_dirent(const void *, const void *);
static int	is_place_of(struct sess *, struct pool *,
		    const struct ns_place *, const char *);
static char	*utf7_of(struct pool *, const char *);
static int	tree_is_utf7(struct sess *, struct pool *,
		    const struct ns_tree *);
static int	name_fits(const char *, u32);
static char	*new_name(struct sess *, struct pool *,
		    const struct ns_tree *, const char *);

/*
 * Both encodings live side by side: `.&AOk-` was made by a Courier before
 * 5.0, a dot and the UTF-8 of e-acute by a later one. The name is what the
 * directory decodes to. Where both are there, the UTF-8 one has the name and
 * the other is shown with its ampersand, as Courier 5 shows it.
 */

static char *
with_prefix(struct pool *pool, const struct ns_tree *tree, const char *rest)
{
	char *name;
	size_t len, n;

	if (*rest == '\0')
		return pool_strdup(pool, tree->prefix);
	len = strlen(tree->prefix);
	n = strlen(rest);
	name = pool_alloc(pool, len + 1 + n + 1);
	memcpy(name, tree->prefix, len);
	name[len] = NS_SEP;
	memcpy(name + len + 1, rest, n);
	return name;
}

char *
ns_name(struct sess *sess, struct pool *pool, const struct ns_place *place)
{
	const char *dir = place->dir;
	char *text;
	int converted;

	text = ns_decode(sess, pool, dir, &converted);
	if (text == NULL)
		return NULL;
	if (converted && strcmp(text, dir) != 0 &&
	    maildir_exists(place->tree->md, text) &&
	    utf8_valid(dir, strlen(dir)))
		return with_prefix(pool, place->tree, dir);
	return with_prefix(pool, place->tree, text);
}

/* ---- all of them -------------------------------------------------------- */

int
ns_cmp(const char *a, const char *b)
{
	int x, y;

	for (; *a == *b && *a != '\0'; a++, b++)
		;
	x = *a == NS_SEP ? 1 : *a == '\0' ? 0 : (unsigned char)*a + 2;
	y = *b == NS_SEP ? 1 : *b == '\0' ? 0 : (unsigned char)*b + 2;
	return x - y;
}

static int
cmp_dirent(const void *a, const void *b)
{
	const struct ns_dirent *x = a, *y = b;
	int c;

	c = ns_cmp(x->name, y->name);
	return c != 0 ? c : x->converted - y->converted;
}

void
ns_sort(struct ns_dirent *v, size_t n)
{
	if (n > 1)
		qsort(v, n, sizeof(*v), cmp_dirent);
}

int
ns_all(struct sess *sess, struct pool *pool, const struct ns_tree *tree,
    struct ns_dirent **out, size_t *out_n)
{
	struct ns_dirent *v;
	struct vec dirs;
	char *text;
	size_t i, n;
	int e, again;

	vec_init(&dirs);
	e = maildir_list(tree->md, &dirs);
	v = pool_array(pool, dirs.n + 1, sizeof(*v));
	n = 0;
	for (i = 0; e == E_OK && i < dirs.n; i++) {
		text = ns_decode(sess, pool, dirs.v[i], &v[n].converted);
		if (text == NULL)
			continue;	/* not UTF-8: cannot be shown */
		v[n].dir = pool_strdup(pool, dirs.v[i]);
		v[n].name = with_prefix(pool, tree, text);
		n++;
	}
	vec_free_all(&dirs);
	if (e != E_OK)
		return e;
	ns_sort(v, n);
	again = FALSE;
	for (i = 1; i < n; i++) {
		if (!v[i].converted || strcmp(v[i].name, v[i - 1].name) != 0)
			continue;
		v[i].name = with_prefix(pool, tree, v[i].dir);
		again = TRUE;
	}
	if (again)
		ns_sort(v, n);
	*out = v;
	*out_n = n;
	return E_OK;
}

void
ns_complete(struct pool *pool, struct ns_dirent **list, size_t *n)
{
	struct ns_dirent *v;
	const char *last, *name;
	size_t i, w, size, len;
	char *up;

	/* Each name can lack as many parents as it has separators. */
	for (i = 0, size = *n + 1; i < *n; i++)
		for (name = (*list)[i].name; *name != '\0'; name++)
			size += *name == NS_SEP;
	v = pool_array(pool, size, sizeof(*v));
	last = "";
	for (i = w = 0; i < *n; i++) {
		name = (*list)[i].name;
		for (len = 0; name[len] != '\0'; len++) {
			if (name[len] != NS_SEP)
				continue;
			up = pool_strndup(pool, name, len);
			if (ns_covers(up, last))
				continue;
			v[w].name = up;
			v[w].dir = NULL;
			v[w].attrs = NS_NOSELECT;
			w++;
		}
		v[w++] = (*list)[i];
		last = name;
	}
	for (i = 0; i < w; i++)
		if (i + 1 < w && ns_covers(v[i].name, v[i + 1].name))
			v[i].attrs |= NS_CHILDREN;
	*list = v;
	*n = w;
}

/* ---- one of them -------------------------------------------------------- */

/* TRUE if this directory is there and shown under this name. */
static int
is_place_of(struct sess *sess, struct pool *pool,
    const struct ns_place *place, const char *name)
{
	const char *shown;

	if (!maildir_exists(place->tree->md, place->dir))
		return FALSE;
	shown = ns_name(sess, pool, place);
	return shown != NULL && strcmp(shown, name) == 0;
}

static char *
utf7_of(struct pool *pool, const char *text)
{
	struct str s;
	char *res;

	str_init(&s, 0);
	res = NULL;
	if (utf7imap_encode(text, strlen(text), &s) == E_OK)
		res = pool_strdup(pool, str_c(&s));
	str_free(&s);
	return res;
}

int
ns_find(struct sess *sess, struct pool *pool, const char *name,
    struct ns_place *out)
{
	struct ns_dirent *all;
	char *rest, *utf7;
	size_t i, n;
	int e;

	e = ns_tree_of(sess, name, &out->tree);
	if (e != E_OK)
		return e;
	rest = pool_strdup(pool, ns_below(out->tree, name));
	out->dir = rest;
	if (*rest == '\0')
		return out->tree->kind == NS_LINKED ? E_NOENT : E_OK;
	if (is_place_of(sess, pool, out, name))
		return E_OK;
	utf7 = utf7_of(pool, rest);
	if (utf7 == NULL || strcmp(utf7, rest) == 0)
		return E_NOENT;
	out->dir = utf7;
	if (is_place_of(sess, pool, out, name))
		return E_OK;
	/* Components of both kinds in one name. */
	e = ns_all(sess, pool, out->tree, &all, &n);
	if (e != E_OK)
		return e;
	for (i = 0; i < n; i++) {
		if (strcmp(all[i].name, name) != 0)
			continue;
		out->dir = pool_strdup(pool, all[i].dir);
		return E_OK;
	}
	return E_NOENT;
}

/* ---- a new one ---------------------------------------------------------- */

/* A tree that holds modified UTF-7 and no UTF-8 is of a server before 5.0. */
static int
tree_is_utf7(struct sess *sess, struct pool *pool, const struct ns_tree *tree)
{
	struct ns_dirent *all;
	size_t i, n;
	int utf7;

	if (sess->names != SESS_NAMES_AUTO)
		return sess->names == SESS_NAMES_UTF7;
	if (ns_all(sess, pool, tree, &all, &n) != E_OK)
		return FALSE;
	utf7 = FALSE;
	for (i = 0; i < n; i++) {
		if (!utf8_is_ascii(all[i].dir, strlen(all[i].dir)))
			return FALSE;
		utf7 |= all[i].converted;
	}
	return utf7;
}

/* Neither control characters nor line ends (RFC 6855 3), nothing over max. */
static int
name_fits(const char *s, u32 max)
{
	size_t n, used;
	u32 cp;

	for (n = strlen(s); n > 0; s += used, n -= used) {
		used = utf8_decode(s, n, &cp);
		if (used == 0 || cp > max || cp < 0x20 ||
		    (cp >= 0x7f && cp < 0xa0) || cp == 0x2028 || cp == 0x2029)
			return FALSE;
	}
	return TRUE;
}

/* Below an existing folder its directory is the beginning. */
static char *
new_name(struct sess *sess, struct pool *pool, const struct ns_tree *tree,
    const char *name)
{
	const char *rest, *text;
	struct ns_place above;
	struct str s;
	char *up, *dir;
	int utf7;

	rest = ns_below(tree, name);
	utf7 = -1;
	for (up = ns_parent(pool, name); up != NULL &&
	    *ns_below(tree, up) != '\0'; up = ns_parent(pool, up)) {
		if (ns_find(sess, pool, up, &above) != E_OK)
			continue;
		rest = name + strlen(up) + 1;
		(void)ns_decode(sess, pool, above.dir, &utf7);
		if (!utf7 && utf8_is_ascii(above.dir, strlen(above.dir)))
			utf7 = -1;
		break;
	}
	if (utf8_is_ascii(rest, strlen(rest)) && strchr(rest, '&') == NULL)
		utf7 = FALSE;
	if (utf7 < 0)
		utf7 = tree_is_utf7(sess, pool, tree);
	text = utf7 ? utf7_of(pool, rest) : rest;
	str_init(&s, 0);
	if (rest != ns_below(tree, name)) {
		str_cats(&s, above.dir);
		str_catc(&s, NS_SEP);
	}
	str_cats(&s, text != NULL ? text : rest);
	dir = pool_strdup(pool, str_c(&s));
	str_free(&s);
	return dir;
}

int
ns_find_new(struct sess *sess, struct pool *pool, const char *name,
    struct ns_place *out)
{
	const char *shown;
	int e;

	e = ns_find(sess, pool, name, out);
	if (e != E_NOENT)
		return e == E_OK ? E_EXIST : e;
	if (out->tree == NULL || out->tree->kind == NS_LINKED)
		return E_INVAL;
	/* Of one beyond the BMP Courier's LIST dies. */
	if (!name_fits(name, sess->names == SESS_NAMES_UTF7 ? 0x10ffff :
	    0xffff))
		return E_INVAL;
	out->dir = new_name(sess, pool, out->tree, name);
	shown = ns_name(sess, pool, out);
	if (shown == NULL || strcmp(shown, name) != 0)
		out->dir = utf7_of(pool, ns_below(out->tree, name));
	if (out->dir == NULL)
		return E_INVAL;
	return strlen(out->dir) > DIR_MAX ? E_TOOBIG : E_OK;
}

int
ns_where(struct sess *sess, struct pool *pool, const char *name,
    struct ns_place *out)
{
	int e;

	e = ns_find_new(sess, pool, name, out);
	if (e == E_OK || e == E_EXIST)
		return E_OK;
	if (ns_tree_of(sess, name, &out->tree) != E_OK)
		return E_INVAL;
	if (e != E_INVAL && e != E_TOOBIG)
		return e;
	out->dir = ns_below(out->tree, name);
	return E_OK;
}

int
ns_known(struct sess *sess, struct pool *pool, const char *name)
{
	struct ns_place place;
	struct ns_dirent *all;
	size_t i, n;
	u32 rights;
	int e;

	e = ns_find(sess, pool, name, &place);
	if (e != E_NOENT || place.tree == NULL)
		return e;
	e = ns_all(sess, pool, place.tree, &all, &n);
	for (i = 0; e == E_OK && i < n; i++)
		if (ns_covers(name, all[i].name) && rights_get(sess,
		    all[i].name, &rights) == E_OK && (rights & RIGHT_L) != 0)
			return E_OK;
	return e == E_OK ? E_NOENT : e;
}
