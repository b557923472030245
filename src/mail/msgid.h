/* Message identifiers.  SPDX-License-Identifier: ISC */

#ifndef MAIL_MSGID_H
#define MAIL_MSGID_H

struct str;

/*
 * Finds the next msg-id of an unfolded Message-ID, References or In-Reply-To
 * value from *pos on and moves *pos behind it. *out is what stands between the
 * angle brackets, without quotes, backslashes and white space, so that equal
 * ones are equal however they are written (RFC 5256 3). FALSE at the end. What
 * has nothing before or behind an @ is none.
 */
int	msgid_next(const char *value, size_t n, size_t *pos,
	    struct str *out);

#endif
