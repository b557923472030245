/* Numbers for strings: equal ones get the same.  SPDX-License-Identifier: ISC */

#ifndef BASE_INTERN_H
#define BASE_INTERN_H

struct intern;

/*
 * The strings stand packed in one piece: about 12 bytes more than their own
 * length each. At most max_count strings and max_bytes in all.
 */
struct intern *intern_new(size_t max_count, size_t max_bytes);
void	intern_free(struct intern **);

/* The number of this string, from 0, one after the other. E_TOOBIG: no room
   for another. */
int	intern_add(struct intern *, const void *, size_t, u32 *out);

/* A number that no string has. E_TOOBIG. */
int	intern_unique(struct intern *, u32 *out);

/* How many numbers were given. */
u32	intern_count(const struct intern *);

/* Fills rank (intern_count numbers): the place of each string among all,
   compared as octets. */
void	intern_rank(const struct intern *, u32 *rank);

#endif
