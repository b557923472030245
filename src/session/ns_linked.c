/* Names of mailboxes: views of linked maildirs, `shared.`.
   SPDX-License-Identifier: ISC */

/*
 * `shared.NAME.FOLDER`: the file shared-maildirs says where the maildir NAME
 * is. Each user has a view of a folder there, with flags, keywords and UIDs of
 * his own, as soon as he subscribes to it or uses it (maildir.md 5.9).
 */

#include "base/base.h"

#include <stdio.h>

#include "base/glob.h"
#include "base/mem.h"
#include "base/pool.h"
#include "base/str.h"
#include "base/vec.h"
#include "conf/env.h"
#include "maildir/folder.h"

#include "session/ns_int.h"
#include "session/rights.h"
#include "session/sess.h"
#include "session/shindex.h"

typedef int link_fn(struct sess *, struct pool *, const struct ns_tree *,
	    struct ns_dirents *);

static void	each_link(struct sess *, struct pool *, link_fn *,
		    const char *, struct ns_dirents *);
static int	push_subs(struct sess *, struct pool *,
		    const struct ns_tree *, struct ns_dirents *);
static const struct shindex_file *read_links(struct sess *, int);
static char	*root_of(struct pool *, const struct shindex_entry *);
static char	*view_dir(struct sess *, struct pool *,
		    const struct ns_tree *, const char *);

enum { LINKS_GLOBAL, LINKS_OWN, LINKS_FILES };

/* The administrator's come first: a user's own do not hide them. */
static const struct shindex_file *
read_links(struct sess *sess, int which)
{
	const struct shindex_file *f;
	struct str path;

	str_init(&path, 0);
	if (which == LINKS_GLOBAL)
		str_catf(&path, "%s/" MD_SHARED_GLOBAL,
		    env_or("CHAPAR_IMAPCONFDIR", PATH_IMAPCONFDIR));
	else
		str_catf(&path, "%s/" MD_SHARED_LIST, sess->home);
	f = shindex_read(ns_trees_index(sess), str_c(&path), SHINDEX_LINKS);
	str_free(&path);
	return f;
}

static char *
root_of(struct pool *pool, const struct shindex_entry *e)
{
	struct str s;
	char *res;

	str_init(&s, 0);
	str_catf(&s, NS_LINKED_ROOT "%c%s", NS_SEP, e->name);
	res = pool_strdup(pool, str_c(&s));
	str_free(&s);
	return res;
}

int
ns_linked_tree(struct sess *sess, const char *name,
    const struct ns_tree **out)
{
	const struct shindex_entry *e;
	struct pool *pool;
	const char *p;
	int which;

	p = name + sizeof(NS_LINKED_ROOT) - 1;
	if (*p == '\0')
		return E_NOENT;
	p++;
	e = NULL;
	for (which = 0; e == NULL && which < LINKS_FILES; which++)
		e = shindex_find(read_links(sess, which), p, strcspn(p, "."));
	if (e == NULL)
		return E_NOENT;
	pool = pool_new();
	*out = ns_trees_get(sess, NS_LINKED, root_of(pool, e), e->path,
	    e->account);
	pool_free(&pool);
	return E_OK;
}

/* All of them, each once: which of them have something below them is not known
   before they are read. */
static void
each_link(struct sess *sess, struct pool *pool, link_fn *fn,
    const char *pattern, struct ns_dirents *out)
{
	const struct shindex_file *f;
	const struct ns_tree *tree;
	size_t i;
	const char *name;
	int which;

	if (!glob_reaches(pattern, NS_LINKED_ROOT, NS_SEP))
		return;
	shindex_keep(ns_trees_index(sess), TRUE);
	for (which = 0; which < LINKS_FILES; which++) {
		f = read_links(sess, which);
		for (i = 0; i < shindex_count(f); i++) {
			name = shindex_at(f, i)->name;
			if (which != LINKS_GLOBAL && shindex_find(read_links(
			    sess, LINKS_GLOBAL), name, strlen(name)) != NULL)
				continue;
			if (ns_linked_tree(sess, root_of(pool, shindex_at(f,
			    i)), &tree) == E_OK)
				(void)fn(sess, pool, tree, out);
		}
	}
	shindex_keep(ns_trees_index(sess), FALSE);
}

