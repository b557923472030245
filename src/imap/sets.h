/* Message sets of commands.  SPDX-License-Identifier: ISC */

#ifndef IMAP_SETS_H
#define IMAP_SETS_H

#include "session/mset.h"

struct arg;
struct imap;
struct imap_cmd;

struct sets {
	struct imap	*im;
	struct mset	*set;		/* as the client wrote it */
	struct mset_iter it;
	int		by_uid;
};

/* Takes a set argument. E_SYNTAX, E_TOOBIG. */
int	sets_parse(struct sets *, struct imap *, struct imap_cmd *,
	    struct arg **pos);

/* The messages, ascending. */
int	sets_next(struct sets *, u32 *out_seq);

/* After the last: complains of numbers that do not exist. */
void	sets_end(struct sets *);

#endif
