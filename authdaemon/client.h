/* One client of a worker: its request and the reply.
   SPDX-License-Identifier: ISC */

#ifndef AUTHDAEMON_CLIENT_H
#define AUTHDAEMON_CLIENT_H

#include "base/str.h"

struct client {
	int		fd;
	u64		deadline;	/* for the whole request */
	struct str	in;		/* what is there of it */
};

/* Takes the descriptor, which is non-blocking. */
void	client_init(struct client *, int fd);

/* Reads what is there and answers if the request is complete. E_BUSY: it is
   not; all else: client_end is next. */
int	client_receive(struct client *);

/* The deadline has passed. */
void	client_late(struct client *);

/* Closes; bytes that nobody read would make the client's last read fail. */
void	client_end(struct client *);

/* Reads AUTHDAEMON_TEMPFAIL; a word that is none is logged. */
void	client_settings(void);

#endif
