/* What the files of ns share.  SPDX-License-Identifier: ISC */

#ifndef SESSION_NS_INT_H
#define SESSION_NS_INT_H

#include "session/ns.h"

#define INBOX		"INBOX"
#define INBOX_LEN	5

/* One directory and the name that it is shown under. */
struct ns_dirent {
	const char	*name;
	const char	*dir;		/* NULL: a virtual parent */
	int		converted;	/* from modified UTF-7 */
	u32		attrs;
};

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

#endif
