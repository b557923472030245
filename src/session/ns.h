/* Names of mailboxes.  SPDX-License-Identifier: ISC */

#ifndef SESSION_NS_H
#define SESSION_NS_H

struct maildir;
struct pool;
struct sess;
struct str;

enum {
	NS_OWN,			/* `INBOX` */
	NS_SHARED,		/* `#shared.`: another account's */
	NS_LINKED		/* `shared.`: a view of a maildir of others */
};

/* One maildir with its folders, below one name. The user's own and that of the
   selected mailbox stay; others may go with the next listing. */
struct ns_tree {
	int		kind;		/* NS_* */
	const char	*prefix;	/* the name of its INBOX; NS_LINKED: only
					   folders are below it */
	struct maildir	*md;
	const char	*owner;		/* whose it is, as the identifier that
					   access lists have; NULL: the user's
					   own */
};

/* Where one mailbox is. */
struct ns_place {
	const struct ns_tree *tree;
	const char	*dir;		/* directory without its dot; "" is the
					   tree's INBOX */
};

/*
 * Inside the server a mailbox name is UTF-8, `INBOX` or `INBOX.a.b`, the
 * first word in capitals; those of others are `#shared.account.a.b` (behind
 * names of groups, if there are any) and `shared.name.a.b`. On the wire it is modified UTF-7 unless UTF8=ACCEPT
 * is on; on disk it is a directory `.a.b`, in UTF-8 or modified UTF-7: both
 * are read, none is ever converted (maildir.md 2.2).
 */

#define NS_SEP	'.'
#define NS_SHARED_ROOT	"#shared"	/* not a mailbox by itself */
#define NS_NAME_MAX	1024		/* bytes of a name on the wire */

/*
 * From the client to UTF-8 with INBOX in capitals. E_SYNTAX: cannot be
 * decoded (BAD). E_INVAL: decoded, but not a valid name (NO). One trailing
 * separator is kept: see ns_strip.
 */
int	ns_from_wire(struct sess *, struct pool *, const char *, size_t n,
	    char **out_name);

/* The same for LIST references and patterns: no check but the decoding. */
int	ns_pattern_from_wire(struct sess *, struct pool *, const char *,
	    size_t n, char **out);

/* Appends the name as this client reads it. */
void	ns_to_wire(const struct sess *, const char *name, struct str *out);

/* E_OK or E_INVAL: the first word is a namespace; no empty component, no `/`. */
int	ns_check(const char *name);

/* Removes one trailing separator; TRUE if there was one. */
int	ns_strip(char *name);

/*
 * Names as lists of words, in which every character may stand. Appends a word
 * to a name, with a separator: E_INVAL (empty, not UTF-8), E_TOOBIG. Back: the
 * last word of a name, in the pool.
 */
int	ns_word_cat(struct str *name, const char *word);
char	*ns_word(struct pool *, const char *name);

/* TRUE if the name is INBOX, without regard to case. */
int	ns_is_inbox(const char *name);

/* TRUE if it is in the namespace `shared.`: mailboxes can be subscribed to
   there, but not made nor renamed. */
int	ns_is_linked(const char *name);

/* The name above, in the pool; NULL for INBOX. */
char	*ns_parent(struct pool *, const char *name);

/* TRUE if name is above, or equal to, other. */
int	ns_covers(const char *name, const char *other);

/* The name of the trash folder (IMAP_TRASHFOLDERNAME), with INBOX. */
int	ns_is_trash(const struct sess *, const char *name);

/* The tree that a name belongs to, whether or not there is such a mailbox.
   E_INVAL: not a name. E_NOENT: to none. */
int	ns_tree_of(struct sess *, const char *name, const struct ns_tree **out);

/* What follows the tree's prefix and its separator: "" is its INBOX. */
const char *ns_below(const struct ns_tree *, const char *name);

/*
 * The place of an existing mailbox, its directory in the pool and in the
 * encoding found. E_INVAL, E_NOENT (also a virtual parent), E_TEMP.
 */
int	ns_find(struct sess *, struct pool *, const char *name,
	    struct ns_place *out);

/*
 * The place that a new mailbox gets; its encoding is that of its parents, else
 * that of the tree. E_INVAL (also characters that would stop Courier:
 * maildir.md 2.2), E_EXIST, E_TOOBIG (over 255 bytes).
 */
int	ns_find_new(struct sess *, struct pool *, const char *name,
	    struct ns_place *out);

/* The place of any name: of the mailbox, or where it would be (ns_find_new).
   E_INVAL, E_TEMP. */
int	ns_where(struct sess *, struct pool *, const char *name,
	    struct ns_place *out);

/* E_OK if a listing shows this user the name: a mailbox, or one that only has
   others below it. E_INVAL, E_NOENT, E_TEMP. */
int	ns_known(struct sess *, struct pool *, const char *name);

/* The name that a directory is shown under; NULL if it cannot be shown. */
char	*ns_name(struct sess *, struct pool *, const struct ns_place *);

/* CREATE, DELETE, RENAME with all rules of maildir.md 2.4 to 2.6 but rights.
   Codes: E_EXIST, E_NOENT, E_INVAL (into itself, INBOX, trash), E_BUSY
   (selected), E_NOTSUP (to another account), E_TOOBIG, E_TEMP, E_NOSPACE,
   E_PERM. In `shared.` DELETE only ends the subscription. */
int	ns_create(struct sess *, const char *name);
int	ns_delete(struct sess *, const char *name);
int	ns_rename(struct sess *, const char *from, const char *to);

/* Rights on a mailbox in a tree that is NS_LINKED; access lists have no say. */
u32	ns_linked_rights(const struct ns_place *);

/* One name of a listing. */
enum {
	NS_NOSELECT = 1,		/* a virtual parent */
	NS_CHILDREN = 2,
	NS_NOINFERIORS = 4,
	NS_MARKED = 8,
	NS_UNMARKED = 16,
	NS_SUBSCRIBED = 32,
	NS_MISSING = 64			/* subscribed, does not exist */
};
struct ns_entry {
	const char	*name;		/* UTF-8 */
	u32		attrs;		/* NS_* */
};
typedef int ns_fn(void *ctx, const struct ns_entry *);

/*
 * Calls fn for each mailbox that matches the pattern (`%` and `*`, RFC 3501
 * 6.3.8), INBOX first, then folders, then virtual parents, each sorted; fn's
 * first error ends the walk. Mailboxes without right l are left out, as if they
 * did not exist. Only a pattern that begins with `#shared.` lists what is in
 * there. E_TOOBIG: more than NS_WILDCARDS_MAX wildcards.
 */
#define NS_WILDCARDS_MAX	10
int	ns_list(struct sess *, const char *pattern, ns_fn *, void *ctx);

/* The same over the subscriptions (RFC 3501 6.3.9): attributes are computed
   within them; parents of subscribed names come as NS_NOSELECT only where the
   pattern matches them. */
int	ns_lsub(struct sess *, const char *pattern, ns_fn *, void *ctx);

/* reference + pattern as imap-wire.md 10 joins them; NULL if the reference is
   no name (the listing is empty). */
char	*ns_join(struct pool *, const char *ref, const char *pattern);

/* E_INVAL, E_TEMP, E_NOSPACE. In `shared.` also E_EXIST (is subscribed to),
   E_NOENT (is not; or there is no such folder); elsewhere it is idempotent. */
int	ns_subscribe(struct sess *, const char *name);
int	ns_unsubscribe(struct sess *, const char *name);

#endif
