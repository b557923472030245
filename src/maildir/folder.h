/* Maildir++ trees and their folders: the one interface of this layer.
   SPDX-License-Identifier: ISC */

#ifndef MAILDIR_FOLDER_H
#define MAILDIR_FOLDER_H

#include <time.h>

struct str;
struct vec;

/*
 * Nothing here knows a protocol, a character set or the environment: the
 * caller hands over the options, and folder names are directory names without
 * their leading dot, bytes as they are on disk ("" is the INBOX, "A.B" the
 * directory ".A.B").
 */

/* ---- accounts ----------------------------------------------------------- */

enum { KW_OFF = 0, KW_FAST = 1, KW_EXACT = 2 };	/* IMAP_KEYWORDS */

struct md_opts {
	int		keywords;	/* KW_* */
	int		locks;		/* take tmp/courier.lock */
	int		sync;		/* fsync before saying OK */
	const char	*host;		/* HOSTNAME of new file names */
	const char	*quota;		/* MAILDIRQUOTA of the account, or NULL */
};

struct maildir;

/* path is the account's root. Never fails: the folders tell. The strings of
   opts are copied. */
struct maildir *maildir_new(const char *path, const struct md_opts *opts);
void	maildir_free(struct maildir **);

/*
 * What a login checks (maildir.md 1.8). E_OK; E_BUSY: the home directory has
 * the sticky bit; E_PERM: the root is not ours (only if `ownership`); E_NOENT:
 * there is no maildir; E_INVAL: the file server's clock is off by more than
 * MD_SKEW_MAX seconds.
 */
#define MD_SKEW_MAX	30
int	maildir_check(struct maildir *, const char *home, int ownership);

/* Names of all folders that have a cur/, in no particular order, mem_strdup'd
   into out ("" first). E_TEMP, E_PERM: the root cannot be read. */
int	maildir_list(struct maildir *, struct vec *out);
int	maildir_exists(struct maildir *, const char *name);

/* E_INVAL: not a name; E_EXIST; E_NOENT; E_NOSPACE; E_PERM; E_TEMP. A created
   folder has a larger UIDVALIDITY than any of that name before. */
int	maildir_create(struct maildir *, const char *name);
int	maildir_delete(struct maildir *, const char *name);

/* Children too. On failure what was done is undone. E_INVAL: onto itself. */
int	maildir_rename(struct maildir *, const char *from, const char *to);

/* Removes the folder's messages whose inode changed over so many seconds ago
   (maildir.md 7.2). E_NOENT: no such folder. */
int	maildir_purge(struct maildir *, const char *name, u32 seconds);

/* Subscriptions (maildir.md 5.1): full names as the client knows them, in
   UTF-8, mem_strdup'd into out. */
int	maildir_subs(struct maildir *, struct vec *out);
int	maildir_subscribe(struct maildir *, const char *name, int on);

/* ---- an open folder ----------------------------------------------------- */

enum {				/* flags of a message */
	MSG_DRAFT = 1, MSG_FLAGGED = 2, MSG_ANSWERED = 4, MSG_SEEN = 8,
	MSG_DELETED = 16, MSG_PASSED = 32
};

enum {				/* what happened to it */
	REC_RECENT = 1,		/* first seen by this session */
	REC_GONE = 2,		/* no longer in the folder, not yet told */
	REC_CHANGED = 4,	/* flags or keywords changed by others */
	REC_NEW = 8,		/* came since the last folder_settle */
	REC_COPIED = 16		/* for callers: kept while it is there */
};

/*
 * One message. The array is in UID order; a record that is gone stays until
 * folder_settle, so that positions are the client's sequence numbers less 1.
 * modseq grows with every change that this session makes or sees. It starts
 * from the clock when the folder is opened and is kept nowhere yet: the folder's
 * index will keep it, and those that use it see no difference.
 * kwset is an index for folder_kwset. name and form are the folder's own.
 * A folder of a million messages has a million of these: 24 bytes each.
 */
struct rec {
	u32	uid;
	u32	kwset;
	u64	modseq;
	u32	name;
	u8	form;
	u8	flags;		/* MSG_* */
	u8	state;		/* REC_* */
};

struct folder;

enum { FOLDER_RW, FOLDER_RO, FOLDER_ADD };

/*
 * Opens and scans. E_INVAL (not a name), E_NOENT, E_PERM, E_TEMP, E_NOSPACE.
 * RO is what EXAMINE needs: messages in new/ still move to cur/, the UID
 * database is not written. ADD is for those that only want to add: there is
 * nothing to see before the first folder_add, whose scan numbers the added
 * messages before those that wait (maildir.md 3.4).
 */
int	folder_open(struct maildir *, const char *name, int mode,
	    struct folder **out);
void	folder_close(struct folder **);

/*
 * Looks at the disk again and updates the records; cheap when nothing changed.
 * E_INVAL: the UIDVALIDITY is another one now, the folder must be reopened.
 * On any error the records are as before.
 */
int	folder_refresh(struct folder *);

/* Removes the records that are gone and clears REC_CHANGED and REC_NEW: the
   client has been told. */
void	folder_settle(struct folder *);

/* How many records there are, and one of them: by index, in UID order. */
size_t	folder_count(const struct folder *);
struct rec *folder_rec(struct folder *, size_t i);
/* Index of the first record with at least this UID; count if none. */
size_t	folder_find(const struct folder *, u32 uid);

