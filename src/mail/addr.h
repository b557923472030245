/* Address lists.  SPDX-License-Identifier: ISC */

#ifndef MAIL_ADDR_H
#define MAIL_ADDR_H

struct pool;

enum addr_kind {
	ADDR_MAILBOX,
	ADDR_GROUP,		/* name of a group in `local`; members follow */
	ADDR_GROUP_END		/* all members NULL */
};

/*
 * Members are as ENVELOPE shows them (RFC 3501 7.4.2): `name` and `route` may
 * be NULL; `local` of quoted form is without quotes; `domain` is "" when the
 * address has none, NULL only in group rows. RFC 2047 words and 8-bit bytes
 * are passed as they are.
 */
struct addr {
	struct addr	*next;
	enum addr_kind	kind;
	const char	*name;
	const char	*route;
	const char	*local;
	const char	*domain;
};

#define ADDR_MAX	10000		/* more of one list are not shown */

/* Parses an unfolded value; never fails: what cannot be read is skipped or
   shown as a bare local part. Returns the list in the pool, NULL if empty. */
struct addr *addr_parse(struct pool *, const char *, size_t n);

#endif
