/* Message sets.  SPDX-License-Identifier: ISC */

#ifndef SESSION_MSET_H
#define SESSION_MSET_H

struct pool;
struct str;
struct view;

#define MSET_RANGES_MAX	65536UL		/* of a client's set: E_TOOBIG */

/* lo and hi are inclusive and in any order; 0 stands for `*`. */
struct mrange {
	u32	lo;
	u32	hi;
};

struct mset {
	struct pool	*pool;
	struct mrange	*r;
	size_t		n;
	size_t		size;
};

/* An empty set whose memory is in the pool. */
struct mset *mset_new(struct pool *);

/*
 * RFC 3501 section 9:
 *   sequence-set = (seq-number / seq-range) *("," sequence-set)
 *   seq-range = seq-number ":" seq-number
 *   seq-number = nz-number / "*"
 * E_SYNTAX, E_TOOBIG.
 */
int	mset_parse(struct pool *, const char *, size_t n, struct mset **out);

/* Appends a number; it joins the last range if it is that one's next. */
void	mset_add(struct mset *, u32);
void	mset_add_range(struct mset *, u32 lo, u32 hi);

/* How many numbers it holds (no `*` in it). */
u64	mset_count(const struct mset *);

/* The numbers of an ascending set, one by one; the caller frees (mem_free). */
u32	*mset_numbers(const struct mset *, size_t *out_n);

/* TRUE if n is in it; `*` is taken as star. */
int	mset_has(const struct mset *, u32 n, u32 star);

/* Appends "1,3,5:6" in the order of adding (COPYUID: RFC 4315 3). */
int	mset_print(const struct mset *, struct str *out);

/*
 * Sorted, without overlaps, with `*` replaced. If star is 0 (empty mailbox)
 * ranges with `*` are left out. In the same pool.
 */
struct mset *mset_normal(const struct mset *, u32 star);

/* As mset_has, for a set in normal form; fast. */
int	mset_in_normal(const struct mset *, u32 n);

/*
 * The first sequence number of the set that is over count, 0 if all are fine.
 * `*` in an empty mailbox gives 1, but "n:*" is what clients ask for without
 * knowing the count: never wrong (imap-wire.md 2).
 */
u32	mset_bad_seq(const struct mset *, u32 count);

/*
 * Walks the messages of a set through a view, ascending, each once (RFC 3501
 * section 9: servers may coalesce). Numbers and UIDs that do not exist are
 * left out. The view must not be renumbered meanwhile.
 */
struct mset_iter {
	const struct view *view;
	const struct mset *set;		/* normal form */
	int		by_uid;
	size_t		i;
	u32		seq;		/* next candidate */
};
void	mset_begin(struct mset_iter *, const struct mset *,
	    const struct view *, int by_uid);

/* TRUE and a message, or FALSE at the end. */
int	mset_next(struct mset_iter *, u32 *out_seq);

#endif
