/* Random bytes from the system.  SPDX-License-Identifier: ISC */

#include "base/base.h"

#include <fcntl.h>
#ifdef HAVE_SYS_RANDOM_H
#include <sys/random.h>
#endif

#include "base/file.h"
#include "base/rand.h"

static int from_device(u8 *, size_t);

static int
from_device(u8 *p, size_t n)
{
	ssize_t got;
	int fd;

	fd = open("/dev/urandom", O_RDONLY);
	if (fd < 0)
		return E_TEMP;
	file_cloexec(fd, TRUE);
	for (; n > 0; p += got, n -= (size_t)got) {
		got = read(fd, p, n);
		if (got < 0 && errno == EINTR)
			got = 0;
		else if (got <= 0)
			break;
	}
	close(fd);
	return n == 0 ? E_OK : E_TEMP;
}

int
rand_bytes(void *buf, size_t n)
{
#ifdef HAVE_GETRANDOM
	if (n <= 256 && getrandom(buf, n, 0) == (ssize_t)n)
		return E_OK;
#endif
	return from_device(buf, n);
}
