/* COPY and MOVE.  SPDX-License-Identifier: ISC */

#ifndef SESSION_TRANSFER_H
#define SESSION_TRANSFER_H

struct mset;
struct pool;
struct view;

/* COPYUID: the sets correspond number by number (RFC 4315 3). */
struct transfer_report {
	u32		uidvalidity;
	struct mset	*from;		/* UIDs; empty if nothing was copied */
	struct mset	*to;		/* empty too without right r there */
	const char	**names;	/* with TRANSFER_NAMES: of the new files,
					   up to the flags, in the order of
					   `to` */
};

enum { TRANSFER_MOVE = 1, TRANSFER_NAMES = 2 };

/*
 * Copies the messages of a set (by_uid: of UIDs) to a mailbox, all or none,
 * with flags as far as rights there allow, keywords and INTERNALDATE. With
 * TRANSFER_MOVE they are then removed here, which needs rights t and e and a
 * read-write view; view_sync tells the client. Messages that vanished are
 * left out. E_INVAL (name), E_NOENT (TRYCREATE), E_PERM, E_QUOTA, E_NOSPACE,
 * E_TEMP; to the outbox: E_TOOBIG (only one at a time), E_NOTSUP (not sent).
 */
int	transfer_run(struct view *, struct pool *, const struct mset *,
	    int by_uid, const char *target, int how,
	    struct transfer_report *out);

#endif
