/* Members of an open folder, for this directory only.
   SPDX-License-Identifier: ISC */

#ifndef MAILDIR_FOLDER_INT_H
#define MAILDIR_FOLDER_INT_H

#include <sys/stat.h>

#include "base/str.h"
#include "base/vec.h"
#include "maildir/folder.h"

struct maildir {
	char		*path;
	char		*host;
	char		*quota;		/* NULL: the account has none */
	char		*real;		/* views of this one's folders, or NULL */
	struct md_opts	opts;
};

/* What a file or directory looked like when it was last read. */
struct stamp {
	dev_t	dev;
	ino_t	ino;
	off_t	size;
	time_t	mtime;
	long	nsec;
	time_t	seen;		/* when we looked */
};

/* A set of keywords: sorted table indices. */
struct kwset {
	u32	*v;
	size_t	n;
};

/* The constant part of many names (md_pack.c). */
struct shape {
	char	*text;
	size_t	len;
	u32	index;		/* in shapes.list, plus 1 */
};

struct shapes {
	struct vec	list;		/* struct shape * */
	struct map	*by_text;
	int		refs;
};

/* File names, packed. Only md_pack.c looks inside. */
struct names {
	u8		*p;
	size_t		used, size;
	struct shapes	*shapes;
	struct shape	*last;		/* the one used last */
	struct str	id;		/* scratch */
};

enum {				/* rec.form: what follows the identity */
	FORM_NONE,		/* nothing */
	FORM_USUAL,		/* ":2," and the letters of rec.flags */
	FORM_OWN		/* something else; stored */
};

#define UID_EPOCH	1000000000	/* a new UIDVALIDITY counts from here */
#define MODSEQ_SHIFT	20		/* the first is the clock, shifted left */

enum { REC_HERE = 128 };	/* rec.state during a scan: it is in cur/ */

/* Changes for maildirsize that wait for the end of a command (md_quota.c). */
struct md_owed {
	struct str	lines;		/* entries as they will be written */
	i64		bytes, n;	/* the sum of all */
	i64		rest_bytes, rest_n;	/* of those without a line */
};

/* That we are here, for others to see (md_gone.c). */
struct md_gone {
	int		presence;	/* cur/, locked; or -1 */
	int		departed;	/* tmp/ may hold what was removed */
};

struct folder {
	struct maildir	*md;
	char		*name;
	char		*dir;
	char		*real;		/* a view: the folder's directory */
	int		mode;
	int		opened;		/* scanned once */
	u32		uidvalidity, uidnext;
	u64		highestmodseq;
	struct rec	*recs;
	size_t		n, size;
	struct names	names;
	int		partial;	/* cur/ has more than we show */
	int		stuck;		/* so has new/: it could not be moved */
	int		removed;	/* messages since the last scan, by us */
	struct stamp	cur, new, db, kw;
	struct stamp	kwlist;		/* the keywords' :list */
	struct stamp	sought;		/* cur/ when md_refind read it */
	time_t		cleaned;	/* when tmp/ was last cleaned */
	struct md_gone	gone;
	struct vec	keywords;	/* char *, the table */
	struct map	*by_word;	/* in small letters -> index + 1 */
	struct kwset	*kwsets;
	size_t		nkwsets, kwsets_size;
	struct map	*by_set;	/* members -> set's number */
	struct md_owed	owed;		/* not yet in maildirsize */
};

/* md_path.c: dir + "/" + sub appended to a string made anew. */
char	*md_dir(const struct maildir *, const char *name);
/* Where the messages are; of a view that is not dir. */
char	*md_real_dir(const struct maildir *, const char *name);
/* md_tree.c: TRUE if the directory has a cur/. */
int	md_is_folder(const char *dir);
void	md_path(struct str *, const char *dir, const char *sub,
	    const char *name);
int	md_valid_name(const char *);
void	md_stamp(struct stamp *, const char *path);
/* TRUE if it looks the same: the same file, as far as its mtime can tell. */
int	md_stamp_equal(const struct stamp *, const char *path);
/* TRUE if certain that nothing changed since the stamp was taken. */
int	md_stamp_same(const struct stamp *, const char *path);
/* TRUE if a change after the stamp would show in the next one. */
int	md_stamp_old(const struct stamp *);

