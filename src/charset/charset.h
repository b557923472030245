/* Conversion of text to UTF-8.  SPDX-License-Identifier: ISC */

#ifndef CHARSET_CHARSET_H
#define CHARSET_CHARSET_H

struct str;
struct charset_conv;

#define CHARSET_NAME_MAX	64	/* longer names are unknown */

/* TRUE if text in this character set (any case) can be converted. */
int	charset_known(const char *name);

/* Appends n bytes as UTF-8. E_CHARSET: name unknown; E_SYNTAX: the bytes are
   not valid in it (out is then as before); E_TOOBIG. For search strings. */
int	charset_to_utf8(const char *name, const char *, size_t n,
	    struct str *out);

/* The same for text of others: what is invalid becomes U+FFFD, an unknown
   character set is read as UTF-8 where it is, else as ISO-8859-1. */
void	charset_to_utf8_lax(const char *name, const char *, size_t n,
	    struct str *out);

/* For text of others: never fails. US-ASCII and unknown sets are read as UTF-8,
   bytes that are none as ISO-8859-1. */
void	charset_open_lax(const char *name, struct charset_conv **out_conv);

/* Streaming, lax. E_CHARSET if unknown. charset_close frees; NULL is fine. */
int	charset_open(const char *name, struct charset_conv **out_conv);
void	charset_feed(struct charset_conv *, const char *, size_t n,
	    struct str *out);
void	charset_end(struct charset_conv *, struct str *out);
void	charset_close(struct charset_conv **);

#endif
