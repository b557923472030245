/* Maildir++ trees and their folders: the one interface of this layer.
   SPDX-License-Identifier: ISC */

#ifndef MAILDIR_FOLDER_H
#define MAILDIR_FOLDER_H

#include <time.h>

struct pool;
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
	int		quota_all;	/* IMAP_QUOTA_COUNTS_TRASH */
	int		kw_case;	/* "Red" and "red" are two keywords */
};

struct maildir;

/* path is the account's root. Never fails: the folders tell. The strings of
   opts are copied. */
struct maildir *maildir_new(const char *path, const struct md_opts *opts);
void	maildir_free(struct maildir **);

/*
 * Another one with the same options, but no quota of the account's. With
 * `real` it holds views of the folders of that maildir (maildir.md 5.9): path/A
 * has links to the messages of real/.A, and flags, keywords and UIDs of its
 * own. There is a folder if `real` has it, but no INBOX; it cannot be made,
 * deleted or renamed. What is added goes to `real`, what is expunged is
 * removed there.
 */
struct maildir *maildir_other(const struct maildir *, const char *path,
	    const char *real);
#define MD_MIRRORS	"shared-folders"	/* where a maildir has them */
#define MD_SHARED_LIST	"shared-maildirs"	/* names and paths, one a line */
#define MD_SHARED_GLOBAL "maildirshared"	/* the administrator's */

/* Views: which there are (as maildir_list); made, if need be; removed, with
   the folder of them when it is empty. E_NOENT, E_NOSPACE, E_PERM, E_TEMP. */
int	maildir_mirrors(struct maildir *, struct vec *out);
int	maildir_mirror(struct maildir *, const char *name);
int	maildir_unmirror(struct maildir *, const char *name);

/* May this process add and remove messages there? */
int	maildir_writable(struct maildir *, const char *name);

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

/* What maildirsize says (maildir.md 6). */
struct md_quota {
	u64	max_bytes, max_count;	/* 0: no limit */
	i64	bytes, count;
};

/* Reads it, for telling: nothing is counted. E_NOENT: there is no quota. */
int	maildir_quota(struct maildir *, struct md_quota *out);
/* Writes maildirsize by the quota that md_opts has, and counts. E_INVAL: it is
   not one; E_PERM, E_NOSPACE, E_TEMP. */
int	maildir_set_quota(struct maildir *);

/* Subscriptions (maildir.md 5.1): full names as the client knows them, in
   UTF-8, mem_strdup'd into out. */
int	maildir_subs(struct maildir *, struct vec *out);
int	maildir_subscribe(struct maildir *, const char *name, int on);

/* ---- access lists ------------------------------------------------------- */

#define MD_ACL_MAX	((size_t)64 * 1024)	/* bytes of one list */
#define MD_ACL_ENTRIES_MAX	1000
#define MD_ACL_ALL	"aceilrstwx"		/* what an owner has */

/*
 * One list (maildir.md 5.2 to 5.4), in the pool it was made with. Rights are
 * bytes, sorted, each once; an identifier that begins with '-' subtracts.
 */
struct md_acl_entry {
	const char	*id;
	const char	*rights;
};
struct md_acl {
	struct pool	*pool;
	struct md_acl_entry *v;
	size_t		n, size;
};
void	md_acl_init(struct md_acl *, struct pool *);

/* The rights of an entry, or NULL. */
const char *md_acl_get(const struct md_acl *, const char *id);

/* Sets an entry, empty rights included. E_INVAL: a blank, a control character
   or nothing at all as identifier, or such among the rights. E_TOOBIG. */
int	md_acl_set(struct md_acl *, const char *id, const char *rights);

/* The same with "+rights" or "-rights" for more or fewer than before. */
int	md_acl_modify(struct md_acl *, const char *id, const char *mod);
void	md_acl_delete(struct md_acl *, const char *id);

/*
 * Appends the rights of somebody with these n identifiers: of all entries for
 * them or for anyone, less what negative ones take; in any case a for "owner"
 * (maildir.md 5.3).
 */
void	md_acl_compute(const struct md_acl *, const char *const *ids, size_t n,
	    struct str *out);

/* What every list must leave (maildir.md 5.4): NULL if it does, else the
   identifier that would have too little. `user`: the owner's own, or NULL. */
const char *md_acl_lacks(const struct md_acl *, const char *user);

/*
 * Reads the list that applies to a folder, which need not exist: its own, what
 * courierimaphieracl keeps for it while there are folders below it, else that
 * of the folder above (maildir.md 5.5). An existing folder gets its copy of
 * what it inherits. E_INVAL; E_PERM, E_TEMP, E_TOOBIG: a list is there and
 * cannot be read, so nobody has any right.
 */
int	maildir_acl_read(struct maildir *, const char *name,
	    struct md_acl *out);
/* E_INVAL, E_NOENT, E_TOOBIG, E_NOSPACE, E_PERM, E_TEMP. */
int	maildir_acl_write(struct maildir *, const char *name,
	    const struct md_acl *);

/* What the folder's own list looked like at some time. */
struct md_acl_mark {
	u64		dev, ino, size, sec, nsec;
	int		sure;		/* a later change would show */
};
/* FALSE: it has none of its own. */
int	maildir_acl_mark(struct maildir *, const char *name,
	    struct md_acl_mark *out);
