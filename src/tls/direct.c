/* TLS without a first process.  SPDX-License-Identifier: ISC */

#include "base/base.h"

#include <sys/socket.h>

#include "base/file.h"
#include "base/pack.h"
#include "base/sig.h"
#include "base/vec.h"
#include "conf/env.h"
#include "conf/prestart.h"
#include "tls/child.h"
#include "tls/direct.h"
#include "tls/ready.h"
#include "tls/say.h"
#include "tls/session.h"
#include "tls/tls.h"

static int hand_over(const struct tls_opts *, int);

/* The clear side is the next program's. */
static int
hand_over(const struct tls_opts *o, int fd)
{
	struct prestart_conn c;
	struct vec vars;
	int r;

	vec_init(&vars);
	env_add(&vars, DIRECT_VAR, "1");
	memset(&c, 0, sizeof(c));
	c.fd = fd;
	c.argv = o->argv;
	c.vars = &vars;
	r = prestart_become(&c);
	vec_free_all(&vars);
	return r;
}

int
direct_serve(const struct tls_opts *o, const struct conf *conf, int fd)
{
	struct child_fds fds;
	int ends[2], r;
	pid_t pid;

	if (prestart_possible() != PRESTART_TLS || !ready_whole(o, conf) ||
	    socketpair(AF_UNIX, SOCK_STREAM, 0, ends) < 0)
		return E_TEMP;
	pid = prestart_fork();
	if (pid == 0) {
		close(ends[0]);
		(void)dup2(2, 1);
		say_init(env_get("TCPREMOTEIP"));
		tls_set_socket(fd);
		fds.remote = fd;
		fds.wall = -1;
		fds.local = ends[1];
		_exit(child_run(o, conf, &fds));
	}
	close(ends[1]);
	r = pid > 0 ? hand_over(o, ends[0]) : E_TEMP;
	/* (the jailed process ends when nobody is at the other end) */
	close(ends[0]);
	return pid > 0 ? E_OK : r;
}

int
direct_tell(struct session *s, const struct str *text)
{
	struct str out;
	u8 head[4];
	int r;

	str_init(&out, 0);
	pack_u32(head, (u32)text->len);
	str_cat(&out, head, sizeof(head));
	str_catstr(&out, text);
	r = file_write_all(s->in, out.data, out.len);
	str_free(&out);
	return r;
}
