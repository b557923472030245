/* Growing array of pointers.  SPDX-License-Identifier: ISC */

#ifndef BASE_VEC_H
#define BASE_VEC_H

/* Owns the array, not what the pointers point to. */
struct vec {
	void	**v;
	size_t	n;
	size_t	size;
};

/* vec_reset empties and keeps the memory; vec_free gives it back too. */
void	vec_init(struct vec *);
void	vec_push(struct vec *, void *);
void	*vec_pop(struct vec *);			/* NULL if empty */
void	vec_reset(struct vec *);
void	vec_free(struct vec *);
void	vec_free_all(struct vec *);		/* mem_frees each pointer too */

#endif
