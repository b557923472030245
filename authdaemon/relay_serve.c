/* From workers without rights to those that are root: the helper's end.
   SPDX-License-Identifier: ISC */

#include "base/base.h"

#include <poll.h>

#include "base/clock.h"
#include "base/fdpass.h"
#include "base/file.h"
#include "base/log.h"
#include "base/str.h"
#include "authcl/authproto.h"
#include "authdaemon/chain.h"
#include "authdaemon/module.h"
#include "authdaemon/relay.h"
#include "authdaemon/relay_msg.h"

#define IDLE_SECS	300	/* until the modules drop their connections */
#define MESSAGE_SECS	10	/* for the whole of one that has begun */

static int say(int);
static int ask(size_t, struct relay_in *);
static int change(size_t, struct relay_in *);
static int put_entry(void *, const char *, uid_t, gid_t, const char *,
    const char *, const char *);
static int list(size_t, struct relay_in *);
static int open_file(size_t, struct relay_in *);
static int answer(struct relay_in *);

static int wire;
static struct str out;

/* By RELAY_...; each answers. An error ends the helper. */
static int (*const ops[])(size_t, struct relay_in *) = {
	ask, change, list, open_file
};

static int
say(int r)
{
	relay_put_start(&out);
	relay_put_u32(&out, RELAY_VERDICT);
	relay_put_u32(&out, (u32)-r);
	return E_OK;
}

static int
ask(size_t place, struct relay_in *in)
{
	struct authreq req;
	struct authinfo info;
	int r;

	authreq_init(&req);
	authinfo_init(&info);
	relay_get_request(in, &req);
	r = relay_get_end(in);
	if (r == E_OK && req.verb == AUTH_PASSWD)
		r = E_INVAL;
	if (r == E_OK) {
		r = chain_ask(place, &req, &info);
		say(r);
		if (r == E_OK)
			relay_put_account(&out, &info);
		r = relay_send(wire, &out);
	}
	authinfo_free(&info);
	authreq_free(&req);
	return r;
}

static int
change(size_t place, struct relay_in *in)
{
	struct authreq req;
	int r;

	authreq_init(&req);
	relay_get_request(in, &req);
	r = relay_get_end(in);
	if (r == E_OK && req.verb != AUTH_PASSWD)
		r = E_INVAL;
	if (r == E_OK) {
		say(chain_change(place, &req));
		r = relay_send(wire, &out);
	}
	authreq_free(&req);
	return r;
}

static int
put_entry(void *ctx, const char *name, uid_t uid, gid_t gid,
    const char *home, const char *maildir, const char *options)
{
	(void)ctx;
	relay_put_start(&out);
	relay_put_u32(&out, RELAY_ENTRY);
	relay_put_u32(&out, (u32)uid);
	relay_put_u32(&out, (u32)gid);
	relay_put_text(&out, name);
	relay_put_text(&out, home);
	relay_put_text(&out, maildir);
	relay_put_text(&out, options);
	return relay_send(wire, &out);
}

static int
list(size_t place, struct relay_in *in)
{
	if (relay_get_end(in) != E_OK)
		return E_INVAL;
	say(chain_list(place, put_entry, NULL));
	return relay_send(wire, &out);
}

/* Only what the module's row names, by its number. */
static int
open_file(size_t place, struct relay_in *in)
{
	const struct auth_module *m;
	struct str path;
	u32 n, i;
	int fd, r;

	n = relay_get_u32(in);
	m = chain_module(place);
	if (relay_get_end(in) != E_OK || m->files == NULL)
		return E_INVAL;
	for (i = 0; i < n && m->files[i] != NULL; i++)
		;
	if (m->files[i] == NULL)
		return E_INVAL;
	str_init(&path, 0);
	auth_path(m->files[i], &path);
	fd = file_open_regular(str_c(&path));
	str_free(&path);
	say(fd < 0 ? fd : E_OK);
	r = relay_send(wire, &out);
	if (r == E_OK && fd >= 0)
		r = fdpass_write(wire, "", 1, fd) == 1 ? E_OK : E_TEMP;
	if (fd >= 0)
		close(fd);
	return r;
}

static int
answer(struct relay_in *in)
{
	u32 op, place;

	op = relay_get_u32(in);
	place = relay_get_u32(in);
	if (in->bad || op >= NITEMS(ops) || place >= chain_count())
		return E_INVAL;
	return ops[op](place, in);
}

void
relay_serve(int fd)
{
	struct relay_in in;
	struct pollfd p;
	struct str body;
	int r = E_OK;

	wire = fd;
	str_init(&body, RELAY_MAX + 1);
	str_init(&out, RELAY_MAX);
	p.fd = fd;
	p.events = POLLIN;
	while (r == E_OK) {
		r = poll(&p, 1, IDLE_SECS * 1000);
		if (r <= 0) {
			if (r == 0)
				chain_idle();
			r = E_OK;
			continue;
		}
		r = relay_receive(fd, clock_deadline(MESSAGE_SECS), &body,
		    &in);
		if (r == E_OK)
			r = answer(&in);
		str_wipe_free(&body);
		str_wipe_free(&out);
	}
	if (r == E_INVAL)
		log_err("a worker sent what it should not");
}
