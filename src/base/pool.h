/* Arena of memory that is freed at once.  SPDX-License-Identifier: ISC */

#ifndef BASE_POOL_H
#define BASE_POOL_H

struct pool;

/* Makes an arena; the owner releases it with pool_free. */
struct pool *pool_new(void);

/* Zeroed, aligned memory that lives until pool_reset or pool_free. */
void	*pool_alloc(struct pool *, size_t);
void	*pool_array(struct pool *, size_t n, size_t size);
char	*pool_strdup(struct pool *, const char *);
char	*pool_strndup(struct pool *, const char *, size_t);	/* adds a NUL */

/* Gives back everything allocated; keeps one block for the next use. */
void	pool_reset(struct pool *);

/* Bytes handed out since the last reset (for limits). */
size_t	pool_used(const struct pool *);

/* Frees all of it and clears the pointer; NULL is fine. */
void	pool_free(struct pool **);

#endif
