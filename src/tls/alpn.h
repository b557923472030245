/* Names of protocols (RFC 7301).  SPDX-License-Identifier: ISC */

#ifndef TLS_ALPN_H
#define TLS_ALPN_H

#include "base/str.h"

struct alpn {
	struct str	names;		/* as on the wire: length, name */
	int		optional;	/* no common name is no error */
	int		our_order;
};

/* TLS_ALPN: names between commas and blanks; @o... and @s... set the flags,
   other words with @ are left out. NULL: no names. alpn_free undoes it. */
void	alpn_init(struct alpn *, const char *list);
void	alpn_free(struct alpn *);

/*
 * A client's names, as on the wire. E_OK and the one to answer (a part of
 * either list, without its length); E_NOENT: there is none.
 */
int	alpn_choose(const struct alpn *, const u8 *theirs, size_t,
	    const u8 **out, size_t *out_len);

#endif
