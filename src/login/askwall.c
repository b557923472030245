/* The child: asks the monitor through the wall.  SPDX-License-Identifier: ISC */

/*
 * An answer has the fields: result (E_*, its sign left out), errno, text. The
 * record of an account never comes back: on this side it stays empty.
 */

#include "base/base.h"

#include "base/io.h"
#include "base/mem.h"
#include "base/pack.h"
#include "base/str.h"
#include "wire/imapparse.h"
#include "login/login.h"
#include "login/mech.h"

static int send_and_wait(struct login *, const struct wall_msg *,
	    struct str *, int *);
static int simple(struct login *, const struct wall_msg *);
static int strings(struct login *, int, const char *const *, size_t);

/* Sends it, appends the answer's text. *out_fd: a descriptor, or -1. */
static int
send_and_wait(struct login *l, const struct wall_msg *m, struct str *out,
    int *out_fd)
{
	struct wall_msg got;
	struct str buf;
	int r, no;

	no = 0;
	*out_fd = -1;
	str_init(&buf, WALL_MAX);
	r = wall_send(&l->wall, m, 0);
	if (r == E_OK)
		r = wall_recv(&l->wall, &got, &buf, 0);
	if (r == E_OK && (got.n != 3 || got.len[0] != 4 || got.len[1] != 4))
		r = E_EOF;
	else if (r == E_OK) {
		r = -(int)unpack_u32((const u8 *)got.field[0]);
		no = (int)unpack_u32((const u8 *)got.field[1]);
		if (out != NULL)
			str_cat(out, got.field[2], got.len[2]);
		*out_fd = got.fd;
	} else if (r != E_TOOBIG) {
		r = E_EOF;
	}
	str_wipe_free(&buf);
	errno = no;
	return r == E_TOOBIG ? E_PERM : r;
}

static int
simple(struct login *l, const struct wall_msg *m)
{
	int fd, r;

	r = send_and_wait(l, m, NULL, &fd);
	if (fd >= 0)
		close(fd);
	return r;
}

static int
strings(struct login *l, int type, const char *const *s, size_t n)
{
	struct wall_msg m;
	size_t i;

	wall_begin(&m, type);
	for (i = 0; i < n; i++)
		wall_adds(&m, s[i]);
	return simple(l, &m);
}

int
login_ask_password(struct login *l, const char *userid, const char *password,
    struct authinfo *out)
{
	const char *s[2];

	(void)out;
	s[0] = userid;
	s[1] = password;
	return strings(l, ASK_PASSWORD, s, 2);
}

int
login_ask_cram(struct login *l, const char *hash, const char *challenge,
    const char *response, struct authinfo *out)
{
	const char *s[3];

	(void)out;
	s[0] = hash;
	s[1] = challenge;
	s[2] = response;
	return strings(l, ASK_CRAM, s, 3);
}

int
login_ask_external(struct login *l, const char *name, struct authinfo *out)
{
	(void)out;
	return strings(l, ASK_EXTERNAL, &name, 1);
}

int
login_ask_token(struct login *l, const char *userid, const char *token,
    const char *host, const char *port, struct authinfo *out)
{
	const char *s[4];

	(void)out;
	s[0] = userid;
	s[1] = token;
	s[2] = host;
	s[3] = port;
	return strings(l, ASK_TOKEN, s, 4);
}

int
login_ask_scram_first(struct login *l, const struct scram_start *s,
    struct str *server_first)
{
	struct wall_msg m;
	int fd, r;

	wall_begin(&m, ASK_SCRAM_FIRST);
	wall_adds(&m, s->hash);
	wall_adds(&m, s->userid);
	wall_adds(&m, s->bare);
	wall_adds(&m, s->nonce);
	r = send_and_wait(l, &m, server_first, &fd);
	if (fd >= 0)
		close(fd);
	return r;
}

int
login_ask_scram_final(struct login *l, const char *gs2, const char *extra,
    const char *proof, struct authinfo *out, struct str *server_final)
{
	struct wall_msg m;
	int fd, r;

	(void)out;
	wall_begin(&m, ASK_SCRAM_FINAL);
	wall_adds(&m, gs2);
	wall_adds(&m, extra);
	wall_adds(&m, proof);
	r = send_and_wait(l, &m, server_final, &fd);
	if (fd >= 0)
		close(fd);
	return r;
}

void
login_ask_failed(struct login *l)
{
	(void)strings(l, ASK_FAILED, NULL, 0);
}

u32
login_ask_penalty(struct login *l)
{
	int r;

	r = strings(l, ASK_PENALTY, NULL, 0);
	return r == E_OK ? (u32)errno : 0;
}

int
login_ask_tls(struct login *l, struct str *why)
{
	struct wall_msg m;
	int fd, r;

	wall_begin(&m, ASK_TLS);
	r = send_and_wait(l, &m, why, &fd);
	if (r != E_OK || fd < 0) {
		if (fd >= 0)
			close(fd);
		return r == E_OK ? E_TEMP : r;
	}
	/* What was sent in the clear is nobody's command. */
	if (dup2(fd, 0) < 0 || dup2(fd, 1) < 0)
		return E_TEMP;
	close(fd);
	io_discard_input(l->io);
	login_tls_apply(l, str_c(why));
	return E_OK;
}

int
login_ask_enter(struct login *l, const char *what)
{
	struct wall_msg m;
	const char *rest;
	size_t n;
	int r;

	rest = io_peek_buf(l->io, &n);
	wall_begin(&m, ASK_ENTER);
	wall_adds(&m, l->front->tag(l));
	wall_adds(&m, l->variant ? "1" : "");
	wall_adds(&m, what);
	wall_add(&m, rest, n);
	r = simple(l, &m);
	if (r == E_OK)
		_exit(0);
	return r;
}
