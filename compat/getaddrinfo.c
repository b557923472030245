/* getaddrinfo for systems without it.  SPDX-License-Identifier: ISC */

#include "config.h"
#include "compat.h"

#ifndef HAVE_GETADDRINFO

#include <sys/socket.h>
#include <netinet/in.h>
#include <arpa/inet.h>
#include <netdb.h>

static struct addrinfo *node(int, const void *, const struct addrinfo *);
static int look_up(const char *, const struct addrinfo *, struct addrinfo **);

/* One element with its address behind it. */
static struct addrinfo *
node(int family, const void *addr, const struct addrinfo *hints)
{
	struct sockaddr_in v4;
	struct sockaddr_in6 v6;
	struct addrinfo *a;
	size_t n;

	n = family == AF_INET ? sizeof(v4) : sizeof(v6);
	a = calloc(1, sizeof(*a) + n);
	if (a == NULL)
		return NULL;
	a->ai_family = family;
	a->ai_socktype = hints->ai_socktype;
	a->ai_protocol = hints->ai_protocol;
	a->ai_addrlen = (socklen_t)n;
	a->ai_addr = (struct sockaddr *)(void *)(a + 1);
	memset(&v4, 0, sizeof(v4));
	memset(&v6, 0, sizeof(v6));
	v4.sin_family = AF_INET;
	v6.sin6_family = AF_INET6;
	if (family == AF_INET) {
		memcpy(&v4.sin_addr, addr, sizeof(v4.sin_addr));
		memcpy(a->ai_addr, &v4, n);
	} else {
		memcpy(&v6.sin6_addr, addr, sizeof(v6.sin6_addr));
		memcpy(a->ai_addr, &v6, n);
	}
	return a;
}

static int
look_up(const char *name, const struct addrinfo *hints, struct addrinfo **out)
{
	struct hostent *h;
	int i;

	if (hints->ai_family == AF_INET6)
		return EAI_NONAME;
	h = gethostbyname(name);
	if (h == NULL)
		return h_errno == TRY_AGAIN ? EAI_AGAIN : EAI_NONAME;
	if (h->h_addrtype != AF_INET)
		return EAI_NONAME;
	for (i = 0; h->h_addr_list[i] != NULL; i++) {
		*out = node(AF_INET, h->h_addr_list[i], hints);
		if (*out == NULL)
			return EAI_MEMORY;
		out = &(*out)->ai_next;
	}
	return 0;
}

/* Addresses in figures of both families, names of IPv4 hosts; no services. */
int
getaddrinfo(const char *name, const char *service,
    const struct addrinfo *hints, struct addrinfo **out)
{
	struct addrinfo none;
	unsigned char b[16];
	int r;

	*out = NULL;
	if (hints == NULL) {
		memset(&none, 0, sizeof(none));
		hints = &none;
	}
	if (service != NULL)
		return EAI_SERVICE;
	if (name == NULL)
		return EAI_NONAME;
	if (hints->ai_family != AF_INET6 && inet_pton(AF_INET, name, b) == 1)
		*out = node(AF_INET, b, hints);
	else if (hints->ai_family != AF_INET &&
	    inet_pton(AF_INET6, name, b) == 1)
		*out = node(AF_INET6, b, hints);
	else if ((hints->ai_flags & AI_NUMERICHOST) != 0)
		return EAI_NONAME;
	else {
		r = look_up(name, hints, out);
		if (r == 0)
			return 0;
		freeaddrinfo(*out);
		*out = NULL;
		return r;
	}
	return *out == NULL ? EAI_MEMORY : 0;
}

void
freeaddrinfo(struct addrinfo *a)
{
	struct addrinfo *next;

	for (; a != NULL; a = next) {
		next = a->ai_next;
		free(a);
	}
}

#endif
