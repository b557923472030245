/* Hash table keyed by bytes.  SPDX-License-Identifier: ISC */

#ifndef BASE_MAP_H
#define BASE_MAP_H

struct map;

/* Keys are copied; values belong to the caller. Hash is seeded at random. */
struct map *map_new(size_t expected);
void	*map_get(const struct map *, const void *key, size_t keylen);
void	*map_gets(const struct map *, const char *key);

/* Sets the value; returns the one that was there, or NULL. */
void	*map_put(struct map *, const void *key, size_t keylen, void *value);
void	*map_puts(struct map *, const char *key, void *value);
void	*map_del(struct map *, const void *key, size_t keylen);
size_t	map_count(const struct map *);

/* Frees keys and table, not the values; clears the pointer; NULL is fine. */
void	map_free(struct map **);

/* The seeded hash, for tables that live in arrays of their own. */
u32	map_hash(const void *, size_t);

/* A hash that stands for the bytes themselves: two strings of a million that
   differ have the same by a chance of one in 30 millions. Seeded too. */
u64	map_hash64(const void *, size_t);

#endif
