/* The jailed process: all that reads what strangers send.
   SPDX-License-Identifier: ISC */

#include "base/base.h"

#include <fcntl.h>
#include <signal.h>

#include "base/clock.h"
#include "base/file.h"
#include "base/jail.h"
#include "base/mem.h"
#include "base/proc.h"
#include "base/sig.h"
#include "conf/conf.h"
#include "tls/child.h"
#include "tls/dialogue.h"
#include "tls/say.h"
#include "tls/session.h"
#include "tls/tls.h"

#define FIRST	3		/* descriptor */
#define N_FDS	3

static int move_fds(const struct child_fds *, struct session *);
static int prepare(struct session *);
static int negotiate(struct session *, struct str *);
static void tell_failure(struct session *, const char *);

/* Numbers that are free of all that came with us. */
static int
move_fds(const struct child_fds *from, struct session *s)
{
	int fd[N_FDS], i;

	fd[0] = from->remote;
	fd[1] = from->wall;
	fd[2] = from->local;
	for (i = 0; i < N_FDS; i++)
		if (fd[i] >= 0 &&
		    (fd[i] = fcntl(fd[i], F_DUPFD, FIRST + N_FDS)) < 0)
			return E_TEMP;
	for (i = 0; i < N_FDS; i++)
		if (fd[i] >= 0 && dup2(fd[i], FIRST + i) < 0)
			return E_TEMP;
	proc_close_from(FIRST + N_FDS);
	s->remote = FIRST;
	s->wall.fd = from->wall >= 0 ? FIRST + 1 : -1;
	s->in = s->out = FIRST + 2;
	if (from->local >= 0) {
		/* Of 0 and 1 nothing but the echo of a dialogue is wanted. */
		close(0);
		proc_fix_stdio();
		return file_nonblock(s->in, TRUE);
	}
	close(FIRST + 2);
	s->in = 0;
	s->out = 1;
	return E_OK;
}

/* What is done as whoever started us. */
static int
prepare(struct session *s)
{
	const struct conf *c = s->conf;
	struct jail jail;
	int r;

	alpn_init(&s->alpn, c->tls_alpn);
	str_init(&s->ocsp, 0);
	s->resume = s->opts->server && c->tls_cachefile != NULL &&
	    *c->tls_cachefile != '\0' && ticket_load(c->tls_cachefile,
	    (u32)c->tls_timeout, &s->tickets) == E_OK;
	r = session_init(s);
	if (r != E_OK)
		return r;
	jail.user = LOGIN_USER;
	jail.dir = PATH_JAILDIR;
	jail.flags = 0;
	r = jail_enter(&jail);
	if (r != E_OK)
		say_info("couriertls: jail: %s", err_text(r));
	return r;
}

static int
negotiate(struct session *s, struct str *why)
{
	const char *word = s->opts->protocol;
	int r;

	if (word != NULL && (r = dialogue(word, s->remote, 1)) != E_OK) {
		str_catf(why, "couriertls: %s: %s", word, err_text(r));
		return r;
	}
	s->deadline = clock_deadline((u32)s->conf->tls_handshake);
	r = file_nonblock(s->remote, TRUE);
	if (r != E_OK) {
		str_catf(why, "couriertls: fcntl: %s", strerror(errno));
		return r;
	}
	return hand_shake(s, why);
}

/* That the other side just went is for the debug log alone. */
static void
tell_failure(struct session *s, const char *why)
{
	struct wall_msg m;

	if (s->wall.fd < 0) {
		(void)say_failure(why);
		return;
	}
	wall_begin(&m, MSG_FAILED);
	wall_adds(&m, why);
	(void)wall_send(&s->wall, &m, clock_deadline(1));
}

int
child_run(const struct tls_opts *opts, const struct conf *conf,
    const struct child_fds *fds)
{
	struct session s;
	struct str why;
	int r;

	memset(&s, 0, sizeof(s));
	s.opts = opts;
	s.conf = conf;
	sig_ignore(SIGPIPE);
	str_init(&why, 0);
	r = move_fds(fds, &s);
	if (r == E_OK)
		r = prepare(&s);
	if (r == E_OK)
		r = negotiate(&s, &why);
	if (r != E_OK) {
		tell_failure(&s, str_c(&why));
		return 1;
	}
	r = report(&s);
	if (r != E_OK)
		return 1;
	pem_forget(&s);
	mem_wipe(&s.tickets, sizeof(s.tickets));
	/* The first process waits for our end if nobody else would see it. */
	if (s.in == s.out && s.wall.fd >= 0)
		close(s.wall.fd);
	relay(&s);
	return 0;
}
