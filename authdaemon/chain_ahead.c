/* Requests that came together.  SPDX-License-Identifier: ISC */

#include "base/base.h"

#include "base/mem.h"
#include "authcl/authproto.h"
#include "authdaemon/chain.h"
#include "authdaemon/module.h"
#include "authdaemon/relay.h"

static const struct auth_module *first(void);
static char *userid_of(const struct authreq *, const char *);

/* The module that is asked in any case, if it cares. */
static const struct auth_module *
first(void)
{
	const struct auth_module *m;

	m = chain_module(0);
	return m == NULL || m->ahead == NULL ? NULL : m;
}

/* Whose account the module will be asked for; NULL: nobody's. */
static char *
userid_of(const struct authreq *req, const char *module)
{
	const char *p;
	size_t n;

	if (req->verb == AUTH_PRE)
		return strcmp(req->module, ".") != 0 &&
		    strcmp(req->module, module) != 0 ? NULL :
		    mem_strdup(req->userid);
	if (req->verb != AUTH_AUTH || strcmp(req->authtype, "login") != 0)
		return NULL;
	p = req->authdata + strspn(req->authdata, "\n");
	n = strcspn(p, "\n");
	return mem_dup(p, n);
}

int
chain_takes_many(void)
{
	return first() != NULL;
}

void
chain_ahead(const struct authreq *const *req, size_t n)
{
	const struct auth_module *m;
	struct auth_query q[CHAIN_AHEAD_MAX];
	char *userid[CHAIN_AHEAD_MAX];
	size_t i, k;

	m = first();
	if (m == NULL || relay_wanted(0, AUTH_PRE))
		return;
	memset(q, 0, sizeof(q));
	for (i = k = 0; i < n && k < CHAIN_AHEAD_MAX; i++) {
		userid[k] = userid_of(req[i], m->name);
		if (userid[k] == NULL)
			continue;
		q[k].service = req[i]->service;
		q[k].userid = userid[k];
		k++;
	}
	if (k > 1)
		m->ahead(q, k);
	while (k-- > 0)
		mem_free(userid[k]);
}

void
chain_answered(void)
{
	const struct auth_module *m;

	m = first();
	if (m != NULL)
		m->ahead(NULL, 0);
}
