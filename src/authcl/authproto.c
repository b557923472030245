/* The authentication socket's language, both ends.
   SPDX-License-Identifier: ISC */
/*
 * Neither end trusts the other: every length is bounded and nothing that a
 * field may hold can end a line early.
 */

#include "base/base.h"
#include "base/mem.h"
#include "base/num.h"
#include "base/str.h"

#include "authcl/authproto.h"

/* A line within the received bytes. */
struct span {
	const char	*p;
	size_t		n;
};

static int	next_line(const char *, size_t, size_t *, struct span *);
static void	get_metadata(const struct span *, struct authreq *);
static int	get_pre(struct span, struct authreq *);
static int	get_auth(struct span, const char *, size_t, struct authreq *);
static int	get_passwd(struct span, struct authreq *);
static int	get_enumerate(struct span, struct authreq *);
static int	plain(const char *, const char *);
static int	put_auth(const struct authreq *, struct str *);

void
authreq_init(struct authreq *r)
{
	memset(r, 0, sizeof(*r));
	r->remote_ip = r->module = r->service = r->userid = NULL;
	r->authtype = r->authdata = r->oldpass = r->newpass = NULL;
}

void
authreq_free(struct authreq *r)
{
	mem_free(r->remote_ip);
	mem_free(r->module);
	mem_free(r->service);
	mem_free(r->userid);
	mem_free(r->authtype);
	mem_free_secret(&r->authdata);
	mem_free_secret(&r->oldpass);
	mem_free_secret(&r->newpass);
	authreq_init(r);
}

/* TRUE if s is there and holds none of the bytes in `not`. */
static int
plain(const char *s, const char *not)
{
	return s != NULL && s[strcspn(s, not)] == '\0';
}

static int
put_auth(const struct authreq *r, struct str *out)
{
	size_t n;

	if (!plain(r->service, "\n") || !plain(r->authtype, "\n") ||
	    r->authdata == NULL)
		return E_INVAL;
	n = strlen(r->service) + strlen(r->authtype) + strlen(r->authdata) + 2;
	if (n > AUTHPROTO_DATA_MAX)
		return E_TOOBIG;
	return str_catf(out, "AUTH %lu\n%s\n%s\n", (unsigned long)n,
	    r->service, r->authtype) == E_OK ?
	    str_cats(out, r->authdata) : E_TOOBIG;
}

int
authproto_put_request(const struct authreq *r, struct str *out)
{
	size_t start;

	if (r->remote_ip != NULL && plain(r->remote_ip, "\n"))
		str_catf(out, "TCPREMOTEIP=%s\n", r->remote_ip);
	start = out->len;
	switch (r->verb) {
	case AUTH_PRE:
		if (!plain(r->service, " \n") || !plain(r->userid, "\n"))
			return E_INVAL;
		str_catf(out, "PRE %s %s ", r->module == NULL ? "." :
		    r->module, r->service);
		str_cats(out, r->userid);
		break;
	case AUTH_AUTH:
		return put_auth(r, out);
	case AUTH_PASSWD:
		if (!plain(r->service, "\t\n") || !plain(r->userid, "\t\n") ||
		    !plain(r->oldpass, "\t\n") || !plain(r->newpass, "\t\n"))
			return E_INVAL;
		str_catf(out, "PASSWD %s\t%s\t%s\t%s", r->service, r->userid,
		    r->oldpass, r->newpass);
		break;
	default:
		str_cats(out, "ENUMERATE");
		break;
	}
	if (out->len - start > AUTHPROTO_LINE_MAX)
		return E_TOOBIG;
	return str_catc(out, '\n');
}

/* Takes the line at *pos. E_BUSY if it is not complete. A NUL ends it for us
   as it did for all users of the socket before. */
static int
next_line(const char *buf, size_t n, size_t *pos, struct span *out)
{
	const char *nl, *nul;

	nl = memchr(buf + *pos, '\n', n - *pos);
	if (nl == NULL)
		return n - *pos > AUTHPROTO_LINE_MAX ? E_TOOBIG : E_BUSY;
	out->p = buf + *pos;
	out->n = (size_t)(nl - out->p);
	*pos += out->n + 1;
	if (out->n > AUTHPROTO_LINE_MAX)
		return E_TOOBIG;
	nul = memchr(out->p, '\0', out->n);
	if (nul != NULL)
		out->n = (size_t)(nul - out->p);
	return E_OK;
}

/* Only TCPREMOTEIP means something; other names are for later. */
static void
get_metadata(const struct span *l, struct authreq *out)
{
	static const char name[] = "TCPREMOTEIP=";
	size_t k = sizeof(name) - 1, n;

	if (l->n < k || memcmp(l->p, name, k) != 0)
		return;
	n = l->n - k;
	if (n > AUTHPROTO_IP_MAX)
		n = AUTHPROTO_IP_MAX;
	mem_free(out->remote_ip);
	out->remote_ip = mem_dup(l->p + k, n);
}

