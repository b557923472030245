/* TLS without a first process.  SPDX-License-Identifier: ISC */

#include "base/base.h"

#include <sys/socket.h>

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
	env_add(&vars, PRESTART_TLS_VAR, "1");
	memset(&c, 0, sizeof(c));
	c.fd = fd;
	c.argv = o->argv;
	c.vars = &vars;
	r = prestart_become(&c);
	vec_free_all(&vars);
	return r;
}

/* The next program has its end before there is a process at the other one: if
   it cannot take it, the connection goes the usual way. */
int
direct_serve(const struct tls_opts *o, const struct conf *conf, int fd)
{
	struct child_fds fds;
	int ends[2], r;

	if (prestart_possible() != PRESTART_TLS || !ready_whole(o, conf) ||
	    socketpair(AF_UNIX, SOCK_STREAM, 0, ends) < 0)
		return E_TEMP;
	r = hand_over(o, ends[0]);
	close(ends[0]);
	if (r == E_OK && prestart_fork() == 0) {
		(void)dup2(2, 1);
		say_init(env_get("TCPREMOTEIP"));
		tls_set_socket(fd);
		fds.remote = fd;
		fds.wall = -1;
		fds.local = ends[1];
		_exit(child_run(o, conf, &fds));
	}
	close(ends[1]);
	return r;
}

int
direct_tell(struct session *s, const struct str *text)
{
	struct wall_msg m;
	struct wall w;

	w.fd = s->in;
	w.stop = NULL;
	wall_begin(&m, MSG_X509);
	wall_adds(&m, str_c(text));
	return wall_send(&w, &m, s->deadline);
}
