/* Who is at the other end of the socket.  SPDX-License-Identifier: ISC */

#ifndef AUTHDAEMON_PEER_H
#define AUTHDAEMON_PEER_H

/*
 * TRUE if the peer may be told stored passwords: the folder of the socket
 * lets nobody in but its owner and group; or the peer is root, who we are,
 * the folder's owner, or one of its group. TRUE as well where the system does
 * not tell who a peer is: then the folder's mode alone decides.
 */
int	peer_is_trusted(int fd);

#endif
