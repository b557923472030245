/* MIME parameters, RFC 2045 5.1 and RFC 2231.  SPDX-License-Identifier: ISC */

#ifndef MAIL_PARAM_H
#define MAIL_PARAM_H

struct pool;
struct str;
struct tok822;

/* In message order; name in lower case as written (`filename*0*`), value
   unquoted, not decoded: what BODYSTRUCTURE shows. */
struct param {
	struct param	*next;
	const char	*name;
	char		*value;
};

#define PARAM_MAX	500		/* more of one field are not shown */

/* Reads `;name=value...` up to the end. NULL if there are none. */
struct param *param_parse(struct pool *, struct tok822 *);

/* Value of exactly this name, or NULL. */
const char *param_get(const struct param *, const char *name);

/* The value of that name, else what RFC 2231 says it is, in the pool, its
   character set ignored; NULL. For values that are ASCII: boundary, charset. */
const char *param_ascii(struct pool *, const struct param *, const char *name);

/* Appends the value as UTF-8: continuations joined, RFC 2231 character sets
   and RFC 2047 words decoded. E_NOENT. */
int	param_decoded(const struct param *, const char *name, struct str *out);

/*
 * Reads the value of a Content-Type or Content-Disposition field and appends
 * `; name=value` for each parameter that RFC 2231 hides, decoded: for searches.
 */
void	param_extended(const char *value, size_t n, struct str *out);

#endif
