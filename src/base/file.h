/* Whole files.  SPDX-License-Identifier: ISC */

#ifndef BASE_FILE_H
#define BASE_FILE_H

struct stat;
struct str;

/* Appends the file's bytes; E_NOENT, E_PERM, E_TOOBIG (over max), E_TEMP. */
int	file_slurp(const char *path, size_t max, struct str *out);
int	file_slurp_fd(int fd, size_t max, struct str *out);

/*
 * Replaces path: writes tmp (same file system), fsyncs if `sync`, renames.
 * On failure path is untouched and tmp is removed. E_NOSPACE when full.
 */
int	file_replace(const char *path, const char *tmp, const void *, size_t,
	    int mode, int sync);

/* Opens a regular file without following links, close-on-exec, and never
   blocks on a FIFO. Returns the descriptor or E_*. */
int	file_open_regular(const char *path);

int	file_write_all(int fd, const void *, size_t);	/* E_NOSPACE, E_TEMP */
/* All that is left to read of `from`. E_NOSPACE, E_TEMP. */
int	file_copy(int from, int to);

/* Turn a flag of the descriptor on or off. E_TEMP. */
int	file_cloexec(int fd, int on);
int	file_nonblock(int fd, int on);

/* TRUE if both describe one file, unchanged. */
int	file_is_same(const struct stat *, const struct stat *);

/* Makes directory entries durable; failures of odd systems are ignored. */
int	file_sync_dir(const char *path);

/* Removes a directory and all below it, not following links. */
int	file_remove_tree(const char *path);

#endif
