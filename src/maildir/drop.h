/* A maildir as a POP3 session sees it: its INBOX by file names.
   SPDX-License-Identifier: ISC */

#ifndef MAILDIR_DROP_H
#define MAILDIR_DROP_H

struct maildir;
struct str;

/*
 * No lock, no UID database, no keywords (maildir.md 8): any number of sessions,
 * POP3 and IMAP, may have the maildir open, and names change under them.
 */
struct drop;

/*
 * Removes old files from tmp/ and moves new/ to cur/, as a POP3 login does
 * (maildir.md 1.4, 1.9). E_NOENT, E_PERM, E_TEMP: cur/ cannot be read. The
 * maildir is borrowed.
 */
int	drop_open(struct maildir *, struct drop **out);

/* Tells the quota what was removed, once for all. */
void	drop_close(struct drop **);

/* Between the two no other session has it locked; where the system cannot do
   that, nothing happens. */
void	drop_lock(struct drop *);
void	drop_unlock(struct drop *);

/* Each name in cur/ that is a message's. E_TEMP: there may be more. */
typedef void drop_name_fn(void *ctx, const char *name);
int	drop_names(struct drop *, drop_name_fn *, void *ctx);

/* FALSE: cur/ is as it was when drop_names was last called. */
int	drop_changed(struct drop *);

/* Opens cur/name, a regular file; *out_fd is the caller's. E_NOENT, E_PERM,
   E_TEMP. drop_open_kept: one that another session of ours removed while we
   were here. */
int	drop_open_msg(struct drop *, const char *name, int *out_fd);
int	drop_open_kept(struct drop *, const char *name, int *out_fd);

/* cur/name with \Seen added, in its place among the flags; *out is the name
   then. FALSE: the name stays (it has it, or an info of another kind). */
int	drop_seen_name(const char *name, struct str *out);

/* E_NOENT, E_PERM, E_TEMP; E_EXIST: that is another message's name. */
int	drop_rename(struct drop *, const char *from, const char *to);
int	drop_remove(struct drop *, const char *name);

/* TRUE if there is cur/name, or if that cannot be told. */
int	drop_is(struct drop *, const char *name);

/* A file of the maildir's own: file_slurp; file_replace, by way of a file in
   tmp/ whose name holds `uniq`. */
int	drop_read(struct drop *, const char *file, size_t max,
	    struct str *out);
int	drop_write(struct drop *, const char *file, const char *uniq,
	    const void *, size_t);

/* Length of the part of a name that never changes. */
size_t	drop_id(const char *name);

#endif
