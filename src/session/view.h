/* The selected mailbox as the client knows it.  SPDX-License-Identifier: ISC */

#ifndef SESSION_VIEW_H
#define SESSION_VIEW_H

struct folder;
struct mset;
struct msg;
struct sess;
struct str;
struct view;

/* System flags. */
enum {
	VF_DRAFT = 1,
	VF_FLAGGED = 2,
	VF_ANSWERED = 4,
	VF_SEEN = 8,
	VF_DELETED = 16,
	VF_RECENT = 32,		/* shown, never stored */
	VF_STORED = 31		/* all that can be stored */
};

/* Flags of one message; the names live until the next call on the view. */
struct vflags {
	u32		sys;		/* VF_* */
	size_t		nkw;
	const char *const *kw;
	u64		modseq;
};

/*
 * A view numbers the messages that this client has been told of. The folder
 * below may lose and gain messages at any time; the numbers change only in
 * view_sync (RFC 3501 5.5, 7.4.1). The folder keeps the records of messages
 * that are gone until then: nothing per message is kept here.
 */

/*
 * Opens a mailbox (UTF-8 name) and makes it sess->view; one that was open is
 * closed first, whatever happens. E_INVAL (name), E_NOENT, E_PERM (right r),
 * E_TEMP (cannot be scanned).
 */
int	view_open(struct sess *, const char *name, int readonly);

/* Closes sess->view; expunges nothing. Nothing happens without one. */
void	view_close(struct sess *);

const char *view_name(const struct view *);	/* UTF-8, INBOX in capitals */
int	view_readonly(const struct view *);
u32	view_rights(const struct view *);	/* RIGHT_*, as when opened */
u32	view_uidvalidity(const struct view *);
u32	view_uidnext(const struct view *);
u64	view_highest_modseq(const struct view *);

u32	view_count(const struct view *);	/* messages told */
u32	view_recent(const struct view *);
u32	view_first_unseen(const struct view *);	/* number, 0 if none */

/* Number to UID and back; 0 if there is none. */
u32	view_uid(const struct view *, u32 seq);
u32	view_seq(const struct view *, u32 uid);
u32	view_last_uid(const struct view *);	/* 0 if empty */

/* The first number whose UID is >= uid; view_count + 1 if none. */
u32	view_seq_from(const struct view *, u32 uid);

/* Flags as the folder has them now. E_EXPUNGED if the message has gone since;
   out then holds what is known (no keywords). */
int	view_flags(struct view *, u32 seq, struct vflags *out);

/* INTERNALDATE: seconds since 1970. E_EXPUNGED. */
int	view_date(struct view *, u32 seq, i64 *out);

/* Sets it. E_PERM (read-only or right w), E_INVAL (not possible here). */
int	view_set_date(struct view *, u32 seq, i64);

/* Appends the name of its file up to the flags: it stays the same for the
   message's life in this folder. */
void	view_identity(const struct view *, u32 seq, struct str *out);

/* Notes that the client was told the present flags of a message (a FETCH of
   FLAGS), so that view_sync does not repeat them. */
void	view_told(struct view *, u32 seq);

/* Keywords in use in the folder, and whether new ones may be made. */
size_t	view_keywords(const struct view *, const char *const **out);
int	view_keywords_allowed(const struct view *);

/*
 * Looks at the disk if `poll`, then tells the front end: always new flags;
 * arrivals and departures only if `may_renumber` (not within FETCH, STORE and
 * SEARCH). What is not told now is told later. E_TEMP, E_NOENT and others: the
 * folder cannot be read at this moment, the view stays as it is. E_INVAL: the
 * folder is another one now (its UIDVALIDITY changed): say BYE.
 */
int	view_sync(struct view *, int poll, int may_renumber);

/* Looks whether the user's rights here are others now, and tells the front
   end. Every poll does, and every change of a message. */
void	view_learn_rights(struct view *);

enum view_op { VIEW_SET, VIEW_ADD, VIEW_DEL };

/*
 * Changes flags of one message (VF_STORED bits and keyword names) as far as
 * the rights s, t, w allow; the rest is ignored silently. E_PERM (read-only),
 * E_EXPUNGED, E_QUOTA, E_NOSPACE, E_TEMP, E_INVAL (keyword not possible).
 * *out_changed tells whether anything is different now. The client counts as
 * told only after view_told.
 */
struct view_store {
	enum view_op	op;
	u32		sys;
	size_t		nkw;
	const char *const *kw;
};
int	view_store(struct view *, u32 seq, const struct view_store *,
	    int *out_changed);

/* Call after the last view_store of a command: keyword and name changes reach
   the disk together and front->keywords hears of names that are no longer
   in use. */
int	view_store_end(struct view *);

/* Before the first: makes the keywords known and tells front->keywords if one
   of them is new, so that FLAGS comes before FETCH (imap-wire.md 6.1). */
int	view_store_begin(struct view *, const struct view_store *);

/*
 * Removes all messages with \Deleted, or those of them whose UID is in the
 * set (NULL: all). Tells nobody; view_sync does. E_PERM (read-only or right
 * e), E_TEMP.
 */
int	view_expunge(struct view *, const struct mset *uids);

/* The same for the messages with these numbers, whatever their flags. */
int	view_expunge_these(struct view *, const struct mset *);

/* Removes one message by UID, whatever its flags (MOVE). */
int	view_remove(struct view *, u32 uid);

/*
 * Waiting in IDLE: a descriptor that becomes readable when the folder changes,
 * or -1. After it was readable ask view_changed; TRUE: call view_sync. Without
 * one, and now and then with it, view_sync is the only way to know.
 */
int	view_watch_fd(struct view *);
int	view_changed(struct view *);

/* For session/ only. */
struct folder *view_folder(struct view *);
struct sess *view_sess(struct view *);
struct msg **view_last_msg(struct view *);

/* Counts without opening: STATUS. The selected mailbox answers from the view.
   E_INVAL, E_NOENT, E_PERM, E_TEMP. */
struct view_status {
	u32	messages;
	u32	recent;
	u32	unseen;
	u32	uidnext;
	u32	uidvalidity;
	u64	highest_modseq;
	u32	deleted;
	u64	deleted_bytes;		/* what EXPUNGE would free */
};
int	view_status(struct sess *, const char *name, struct view_status *out);

#endif
