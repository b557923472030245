/* Networks and ranges as keys of the access database (daemons.md 2.5, 9.4).
   SPDX-License-Identifier: ISC */

#ifndef TCPD_CIDR_H
#define TCPD_CIDR_H

/* One key ("192.0.2", ":2001:0db8"). Anything but E_OK ends the expansion. */
typedef int cidr_fn(void *ctx, const char *key, size_t n);

/*
 * "ADDRESS/BITS" or "ADDRESS-ADDRESS", IPv4 or IPv6 (also with a colon in
 * front): calls fn for each key that the network is made of, whole octets or
 * groups of four digits. E_NOENT: neither, take the text as it is; E_SYNTAX: it
 * looks like one, but is not.
 */
int	cidr_expand(const char *, size_t, cidr_fn *, void *ctx);

#endif
