/* The program that is started ahead of need.  SPDX-License-Identifier: ISC */

#include "base/base.h"

#include <poll.h>

#include "base/file.h"
#include "base/log.h"
#include "base/mem.h"
#include "base/vec.h"
#include "conf/prestart.h"
#include "tcpd/guess.h"
#include "tcpd/started.h"

#define AT_ONCE	64		/* reports */

struct started {
	const struct tcpd_opts	*opts;
	struct prestart		*program;
	int			in, out;	/* the pipe of reports */
	int			penalty[2];
};

struct started *
started_new(const struct tcpd_opts *o, const struct guess *g)
{
	struct started *s;
	int p[2];

	if (!o->prestart || o->names || o->ident || o->nlists > 0 ||
	    o->drop != NULL || o->err_socket || *o->argv[0] != '/')
		return NULL;
	if (pipe(p) < 0) {
		log_syserr("ALERT: -prestart is not in force");
		return NULL;
	}
	file_cloexec(p[0], TRUE);
	file_cloexec(p[1], TRUE);
	file_nonblock(p[0], TRUE);
	s = mem_new(sizeof(*s));
	s->opts = o;
	s->in = p[0];
	s->out = p[1];
	if (g != NULL)
		guess_fds(g, s->penalty);
	s->program = prestart_new(o->argv, s->out,
	    g != NULL ? s->penalty : NULL);
	prestart_check(s->program);
	return s;
}

void
started_free(struct started **ps)
{
	struct started *s = *ps;

	if (s == NULL)
		return;
	prestart_free(&s->program);
	close(s->in);
	close(s->out);
	*ps = mem_free(s);
}

int
started_take(struct started *s, struct slot *slot, const struct tcpd_conn *c)
{
	struct prestart_conn to;
	struct vec vars;
	int r;

	prestart_check(s->program);
	if (prestart_pid(s->program) == 0)
		return E_TEMP;
	vec_init(&vars);
	tcpd_vars(s->opts, c, &vars);
	memset(&to, 0, sizeof(to));
	to.place = c->slot;
	to.serial = slot->serial;
	to.fd = c->fd;
	to.argv = s->opts->argv;
	to.vars = &vars;
	r = prestart_send(s->program, &to);
	if (r == E_OK)
		r = slot_hold(slot, prestart_pid(s->program));
	vec_free_all(&vars);
	return r;
}

void
started_poll(const struct started *s, struct pollfd *p)
{
	prestart_poll(s->program, p);
	p[1].fd = s->in;
	p[1].events = POLLIN;
	p[1].revents = 0;
}

/* (a report is written at once, and so read whole) */
void
started_work(struct started *s, const struct pollfd *p,
    void (*fn)(void *, const struct prestart_report *), void *ctx)
{
	u8 buf[AT_ONCE * PRESTART_REPORT];
	struct prestart_report r;
	ssize_t i, n;

	prestart_work(s->program, p);
	if (p[1].revents == 0)
		return;
	n = read(s->in, buf, sizeof(buf));
	for (i = 0; i + PRESTART_REPORT <= n; i += PRESTART_REPORT) {
		prestart_get_report(buf + i, &r);
		fn(ctx, &r);
	}
}

void
started_died(struct started *s, pid_t pid)
{
	prestart_died(s->program, pid);
}
