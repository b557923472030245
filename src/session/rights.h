/* What this user may do with a mailbox.  SPDX-License-Identifier: ISC */

#ifndef SESSION_RIGHTS_H
#define SESSION_RIGHTS_H

struct ns_place;
struct ns_tree;
struct sess;

/* RFC 4314 letters; Courier's order in lists is alphabetical. */
enum {
	RIGHT_A = 1,		/* administer */
	RIGHT_C = 2,		/* create below */
	RIGHT_E = 4,		/* expunge */
	RIGHT_I = 8,		/* insert */
	RIGHT_L = 16,		/* look up */
	RIGHT_R = 32,		/* read */
	RIGHT_S = 64,		/* seen */
	RIGHT_T = 128,		/* \Deleted */
	RIGHT_W = 256,		/* other flags */
	RIGHT_X = 512,		/* delete the mailbox */
	RIGHT_P = 1024,		/* post */
	RIGHT_ALL = 1023,	/* what an owner has */
	RIGHT_D = 4 | 128 | 512	/* RFC 2086 d */
};

#define RIGHTS_BUF	16

/*
 * Rights on a mailbox by its UTF-8 name; it need not exist (parents): then
 * they are those on the mailbox above. Asks the disk each time whether the
 * list is still the one that is known. None at all where a list is there and
 * must not be read. E_TEMP: cannot be told at the moment.
 */
int	rights_get(struct sess *, const char *name, u32 *out);

/* The same for a name whose place is known: for listings. */
int	rights_at(struct sess *, const struct ns_place *, const char *name,
	    u32 *out);

/*
 * E_OK if all of `want` are held. E_PERM if not, but E_NOENT without l: who
 * may not know of a mailbox is answered as if it were not there (RFC 4314 6).
 */
int	rights_need(struct sess *, const char *name, u32 want);
int	rights_check(u32 have, u32 want);

/* TRUE if the user may have the account's access lists read at all: not with
   disableshared in OPTIONS (maildir.md 5.3). */
int	rights_lists(const struct sess *);

/* The identifier of a tree's owner, "user=name". */
const char *rights_owner(const struct sess *, const struct ns_tree *);

/* Letters, sorted: rights_letters as they are stored; rights_text with `d` in
   place of x, t, e if all are there ([MYRIGHTS] code, ACL2). */
size_t	rights_letters(char *buf, u32 rights);
size_t	rights_text(char *buf, u32 rights);

#endif