/* md_name.c */
size_t	md_name_id(const char *);		/* length of the identity */
size_t	md_name_base(const char *);		/* up to the last ':' */
int	md_name_flags(const char *);
/* Appends ":2," and letters; the same behind the base of a name. */
void	md_name_info(struct str *, int flags);
void	md_name_suffix(struct str *, const char *name, int flags);
/* TRUE if info is what md_name_info makes of these flags. */
int	md_name_usual(const char *info, int flags);
int	md_name_cmp(const char *, const char *);	/* maildir.md 3.4 */
/* Never orders otherwise than md_name_cmp, but may find equal. */
u64	md_name_rank(const char *);
int	md_name_same(const char *, const char *);	/* but for ,S= */
void	md_name_tmp(struct str *, const struct maildir *, const char *uniq);
void	md_name_final(struct str *, const struct maildir *, const char *tmp,
	    const struct stat *);
/* A name in cur/ for a file whose own is another message's by now. */
void	md_name_fresh(struct str *, const struct maildir *,
	    const struct stat *, int flags);

/* md_pack.c */
/* like: another one to compare identities with, or NULL. */
void	names_init(struct names *, const struct names *like);
void	names_free(struct names *);
/* Sets name, form and flags of the record. */
void	names_add(struct names *, const char *name, struct rec *);
/* Appends the file's name as it is in cur/. */
void	names_cat(const struct names *, const struct rec *, struct str *out);

/* The same identity? Both of one family (`like`). */
int	names_same(const struct names *, const struct rec *,
	    const struct names *, const struct rec *);

/* Finds records by identity; valid until a record or a name is added. */
struct names_index {
	struct names	*names;
	const struct rec *recs;
	u32		*heads, *next;	/* index + 1 */
	size_t		mask;
};
#define NAMES_NONE	((size_t)-1)
void	names_index(struct names_index *, struct names *, const struct rec *,
	    size_t n);
/* First record of the identity (n bytes) that has no bit of `without` in its
   state, or NAMES_NONE. An index that was never made (zeroed) finds none. */
size_t	names_find(struct names_index *, const char *id, size_t n,
	    int without);
void	names_index_free(struct names_index *);

/* md_gone.c: messages that others may still show. */
#define MD_GONE		"chapar.gone."	/* beginning of their names in tmp/ */
#define GONE_AGE_MAX	(2 * 3600)	/* seconds that they stay, by ctime */
void	md_gone_enter(struct md_gone *, const char *dir);
void	md_gone_leave(struct md_gone *, const char *dir);
/* Before the file of a message goes, or after it was moved: keeps a link to it
   if somebody else has the folder open. */
void	md_gone_keep(struct md_gone *, const char *dir, const char *name,
	    const char *file);
/* The path where another session may have kept it; FALSE: nowhere. */
int	md_gone_find(const struct md_gone *, const char *dir,
	    const char *name, struct str *out);

/* folder.c: as folder_open_msg, but only if it is still in the folder. */
int	md_open_here(struct folder *, size_t i, int *out_fd);

/* folder.c: dir/cur/name of a record. */
void	md_rec_path(struct str *, const struct folder *, const struct rec *);
/* Gives the record another name, and CHANGED if its flags are others. */
void	md_rec_rename(struct folder *, struct rec *, const char *name);

/* md_quota.c, md_quota_count.c: maildirsize. What counts for it (maildir.md 6.3). */
int	md_quota_counts(const struct maildir *, const char *folder,
	    int flags);
u64	md_quota_size(const char *dir, const char *sub, const char *name);
/* Counts all; returns the newest time of any directory of messages. */
time_t	md_quota_count(struct maildir *, struct md_quota *);
void	md_owed_init(struct md_owed *);
void	md_owed_add(struct md_owed *, i64 bytes, i64 n);
/* Writes what is owed; nothing is, then. */
void	md_owed_tell(struct maildir *, struct md_owed *);
/* E_QUOTA: n messages of so many bytes together are too much. */
int	md_quota_room(struct maildir *, u64 bytes, u32 n);
void	md_quota_record(struct maildir *, i64 bytes, i64 n);
void	md_quota_recount(struct maildir *);
/* folder.c: size of a message; one message more or less, told by
   folder_flush. */
