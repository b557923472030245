/* authdaemon/: what workers and their helpers say to each other, and what a
   worker that strangers have taken over may try.  SPDX-License-Identifier: ISC */

#include "base/base.h"

#include <sys/socket.h>
#include <sys/wait.h>

#include "base/mem.h"
#include "base/pack.h"
#include "base/str.h"
#include "authcl/authproto.h"
#include "authdaemon/chain.h"
#include "authdaemon/module.h"
#include "authdaemon/relay.h"
#include "authdaemon/relay_msg.h"

#include "t.h"

#define HEAD	4

static int refuse(const struct auth_query *, struct authinfo *);
static void start_in(struct relay_in *, const struct str *, size_t);
static void requests(void);
static void accounts(void);
static int serve(const char *, size_t, struct str *);
static void put(struct str *, u32, u32);
static void hostile(void);

/* A module that knows nobody, in the place of those of this build. */
static const struct auth_module none = {
	AUTH_MODULE_ABI, "authnone", NULL, refuse, NULL, NULL, NULL, NULL,
	NULL, NULL, refuse, NULL, NULL, NULL, NULL, NULL
};

static int
refuse(const struct auth_query *q, struct authinfo *out)
{
	(void)q;
	(void)out;
	return E_PERM;
}

const struct auth_module *
module_builtin(const char *name)
{
	return strcmp(name, none.name) == 0 ? &none : NULL;
}

static void
start_in(struct relay_in *in, const struct str *msg, size_t n)
{
	in->p = msg->data + HEAD;
	in->n = n;
	in->bad = FALSE;
}

/* As they were; and no piece of one is one. */
static void
requests(void)
{
	struct authreq r, got;
	struct relay_in in;
	struct str msg;
	size_t n;
	int pieces = 0;

	str_init(&msg, 0);
	authreq_init(&r);
	r.verb = AUTH_AUTH;
	r.service = mem_strdup("imap");
	r.authtype = mem_strdup("login");
	r.authdata = mem_strdup("joe\n\tp w\xff\n");
	relay_put_start(&msg);
	relay_put_request(&msg, &r);
	authreq_init(&got);
	start_in(&in, &msg, msg.len - HEAD);
	relay_get_request(&in, &got);
	T_INT(relay_get_end(&in), E_OK);
	T_INT(got.verb, AUTH_AUTH);
	T_STR(got.authdata, r.authdata);
	T_OK(got.remote_ip == NULL && got.userid == NULL);
	authreq_free(&got);
	for (n = 0; n < msg.len - HEAD; n++) {
		start_in(&in, &msg, n);
		relay_get_request(&in, &got);
		pieces += relay_get_end(&in) == E_OK;
		authreq_free(&got);
	}
	T_INT(pieces, 0);
	authreq_free(&r);
	r.verb = AUTH_PRE;		/* without a user */
	r.service = mem_strdup("imap");
	relay_put_start(&msg);
	relay_put_request(&msg, &r);
	start_in(&in, &msg, msg.len - HEAD);
	relay_get_request(&in, &got);
	T_INT(relay_get_end(&in), E_INVAL);
	authreq_free(&got);
	authreq_free(&r);
	str_free(&msg);
}

static void
accounts(void)
{
	struct authinfo a, got;
	struct relay_in in;
	struct str msg;

	str_init(&msg, 0);
	authinfo_init(&a);
	a.has_uid = TRUE;
	a.uid = 1001;
	a.gid = 4294967;
	a.address = mem_strdup("joe");
	a.fullname = mem_strdup("Joe, of\nRoom 5");
	a.quota = mem_strdup("");
	relay_put_start(&msg);
	relay_put_account(&msg, &a);
	authinfo_init(&got);
	start_in(&in, &msg, msg.len - HEAD);
	relay_get_account(&in, &got);
	T_INT(relay_get_end(&in), E_OK);
	T_INT(got.uid, 1001);
	T_INT(got.gid, 4294967);
	T_STR(got.fullname, a.fullname);
	T_STR(got.quota, "");
	T_OK(got.maildir == NULL && got.options == NULL);
	authinfo_free(&got);
	authinfo_free(&a);
	str_free(&msg);
}

/* What a helper answers to these bytes and the end; -1 if it does not end as
   it should. */
static int
serve(const char *bytes, size_t n, struct str *reply)
{
	char buf[256];
	ssize_t got;
	int s[2], status = -1;
	pid_t pid;

	str_reset(reply);
	if (socketpair(AF_UNIX, SOCK_STREAM, 0, s) < 0)
		return -1;
	pid = fork();
	if (pid == 0) {
		close(s[0]);
		relay_serve(s[1]);
		_exit(0);
	}
	close(s[1]);
	if (write(s[0], bytes, n) != (ssize_t)n)
		n = 0;
	shutdown(s[0], SHUT_WR);
	while ((got = read(s[0], buf, sizeof(buf))) > 0)
		str_cat(reply, buf, (size_t)got);
	close(s[0]);
	waitpid(pid, &status, 0);
	return status == 0 ? 0 : -1;
}

static void
put(struct str *msg, u32 op, u32 place)
{
	u8 b[HEAD];

	relay_put_start(msg);
	relay_put_u32(msg, op);
	relay_put_u32(msg, place);
	pack_u32(b, (u32)(msg->len - HEAD));
	memcpy(msg->data, b, HEAD);
}

/* Nothing but the modules of the chain, and nothing after the first error. */
static void
hostile(void)
{
	static const char *const bytes[] = {
		"\xff\xff\xff\xff", "\0\1\0\1", "\0\0", "\0\0\0\4\0\0\0\0",
		"\0\0\0\10\0\0\0\1\0\0\0\0", "\0\0\0\10\0\0\0"
	};
	static const size_t len[] = { 4, 4, 2, 8, 12, 7 };
	struct str msg, reply;
	size_t i;
	u32 op;

	str_init(&msg, 0);
	str_init(&reply, 0);
	T_INT(chain_load("authnone"), E_OK);
	for (i = 0; i < NITEMS(bytes); i++) {
		T_INT(serve(bytes[i], len[i], &reply), 0);
		T_INT(reply.len, 0);
	}
	for (op = 0; op < 6; op++) {
		put(&msg, op, 1);		/* there is only place 0 */
		T_INT(serve(msg.data, msg.len, &reply), 0);
		T_INT(reply.len, 0);
	}
	put(&msg, RELAY_OPEN, 0);
	relay_put_u32(&msg, 0);			/* it has no files */
	msg.data[3] = 12;
	T_INT(serve(msg.data, msg.len, &reply), 0);
	T_INT(reply.len, 0);
	put(&msg, RELAY_LIST, 0);		/* what is allowed */
	T_INT(serve(msg.data, msg.len, &reply), 0);
	T_MEM(reply.data, reply.len, "\0\0\0\10\0\0\0\0\0\0\0\0", 12);
	chain_unload();
	str_free(&msg);
	str_free(&reply);
}

int
main(void)
{
	t_catch_log();
	requests();
	accounts();
	hostile();
	return t_done();
}