/* PRE: module SP service SP userid; blanks between fields collapse. The userid
   may be empty: nobody's. */
static int
get_pre(struct span rest, struct authreq *out)
{
	const char *p = rest.p, *end = rest.p + rest.n, *w;
	char **field[2];
	int i;

	field[0] = &out->module;
	field[1] = &out->service;
	for (i = 0; i < 2; i++) {
		while (p < end && *p == ' ')
			p++;
		for (w = p; p < end && *p != ' '; p++)
			;
		if (p == w || p == end)
			return E_SYNTAX;
		*field[i] = mem_dup(w, (size_t)(p - w));
	}
	while (p < end && *p == ' ')
		p++;
	out->userid = mem_dup(p, (size_t)(end - p));
	out->verb = AUTH_PRE;
	return E_OK;
}

/* AUTH: length LF, then that many bytes: service LF authtype LF authdata. They
   end at a NUL, as a line does. */
static int
get_auth(struct span rest, const char *data, size_t n, struct authreq *out)
{
	const char *nl1, *nl2;
	u32 want;
	size_t len;

	while (rest.n > 0 && *rest.p == ' ') {
		rest.p++;
		rest.n--;
	}
	if (num_scan_u32(rest.p, rest.n, &want) == 0)
		return E_SYNTAX;
	if (want > AUTHPROTO_DATA_MAX)
		return E_TOOBIG;
	if (n < want)
		return E_BUSY;
	nl1 = memchr(data, '\0', want);
	len = nl1 == NULL ? want : (size_t)(nl1 - data);
	nl1 = memchr(data, '\n', len);
	if (nl1 == NULL)
		return E_SYNTAX;
	nl2 = memchr(nl1 + 1, '\n', len - (size_t)(nl1 + 1 - data));
	if (nl2 == NULL)
		return E_SYNTAX;
	out->service = mem_dup(data, (size_t)(nl1 - data));
	out->authtype = mem_dup(nl1 + 1, (size_t)(nl2 - nl1 - 1));
	out->authdata = mem_dup(nl2 + 1, len - (size_t)(nl2 + 1 - data));
	out->verb = AUTH_AUTH;
	return E_OK;
}

/* PASSWD: service TAB userid TAB old TAB new [ TAB ... ] */
static int
get_passwd(struct span rest, struct authreq *out)
{
	const char *p, *end = rest.p + rest.n;
	char **field[4];
	int i;

	for (p = rest.p; p < end; p++)
		if ((unsigned char)*p < ' ' && *p != '\t')
			return E_PERM;
	field[0] = &out->service;
	field[1] = &out->userid;
	field[2] = &out->oldpass;
	field[3] = &out->newpass;
	while (rest.n > 0 && *rest.p == ' ') {
		rest.p++;
		rest.n--;
	}
	p = rest.p;
	for (i = 0; i < 4; i++) {
		rest.p = p;
		while (p < end && *p != '\t')
			p++;
		*field[i] = mem_dup(rest.p, (size_t)(p - rest.p));
		if (i < 3) {
			if (p == end)
				return E_SYNTAX;
			p++;
		}
	}
	out->verb = AUTH_PASSWD;
	return E_OK;
}

static int
get_enumerate(struct span rest, struct authreq *out)
{
	(void)rest;
	out->verb = AUTH_ENUMERATE;
	return E_OK;
}

/* To add a verb that is one line: a row and its function. */
static const struct {
	const char	*verb;
	int		(*get)(struct span, struct authreq *);
} verb_tab[] = {
	{ "PRE",	get_pre },
	{ "PASSWD",	get_passwd },
	{ "ENUMERATE",	get_enumerate }
};

int
authproto_get_request(const char *buf, size_t n, struct authreq *out)
{
	struct span l, rest;
	size_t pos = 0, w, i;
	int rc;

	for (;;) {
		rc = next_line(buf, n, &pos, &l);
		if (rc != E_OK)
			return rc;
		for (w = 0; w < l.n && l.p[w] != '=' && l.p[w] != ' '; w++)
			;
		if (w == l.n || l.p[w] == ' ')
			break;
		out->has_metadata = TRUE;
		get_metadata(&l, out);
		if (pos > (size_t)8 * AUTHPROTO_LINE_MAX)
			return E_TOOBIG;
	}
	rest.p = l.p + w;
	rest.n = l.n - w;
	if (w == 4 && memcmp(l.p, "AUTH", 4) == 0)
		return get_auth(rest, buf + pos, n - pos, out);
	for (i = 0; i < NITEMS(verb_tab); i++)
		if (strlen(verb_tab[i].verb) == w &&
		    memcmp(l.p, verb_tab[i].verb, w) == 0)
			return verb_tab[i].get(rest, out);
	return E_SYNTAX;
}