u64	md_quota_of(struct folder *, const struct rec *);
void	md_quota_add(struct folder *, const struct rec *, int n);

/* md_lock.c */
struct md_lock;
int	md_lock(struct maildir *, const char *dir, struct md_lock **out);
void	md_unlock(struct md_lock **);

/*
 * md_uid.c: the courierimapuiddb of a directory, in memory, as records in the
 * order of UIDs. They have no flags yet; whoever finds one in cur/ marks it
 * REC_HERE.
 */
struct uiddb {
	u32		validity, next;	/* validity 0: there is none */
	struct rec	*v;
	size_t		n, size;
	size_t		listed;		/* lines that were of use */
	int		fixed;		/* nothing is to be renamed in cur/ */
	struct names	names;
	struct names_index index;
};
int	uiddb_read(const char *dir, const struct names *like,
	    struct uiddb *out);
void	uiddb_free(struct uiddb *);
/* Takes the entry of a file in cur/; NULL if it has none (left). */
struct rec *uiddb_take(struct uiddb *, const char *name);
/* The entry that was taken for this identity; NULL if none was. */
struct rec *uiddb_taken(struct uiddb *, const char *name);
struct rec *uiddb_append(struct uiddb *, const char *name, u32 uid);
/* By UID; of two with one UID only one is kept. */
void	uiddb_sort(struct uiddb *);
/* Leaves out records with none of `with` or any of `without` in state. */
void	uiddb_filter(struct uiddb *, int with, int without);
int	uiddb_write(struct maildir *, const char *dir, const struct uiddb *);

/* md_move.c: the second under the folder's lock. */
void	md_clean_tmp(struct folder *);
/* E_OK also if some could not be moved: then f->stuck is set. */
int	md_move_new(struct folder *);
/* dir/new/name to dir/cur/as, or under a name that is free. E_NOENT: it has
   gone. */
int	md_move_one(const struct maildir *, const char *dir, const char *name,
	    const char *as, int quiet);
/* Up to so many names of a directory at once. */
#define MD_MOVE_BATCH	((size_t)65536)
int	md_read_batch(const char *path, struct vec *out);
/* In the name of a folder that is being deleted, while it is in tmp/. */
#define MD_DELETED	"deleted"

/* md_add.c: an upload whose name holds `uniq` (NULL: any; "": nothing). */
int	md_upload_begin(struct folder *, const char *uniq,
	    struct upload **out);
/* All that can fail for the file alone; its final name without flags. */
int	md_upload_finish(struct folder *, struct upload *, struct str *name);
/* Out of tmp/, to sub/name. */
int	md_upload_place(struct upload *, const char *sub, const char *name);

/* md_add.c: puts finished uploads into cur/, under the folder's lock; takes
   them out again. */
int	md_publish(struct folder *, struct upload **, size_t n);
void	md_withdraw(struct folder *, struct upload **, size_t n);
const char *md_upload_name(const struct upload *);

/* md_mirror.c: symlink that may be there already, under any aim. */
int	md_relink(struct maildir *, const char *dir, const char *aim,
	    const char *path);

/* md_mirror_sync.c: all of these only for views. */
/* TRUE if the real folder may have changed since the last sync. */
int	md_mirror_stale(const struct folder *);
/* Links what came and unlinks what went, under the lock of the view. If that
   fails, what is there stays. */
int	md_mirror_sync(struct folder *);
/* The same when a link leads nowhere, taking the lock for it. */
int	md_mirror_resync(struct folder *);
/* Removes the real message; the link is the caller's. E_NOENT: it has gone. */
int	md_mirror_unlink(const char *link);

/* md_scan.c: refresh. With n uploads these become the folder's youngest
   messages, all or none; out_uids gets their UIDs. */
