/* Which versions of TLS are spoken.  SPDX-License-Identifier: ISC */

#ifndef TLS_VERSION_H
#define TLS_VERSION_H

enum { TLS_V10 = 1, TLS_V11 = 2, TLS_V12 = 4, TLS_V13 = 8 };
#define TLS_V_ALL	(TLS_V10 | TLS_V11 | TLS_V12 | TLS_V13)

/*
 * The sum of TLS_V* that TLS_PROTOCOL (OpenSSL's words) and TLS_PRIORITY
 * (GnuTLS's) say together; either may be NULL. 0: none is left. A word that is
 * not known is logged, and counts as TLS 1.2 (daemons.md 3.4).
 */
int	version_set(const char *protocol, const char *priority);

#endif
