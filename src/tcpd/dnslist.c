/* DNS lists: -block and -allow.  SPDX-License-Identifier: ISC */

#include "base/base.h"

#include <arpa/inet.h>
#include <netdb.h>

#include "base/mem.h"
#include "base/str.h"
#include "conf/env.h"
#include "tcpd/dnslist.h"
#include "tcpd/peer.h"

static size_t resolve(const char *, char (*)[16]);
static void query_v4(const struct peer *, const char *, struct str *);
static void query_v6(const struct peer *, const char *, struct str *);
static int hit(const struct dnslist *, const char *, struct str *);
static void set(const struct dnslist *, const char *, const char *);
static void message(const struct dnslist *, const struct peer *);

static dnslist_resolve_fn *resolver = resolve;

void
dnslist_set_resolver(dnslist_resolve_fn *fn)
{
	resolver = fn;
}

int
dnslist_parse(const char *text, int allow, struct dnslist *out)
{
	char *p;

	memset(out, 0, sizeof(*out));
	out->allow = allow;
	out->zone = mem_strdup(text);
	p = strchr(out->zone, ',');
	if (p != NULL)
		*p++ = '\0';
	out->shown = strchr(out->zone, '=');
	if (out->shown != NULL)
		*out->shown++ = '\0';
	else
		out->shown = out->zone;
	out->var = p;
	if (p != NULL) {
		out->msg = strchr(p, ',');
		if (out->msg != NULL)
			*out->msg++ = '\0';
		out->want = strchr(p, '/');
		if (out->want != NULL)
			*out->want++ = '\0';
	}
	out->shown = mem_strdup(out->shown);
	out->var = mem_strdup(p != NULL && *p != '\0' ? p : DNSLIST_VAR);
	if (out->msg != NULL)
		out->msg = mem_strdup(out->msg);
	if (out->want != NULL)
		out->want = mem_strdup(out->want);
	return *out->zone != '\0' ? E_OK : E_SYNTAX;
}

void
dnslist_free(struct dnslist *l)
{
	mem_free(l->zone);
	mem_free(l->shown);
	mem_free(l->var);
	mem_free(l->want);
	mem_free(l->msg);
	memset(l, 0, sizeof(*l));
}

static size_t
resolve(const char *name, char (*out)[16])
{
	struct addrinfo *list, *a, hints;
	struct sockaddr_in sin;
	size_t n;

	memset(&hints, 0, sizeof(hints));
	hints.ai_family = AF_INET;
	hints.ai_socktype = SOCK_STREAM;
	if (getaddrinfo(name, NULL, &hints, &list) != 0)
		return 0;
	for (n = 0, a = list; a != NULL && n < DNSLIST_ADDRS; a = a->ai_next) {
		if (a->ai_addrlen != sizeof(sin))
			continue;
		memcpy(&sin, a->ai_addr, sizeof(sin));
		if (inet_ntop(AF_INET, &sin.sin_addr, out[n], 16) != NULL)
			n++;
	}
	freeaddrinfo(list);
	return n;
}

static void
query_v4(const struct peer *p, const char *zone, struct str *out)
{
	str_reset(out);
	str_catf(out, "%u.%u.%u.%u.%s", (unsigned)p->addr[15],
	    (unsigned)p->addr[14], (unsigned)p->addr[13],
	    (unsigned)p->addr[12], zone);
}

static void
query_v6(const struct peer *p, const char *zone, struct str *out)
{
	int i;

	str_reset(out);
	for (i = 15; i >= 0; i--)
		str_catf(out, "%x.%x.", (unsigned)(p->addr[i] & 15),
		    (unsigned)(p->addr[i] >> 4));
	str_cats(out, zone);
}

/* TRUE, and the address that the list gives, if the name is on it. */
static int
hit(const struct dnslist *l, const char *name, struct str *out)
{
	char addrs[DNSLIST_ADDRS][16];
	size_t i, n;

	n = resolver(name, addrs);
	for (i = 0; i < n; i++)
		if (l->want == NULL || *l->want == '\0' ||
		    strcmp(l->want, addrs[i]) == 0) {
			str_reset(out);
			str_cats(out, addrs[i]);
			return TRUE;
		}
	return FALSE;
}

static void
set(const struct dnslist *l, const char *suffix, const char *value)
{
	struct str name;

	str_init(&name, 0);
	str_catf(&name, "%s%s", l->var, suffix);
	env_set(str_c(&name), value);
	str_free(&name);
}

/* The first '@' of the message is the peer's address. */
static void
message(const struct dnslist *l, const struct peer *p)
{
	char text[PEER_TEXT];
	struct str s;
	const char *at;

	str_init(&s, 0);
	if (l->msg == NULL || *l->msg == '\0' || strcmp(l->msg, "*") == 0) {
		str_catf(&s, "Blacklisted by %s", l->shown);
	} else if ((at = strchr(l->msg, '@')) != NULL) {
		peer_text(p, text);
		str_cat(&s, l->msg, (size_t)(at - l->msg));
		str_cats(&s, text);
		str_cats(&s, at + 1);
	} else {
		str_cats(&s, l->msg);
	}
	set(l, "", str_c(&s));
	str_free(&s);
}

void
dnslist_run(const struct dnslist *l, size_t n, const struct peer *p)
{
	struct str name, ip, counter;
	unsigned int allowed;
	int found;

	str_init(&name, 0);
	str_init(&ip, 0);
	str_init(&counter, 0);
	for (allowed = 0; n > 0; n--, l++) {
		if (env_get(l->var) != NULL)
			continue;
		found = FALSE;
		if (peer_is_v4(p)) {
			query_v4(p, l->zone, &name);
			found = hit(l, str_c(&name), &ip);
		}
		if (!found) {
			query_v6(p, l->zone, &name);
			found = hit(l, str_c(&name), &ip);
		}
		if (!found)
			continue;
		set(l, "_IP", str_c(&ip));
		set(l, "_ZONE", l->shown);
		if (l->allow) {
			set(l, "", "");
			str_reset(&counter);
			str_catf(&counter, "ALLOW_%u", allowed++);
			env_set(str_c(&counter), l->var);
		} else {
			message(l, p);
		}
	}
	str_free(&name);
	str_free(&ip);
	str_free(&counter);
}
