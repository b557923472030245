/* What is announced before login.  SPDX-License-Identifier: ISC */

#include "base/base.h"

#include "base/str.h"
#include "conf/conf.h"
#include "wire/imapcapa.h"
#include "login/login.h"
#include "login/mech.h"

static void fill(const struct login *, struct imapcapa *);

static void
fill(const struct login *l, struct imapcapa *capa)
{
	const struct conf *c = l->conf;

	memset(capa, 0, sizeof(*capa));
	capa->capability = l->tls && c->imap_capability_tls != NULL &&
	    *c->imap_capability_tls != '\0' ? c->imap_capability_tls :
	    c->imap_capability;
	capa->extensions = c->imap_extensions;
	capa->smap = c->smap_capability;
	capa->outbox = c->outbox;
	capa->keywords = c->imap_keywords;
	capa->acl = c->imap_acl;
	capa->id_fields = c->imap_id_fields != NULL;
	capa->trash = c->imap_move_to_trash;
	capa->no_thread_sort = c->imap_disablethreadsort;
	capa->tls_required = l->tls_required;
	capa->starttls = l->starttls;
	capa->tls_external = login_ask_identity(l);
	capa->binding = login_ask_binding(l);
}

void
login_capability(const struct login *l, struct str *out)
{
	struct imapcapa capa;

	fill(l, &capa);
	imapcapa_list(&capa, FALSE, out);
}

int
login_capable(const struct login *l, const char *word)
{
	struct imapcapa capa;

	fill(l, &capa);
	return imapcapa_has(&capa, word);
}
