/* Allocation.  SPDX-License-Identifier: ISC */

#ifndef BASE_MEM_H
#define BASE_MEM_H

/*
 * The plain functions end the process when memory is out: right for the
 * processes that serve one connection.  Long-lived parents use mem_try.
 * All check the multiplication.  Release with mem_free.
 */
void	*mem_new(size_t size);			/* zeroed */
void	*mem_array(size_t n, size_t size);	/* zeroed */
void	*mem_grow(void *, size_t n, size_t size);	/* realloc */
void	*mem_try(size_t n, size_t size);	/* zeroed, NULL if out */
char	*mem_strdup(const char *);
void	*mem_dup(const void *, size_t);		/* one NUL is added */

/* Frees and returns NULL of the pointer: `p = mem_free(p)`. */
void	*mem_free(void *);

/* Overwrites memory in a way that the compiler may not drop. */
void	mem_wipe(void *, size_t);

/* Wipes a terminated string, frees it, clears the pointer. NULL is fine. */
void	mem_free_secret(char **);

/* Compares n bytes in time that does not depend on them; TRUE if equal. */
int	mem_equal_consttime(const void *, const void *, size_t n);

#endif
