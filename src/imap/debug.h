/* IMAPDEBUGFILE.  SPDX-License-Identifier: ISC */

#ifndef IMAP_DEBUG_H
#define IMAP_DEBUG_H

struct io;

/* Writes what passes the stream to fd, which the stream owns from now on. The
   octets of the client's literals are left out. */
void	imap_debug(struct io *, int fd);

#endif
