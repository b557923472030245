/* Who is at the other end of the socket.  SPDX-License-Identifier: ISC */

#ifndef AUTHDAEMON_PEER_H
#define AUTHDAEMON_PEER_H

/* Reads AUTHDAEMON_TRUST: users and @groups, commas or blanks between. Names
   that do not exist are logged. In the parent, before it has workers. */
void	peer_settings(void);

/*
 * TRUE if the peer may be told stored passwords: it is root, who the daemon
 * is, the mail user, one of the mail group, or named in AUTHDAEMON_TRUST. TRUE
 * as well where the system does not tell who a peer is: then the folder's mode
 * alone decides.
 */
int	peer_is_trusted(int fd);

#endif
