/* Changes of passwords.  SPDX-License-Identifier: ISC */

#include "base/base.h"

#include "base/clock.h"
#include "base/mem.h"
#include "authlib/lib.h"
#include "authlib/text.h"

/* A line is all that comes; a program at the other end stays. */
int
_authdaemondopasswd(int wrfd, int rdfd, char *buffer, int size)
{
	u64 deadline;
	size_t n = 0, max = size > 0 ? (size_t)size - 1 : 0;
	long r = 0;

	if (lib_send(wrfd, buffer, strlen(buffer)) < 0)
		return 1;
	deadline = clock_deadline(lib_secs("TIMEOUT_READ", 30));
	while (n < max && memchr(buffer, '\n', n) == NULL &&
	    (r = lib_read(rdfd, buffer + n, max - n, deadline)) > 0)
		n += (size_t)r;
	if (size > 0)
		buffer[n] = '\0';
	if (n == 3 && r >= 0 && memcmp(buffer, "OK\n", 3) == 0)
		return 0;
	errno = EPERM;
	return -1;
}

int
authdaemondopasswd(char *buffer, int size)
{
	int fd = lib_connect();
	int r, err;

	if (fd < 0)
		return 1;
	r = _authdaemondopasswd(fd, fd, buffer, size);
	err = errno;
	close(fd);
	errno = err;
	return r;
}

int
auth_passwd(const char *service, const char *userid, const char *oldpasswd,
    const char *newpasswd)
{
	size_t n;
	char *s;
	int r, err;

	if (service == NULL || userid == NULL || oldpasswd == NULL ||
	    newpasswd == NULL || lib_has_control(service) ||
	    lib_has_control(userid) || lib_has_control(oldpasswd) ||
	    lib_has_control(newpasswd)) {
		errno = EINVAL;
		return -1;
	}
	s = text_join("PASSWD ", service, "\t", userid, "\t", oldpasswd, "\t",
	    newpasswd, "\n", (char *)NULL);
	if (s == NULL)
		return -1;
	n = strlen(s) + 1;	/* more than the reply has */
	r = authdaemondopasswd(s, (int)n);
	err = errno;
	mem_wipe(s, n);
	free(s);
	errno = err;
	return r == 0 ? 0 : -1;
}
