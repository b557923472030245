/* Names of mailboxes: the maildirs they are in.  SPDX-License-Identifier: ISC */

#include "base/base.h"

#include <sys/stat.h>

#include "base/map.h"
#include "base/mem.h"
#include "base/pool.h"
#include "base/str.h"
#include "base/vec.h"
#include "conf/conf.h"
#include "maildir/folder.h"

#include "session/ns_int.h"
#include "session/sess.h"
#include "session/shindex.h"
#include "session/view_int.h"

#define TREES_KEPT	256	/* of which a session remembers the folders */

struct ns_trees {
	struct shindex	*index;
	struct map	*by_prefix;
	struct vec	all;		/* struct entry * */
};

struct entry {
	struct ns_tree	tree;
	char		*prefix, *path, *owner;
};

static int	is_own(const struct sess *, const struct stat *);
static struct maildir *open_maildir(struct sess *, int, const char *,
		    const char *);
static void	forget(struct ns_trees *, const struct ns_tree *);

struct ns_trees *
ns_trees_new(struct sess *sess)
{
	struct ns_trees *t;

	t = mem_new(sizeof(*t));
	t->index = shindex_new(sess->conf != NULL &&
	    sess->conf->imap_sharedmungenames);
	t->by_prefix = map_new(0);
	vec_init(&t->all);
	return t;
}

/* All but the one that is in use. */
static void
forget(struct ns_trees *t, const struct ns_tree *used)
{
	struct entry *e;
	size_t i, kept;

	for (i = kept = 0; i < t->all.n; i++) {
		e = t->all.v[i];
		if (&e->tree == used) {
			t->all.v[kept++] = e;
			continue;
		}
		if (map_gets(t->by_prefix, e->prefix) == e)
			map_del(t->by_prefix, e->prefix, strlen(e->prefix));
		maildir_free(&e->tree.md);
		mem_free(e->prefix);
		mem_free(e->path);
		mem_free(e->owner);
		mem_free(e);
	}
	t->all.n = kept;
}

void
ns_trees_free(struct ns_trees **pt)
{
	if (*pt == NULL)
		return;
	forget(*pt, NULL);
	vec_free(&(*pt)->all);
	map_free(&(*pt)->by_prefix);
	shindex_free(&(*pt)->index);
	*pt = mem_free(*pt);
}

void
ns_trees_trim(struct sess *sess)
{
	if (sess->trees->all.n > TREES_KEPT)
		forget(sess->trees, sess->view != NULL ? sess->view->tree :
		    NULL);
}

struct shindex *
ns_trees_index(struct sess *sess)
{
	return sess->trees->index;
}

static int
is_own(const struct sess *sess, const struct stat *st)
{
	struct stat own;

	return stat(sess->home, &own) == 0 && own.st_dev == st->st_dev &&
	    own.st_ino == st->st_ino;
}

/* Views of a linked maildir are in the user's own, in shared-folders/NAME. */
static struct maildir *
open_maildir(struct sess *sess, int kind, const char *prefix,
    const char *path)
{
	struct maildir *md;
	struct str own;

	if (kind == NS_SHARED)
		return maildir_other(sess->md, path, NULL);
	str_init(&own, 0);
	str_catf(&own, "%s/" MD_MIRRORS "/%s", sess->home, prefix +
	    sizeof(NS_LINKED_ROOT));
	md = maildir_other(sess->md, str_c(&own), path);
	str_free(&own);
	return md;
}

const struct ns_tree *
ns_trees_get(struct sess *sess, int kind, const char *prefix,
    const char *path, const char *account)
{
	struct ns_trees *t = sess->trees;
	struct stat st;
	struct entry *e;
	struct str owner;

	if (kind == NS_SHARED &&
	    (stat(path, &st) < 0 || is_own(sess, &st)))
		return NULL;
	e = map_gets(t->by_prefix, prefix);
	str_init(&owner, 0);
	str_catf(&owner, "user=%s", account);
	if (e != NULL && strcmp(e->path, path) == 0 &&
	    strcmp(e->owner, str_c(&owner)) == 0) {
		str_free(&owner);
		return &e->tree;
	}
	e = mem_new(sizeof(*e));
	e->prefix = mem_strdup(prefix);
	e->path = mem_strdup(path);
	e->owner = str_take(&owner);
	e->tree.kind = kind;
	e->tree.prefix = e->prefix;
	e->tree.md = open_maildir(sess, kind, prefix, path);
	e->tree.owner = e->owner;
	vec_push(&t->all, e);
	map_puts(t->by_prefix, prefix, e);
	return &e->tree;
}

int
ns_tree_of(struct sess *sess, const char *name, const struct ns_tree **out)
{
	int e;

	*out = NULL;
	e = ns_check(name);
	if (e != E_OK)
		return e;
	if (ns_is_linked(name))
		return ns_linked_tree(sess, name, out);
	if (*name == '#')
		return ns_shared_tree(sess, name, out);
	*out = sess->own;
	return E_OK;
}

/* ---- listings ----------------------------------------------------------- */

void
ns_push(struct ns_dirents *list, const char *name, const char *dir,
    u32 attrs)
{
	struct ns_dirent *d;

	if (list->n == list->size) {
		list->size = list->size == 0 ? 64 : list->size * 2;
		list->v = mem_grow(list->v, list->size, sizeof(*list->v));
	}
	d = list->v + list->n++;
	memset(d, 0, sizeof(*d));
	d->name = name;
	d->dir = dir;
	d->attrs = attrs;
}