int	md_acl_mark_same(const struct md_acl_mark *,
	    const struct md_acl_mark *);

/* Removes what courierimaphieracl keeps without need, if it has not been
   touched for MD_ACL_OLD seconds. */
#define MD_ACL_OLD	3600
int	maildir_acl_reset(struct maildir *);

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

/* Appends the path of that file. */
void	folder_path(struct folder *, size_t i, struct str *out);

/* What the folder is. The name is that of folder_open; strings live as long as
   the folder. */
u32	folder_uidvalidity(const struct folder *);
u32	folder_uidnext(const struct folder *);
u64	folder_highestmodseq(const struct folder *);
const char *folder_name(const struct folder *);

/* ---- messages ----------------------------------------------------------- */

/* Opens the file for reading; *out_fd is the caller's. A renamed file is found
   by its identity, and also one that another session of ours has removed since
   (RFC 2180 4.1.1). E_EXPUNGED, E_PERM, E_TEMP. */
int	folder_open_msg(struct folder *, size_t i, int *out_fd);

/* INTERNALDATE. */
int	folder_date(struct folder *, size_t i, time_t *out);
int	folder_set_date(struct folder *, size_t i, time_t);

/* Bytes of its file, as the quota counts them. */
u64	folder_size(struct folder *, size_t i);

enum { STORE_SET, STORE_ADD, STORE_DEL };

/*
 * Changes flags and keywords of one message. keywords: n names, each checked
 * by folder_keyword_ok. A message that is gone: E_EXPUNGED. E_QUOTA: \Deleted
 * cannot be taken away. After the last of a command: folder_flush.
 */
int	folder_store(struct folder *, size_t i, int how, int flags,
	    const char *const *keywords, size_t n);

/* Removes the file now; the record is REC_GONE. In a view: E_PERM, if it cannot
   be removed for all; it then loses \Deleted. */
int	folder_expunge(struct folder *, size_t i);

/*
 * Moves it to the folder `trash` of `to` instead, made if need be, without
 * \Deleted and \Draft but with its keywords; never over another message
 * (maildir.md 7.3). out_path becomes the path there. E_EXPUNGED: it had gone
 * already. On other errors it stays.
 */
int	folder_trash(struct folder *, size_t i, struct maildir *to,
	    const char *trash, struct str *out_path);

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

/*
 * Without the messages, for maildirkw: whatever has keywords, whether or not
 * there is such a message. With `lock` updates are merged, too.
 * maildir_keywords: "identity word word" lines (mem_strdup'd), words and lines
 * sorted. maildir_keywords_set: how is STORE_*; the message's flags behind its
 * identity do not matter. E_NOENT, E_PERM, E_NOSPACE, E_TEMP.
 */
int	maildir_keywords(struct maildir *, const char *folder, int lock,
	    struct vec *out);
int	maildir_keywords_set(struct maildir *, const char *folder, int lock,
	    const char *message, int how, const char *const *, size_t n);
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
void	upload_no_keywords(struct upload *);
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

/* ---- delivering, as a mail server's agent does ------------------------- */

/*
 * The account of a maildir or of a folder in one (it has a file maildirfolder):
 * its root, and the folder's name there. E_NOENT, E_PERM.
 */
int	maildir_locate(const char *dir, struct str *out_root,
	    struct str *out_folder);

/* Makes the directory, its parents, and tmp, new, cur, as far as they are not
   there. */
int	maildir_make(const char *dir);

/* E_QUOTA: a message of so many bytes has no room. What is not counted always
   has. */
int	folder_room(struct folder *, u64 bytes);

/* Like upload_begin, but the message is for folder_deliver. */
int	delivery_begin(struct folder *, struct upload **out);

/* Puts it into new/, and the quota is told; asks for no room. Frees it in any
   case. */
int	folder_deliver(struct folder *, struct upload **);

/*
 * Delivers the text of `file`, with Date and Message-Id before it, to the
 * account's INBOX if it is `percent` full or more, once in WARN_SECONDS
 * (maildir.md 6.8). No quota, or no such file: nothing happens, and E_OK.
 */
#define WARN_SECONDS	(24 * 3600)
int	maildir_warn(struct maildir *, u32 percent, const char *file);

/* ---- without opening ---------------------------------------------------- */

struct md_status {
	u32	messages, recent, unseen, uidnext, uidvalidity;
	u64	highestmodseq;
	u32	deleted;
	u64	deleted_bytes;		/* as the quota counts them */
};

/* Does not move messages nor write the UID database. */
int	maildir_status(struct maildir *, const char *name,
	    struct md_status *out);

/* ---- waiting for changes ------------------------------------------------ */

struct md_watch;

/* Never fails: without kernel notification it knows nothing, and the caller
   looks from time to time. */
struct md_watch *watch_new(struct folder *);
/* Descriptor to poll for reading, or -1. */
int	watch_fd(const struct md_watch *);
/* TRUE if the kernel told of a change since the last call. */
int	watch_changed(struct md_watch *);
void	watch_free(struct md_watch **);

#endif
