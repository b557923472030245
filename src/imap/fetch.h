/* The FETCH engine.  SPDX-License-Identifier: ISC */

#ifndef IMAP_FETCH_H
#define IMAP_FETCH_H

#include "base/str.h"

#include "session/msgread.h"

struct arg;
struct fetch;
struct fetch_item;
struct imap;
struct pool;
struct view;

#define FETCH_ITEMS_MAX	1000	/* items of one command */
#define FETCH_PATH_MAX	100	/* numbers of one section */

enum {				/* what a row needs before it may write */
	FETCH_FILE = 1,		/* the file is open */
	FETCH_SIZE = 2,		/* its size is known */
	FETCH_HEAD = 4,		/* its header was read */
	FETCH_TREE = 8,		/* its structure was parsed */
	FETCH_SECT = 16,	/* the item's span was looked up */
	FETCH_SETS_SEEN = 32	/* reading sets \Seen */
};

/*
 * One item by name. `emit` writes " NAME value" without the space before; it
 * has all that the flags ask for and cannot fail. To add an item: a row in
 * fetch_tab.c and its function.
 */
typedef void fetch_fn(struct fetch *, struct fetch_item *);
struct fetch_row {
	const char	*name;
	int		flags;
	fetch_fn	*emit;
	enum mime_what	what;		/* of RFC822.* rows */
};

/* BODY[section]<partial> */
struct fetch_section {
	u32		*path;
	size_t		npath;
	enum mime_what	what;
	int		fields;		/* 1: HEADER.FIELDS, 2: .NOT */
	const char	**names;
	size_t		nnames;
	int		partial;
	u64		start;
	u64		len;		/* U64_MAX: to the end */
};

struct fetch_item {
	const struct fetch_row *row;
	const char	*label;		/* what the answer calls it */
	struct fetch_section sec;
	int		found;		/* of the message at hand */
	struct mime_span span;
};

struct fetch {
	struct imap	*im;
	struct pool	*pool;		/* the command's */
	struct view	*view;
	struct fetch_item *items;
	size_t		n;
	int		needs;		/* flags of all rows */
	int		told_flags;	/* FLAGS is among them */
	/* The message at hand. */
	u32		seq;
	u32		uid;
	struct msg	*msg;		/* NULL unless needed */
	struct str	buf;		/* scratch */
	int		error;		/* of the whole command */
};

/*
 * Reads items: one, or a list of them. E_SYNTAX, E_TOOBIG. With `uid` the
 * UID item is added in front unless it is there.
 */
int	fetch_parse(struct fetch *, struct arg *, int uid);

/* Answers for one message. */
void	fetch_message(struct fetch *, u32 seq);

/* The row of an item, without regard to case; NULL if there is none. */
const struct fetch_row *fetch_find(const char *name);

/* The members of ALL, FAST, FULL; NULL if it is no macro. */
const char *const *fetch_macro(const char *name);

/* BODY[...] rows: chosen by the section behind the name, not by name. */
extern const struct fetch_row fetch_row_section;
extern const struct fetch_row fetch_row_peek;

/* ---- fetch_sect.c ------------------------------------------------------- */

/* The members of [ ] and the partial behind it; sets item->sec, ->label. */
int	fetch_section_parse(struct pool *, struct arg *section,
	    struct arg **pos, struct fetch_item *);

/* ---- items -------------------------------------------------------------- */

fetch_fn fetch_flags, fetch_uid, fetch_date, fetch_size, fetch_envelope,
	fetch_body, fetch_bodystructure, fetch_section;

/* An ENVELOPE in parentheses (also inside BODY). */
void	fetch_put_envelope(struct fetch *, const struct envelope *);

/* A quoted string or NIL; 8-bit text is encoded for clients that do not read
   UTF-8 (imap-wire.md 7.3). */
void	fetch_put_nstring(struct fetch *, const char *);

#endif
