/* Growable byte string with a maximum.  SPDX-License-Identifier: ISC */

#ifndef BASE_STR_H
#define BASE_STR_H

/*
 * `data` always holds `len` bytes followed by a NUL once anything was
 * appended, and is "" before.  Members may be read, never written, by others.
 * When an append would pass `max` nothing is added, `toobig` is set and stays
 * set until str_reset; appends return E_TOOBIG.  Callers may thus append many
 * pieces and look once.
 */
struct str {
	char	*data;
	size_t	len;
	size_t	size;		/* allocated */
	size_t	max;
	int	toobig;
};

#define STR_MAX_DEFAULT	((size_t)64 * 1024 * 1024)

void	str_init(struct str *, size_t max);	/* max 0: STR_MAX_DEFAULT */
int	str_cat(struct str *, const void *, size_t);
int	str_cats(struct str *, const char *);
int	str_catc(struct str *, int);
int	str_catu32(struct str *, u32);
int	str_catu64(struct str *, u64);
int	str_catstr(struct str *, const struct str *);

/* Appends printf-formatted text (%s %d %u %ld %lu %c %x %o %% only). */
int	str_catf(struct str *, const char *, ...) PRINTFLIKE(2, 3);

/* The same for functions that take such arguments themselves. A va_list is
   handed on by address: `struct str_va v; va_start(v.ap, f); ... &v.ap`. */
struct str_va {
	va_list	ap;
};
int	str_vcatf(struct str *, const char *, va_list *);

/* Makes room for n more bytes; returns where they go, or NULL if too big.
   str_commit says how many were written. */
char	*str_ready(struct str *, size_t n);
void	str_commit(struct str *, size_t n);

void	str_trunc(struct str *, size_t len);	/* len <= current length */
void	str_drop(struct str *, size_t n);	/* removes n bytes in front */
void	str_reset(struct str *);		/* empties, keeps the memory */

/* Moves the bytes out: the caller owns them (mem_free); str is empty. */
char	*str_take(struct str *);

void	str_free(struct str *);			/* memory only, str reusable */
void	str_wipe_free(struct str *);		/* for secrets */

/* Terminated contents; never NULL. */
const char *str_c(const struct str *);

#endif
