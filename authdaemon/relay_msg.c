/* The messages of the relay.  SPDX-License-Identifier: ISC */

#include "base/base.h"

#include <sys/socket.h>
#include <poll.h>

#include "base/clock.h"
#include "base/mem.h"
#include "base/pack.h"
#include "base/str.h"
#include "authcl/authproto.h"
#include "authdaemon/relay_msg.h"

#define HEAD	4

static int some(int, char *, size_t, u64);

/* ---- writing ------------------------------------------------------------ */

void
relay_put_start(struct str *out)
{
	str_reset(out);
	relay_put_u32(out, 0);
}

void
relay_put_u32(struct str *out, u32 n)
{
	u8 b[HEAD];

	pack_u32(b, n);
	str_cat(out, b, sizeof(b));
}

void
relay_put_text(struct str *out, const char *s)
{
	size_t n;

	if (s == NULL) {
		relay_put_u32(out, RELAY_NULL);
		return;
	}
	n = strlen(s);
	relay_put_u32(out, (u32)n);
	str_cat(out, s, n);
}

int
relay_send(int fd, struct str *msg)
{
	u8 b[HEAD];
	size_t done;
	ssize_t n;

	if (msg->toobig || msg->len - HEAD > RELAY_MAX)
		return E_TEMP;
	pack_u32(b, (u32)(msg->len - HEAD));
	memcpy(msg->data, b, HEAD);
	for (done = 0; done < msg->len; done += (size_t)n) {
		n = write(fd, msg->data + done, msg->len - done);
		if (n < 0 && errno == EINTR)
			n = 0;
		if (n < 0)
			return E_TEMP;
	}
	return E_OK;
}

/* ---- reading ------------------------------------------------------------ */

/* All n bytes. */
static int
some(int fd, char *buf, size_t n, u64 deadline)
{
	struct pollfd p;
	ssize_t got;
	int r;

	p.fd = fd;
	p.events = POLLIN;
	for (; n > 0; buf += got, n -= (size_t)got) {
		r = deadline == 0 ? 1 : poll(&p, 1, clock_left(deadline));
		if (r == 0)
			return E_TIMEOUT;
		got = r < 0 ? -1 : read(fd, buf, n);
		if (got < 0 && (errno == EINTR || errno == EAGAIN))
			got = 0;
		else if (got <= 0)
			return got == 0 ? E_EOF : E_TEMP;
	}
	return E_OK;
}

int
relay_receive(int fd, u64 deadline, struct str *body, struct relay_in *out)
{
	u8 head[HEAD];
	char h[HEAD], *to;
	u32 n;
	int r;

	r = some(fd, h, sizeof(h), deadline);
	if (r != E_OK)
		return r;
	memcpy(head, h, sizeof(head));
	n = unpack_u32(head);
	if (n > RELAY_MAX)
		return E_INVAL;
	str_reset(body);
	to = str_ready(body, n + 1);
	if (to == NULL)
		return E_INVAL;
	r = some(fd, to, n, deadline);
	if (r == E_OK)
		str_commit(body, n);
	out->p = str_c(body);
	out->n = body->len;
	out->bad = FALSE;
	return r;
}

u32
relay_get_u32(struct relay_in *in)
{
	u8 b[HEAD];

	if (in->n < sizeof(b)) {
		in->bad = TRUE;
		return 0;
	}
	memcpy(b, in->p, sizeof(b));
	in->p += sizeof(b);
	in->n -= sizeof(b);
	return unpack_u32(b);
}

char *
relay_get_text(struct relay_in *in)
{
	char *s;
	u32 n;

	n = relay_get_u32(in);
	if (in->bad || n == RELAY_NULL)
		return NULL;
	if (n > in->n || memchr(in->p, '\0', n) != NULL) {
		in->bad = TRUE;
		return NULL;
	}
	s = mem_dup(in->p, n);
	in->p += n;
	in->n -= n;
	return s;
}

int
relay_get_end(const struct relay_in *in)
{
	return in->bad || in->n > 0 ? E_INVAL : E_OK;
}

/* ---- requests, accounts ------------------------------------------------- */

void
relay_put_request(struct str *out, const struct authreq *r)
{
	relay_put_u32(out, (u32)r->verb);
	relay_put_text(out, r->remote_ip);
	relay_put_text(out, r->service);
	relay_put_text(out, r->userid);
	relay_put_text(out, r->authtype);
	relay_put_text(out, r->authdata);
	relay_put_text(out, r->oldpass);
	relay_put_text(out, r->newpass);
}

/* Bad unless it has what its verb needs. */
void
relay_get_request(struct relay_in *in, struct authreq *r)
{
	r->verb = (int)relay_get_u32(in);
	r->remote_ip = relay_get_text(in);
	r->service = relay_get_text(in);
	r->userid = relay_get_text(in);
	r->authtype = relay_get_text(in);
	r->authdata = relay_get_text(in);
	r->oldpass = relay_get_text(in);
	r->newpass = relay_get_text(in);
	if (r->service == NULL)
		in->bad = TRUE;
	else if (r->verb == AUTH_AUTH)
		in->bad |= r->authtype == NULL || r->authdata == NULL;
	else if (r->verb == AUTH_PASSWD)
		in->bad |= r->userid == NULL || r->oldpass == NULL ||
		    r->newpass == NULL;
	else
		in->bad |= r->verb != AUTH_PRE || r->userid == NULL;
}

void
relay_put_account(struct str *out, const struct authinfo *a)
{
	relay_put_u32(out, (u32)a->has_uid);
	relay_put_u32(out, (u32)a->uid);
	relay_put_u32(out, (u32)a->gid);
	relay_put_text(out, a->sysusername);
	relay_put_text(out, a->homedir);
	relay_put_text(out, a->address);
	relay_put_text(out, a->fullname);
	relay_put_text(out, a->maildir);
	relay_put_text(out, a->quota);
	relay_put_text(out, a->passwd);
	relay_put_text(out, a->clearpasswd);
	relay_put_text(out, a->options);
	relay_put_text(out, a->scram);
}

void
relay_get_account(struct relay_in *in, struct authinfo *a)
{
	a->has_uid = relay_get_u32(in) != 0;
	a->uid = (uid_t)relay_get_u32(in);
	a->gid = (gid_t)relay_get_u32(in);
	a->sysusername = relay_get_text(in);
	a->homedir = relay_get_text(in);
	a->address = relay_get_text(in);
	a->fullname = relay_get_text(in);
	a->maildir = relay_get_text(in);
	a->quota = relay_get_text(in);
	a->passwd = relay_get_text(in);
	a->clearpasswd = relay_get_text(in);
	a->options = relay_get_text(in);
	a->scram = relay_get_text(in);
}
