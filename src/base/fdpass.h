/* Descriptors across a Unix socket.  SPDX-License-Identifier: ISC */

#ifndef BASE_FDPASS_H
#define BASE_FDPASS_H

int	fdpass_send(int sock, int fd);		/* with one data byte */
int	fdpass_recv(int sock, int *out_fd);

#endif
