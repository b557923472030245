/* Who is at the other end.  SPDX-License-Identifier: ISC */

#include "base/base.h"

#include <arpa/inet.h>
#include <netdb.h>

#include "base/num.h"
#include "conf/env.h"
#include "tcpd/peer.h"

#define NAME_MAX_LEN	1025

static const u8 mapped[12] = { 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff };

static int convert(const union peer_sa *, struct peer *);
static void set_name(const char *, const struct peer *, struct vec *);
static int forward_matches(const char *, const struct peer *);

static int
convert(const union peer_sa *a, struct peer *out)
{
	memset(out, 0, sizeof(*out));
	if (a->sa.sa_family == AF_INET) {
		memcpy(out->addr, mapped, sizeof(mapped));
		memcpy(out->addr + 12, &a->v4.sin_addr, 4);
		out->port = ntohs(a->v4.sin_port);
	} else if (a->sa.sa_family == AF_INET6) {
		memcpy(out->addr, &a->v6.sin6_addr, 16);
		out->port = ntohs(a->v6.sin6_port);
	} else {
		return E_INVAL;
	}
	return E_OK;
}

int
peer_remote(int fd, struct peer *out)
{
	union peer_sa a;
	socklen_t len = sizeof(a);

	if (getpeername(fd, &a.sa, &len) < 0)
		return E_EOF;
	return convert(&a, out);
}

int
peer_local(int fd, struct peer *out)
{
	union peer_sa a;
	socklen_t len = sizeof(a);

	if (getsockname(fd, &a.sa, &len) < 0)
		return E_EOF;
	return convert(&a, out);
}

void
peer_text(const struct peer *p, char *buf)
{
	if (inet_ntop(AF_INET6, p->addr, buf, PEER_TEXT) == NULL)
		buf[0] = '\0';
}

/* One of the name's addresses is the peer. */
static int
forward_matches(const char *name, const struct peer *p)
{
	struct addrinfo *list, *a, hints;
	struct peer q;
	union peer_sa sa;
	int found;

	memset(&hints, 0, sizeof(hints));
	hints.ai_socktype = SOCK_STREAM;
	if (getaddrinfo(name, NULL, &hints, &list) != 0)
		return FALSE;
	for (found = FALSE, a = list; a != NULL && !found; a = a->ai_next) {
		if (a->ai_addrlen > sizeof(sa))
			continue;
		memcpy(&sa, a->ai_addr, a->ai_addrlen);
		found = convert(&sa, &q) == E_OK &&
		    memcmp(q.addr, p->addr, sizeof(q.addr)) == 0;
	}
	freeaddrinfo(list);
	return found;
}

int
peer_is_v4(const struct peer *p)
{
	return memcmp(p->addr, mapped, sizeof(mapped)) == 0;
}

socklen_t
peer_sockaddr(const struct peer *p, u32 port, union peer_sa *out)
{
	memset(out, 0, sizeof(*out));
	if (peer_is_v4(p)) {
		out->v4.sin_family = AF_INET;
		out->v4.sin_port = htons((u16)port);
		memcpy(&out->v4.sin_addr, p->addr + 12, 4);
		return sizeof(out->v4);
	}
	out->v6.sin6_family = AF_INET6;
	out->v6.sin6_port = htons((u16)port);
	memcpy(&out->v6.sin6_addr, p->addr, 16);
	return sizeof(out->v6);
}

int
peer_parse(const char *text, struct peer *out)
{
	out->port = 0;
	if (inet_pton(AF_INET6, text, out->addr) == 1)
		return E_OK;
	memcpy(out->addr, mapped, sizeof(mapped));
	return inet_pton(AF_INET, text, out->addr + 12) == 1 ? E_OK :
	    E_SYNTAX;
}

static void
set_name(const char *var, const struct peer *p, struct vec *vars)
{
	char name[NAME_MAX_LEN];
	union peer_sa a;
	socklen_t len;
	int r;

	len = peer_sockaddr(p, 0, &a);
	r = getnameinfo(&a.sa, len, name, sizeof(name), NULL, 0, NI_NAMEREQD);
	if (r == EAI_AGAIN)
		env_add(vars, var, "softdnserr");
	else if (r == 0 && forward_matches(name, p))
		env_add(vars, var, name);
	else
		env_add(vars, var, NULL);
}

void
peer_vars(const struct peer *remote, const struct peer *local, int names,
    struct vec *vars)
{
	char text[PEER_TEXT], port[NUM_BUF];

	peer_text(remote, text);
	env_add(vars, "TCPREMOTEIP", text);
	num_u32(port, remote->port);
	env_add(vars, "TCPREMOTEPORT", port);
	peer_text(local, text);
	env_add(vars, "TCPLOCALIP", text);
	num_u32(port, local->port);
	env_add(vars, "TCPLOCALPORT", port);
	if (names) {
		set_name("TCPREMOTEHOST", remote, vars);
		set_name("TCPLOCALHOST", local, vars);
	}
}
