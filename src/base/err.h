/* Result codes of every layer.  SPDX-License-Identifier: ISC */

#ifndef BASE_ERR_H
#define BASE_ERR_H

/*
 * Functions return E_OK or one of these.  A code says what the caller may do
 * about it, not where it happened: the place is logged where it is known.
 */
enum {
	E_OK = 0,
	E_TEMP = -1,		/* trouble that may pass: try again later */
	E_PERM = -2,		/* refused: permission or policy */
	E_NOENT = -3,		/* there is no such thing */
	E_EXIST = -4,		/* it is there already */
	E_QUOTA = -5,		/* over quota */
	E_TOOBIG = -6,		/* over one of our named limits */
	E_SYNTAX = -7,		/* malformed input */
	E_TIMEOUT = -8,		/* a deadline passed */
	E_EOF = -9,		/* the other side has gone */
	E_INVAL = -10,		/* well-formed, but not acceptable here */
	E_NOSPACE = -11,	/* disk full */
	E_CHARSET = -12,	/* unknown or unconvertible character set */
	E_EXPUNGED = -13,	/* the message is gone */
	E_NOTSUP = -14,		/* not available in this build or set-up */
	E_BUSY = -15		/* locked or in use by another */
};

/* Returns E_* for a system error number (ENOSPC is E_NOSPACE, ...). */
int	err_from_errno(int);

/* Returns a constant English text for a code, without a final period. */
const char *err_text(int);

#endif
