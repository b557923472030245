/* Key-value files: GDBM, or their text source.  SPDX-License-Identifier: ISC */

#ifndef BASE_DBM_H
#define BASE_DBM_H

/*
 * The only user of libgdbm. Without the library (or where path lacks the
 * database but its text source is there) the text file `path` less ".dat" is
 * read: one "key<TAB>value" per line. An empty folder of that name is no
 * source: E_NOENT; one with files has to be made a database first: E_NOTSUP.
 */
struct dbm_file;
struct str;

int	dbm_open(const char *path, struct dbm_file **out);	/* read only */

/* The same of a database that somebody has opened for reading; takes the
   descriptor, whatever the result. E_NOTSUP: only paths can be opened here. */
int	dbm_open_fd(int fd, const char *path, struct dbm_file **out);
int	dbm_has_open_fd(void);

/* Replaces what is there. */
int	dbm_create(const char *path, int mode, struct dbm_file **out);

/* Appends the value; E_NOENT, E_TEMP. */
int	dbm_get(struct dbm_file *, const void *key, size_t, struct str *out);
int	dbm_put(struct dbm_file *, const void *key, size_t,
	    const void *value, size_t);

/* Each entry until fn returns non-zero, which is then returned. */
typedef int dbm_each_fn(void *ctx, const char *key, size_t keylen,
    const char *value, size_t valuelen);
int	dbm_each(struct dbm_file *, dbm_each_fn *, void *ctx);

/* Closes and clears the pointer. E_TEMP, E_NOSPACE: what was put is not all on
   disk. NULL is fine. */
int	dbm_close(struct dbm_file **);
#endif
