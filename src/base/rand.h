/* Random bytes from the system.  SPDX-License-Identifier: ISC */

#ifndef BASE_RAND_H
#define BASE_RAND_H

/* Fills the buffer from getrandom or /dev/urandom; E_TEMP if impossible. */
int	rand_bytes(void *, size_t);

#endif
