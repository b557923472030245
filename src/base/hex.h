/* Hexadecimal text.  SPDX-License-Identifier: ISC */

#ifndef BASE_HEX_H
#define BASE_HEX_H

struct str;

int	hex_encode(const void *, size_t n, struct str *out);	/* lower case */
int	hex_decode(const char *, size_t n, struct str *out);	/* E_SYNTAX */
int	hex_value(int);						/* or -1 */

#endif