void
ns_linked_all(struct sess *sess, struct pool *pool, const char *pattern,
    struct ns_dirents *out)
{
	each_link(sess, pool, ns_push_tree, pattern, out);
}

/* ---- subscriptions ------------------------------------------------------ */

static int
push_subs(struct sess *sess, struct pool *pool, const struct ns_tree *tree,
    struct ns_dirents *out)
{
	struct ns_place place;
	struct vec dirs;
	char *name;
	size_t i;
	int e;

	place.tree = tree;
	vec_init(&dirs);
	e = maildir_mirrors(tree->md, &dirs);
	for (i = 0; i < dirs.n; i++) {
		place.dir = dirs.v[i];
		name = ns_name(sess, pool, &place);
		if (name != NULL)
			ns_push(out, name, "", NS_SUBSCRIBED);
	}
	vec_free_all(&dirs);
	return e;
}

void
ns_linked_subs(struct sess *sess, struct pool *pool, const char *pattern,
    struct ns_dirents *out)
{
	each_link(sess, pool, push_subs, pattern, out);
}

/* The directory of the user's view of that name; NULL: there is none. */
static char *
view_dir(struct sess *sess, struct pool *pool, const struct ns_tree *tree,
    const char *name)
{
	struct ns_place place;
	struct vec dirs;
	char *shown, *res;
	size_t i;

	res = NULL;
	place.tree = tree;
	vec_init(&dirs);
	(void)maildir_mirrors(tree->md, &dirs);
	for (i = 0; i < dirs.n && res == NULL; i++) {
		place.dir = dirs.v[i];
		shown = ns_name(sess, pool, &place);
		if (shown != NULL && strcmp(shown, name) == 0)
			res = pool_strdup(pool, dirs.v[i]);
	}
	vec_free_all(&dirs);
	return res;
}

/* What only has others below it is there without being asked for. */
int
ns_linked_subscribe(struct sess *sess, const char *name)
{
	struct ns_place place;
	struct pool *pool;
	int e;

	if (strcmp(name, NS_LINKED_ROOT) == 0)
		return E_EXIST;
	e = ns_tree_of(sess, name, &place.tree);
	if (e != E_OK)
		return e;
	if (*ns_below(place.tree, name) == '\0')
		return E_EXIST;
	pool = pool_new();
	if (view_dir(sess, pool, place.tree, name) != NULL)
		e = E_EXIST;
	else
		e = ns_find(sess, pool, name, &place);
	if (e == E_OK)
		e = maildir_mirror(place.tree->md, place.dir);
	pool_free(&pool);
	return e;
}

int
ns_linked_unsubscribe(struct sess *sess, const char *name)
{
	const struct ns_tree *tree;
	struct pool *pool;
	char *dir;
	int e;

	e = ns_tree_of(sess, name, &tree);
	if (e != E_OK)
		return e;
	pool = pool_new();
	dir = view_dir(sess, pool, tree, name);
	e = dir == NULL ? E_NOENT : maildir_unmirror(tree->md, dir);
	pool_free(&pool);
	return e;
}

/* ---- rights ------------------------------------------------------------- */

/*
 * Nobody gives them: who may write there may add and remove (maildir.md 5.6).
 * Courier asks that of the user's own view, where the answer is always yes.
 */
u32
ns_linked_rights(const struct ns_place *place)
{
	u32 rights;

	if (*place->dir == '\0')
		return 0;
	rights = RIGHT_L | RIGHT_R | RIGHT_S | RIGHT_W;
	if (maildir_writable(place->tree->md, place->dir))
		rights |= RIGHT_I | RIGHT_X | RIGHT_T | RIGHT_E;
	return rights;
}
