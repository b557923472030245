/* Search keys to criteria.  SPDX-License-Identifier: ISC */

#ifndef IMAP_KEYS_H
#define IMAP_KEYS_H

#include "session/search.h"

struct arg;
struct imap;
struct imap_cmd;
struct mset;
struct pool;

/* What a key takes and makes of it. To add a key: a row in keys_tab.c. */
enum key_kind {
	KEY_PLAIN,		/* nothing: `key`, num as given */
	KEY_UNFLAG,		/* nothing: not SK_FLAG num */
	KEY_NEW,		/* RECENT and not SEEN */
	KEY_KEYWORD,		/* an atom */
	KEY_UNKEYWORD,
	KEY_DATE,		/* a date */
	KEY_NUMBER,		/* a number */
	KEY_STRING,		/* an astring */
	KEY_FIELD,		/* an astring; the row's name is the field */
	KEY_HEADER,		/* field name and astring */
	KEY_UIDS,		/* a set */
	KEY_NOT,		/* a key */
	KEY_OR			/* two keys */
};

struct key_row {
	const char	*name;
	enum key_kind	kind;
	enum search_key	key;
	u32		num;
};

/* The row of a search key, without regard to case; NULL if there is none. */
const struct key_row *keys_find(const char *name);

/*
 * Reads all keys up to the end of the arguments. charset may be NULL. E_OK and
 * the tree in the pool, E_SYNTAX, E_TOOBIG (over SEARCH_KEYS_MAX or
 * SEARCH_DEPTH_MAX).
 */
int	keys_parse(struct pool *, struct arg *, const char *charset,
	    struct criteria **out);

/*
 * Reads all keys and searches: numbers, or UIDs, in a set of the command's
 * pool. E_SYNTAX, E_TOOBIG, E_CHARSET (NULL is UTF-8) if the keys are right, and
 * what search_run says.
 */
int	keys_search(struct imap *, struct imap_cmd *, struct arg *,
	    const char *charset, int uids, struct mset **out);

#endif
