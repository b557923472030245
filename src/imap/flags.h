/* Flag lists from the client.  SPDX-License-Identifier: ISC */

#ifndef IMAP_FLAGS_H
#define IMAP_FLAGS_H

struct arg;
struct imap;
struct pool;

#define FLAGS_KW_MAX	200	/* keywords in one list */

struct flags {
	u32		sys;		/* VF_STORED bits */
	size_t		nkw;
	const char	**kw;
};

/* Takes a list, or bare flags up to the end; no argument is the empty list.
   E_SYNTAX: \Recent, an unknown \X, a keyword that cannot be. E_TOOBIG. */
int	flags_parse(struct imap *, struct pool *, struct arg **pos,
	    int bare_allowed, struct flags *out);

#endif
