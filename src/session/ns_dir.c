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
#include "session/sess.h"

#define DIR_MAX	254		/* bytes behind the dot */

static char	*with_inbox(struct pool *, const char *);
static int	cmp_dirent(const void *, const void *);
static int	is_dir_of(struct sess *, struct pool *, const char *,
		    const char *);
static char	*utf7_of(struct pool *, const char *);
static int	tree_is_utf7(struct sess *, struct pool *);
static int	beyond_bmp(const char *);
static char	*new_name(struct sess *, struct pool *, const char *);

/*
 * Both encodings live side by side: `.&AOk-` was made by a Courier before
 * 5.0, a dot and the UTF-8 of e-acute by a later one. The name is what the
 * directory decodes to. Where both are there, the UTF-8 one has the name and
 * the other is shown with its ampersand, as Courier 5 shows it.
 */

static char *
with_inbox(struct pool *pool, const char *rest)
{
	char *name;
	size_t n;

	if (*rest == '\0')
		return pool_strdup(pool, INBOX);
	n = strlen(rest);
	name = pool_alloc(pool, INBOX_LEN + 1 + n + 1);
	memcpy(name, INBOX ".", INBOX_LEN + 1);
	memcpy(name + INBOX_LEN + 1, rest, n);
	return name;
}

char *
ns_name(struct sess *sess, struct pool *pool, const char *dir)
{
	char *text;
	int converted;

	text = ns_decode(sess, pool, dir, &converted);
	if (text == NULL)
		return NULL;
	if (converted && strcmp(text, dir) != 0 &&
	    maildir_exists(sess->md, text) &&
	    utf8_valid(dir, strlen(dir)))
		return with_inbox(pool, dir);
	return with_inbox(pool, text);
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
ns_all(struct sess *sess, struct pool *pool, struct ns_dirent **out,
    size_t *out_n)
{
	struct ns_dirent *v;
	struct vec dirs;
	char *text;
	size_t i, n;
	int e, again;

	vec_init(&dirs);
	e = maildir_list(sess->md, &dirs);
	v = pool_array(pool, dirs.n + 1, sizeof(*v));
	n = 0;
	for (i = 0; e == E_OK && i < dirs.n; i++) {
		text = ns_decode(sess, pool, dirs.v[i], &v[n].converted);
		if (text == NULL)
			continue;	/* not UTF-8: cannot be shown */
		v[n].dir = pool_strdup(pool, dirs.v[i]);
		v[n].name = with_inbox(pool, text);
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
		v[i].name = with_inbox(pool, v[i].dir);
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
is_dir_of(struct sess *sess, struct pool *pool, const char *dir,
    const char *name)
{
	const char *shown;

	if (!maildir_exists(sess->md, dir))
		return FALSE;
	shown = ns_name(sess, pool, dir);
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
ns_dir(struct sess *sess, struct pool *pool, const char *name,
    char **out_dir)
{
	struct ns_dirent *all;
	char *rest, *utf7;
	size_t i, n;
	int e;

	e = ns_check(name);
	if (e != E_OK)
		return e;
	rest = pool_strdup(pool, name[INBOX_LEN] == '\0' ? "" :
	    name + INBOX_LEN + 1);
	*out_dir = rest;
	if (*rest == '\0' || is_dir_of(sess, pool, rest, name))
		return E_OK;
	utf7 = utf7_of(pool, rest);
	if (utf7 == NULL || strcmp(utf7, rest) == 0)
		return E_NOENT;
	*out_dir = utf7;
	if (is_dir_of(sess, pool, utf7, name))
		return E_OK;
	/* Components of both kinds in one name. */
	e = ns_all(sess, pool, &all, &n);
	if (e != E_OK)
		return e;
	for (i = 0; i < n; i++) {
		if (strcmp(all[i].name, name) != 0)
			continue;
		*out_dir = pool_strdup(pool, all[i].dir);
		return E_OK;
	}
	return E_NOENT;
}

/* ---- a new one ---------------------------------------------------------- */

/* A tree that holds modified UTF-7 and no UTF-8 is of a server before 5.0. */
static int
tree_is_utf7(struct sess *sess, struct pool *pool)
{
	struct ns_dirent *all;
	size_t i, n;
	int utf7;

	if (sess->names != SESS_NAMES_AUTO)
		return sess->names == SESS_NAMES_UTF7;
	if (ns_all(sess, pool, &all, &n) != E_OK)
		return FALSE;
	utf7 = FALSE;
	for (i = 0; i < n; i++) {
		if (!utf8_is_ascii(all[i].dir, strlen(all[i].dir)))
			return FALSE;
		utf7 |= all[i].converted;
	}
	return utf7;
}

static int
beyond_bmp(const char *s)
{
	size_t n, used;
	u32 cp;

	for (n = strlen(s); n > 0; s += used, n -= used) {
		used = utf8_decode(s, n, &cp);
		if (used == 0 || cp > 0xffff)
			return TRUE;
	}
	return FALSE;
}

/* Below an existing folder its directory is the beginning. */
static char *
new_name(struct sess *sess, struct pool *pool, const char *name)
{
	const char *rest, *text;
	struct str s;
	char *up, *dir;
	int utf7;

	rest = name + INBOX_LEN + 1;
	dir = NULL;
	utf7 = -1;
	for (up = ns_parent(pool, name); up != NULL && !ns_is_inbox(up);
	    up = ns_parent(pool, up)) {
		if (ns_dir(sess, pool, up, &dir) != E_OK)
			continue;
		rest = name + strlen(up) + 1;
		(void)ns_decode(sess, pool, dir, &utf7);
		if (!utf7 && utf8_is_ascii(dir, strlen(dir)))
			utf7 = -1;
		break;
	}
	if (utf8_is_ascii(rest, strlen(rest)) && strchr(rest, '&') == NULL)
		utf7 = FALSE;
	if (utf7 < 0)
		utf7 = tree_is_utf7(sess, pool);
	text = utf7 ? utf7_of(pool, rest) : rest;
	str_init(&s, 0);
	if (up != NULL && !ns_is_inbox(up)) {
		str_cats(&s, dir);
		str_catc(&s, NS_SEP);
	}
	str_cats(&s, text != NULL ? text : rest);
	dir = pool_strdup(pool, str_c(&s));
	str_free(&s);
	return dir;
}

int
ns_new_dir(struct sess *sess, struct pool *pool, const char *name,
    char **out_dir)
{
	const char *shown;
	char *dir;
	int e;

	e = ns_dir(sess, pool, name, &dir);
	if (e != E_NOENT)
		return e == E_OK ? E_EXIST : e;
	/* Courier's LIST dies of such a directory. */
	if (sess->names != SESS_NAMES_UTF7 && beyond_bmp(name))
		return E_INVAL;
	dir = new_name(sess, pool, name);
	shown = ns_name(sess, pool, dir);
	if (shown == NULL || strcmp(shown, name) != 0)
		dir = utf7_of(pool, name + INBOX_LEN + 1);
	if (dir == NULL)
		return E_INVAL;
	if (strlen(dir) > DIR_MAX)
		return E_TOOBIG;
	*out_dir = dir;
	return E_OK;
}
