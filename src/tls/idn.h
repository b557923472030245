/* Names of hosts in letters that are not ASCII.  SPDX-License-Identifier: ISC */

#ifndef TLS_IDN_H
#define TLS_IDN_H

struct str;

/*
 * Appends a name whose A-labels (RFC 5890 2.3.2.1: "xn--" and Punycode) are
 * replaced by what they stand for, in UTF-8. The rest, dots too, stays as it
 * is; what is written for an A-label beside its own ASCII letters is above
 * U+009F. E_NOENT: there is no A-label; E_INVAL: one that stands for nothing.
 */
int	idn_decode(const char *name, struct str *out);

#endif
