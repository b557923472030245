/* Inside libcourierauth.  SPDX-License-Identifier: ISC

   The process is somebody else's: nothing here ends it (but for the functions
   that say so), touches signals or keeps a descriptor; memory that is out is
   an error of the request. */

#ifndef AUTHLIB_LIB_H
#define AUTHLIB_LIB_H

#include "authlib/courierauth.h"

/* Seconds of the environment, or the default. */
u32	lib_secs(const char *name, u32 by_default);

/* The daemon's socket, non-blocking; -1, errno and a line on stderr. */
int	lib_connect(void);

/* Sends it all: 0; -1 and errno. Raises no SIGPIPE on sockets. */
int	lib_send(int fd, const char *, size_t);

/* Reads at most n bytes until the deadline: their number, 0 at the end, -1
   and errno (ETIMEDOUT). */
long	lib_read(int fd, char *, size_t n, u64 deadline);

/* TRUE if a byte below the blank is in it. */
int	lib_has_control(const char *);

#endif