/* Appends the name of the message's file in cur/; that without its flags. */
void	folder_filename(const struct folder *, size_t i, struct str *out);
void	folder_identity(const struct folder *, size_t i, struct str *out);

/* What the folder is. The name is that of folder_open; strings live as long as
   the folder. */
u32	folder_uidvalidity(const struct folder *);
u32	folder_uidnext(const struct folder *);
u64	folder_highestmodseq(const struct folder *);
const char *folder_name(const struct folder *);

/* ---- messages ----------------------------------------------------------- */

/* Opens the file for reading; *out_fd is the caller's. A renamed file is found
   by its identity. E_EXPUNGED, E_PERM, E_TEMP. */
int	folder_open_msg(struct folder *, size_t i, int *out_fd);

/* INTERNALDATE. */
int	folder_date(struct folder *, size_t i, time_t *out);
int	folder_set_date(struct folder *, size_t i, time_t);

enum { STORE_SET, STORE_ADD, STORE_DEL };

/*
 * Changes flags and keywords of one message. keywords: n names, each checked
 * by folder_keyword_ok. A message that is gone: E_EXPUNGED. E_QUOTA: \Deleted
 * cannot be taken away. After the last of a command: folder_flush.
 */
int	folder_store(struct folder *, size_t i, int how, int flags,
	    const char *const *keywords, size_t n);

/* Removes the file now; the record is REC_GONE. */
int	folder_expunge(struct folder *, size_t i);

/*
 * Moves it to the folder `trash` instead, which is made if need be, without
 * \Deleted and \Draft but with its keywords; never over another message
 * (maildir.md 7.3). out_path becomes the path there. E_EXPUNGED: it had gone
 * already. On other errors it stays.
 */
int	folder_trash(struct folder *, size_t i, const char *trash,
	    struct str *out_path);

/* A command's changes are complete: tells the account's quota. */
void	folder_flush(struct folder *);

/* ---- keywords ----------------------------------------------------------- */

#define KEYWORD_MAX	255	/* bytes of one keyword that we store */

/* TRUE if it can be stored: a flag-keyword of RFC 3501, not too long. */
int	folder_keyword_ok(const char *);
/* All keywords of the folder; index i of the table. */
size_t	folder_keywords(const struct folder *);
const char *folder_keyword(const struct folder *, size_t i);
/* The table indices of a set; 0 is the empty set. */
const u32 *folder_kwset(const struct folder *, u32 kwset, size_t *out_n);
int	folder_has_keyword(const struct folder *, size_t i, const char *);

/* ---- snapshots ----------------------------------------------------------- */

/* What a client knew of the folder once (maildir.md 9.6): by UID. */
struct md_snapshot {
	u32		uidnext;
	size_t		n;
	struct md_snapped {
		u32	uid;
		u32	kwset;		/* of this folder's; 0 if it has gone */
		int	flags;		/* MSG_* but PASSED */
	}		*v;
};

/* Writes all records that are not gone; `previous` (or NULL) is the one that
   the client had before. Appends its name. Removes old ones. `again`: E_EXIST
   if it would say what `previous` does. */
int	folder_snapshot_save(struct folder *, const char *previous,
	    int again, struct str *out_name);

/* E_NOENT, E_INVAL: of another UIDVALIDITY, or damaged. */
int	folder_snapshot_load(struct folder *, const char *name,
	    struct md_snapshot **out);
void	folder_snapshot_free(struct md_snapshot **);

/* ---- adding ------------------------------------------------------------- */

struct upload;

/* Starts a file in tmp/. The caller writes with upload_write (bytes as they
   shall be stored) and ends with folder_add or upload_abort. */
int	upload_begin(struct folder *, struct upload **out);
int	upload_write(struct upload *, const void *, size_t);
void	upload_set(struct upload *, int flags, const time_t *date);
void	upload_keyword(struct upload *, const char *);
void	upload_abort(struct upload **);

/* No more bytes: makes them durable and gives the descriptor back, so that
   there may be any number of uploads. folder_add does it if need be. */
int	upload_end(struct folder *, struct upload *);

/* Reads what was uploaded, after upload_end. *out_fd is the caller's. */
int	upload_open(const struct upload *, int *out_fd);

/* An empty file without a name in tmp/: its descriptor, or E_*. */
int	folder_scratch(struct folder *);

/* A copy of a message: bytes, flags, keywords and date. A hard link where that
   is possible. It holds no descriptor. */
int	upload_copy(struct folder *to, struct folder *from, size_t i,
	    struct upload **out);

/*
 * Puts all n into the folder at once, in order: all or none. Frees the
 * uploads. out_uids has room for n.
 */
int	folder_add(struct folder *, struct upload **, size_t n, u32 *out_uids);

/* ---- without opening ---------------------------------------------------- */

struct md_status {
	u32	messages, recent, unseen, uidnext, uidvalidity;
	u64	highestmodseq;
};

/* Does not move messages nor write the UID database. */
int	maildir_status(struct maildir *, const char *name,
	    struct md_status *out);

/* ---- waiting for changes ------------------------------------------------ */

struct md_watch;

#define WATCH_POLL_MS	1000	/* how often to look without a kernel's help */

/* Never fails: without kernel notification it polls. */
struct md_watch *watch_new(struct folder *);
/* Descriptor to poll for reading, or -1. */
int	watch_fd(const struct md_watch *);
/* TRUE if something may have changed since the last call. */
int	watch_changed(struct md_watch *);
void	watch_free(struct md_watch **);

#endif