int	md_scan(struct folder *, struct upload **, size_t n, u32 *out_uids);

/* md_gather.c: what is in cur/ with its UIDs, from the database that was read;
   uploads as in md_scan. *out_write: that on disk is not what it should be. */
int	md_gather(struct folder *, struct uiddb *, struct upload **, size_t n,
	    u32 *out_uids, int *out_write);

/* md_cur.c: marks the entries that are in cur/ and appends those that are not
   in the database, with UID 0. Names in `skip` (may be NULL) are passed over. */
int	md_read_cur(struct folder *, struct uiddb *, struct map *skip);
/* `name` has the identity of rec. TRUE: it is another message; `name` is then
   the one that its file bears from now on. */
int	md_settle_twice(struct folder *, struct uiddb *, struct rec *,
	    struct str *name);

/* md_number.c: UIDs for the entries without one, which stand last. E_TOOBIG:
   there are no more. */
int	md_number(struct folder *, struct uiddb *);

/* md_merge.c: takes what the scan found into the folder; the database is to be
   freed, and nothing else. */
void	md_merge(struct folder *, struct uiddb *);

/* md_refind.c: the file of a record has another name now: finds it.
   E_EXPUNGED. */
int	md_refind(struct folder *, struct rec *);

/*
 * md_acl_file.c: what becomes of access lists when folders do. `forget` comes
 * before a folder of this name is made: removes what is left of an earlier
 * one. `adopt` when it is there: gives it and the names above it their lists.
 * `leave` before it goes: keeps its list for those below it. `prepare` before
 * one gets another name, with `from` that is renamed: this or one below;
 * `rename` when it and all below have theirs.
 */
void	md_acl_forget(struct maildir *, const char *name);
int	md_acl_adopt(struct maildir *, const char *name);
int	md_acl_leave(struct maildir *, const char *name);
void	md_acl_prepare(struct maildir *, const char *from, const char *name,
	    const char *target);
void	md_acl_rename(struct maildir *, const char *from, const char *to);
/* md_acl.c: appends as it is on disk; reads that. */
void	md_acl_print(const struct md_acl *, struct str *out);
int	md_acl_parse(struct md_acl *, const char *, size_t);

/* md_keyword.c: the table. Bytes that a keyword must not have become '_'. */
u32	kw_table_index(struct folder *, const char *, size_t);
/* Index of the set with these members (any order, duplicates). */
u32	kw_intern(struct folder *, const u32 *, size_t);
void	md_keywords_init(struct folder *);
void	md_keywords_free(struct folder *);

/* md_keyword_list.c: the table, an empty line, then "identity:index index ..."
   lines. FALSE: no message has a keyword. */
int	kw_put_list(struct folder *, struct str *);
typedef void kw_list_fn(void *ctx, const char *id, size_t n, u32 kwset);
void	kw_read_list(struct folder *, const char *, size_t, kw_list_fn *,
	    void *ctx);

/* md_keyword_load.c */
#define KW_DIR		"courierimapkeywords"
#define KW_LIST		":list"
#define KW_FILE_MAX	((size_t)1024 * 1024)	/* one update */
void	kw_make_dir(struct folder *);	/* if it is not there */
void	kw_path(struct str *, const struct folder *, const char *, size_t);
/* The identity in the name of an update, pending or ".N."; NULL: it is none.
   *out_n is N, or 0. */
const char *kw_update_id(const char *name, u64 *out_n);
#define KW_LIST		":list"
#define KW_LIST_MAX	((size_t)256 * 1024 * 1024)
/* Reads them, and merges updates if `merge`, which needs the folder's lock. TRUE
   if there were some. */
int	md_keywords_load(struct folder *, int merge);
/* The same if anything changed, taking the lock for merging. */
int	md_keywords_refresh(struct folder *);

/* md_keyword_store.c */
int	md_keywords_write(struct folder *, const char *name,
	    const char *const *, size_t n);
int	md_keywords_store(struct folder *, struct rec *, int how,
	    const char *const *, size_t n);

#endif
