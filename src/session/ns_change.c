/* Names of mailboxes: create, delete, rename, subscribe.
   SPDX-License-Identifier: ISC */

#include "base/base.h"

#include "base/ascii.h"
#include "base/mem.h"
#include "base/pool.h"
#include "base/str.h"
#include "base/vec.h"
#include "charset/utf7imap.h"
#include "maildir/folder.h"

#include "session/ns_int.h"
#include "session/sess.h"
#include "session/view.h"

static int	is_selected(const struct sess *, const char *, int);
static char	*dir_prefix(struct pool *, const char *, const char *);
static char	*other_spelling(struct pool *, const struct ns_place *,
		    const char *);
static int	rename_all(struct sess *, struct pool *, const char *,
		    const char *);
static char	*line_for(struct sess *, struct pool *, const char *);

int
ns_create(struct sess *sess, const char *name)
{
	struct ns_place place;
	struct pool *pool;
	int e;

	pool = pool_new();
	e = ns_find_new(sess, pool, name, &place);
	if (e == E_OK)
		e = maildir_create(place.tree->md, place.dir);
	pool_free(&pool);
	return e;
}

static int
is_selected(const struct sess *sess, const char *name, int below)
{
	if (sess->view == NULL)
		return FALSE;
	return below ? ns_covers(name, view_name(sess->view)) :
	    strcmp(name, view_name(sess->view)) == 0;
}

int
ns_delete(struct sess *sess, const char *name)
{
	struct ns_place place;
	struct pool *pool;
	int e;

	if (is_selected(sess, name, FALSE))
		return E_BUSY;
	if (ns_is_linked(name))
		return ns_linked_unsubscribe(sess, name);
	if (ns_is_trash(sess, name))
		return E_INVAL;
	pool = pool_new();
	e = ns_find(sess, pool, name, &place);
	if (e == E_OK)
		e = *place.dir == '\0' ? E_INVAL :
		    maildir_delete(place.tree->md, place.dir);
	pool_free(&pool);
	return e;
}

/* ---- rename ------------------------------------------------------------- */

/* The beginning of dir with as many components as the name below its tree. */
static char *
dir_prefix(struct pool *pool, const char *dir, const char *below)
{
	const char *p;
	size_t n;

	n = 0;
	for (p = below; *p != '\0'; p++)
		n += *p == NS_SEP;
	for (p = dir; *p != '\0'; p++)
		if (*p == NS_SEP && n-- == 0)
			break;
	return pool_strndup(pool, dir, (size_t)(p - dir));
}

/* The place's directory in the other encoding. */
static char *
other_spelling(struct pool *pool, const struct ns_place *place,
    const char *below)
{
	struct str s;
	char *res;

	str_init(&s, 0);
	(void)utf7imap_encode(below, strlen(below), &s);
	res = pool_strdup(pool, strcmp(str_c(&s), place->dir) == 0 ? below :
	    str_c(&s));
	str_free(&s);
	return res;
}

/*
 * The folder and its children: their directories begin with the same bytes,
 * except in a tree of both encodings, where there may be two beginnings. The
 * second then gets the other encoding of the new name.
 */
static int
rename_all(struct sess *sess, struct pool *pool, const char *from,
    const char *to)
{
	struct ns_place target;
	struct ns_dirent *all;
	struct maildir *md;
	char *prefix, *first;
	size_t i, n;
	int e;

	e = ns_find_new(sess, pool, to, &target);
	if (e == E_OK)
		e = ns_all(sess, pool, target.tree, &all, &n);
	if (e != E_OK)
		return e;
	md = target.tree->md;
	first = NULL;
	for (i = 0; i < n && e == E_OK; i++) {
		if (!ns_covers(from, all[i].name))
			continue;
		prefix = dir_prefix(pool, all[i].dir,
		    ns_below(target.tree, from));
		if (first != NULL && strcmp(prefix, first) == 0)
			continue;
		if (first != NULL)
			return maildir_rename(md, prefix, other_spelling(pool,
			    &target, ns_below(target.tree, to)));
		e = maildir_rename(md, prefix, target.dir);
		first = prefix;
	}
	return e == E_OK && first == NULL ? E_NOENT : e;
}

int
ns_rename(struct sess *sess, const char *from, const char *to)
{
	const struct ns_tree *tree, *new_tree;
	struct pool *pool;
	int e;

	if (ns_tree_of(sess, from, &tree) != E_OK ||
	    tree->kind == NS_LINKED)
		return E_NOENT;
	if (ns_tree_of(sess, to, &new_tree) != E_OK)
		return E_INVAL;
	if (tree != new_tree)
		return E_NOTSUP;
	if (*ns_below(tree, from) == '\0' || *ns_below(tree, to) == '\0' ||
	    ns_is_trash(sess, from) || ns_is_trash(sess, to) ||
	    ns_covers(from, to))
		return E_INVAL;
	if (is_selected(sess, from, TRUE))
		return E_BUSY;
	pool = pool_new();
	e = rename_all(sess, pool, from, to);
	pool_free(&pool);
	return e;
}

/* ---- subscriptions ------------------------------------------------------ */

/* An existing folder is written with its directory's spelling, so that the
   server that made it recognises the line. */
static char *
line_for(struct sess *sess, struct pool *pool, const char *name)
{
	struct ns_place place;
	struct str s;
	char *res;

	str_init(&s, 0);
	if (ns_is_inbox(name) || ns_find(sess, pool, name, &place) != E_OK) {
		if (sess->names == SESS_NAMES_UTF7)
			(void)utf7imap_encode(name, strlen(name), &s);
		else
			str_cats(&s, name);
	} else {
		str_cats(&s, place.tree->prefix);
		if (*place.dir != '\0')
			str_catc(&s, NS_SEP);
		str_cats(&s, place.dir);
	}
	res = pool_strdup(pool, str_c(&s));
	str_free(&s);
	return res;
}

int
ns_subscribe(struct sess *sess, const char *name)
{
	struct pool *pool;
	int e;

	e = ns_check(name);
	if (e != E_OK)
		return e;
	if (ns_is_linked(name))
		return ns_linked_subscribe(sess, name);
	pool = pool_new();
	e = maildir_subscribe(sess->md, line_for(sess, pool, name), TRUE);
	pool_free(&pool);
	return e;
}

/* Every line that is read as this name goes. */
int
ns_unsubscribe(struct sess *sess, const char *name)
{
	struct pool *pool;
	struct vec lines;
	char *text;
	size_t i;
	int e, converted, found;

	e = ns_check(name);
	if (e != E_OK)
		return e;
	if (ns_is_linked(name))
		return ns_linked_unsubscribe(sess, name);
	pool = pool_new();
	vec_init(&lines);
	e = maildir_subs(sess->md, &lines);
	found = FALSE;
	for (i = 0; e == E_OK && i < lines.n; i++) {
		text = ns_decode(sess, pool, lines.v[i], &converted);
		if (text == NULL)
			continue;
		if (ascii_ncasecmp(text, INBOX, INBOX_LEN) == 0)
			memcpy(text, INBOX, INBOX_LEN);
		if (strcmp(text, name) != 0)
			continue;
		found = TRUE;
		e = maildir_subscribe(sess->md, lines.v[i], FALSE);
	}
	if (e == E_OK && !found)
		e = maildir_subscribe(sess->md, name, FALSE);
	vec_free_all(&lines);
	pool_free(&pool);
	return e;
}
