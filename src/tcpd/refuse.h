/* Turning a client away with a reason.  SPDX-License-Identifier: ISC */

#ifndef TCPD_REFUSE_H
#define TCPD_REFUSE_H

#define REFUSE_MAX	64	/* connections kept until they are read */
#define REFUSE_MS	2000	/* and for how long */

struct pollfd;

/* Writes prefix, reason and end of line if prefix is not NULL, ends our side,
   and takes what the client has sent already. Does not wait. */
void	refuse_tell(int fd, const char *prefix, const char *reason,
	    const char *end);

/* The same on a port of TLS, where text would be no answer: the alert
   access_denied (RFC 8446 6.2), which clients show. */
void	refuse_alert(int fd);

/*
 * A connection that was told is kept open until the client has closed it: to
 * close it earlier could destroy what it has not read. At most REFUSE_MAX are
 * kept, for REFUSE_MS; the oldest goes first. All are ours to close.
 */
void	refuse_keep(int fd);
size_t	refuse_poll(struct pollfd *);		/* fills; returns how many */
int	refuse_left(int ms);			/* the earlier of both */
void	refuse_work(void);			/* after poll */

#endif
