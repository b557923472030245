/* Which certificate a client gets.  SPDX-License-Identifier: ISC */

#ifndef TLS_CERTFILE_H
#define TLS_CERTFILE_H

#include "base/str.h"

/* Texts of files: PEM, and DER of the OCSP response; empty if there is none. */
struct certfile {
	struct str	cert;
	struct str	key;		/* may be in cert */
	struct str	ocsp;
};

#define CERTFILE_MAX	((size_t)64 * 1024)	/* bytes of each */

/*
 * Reads TLS_CERTFILE (base) and TLS_PRIVATE_KEYFILE (keys; NULL: none): those
 * with the name that the client asks for or a parent of it, else those with the
 * address that it came to, else those themselves (daemons.md 3.5). name and
 * address may be NULL. The name is the client's: nothing but letters, digits,
 * '-', '_' and single dots gets into the name of a file, in lower case;
 * where there is no such file its A-labels are decoded (idn.h), as Courier has
 * it. A name with a byte that is not ASCII is no name (RFC 6066 3).
 * E_OK; or what the last file met, which is logged. certfile_free always.
 */
int	certfile_read(const char *base, const char *keys, const char *name,
	    const char *address, struct certfile *out);

/* The group for DH: the text of TLS_DHPARAMS (path; NULL or "": none), or what is
   of it in the certificate's file; else empty. */
void	certfile_group(const char *path, const struct certfile *,
	    struct str *out);

/* TRUE if there may be others to choose from than base itself: a file whose
   name begins with "base.", except for the OCSP response. */
int	certfile_several(const char *base);

void	certfile_free(struct certfile *);	/* wipes */

#endif
