/* Bytes and a descriptor across a Unix socket.  SPDX-License-Identifier: ISC */

#ifndef BASE_FDPASS_H
#define BASE_FDPASS_H

/* As send, without SIGPIPE; with the first byte goes fd (-1: none), which stays
   the caller's, too. */
long	fdpass_write(int sock, const void *, size_t, int fd);

/*
 * As recv. A descriptor that comes along is put into *fd (close-on-exec) if
 * that is -1; one that nobody asked for is closed, and the result is E_INVAL,
 * below -1.
 */
long	fdpass_read(int sock, void *, size_t, int *fd);

#endif
