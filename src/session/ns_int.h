/* What the files of ns share.  SPDX-License-Identifier: ISC */

#ifndef SESSION_NS_INT_H
#define SESSION_NS_INT_H

#include "session/ns.h"

#define INBOX		"INBOX"
#define INBOX_LEN	5
#define NS_LINKED_ROOT	"shared"

/* One directory and the name that it is shown under. */
struct ns_dirent {
	const char	*name;
	const char	*dir;		/* NULL: a virtual parent */
	int		converted;	/* from modified UTF-7 */
	u32		attrs;
};

/* Mailboxes of a listing, in the order they were found. */
struct ns_dirents {
	struct ns_dirent *v;		/* in the session's heap: mem_free */
	size_t		n, size;
	const char	*pattern;	/* what is asked for */
};
#define NS_SHARED_MAX	1000000		/* in `#shared.`, in one listing */
void	ns_push(struct ns_dirents *, const char *name, const char *dir,
	    u32 attrs);
/* Those of a tree that the pattern asks for, themselves or one above them, and
   that the user may see; names go to the pool. E_NOENT, E_PERM, E_TEMP: it
   cannot be read. */
int	ns_push_tree(struct sess *, struct pool *, const struct ns_tree *,
	    struct ns_dirents *);

/* All mailboxes of a tree, sorted by ns_cmp, in the pool. */
int	ns_all(struct sess *, struct pool *, const struct ns_tree *,
	    struct ns_dirent **out, size_t *out_n);

/* Byte order in which children follow their parent at once. */
int	ns_cmp(const char *, const char *);

/* Sorts, and adds the parents that are missing; in the pool. */
void	ns_complete(struct pool *, struct ns_dirent **, size_t *);
void	ns_sort(struct ns_dirent *, size_t);

/* Decodes a directory name, or a line of the subscriptions; TRUE in
   *out_converted if a component was modified UTF-7. NULL: not UTF-8. */
char	*ns_decode(struct sess *, struct pool *, const char *,
	    int *out_converted);

/* ns_tree.c: the trees in use. What was made for a name is found again as long
   as the path is the same; NULL: there is no such maildir. */
struct ns_trees;
struct ns_trees *ns_trees_new(struct sess *);
void	ns_trees_free(struct ns_trees **);
const struct ns_tree *ns_trees_get(struct sess *, int kind,
	    const char *prefix, const char *path, const char *account);
/* Frees what is not in use, if there is much of it. */
void	ns_trees_trim(struct sess *);
/* The files that say whose maildirs they are. */
struct shindex *ns_trees_index(struct sess *);

/* ns_shared.c, ns_linked.c: the tree of a name in that namespace: E_NOENT.
   What a pattern matches there, and parents: ns_complete adds more. */
int	ns_shared_tree(struct sess *, const char *name,
	    const struct ns_tree **out);
void	ns_shared_all(struct sess *, struct pool *, const char *pattern,
	    struct ns_dirents *);
int	ns_linked_tree(struct sess *, const char *name,
	    const struct ns_tree **out);
void	ns_linked_all(struct sess *, struct pool *, const char *pattern,
	    struct ns_dirents *);
/* Those that are subscribed to. */
void	ns_linked_subs(struct sess *, struct pool *, const char *pattern,
	    struct ns_dirents *);
int	ns_linked_subscribe(struct sess *, const char *name);
int	ns_linked_unsubscribe(struct sess *, const char *name);

#endif
