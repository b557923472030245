/* From an accepted connection to the program that serves it.
   SPDX-License-Identifier: ISC */

#include "base/base.h"

#include <signal.h>
#include <stdio.h>

#include "base/log.h"
#include "base/mem.h"
#include "base/num.h"
#include "base/sig.h"
#include "base/str.h"
#include "base/vec.h"
#include "conf/env.h"
#include "tcpd/access.h"
#include "tcpd/dnslist.h"
#include "tcpd/guess.h"
#include "tcpd/ident.h"
#include "tcpd/refuse.h"
#include "tcpd/serve.h"

static int dropped(const struct tcpd_opts *);
static void turn_away(const struct tcpd_opts *, int);

/* The access entries first: what is known of the connection stands above. */
void
tcpd_vars(const struct tcpd_opts *o, const struct tcpd_conn *c,
    struct vec *vars)
{
	char text[PEER_TEXT];
	struct str info;
	int i;

	for (i = 0; i < 2; i++)
		if (c->entry[i] != NULL)
			access_vars(c->entry[i], vars);
	peer_vars(&c->remote, &c->local, o->names, vars);
	str_init(&info, 0);
	if (c->proxied) {
		peer_text(&c->via, text);
		str_catf(&info, "proxy via %s, port %lu", text,
		    (unsigned long)c->via.port);
		env_add(vars, "TCPREMOTEINFO", str_c(&info));
	} else if (o->ident) {
		env_add(vars, "TCPREMOTEINFO", ident_ask(&c->remote, &c->local,
		    &info) == E_OK ? str_c(&info) : NULL);
	}
	str_free(&info);
	if (c->guess != NULL)
		guess_var(c->slot, vars);
}

/* One of the variables that -drop names says something. */
static int
dropped(const struct tcpd_opts *o)
{
	char *list, *p, *next;
	int found;

	if (o->drop == NULL)
		return FALSE;
	found = FALSE;
	list = mem_strdup(*o->drop != '\0' ? o->drop : DNSLIST_VAR);
	for (p = list; p != NULL && !found; p = next) {
		next = strchr(p, ',');
		if (next != NULL)
			*next++ = '\0';
		found = *env_or(p, "") != '\0';
	}
	mem_free(list);
	return found;
}

static void
turn_away(const struct tcpd_opts *o, int fd)
{
	log_warn("WARN: dropped blocked connection from %s",
	    env_or("TCPREMOTEIP", ""));
	if (o->refuse_tls)
		refuse_alert(fd);
	else if (o->denymsg != NULL)
		refuse_tell(fd, "", o->denymsg, "\n");
	else
		refuse_tell(fd, o->refuse, "Access denied.", "\r\n");
}

void
tcpd_child(const struct tcpd_opts *o, const struct tcpd_conn *c)
{
	struct vec vars;

	sig_reset();
	sig_ignore(SIGPIPE);
	vec_init(&vars);
	tcpd_vars(o, c, &vars);
	env_apply(&vars);
	dnslist_run(o->lists, o->nlists, &c->remote);
	if (dropped(o)) {
		turn_away(o, c->fd);
		_exit(0);
	}
	if (dup2(c->fd, 0) < 0 || dup2(c->fd, 1) < 0 ||
	    (o->err_socket && dup2(c->fd, 2) < 0))
		_exit(1);
	if (c->fd > 2)
		close(c->fd);
	if (c->guess != NULL && guess_place(c->guess) != E_OK)
		_exit(1);
	sig_default(SIGPIPE);
	execv(o->argv[0], o->argv);
	perror(o->argv[0]);
	_exit(1);
}
