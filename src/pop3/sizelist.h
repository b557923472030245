/* The file courierpop3dsizelist (maildir.md 8).  SPDX-License-Identifier: ISC */

#ifndef POP3_SIZELIST_H
#define POP3_SIZELIST_H

struct pop3_msg;
struct inbox;
struct str;

#define SIZELIST_NAME	"courierpop3dsizelist"
#define SIZELIST_MAX	((size_t)1024 * 1024 * 1024)	/* bytes */

struct sizelist {
	char		*text;		/* the names of v are in it */
	struct pop3_msg	*v;		/* sorted (order.h) */
	size_t		n;
	u64		next, list;	/* next is above all n of this list */
	int		stale;		/* of an old form: write it anew */
};

/*
 * Reads n bytes at text, which it takes over (mem_free) and changes. Never
 * fails: what cannot be read is left out. `now` becomes the number of a list
 * that has none.
 */
void	sizelist_parse(struct sizelist *, char *text, size_t n, u64 now);
void	sizelist_free(struct sizelist *);

/* Appends the file's contents. */
void	sizelist_print(const struct inbox *, struct str *out);

#endif
