/* SEARCH criteria and their evaluation.  SPDX-License-Identifier: ISC */

#ifndef SESSION_SEARCH_H
#define SESSION_SEARCH_H

struct match;
struct mset;
struct pool;
struct view;

enum search_key {
	SK_ALL,
	SK_AND,			/* children */
	SK_OR,			/* children */
	SK_NOT,			/* one child */
	SK_SEQ,			/* set */
	SK_UID,			/* set */
	SK_FLAG,		/* num: VF_* bits, all must be set */
	SK_KEYWORD,		/* text */
	SK_BEFORE,		/* num: a day, see search_date */
	SK_ON,
	SK_SINCE,
	SK_SENTBEFORE,
	SK_SENTON,
	SK_SENTSINCE,
	SK_LARGER,		/* num: octets of RFC822.SIZE */
	SK_SMALLER,
	SK_HEADER,		/* name; text */
	SK_BODY,		/* text */
	SK_TEXT,		/* text */
	SK_NONE			/* matches nothing */
};

/* Members besides `num` and `set` are filled by the functions below. */
struct criteria {
	enum search_key	key;
	struct criteria	*next;		/* sibling */
	struct criteria	*child;
	struct mset	*set;
	u64		num;
	long		day;
	const char	*name;		/* header field or keyword */
	const char	*text;		/* UTF-8 */
	size_t		textlen;
	struct match	*match;		/* while a search runs */
	int		cost;
};

#define SEARCH_DEPTH_MAX	100	/* nesting: the parser's limit */
#define SEARCH_KEYS_MAX		1000	/* keys of one command */

/* A key in the pool, without children. */
struct criteria *search_new(struct pool *, enum search_key);

/* Adds a child behind the others. */
void	search_add(struct criteria *parent, struct criteria *child);

/* RFC 3501 date ("1-Feb-1994"): E_SYNTAX if it is none. */
int	search_date(struct criteria *, const char *, size_t n);

/*
 * The string of HEADER, BODY, TEXT in the given character set (NULL: UTF-8).
 * E_CHARSET: unknown set. A string that cannot be converted makes the key
 * match nothing, which is no error.
 */
int	search_text(struct pool *, struct criteria *, const char *charset,
	    const char *, size_t n);

/* TRUE if SEARCH CHARSET may name it. */
int	search_charset_known(const char *);

/*
 * Evaluates over all messages of the view: numbers (or UIDs) of those that
 * match, ascending, in a set of the pool. Cheap keys are tried first, files
 * opened only if none of them decides. The tree is reordered. Errors of single
 * messages count as no match; else what sess_pulse says.
 */
int	search_run(struct view *, struct pool *, struct criteria *, int uids,
	    struct mset **out);

#endif
