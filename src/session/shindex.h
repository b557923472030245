/* Files that say whose folders are shared.  SPDX-License-Identifier: ISC */

#ifndef SESSION_SHINDEX_H
#define SESSION_SHINDEX_H

/*
 * An administrator or the user writes them; others may choose the names of
 * accounts in them. A line that is wrong is logged and left out.
 */

struct shindex;
struct shindex_file;

enum {
	SHINDEX_ACCOUNTS,	/* the index of `#shared.` (maildir.md 5.7) */
	SHINDEX_LINKS		/* maildirs of `shared.` (maildir.md 5.8) */
};

#define SHINDEX_FILE_MAX	((size_t)16 * 1024 * 1024)
#define SHINDEX_LINE_MAX	8192	/* bytes of one line */
#define SHINDEX_ENTRIES_MAX	100000	/* of one file */

struct shindex_entry {
	const char	*name;		/* as a component of a mailbox name */
	const char	*account;	/* as it stands in the file */
	const char	*path;		/* its maildir; or of a group its file */
	int		group;
};

/* All files that a session has read. munge: IMAP_SHAREDMUNGENAMES. */
struct shindex *shindex_new(int munge);
void	shindex_free(struct shindex **);

/*
 * What a file has, read again when it has changed. One that is not there or
 * cannot be read is empty, and logged once. The result and what it holds are
 * valid until the next call, or until shindex_keep(index, FALSE) if that was
 * called with TRUE before.
 */
const struct shindex_file *shindex_read(struct shindex *, const char *path,
	    int kind);
void	shindex_keep(struct shindex *, int);

/* What it has, in the order of the file. */
size_t	shindex_count(const struct shindex_file *);
const struct shindex_entry *shindex_at(const struct shindex_file *, size_t);
/* By the component's n bytes; NULL if there is none. */
const struct shindex_entry *shindex_find(const struct shindex_file *,
	    const char *name, size_t n);

#endif
