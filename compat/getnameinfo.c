/* getnameinfo for systems without it.  SPDX-License-Identifier: ISC */

#include "config.h"
#include "compat.h"

#ifndef HAVE_GETNAMEINFO

#include <sys/socket.h>
#include <netinet/in.h>
#include <arpa/inet.h>
#include <netdb.h>

/* The host's name or, unless NI_NAMEREQD, its address; no services. */
int
getnameinfo(const struct sockaddr *sa, socklen_t len, char *host,
    socklen_t size, char *service, socklen_t service_size, int flags)
{
	struct sockaddr_in v4;
	struct sockaddr_in6 v6;
	struct hostent *h = NULL;
	const void *addr;
	size_t n;

	(void)service;
	if (service_size > 0)
		return EAI_SERVICE;
	if (sa->sa_family == AF_INET && (size_t)len >= sizeof(v4)) {
		memcpy(&v4, sa, sizeof(v4));
		addr = &v4.sin_addr;
		n = sizeof(v4.sin_addr);
	} else if (sa->sa_family == AF_INET6 && (size_t)len >= sizeof(v6)) {
		memcpy(&v6, sa, sizeof(v6));
		addr = &v6.sin6_addr;
		n = sizeof(v6.sin6_addr);
	} else
		return EAI_FAMILY;
	if ((flags & NI_NUMERICHOST) == 0)
		h = gethostbyaddr(addr, (socklen_t)n, sa->sa_family);
	if (h != NULL) {
		n = strlen(h->h_name) + 1;
		if (n > (size_t)size)
			return EAI_FAIL;
		memcpy(host, h->h_name, n);
		return 0;
	}
	if ((flags & NI_NAMEREQD) != 0)
		return h_errno == TRY_AGAIN ? EAI_AGAIN : EAI_NONAME;
	return inet_ntop(sa->sa_family, addr, host, size) == NULL ?
	    EAI_FAIL : 0;
}

#endif
