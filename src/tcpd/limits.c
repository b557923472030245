/* Who is turned away.  SPDX-License-Identifier: ISC */

#include "base/base.h"

#include "base/log.h"
#include "base/num.h"
#include "base/str.h"
#include "conf/env.h"
#include "tcpd/access.h"
#include "tcpd/guess.h"
#include "tcpd/refuse.h"
#include "tcpd/serve_int.h"

void
tcpd_refuse(const struct server *s, int fd, const char *reason,
    const char *denymsg)
{
	if (s->opts->refuse_tls)
		refuse_alert(fd);
	else if (denymsg != NULL)
		refuse_tell(fd, "", denymsg, "\n");
	else
		refuse_tell(fd, s->opts->refuse, reason, "\r\n");
	refuse_keep(fd);
}

int
tcpd_denied(struct server *s, struct tcpd_conn *c, int remote)
{
	char text[PEER_TEXT], port[NUM_BUF];
	struct str entry;
	int no, r;

	if (!remote && !s->opts->accesslocal)
		return FALSE;
	str_init(&entry, 0);
	peer_text(remote ? &c->remote : &c->local, text);
	num_u32(port, c->local.port);
	no = FALSE;
	r = access_find(s->access, text, remote ? NULL : port, &entry);
	if (r == E_OK) {
		no = access_denies(str_c(&entry));
		c->entry[remote] = str_take(&entry);
	}
	str_free(&entry);
	if (r == E_NOENT || (r == E_OK && !no))
		return FALSE;
	peer_text(&c->remote, text);
	if (no) {
		log_info("INFO: connection refused by the access file, "
		    "ip=[%s]", text);
		tcpd_refuse(s, c->fd, "Access denied.", remote ?
		    s->opts->denymsg : NULL);
	} else {
		log_err("ERR: connection refused, the access file cannot be "
		    "read, ip=[%s]", text);
		tcpd_refuse(s, c->fd, TRY_LATER, NULL);
	}
	return TRUE;
}

int
tcpd_over_limit(struct server *s, const struct tcpd_conn *c)
{
	char text[PEER_TEXT];
	u32 max;

	max = env_u32("MAXCPERIP", s->opts->maxperip);
	if (c->entry[0] != NULL)
		max = access_u32(c->entry[0], "MAXCPERIP", max);
	if (c->entry[1] != NULL)
		max = access_u32(c->entry[1], "MAXCPERIP", max);
	peer_text(&c->remote, text);
	if (slots_count(&s->slots, &c->remote, 16) >= max) {
		log_err("ALERT: Maximum connection limit reached for %s",
		    text);
		tcpd_refuse(s, c->fd, "Maximum number of connections from your "
		    "address reached.", NULL);
		return TRUE;
	}
	if (slots_count(&s->slots, &c->remote, peer_is_v4(&c->remote) ? 15 : 8) >=
	    s->opts->maxperc) {
		log_err("ALERT: Maximum connection limit reached for the "
		    "network of %s", text);
		tcpd_refuse(s, c->fd, "Maximum number of connections from your "
		    "network reached.", NULL);
		return TRUE;
	}
	if (s->guess != NULL && guess_refuses(s->guess, &c->remote)) {
		log_warn("WARN: Too many failed logins, refused ip=[%s]",
		    text);
		tcpd_refuse(s, c->fd, "Too many failed logins from your address, "
		    "please try again later.", NULL);
		return TRUE;
	}
	return FALSE;
}

void
tcpd_full(const struct server *s, const struct tcpd_conn *c)
{
	char text[PEER_TEXT];

	peer_text(&c->remote, text);
	log_err("ALERT: %u maximum active connections, refused ip=[%s]",
	    s->slots.used, text);
	tcpd_refuse(s, c->fd, "Maximum number of connections reached.", NULL);
}
