/* What SORT and THREAD compare of a message.  SPDX-License-Identifier: ISC */

#ifndef SESSION_MSGKEY_H
#define SESSION_MSGKEY_H

struct addr;
struct str;
struct view;

/*
 * The sent date (RFC 5256 2.2) as seconds since 1970: of the Date field (NULL
 * if absent) with its zone, else INTERNALDATE, else 0.
 */
i64	msgkey_sent(struct view *, u32 seq, const char *date);

/*
 * Puts the base subject, as i;unicode-casemap compares it, into out; empty for
 * NULL. TRUE if it is a reply or a forward.
 */
int	msgkey_subject(const char *subject, struct str *out);

/* The local part of the first address in the same manner; empty if there is
   none or it is a group. */
void	msgkey_mailbox(const struct addr *, struct str *out);

#endif
