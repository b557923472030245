/* One client of a worker: its request and the reply.
   SPDX-License-Identifier: ISC */

#ifndef AUTHDAEMON_CLIENT_H
#define AUTHDAEMON_CLIENT_H

#include "base/str.h"
#include "authcl/authproto.h"

struct client {
	int		fd;
	u64		deadline;	/* for the whole request */
	struct str	in;		/* what is there of it */
	int		complete;	/* all of it, in req, ... */
	int		at_once;	/* ... in one piece, and no more */
	struct authreq	req;
};

/* Takes the descriptor, which is non-blocking. */
void	client_init(struct client *, int fd);

/* Reads what is there. E_OK: the request is complete, client_answer is next;
   E_BUSY: it is not; all else: client_end is next. */
int	client_receive(struct client *);
void	client_answer(struct client *);

/* The deadline has passed. */
void	client_late(struct client *);

/* Closes; bytes that nobody read would make the client's last read fail. */
void	client_end(struct client *);

/* Reads AUTHDAEMON_TEMPFAIL; a word that is none is logged. */
void	client_settings(void);

#endif
