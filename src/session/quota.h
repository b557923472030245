/* What quotas there are.  SPDX-License-Identifier: ISC */

#ifndef SESSION_QUOTA_H
#define SESSION_QUOTA_H

struct sess;

/* A limit of 0: there is none. In KiB, both rounded up. */
struct quota_state {
	u64	kib, kib_max;
	u64	messages, messages_max;
};

/* The quota root that a mailbox belongs to; it need not exist (imap-wire.md
   12): ROOT, SHARED or PUBLIC. */
const char *quota_root(const char *name);

/*
 * What a root has and may have (maildir.md 6.6). Only ROOT is known: for any
 * other name, and where maildirsize cannot be read, there are no limits.
 */
void	quota_state(struct sess *, const char *root, struct quota_state *out);

#endif
