/* From workers without rights to those that are root: the worker's end.
   SPDX-License-Identifier: ISC */

#include "base/base.h"

#include "base/clock.h"
#include "base/fdpass.h"
#include "base/log.h"
#include "base/mem.h"
#include "base/str.h"
#include "authcl/authproto.h"
#include "authdaemon/chain.h"
#include "authdaemon/module.h"
#include "authdaemon/relay.h"
#include "authdaemon/relay_msg.h"

#define REPLY_SECS	90	/* modules have limits of their own below */
#define LOOK_SECS	5	/* between looks at what needs root */

static int trouble(int);
static int request(int, size_t, const struct authreq *, struct str *);
static int verdict(struct str *, struct relay_in *);
static int entry(struct relay_in *, auth_entry_fn *, void *);

static int helper = -1;
static int has_helper;

/* What needs_root said, and until when it counts. */
static struct {
	u64	until;
	int	wanted;
} looked[CHAIN_MAX];

void
relay_init(int fd)
{
	helper = fd;
	has_helper = fd >= 0;
}

int
relay_is_broken(void)
{
	return has_helper && helper < 0;
}

int
relay_fd(void)
{
	return helper;
}

int
relay_wanted(size_t place, int verb)
{
	const struct auth_module *m;
	u64 now;

	m = chain_module(place);
	if (!has_helper || m->needs_root == NULL)
		return FALSE;
	if (verb == AUTH_PASSWD)
		return m->needs_root(verb);
	now = clock_msec();
	if (looked[place].until <= now) {
		looked[place].wanted = m->needs_root(verb);
		looked[place].until = now + LOOK_SECS * 1000;
	}
	return looked[place].wanted;
}

/* The helper is not asked again: what it says next belongs to nobody. */
static int
trouble(int r)
{
	log_err("the worker with the rights of root is no help: %s",
	    err_text(r));
	close(helper);
	helper = -1;
	return E_TEMP;
}

static int
request(int op, size_t place, const struct authreq *req, struct str *msg)
{
	int r;

	str_init(msg, RELAY_MAX);
	if (helper < 0)
		return E_TEMP;
	relay_put_start(msg);
	relay_put_u32(msg, (u32)op);
	relay_put_u32(msg, (u32)place);
	if (req != NULL)
		relay_put_request(msg, req);
	r = relay_send(helper, msg);
	mem_wipe(msg->data, msg->len);
	return r == E_OK ? E_OK : trouble(r);
}

/* The reply that ends an exchange; in then has what follows. */
static int
verdict(struct str *body, struct relay_in *in)
{
	int r;

	r = relay_receive(helper, clock_deadline(REPLY_SECS), body, in);
	if (r == E_OK && relay_get_u32(in) != RELAY_VERDICT)
		r = E_INVAL;
	return r == E_OK ? -(int)relay_get_u32(in) : trouble(r);
}

int
relay_ask(size_t place, const struct authreq *req, struct authinfo *out)
{
	struct relay_in in;
	struct str msg;
	int r;

	r = request(RELAY_ASK, place, req, &msg);
	if (r == E_OK)
		r = verdict(&msg, &in);
	if (r == E_OK) {
		relay_get_account(&in, out);
		r = relay_get_end(&in);
		if (r != E_OK)
			r = trouble(r);
	}
	str_wipe_free(&msg);
	return r;
}

int
relay_change(size_t place, const struct authreq *req)
{
	struct relay_in in;
	struct str msg;
	int r;

	r = request(RELAY_CHANGE, place, req, &msg);
	if (r == E_OK)
		r = verdict(&msg, &in);
	str_free(&msg);
	return r;
}

static int
entry(struct relay_in *in, auth_entry_fn *fn, void *ctx)
{
	char *name, *home, *maildir, *options;
	u32 uid, gid;
	int r;

	uid = relay_get_u32(in);
	gid = relay_get_u32(in);
	name = relay_get_text(in);
	home = relay_get_text(in);
	maildir = relay_get_text(in);
	options = relay_get_text(in);
	r = E_TEMP;
	if (relay_get_end(in) == E_OK && name != NULL && home != NULL)
		r = fn(ctx, name, (uid_t)uid, (gid_t)gid, home, maildir,
		    options);
	mem_free(name);
	mem_free(home);
	mem_free(maildir);
	mem_free(options);
	return r;
}

/* After a failure of fn the rest is received all the same. */
int
relay_list(size_t place, auth_entry_fn *fn, void *ctx)
{
	struct relay_in in;
	struct str msg;
	u32 kind = RELAY_ENTRY;
	int r, result = E_OK;

	r = request(RELAY_LIST, place, NULL, &msg);
	while (r == E_OK && kind == RELAY_ENTRY) {
		r = relay_receive(helper, clock_deadline(REPLY_SECS), &msg,
		    &in);
		if (r != E_OK) {
			r = trouble(r);
			break;
		}
		kind = relay_get_u32(&in);
		if (kind == RELAY_ENTRY && result == E_OK)
			result = entry(&in, fn, ctx);
		else if (kind != RELAY_ENTRY)
			r = -(int)relay_get_u32(&in);
	}
	str_free(&msg);
	return r == E_OK ? result : r;
}

int
relay_open(const char *module, u32 n, int *out_fd)
{
	struct relay_in in;
	struct str msg;
	char byte;
	long got;
	int r;

	if (helper < 0)
		return E_PERM;
	str_init(&msg, RELAY_MAX);
	relay_put_start(&msg);
	relay_put_u32(&msg, RELAY_OPEN);
	relay_put_u32(&msg, (u32)chain_place(module));
	relay_put_u32(&msg, n);
	r = relay_send(helper, &msg);
	r = r == E_OK ? verdict(&msg, &in) : trouble(r);
	if (r == E_OK) {
		*out_fd = -1;
		do
			got = fdpass_read(helper, &byte, 1, out_fd);
		while (got == -1 && errno == EINTR);
		if (got != 1 || *out_fd < 0)
			r = trouble(E_TEMP);
	}
	str_free(&msg);
	return r;
}
