/* Names of mailboxes: the folders of other accounts, `#shared.`.
   SPDX-License-Identifier: ISC */

/*
 * An index names accounts, and groups with an index of their own (maildir.md
 * 5.7). The owner of an account's folders is that account: Courier takes the
 * name of the group, so that whoever is called like a group owns all in it.
 * An account is not there if its maildir cannot be reached, or is the user's
 * own; so nobody ever visits himself.
 */

#include "base/base.h"

#include "base/glob.h"
#include "base/log.h"
#include "base/pool.h"
#include "base/str.h"
#include "conf/conf.h"
#include "conf/options.h"

#include "session/ns_int.h"
#include "session/sess.h"
#include "session/shindex.h"

#define GROUPS_MAX	8	/* groups in groups */

/* A listing under way. */
struct listing {
	struct sess	*sess;
	struct pool	*pool;
	const char	*pattern;
	struct ns_dirents *out;
};

static const struct shindex_file *top(struct sess *);
static const struct shindex_file *group_of(struct sess *,
		    const struct shindex_entry *);
static void	list_file(struct listing *, const struct shindex_file *,
		    const char *, int);
static void	list_entry(struct listing *, const struct shindex_entry *,
		    const char *, int);

/* The index that this user sees; NULL: none. */
static const struct shindex_file *
top(struct sess *sess)
{
	const struct shindex_file *f;
	const struct conf *conf = sess->conf;
	const char *pos, *group;
	struct str path;
	size_t n;

	if (conf == NULL || conf->imap_sharedindexfile == NULL ||
	    *conf->imap_sharedindexfile == '\0' ||
	    option_on(sess->options, "disableshared"))
		return NULL;
	str_init(&path, 0);
	str_cats(&path, conf->imap_sharedindexfile);
	pos = sess->options;
	group = option_next(&pos, "sharedgroup", &n);
	if (group != NULL && memchr(group, '/', n) == NULL)
		str_cat(&path, group, n);
	f = shindex_read(ns_trees_index(sess), str_c(&path),
	    SHINDEX_ACCOUNTS);
	str_free(&path);
	return f;
}

static const struct shindex_file *
group_of(struct sess *sess, const struct shindex_entry *e)
{
	return shindex_read(ns_trees_index(sess), e->path, SHINDEX_ACCOUNTS);
}

int
ns_shared_tree(struct sess *sess, const char *name,
    const struct ns_tree **out)
{
	const struct shindex_file *f;
	const struct shindex_entry *e;
	struct str prefix;
	const char *p;
	size_t n;
	int depth, group;

	e = NULL;
	group = FALSE;
	f = top(sess);
	p = name + sizeof(NS_SHARED_ROOT) - 1;
	for (depth = 0; f != NULL && *p == NS_SEP && depth <= GROUPS_MAX;
	    depth++) {
		p++;
		n = strcspn(p, ".");
		e = shindex_find(f, p, n);
		p += n;
		/* A group may name its own file: reading it again ends e. */
		group = e != NULL && e->group;
		f = group ? group_of(sess, e) : NULL;
	}
	if (e == NULL || group)
		return E_NOENT;
	str_init(&prefix, 0);
	str_cat(&prefix, name, (size_t)(p - name));
	*out = ns_trees_get(sess, NS_SHARED, str_c(&prefix), e->path,
	    e->account);
	str_free(&prefix);
	return *out != NULL ? E_OK : E_NOENT;
}

/* ---- all of them -------------------------------------------------------- */

/* A group is shown whether or not there is something in it: its index is read
   only for patterns that reach into it. */
static void
list_entry(struct listing *l, const struct shindex_entry *e,
    const char *above, int depth)
{
	const struct ns_tree *tree;
	struct str s;
	char *name;

	str_init(&s, 0);
	str_catf(&s, "%s%c%s", above, NS_SEP, e->name);
	name = pool_strdup(l->pool, str_c(&s));
	str_catc(&s, NS_SEP);
	if (!glob_reaches(l->pattern, name, NS_SEP)) {
		str_free(&s);
		return;
	}
	if (!e->group) {
		tree = ns_trees_get(l->sess, NS_SHARED, name, e->path,
		    e->account);
		if (tree != NULL)
			(void)ns_push_tree(l->sess, l->pool, tree, l->out);
		ns_trees_trim(l->sess);
	} else {
		ns_push(l->out, name, NULL, NS_NOSELECT | NS_CHILDREN);
		if (glob_reaches(l->pattern, str_c(&s), NS_SEP) &&
		    depth < GROUPS_MAX)
			list_file(l, group_of(l->sess, e), name, depth + 1);
	}
	str_free(&s);
}

static void
list_file(struct listing *l, const struct shindex_file *f,
    const char *above, int depth)
{
	size_t i;

	for (i = 0; i < shindex_count(f); i++) {
		if (l->out->n > NS_SHARED_MAX) {
			log_err("%s: more than %d shared folders",
			    l->sess->user, NS_SHARED_MAX);
			return;
		}
		list_entry(l, shindex_at(f, i), above, depth);
	}
}

void
ns_shared_all(struct sess *sess, struct pool *pool, const char *pattern,
    struct ns_dirents *out)
{
	const struct shindex_file *f;
	struct listing l;

	f = top(sess);
	if (f == NULL)
		return;
	l.sess = sess;
	l.pool = pool;
	l.pattern = pattern;
	l.out = out;
	shindex_keep(ns_trees_index(sess), TRUE);
	list_file(&l, f, NS_SHARED_ROOT, 0);
	shindex_keep(ns_trees_index(sess), FALSE);
}
