/* Locks.  SPDX-License-Identifier: ISC */

#ifndef BASE_LOCK_H
#define BASE_LOCK_H

/* fcntl lock of the whole file; waits until the deadline (0: for ever,
   LOCK_TRY: not at all). E_OK, E_BUSY, E_TIMEOUT, E_TEMP. */
#define LOCK_TRY	((u64)1)
int	lock_fd(int fd, int exclusive, u64 deadline);
int	unlock_fd(int fd);

/* The exclusive lock of programs in Perl: flock where the system has it, else
   the one above. Waits for ever. E_OK, E_TEMP. Ends when fd is closed. */
int	lock_flock(int fd);

/*
 * Presence: each that uses a thing holds a shared lock on a descriptor of it,
 * a folder even. E_OK; E_NOTSUP: this system or file system cannot. Ends when
 * fd is closed.
 */
int	lock_present(int fd);

/* TRUE if another one than fd is present. */
int	lock_others(int fd);

#endif
