/* Messages in the order of their keys, RFC 5256.  SPDX-License-Identifier: ISC */

#ifndef SESSION_SORT_H
#define SESSION_SORT_H

struct mset;
struct pool;
struct view;

enum sort_by {
	SORT_ARRIVAL,			/* INTERNALDATE */
	SORT_CC,			/* first address, without its domain */
	SORT_DATE,			/* sent date */
	SORT_FROM,
	SORT_SIZE,			/* RFC822.SIZE */
	SORT_SUBJECT,			/* base subject */
	SORT_TO
};

struct sort_key {
	enum sort_by	by;
	int		reverse;
};

#define SORT_KEYS_MAX	16		/* of one command */
#define SORT_TEXT_MAX	1024		/* octets of a text that count */
#define SORT_TEXTS_MAX	(64UL * 1024 * 1024)	/* of all that differ */

/*
 * Sorts the messages of a set of sequence numbers, ascending, by n keys; equal
 * ones stay in the order of the mailbox. *out (in the pool) has *out_n numbers.
 * A message that cannot be read any more has empty keys. E_TOOBIG
 * (SORT_KEYS_MAX, SORT_TEXTS_MAX), and what sess_pulse says.
 */
int	sort_run(struct view *, struct pool *, const struct mset *,
	    const struct sort_key *, size_t n, u32 **out, size_t *out_n);

#endif
