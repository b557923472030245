/* Logins of accounts that live on other servers.  SPDX-License-Identifier: ISC */

#include "base/base.h"

#include "base/clock.h"
#include "base/sig.h"
#include "base/str.h"
#include "conf/conf.h"
#include "login/login.h"
#include "login/proxy.h"

static void describe(struct login *, struct proxy *);

static void
describe(struct login *l, struct proxy *p)
{
	time_t gone = clock_now() - l->start;

	memset(p, 0, sizeof(*p));
	p->conf = l->conf;
	p->proto = proxy_proto(l->variant && l->front == &front_imap ?
	    "SMAP1" : l->front->protocol);
	p->user = l->account.address;
	p->password = &l->account.clearpasswd;
	p->options = l->account.options;
	p->tag = l->tag;
	p->utf8 = l->variant;
	p->ip = l->ip;
	p->port = l->port;
	p->deadline = clock_deadline(gone >= 0 && gone < LOGIN_SECS ?
	    (u32)(LOGIN_SECS - gone) : 1);
	p->stop = sig_stop_pending;
}

/* (Each program reads the variable of its protocol; the other one is 0.) */
int
login_elsewhere(struct login *l, const char *input, size_t n)
{
	struct proxy p;
	int r;

	if (!l->conf->imap_proxy && !l->conf->pop3_proxy)
		return E_NOENT;
	if (l->account.address == NULL || *l->account.address == '\0')
		return E_NOENT;
	describe(l, &p);
	str_init(&l->to_client, 0);
	str_init(&l->input, 0);
	r = proxy_login(&p, &l->backend, &l->to_client);
	if (r != E_OK) {
		str_free(&l->to_client);
		return r;
	}
	l->elsewhere = TRUE;
	str_cat(&l->input, input, n);
	return E_OK;
}

void
login_relay(struct login *l)
{
	struct proxy p;

	describe(l, &p);
	proxy_carry(&p, l->backend, &l->to_client, &l->input);
}
