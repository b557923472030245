/* fcntl locks with a deadline.  SPDX-License-Identifier: ISC */

#include "base/base.h"

#ifdef HAVE_FLOCK
#include <sys/file.h>
#endif
#include <fcntl.h>

#include "base/clock.h"
#include "base/lock.h"

#define LOCK_STEP_MS	20	/* how often a held lock is tried again */
#define PRESENT_TRIES	1000	/* each a millisecond */

static int set(int, int, short);

static int
set(int fd, int cmd, short type)
{
	struct flock fl;
	int r;

	memset(&fl, 0, sizeof(fl));
	fl.l_type = type;
	fl.l_whence = SEEK_SET;
	do
		r = fcntl(fd, cmd, &fl);
	while (r < 0 && errno == EINTR);
	return r;
}

int
lock_fd(int fd, int exclusive, u64 deadline)
{
	short type;

	type = exclusive ? F_WRLCK : F_RDLCK;
	if (deadline == 0)
		return set(fd, F_SETLKW, type) < 0 ? E_TEMP : E_OK;
	for (;;) {
		if (set(fd, F_SETLK, type) == 0)
			return E_OK;
		if (errno != EAGAIN && errno != EACCES)
			return E_TEMP;
		if (deadline == LOCK_TRY)
			return E_BUSY;
		if (clock_left(deadline) == 0)
			return E_TIMEOUT;
		clock_sleep_ms(LOCK_STEP_MS);
	}
}

int
lock_flock(int fd)
{
#ifdef HAVE_FLOCK
	int r;

	do
		r = flock(fd, LOCK_EX);
	while (r < 0 && errno == EINTR);
	return r < 0 ? E_TEMP : E_OK;
#else
	return lock_fd(fd, TRUE, 0);
#endif
}

#ifdef HAVE_FLOCK

/* Somebody who asks lock_others holds it alone for a moment. */
int
lock_present(int fd)
{
	int i;

	for (i = 0; i < PRESENT_TRIES; i++) {
		if (flock(fd, LOCK_SH | LOCK_NB) == 0)
			return E_OK;
		if (errno != EWOULDBLOCK && errno != EINTR)
			break;
		clock_sleep_ms(1);
	}
	return E_NOTSUP;
}

/* A conversion that fails may have lost the lock. Network file systems may
   have shared locks only: then nobody is seen. */
int
lock_others(int fd)
{
	int others;

	others = flock(fd, LOCK_EX | LOCK_NB) < 0 && errno == EWOULDBLOCK;
	(void)lock_present(fd);
	return others;
}

#else

int
lock_present(int fd)
{
	(void)fd;
	return E_NOTSUP;
}

int
lock_others(int fd)
{
	(void)fd;
	return FALSE;
}

#endif

int
unlock_fd(int fd)
{
	return set(fd, F_SETLK, F_UNLCK) < 0 ? E_TEMP : E_OK;
}
