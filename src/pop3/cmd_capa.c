/* CAPA, UTF8, LANG.  SPDX-License-Identifier: ISC */

#include "base/base.h"

#include "base/ascii.h"
#include "base/i18n.h"
#include "base/io.h"

#include "conf/conf.h"
#include "conf/env.h"

#include "wire/popcapa.h"

#include "pop3/cmd.h"
#include "pop3/pop3.h"

/* The languages of our texts, each in its own words. */
static const struct language {
	const char	*tag;
	const char	*name;
	const char	*catalogue;	/* NULL: none is needed */
} languages[] = {
	{ "en", "English", NULL },
	{ "i-default", "Default language", NULL },
	{ "de", "Deutsch", "de" }
};

static int available(const struct language *);
static const struct language *find(const char *);

void
pop3_cmd_capa(struct pop3 *p)
{
	struct popcapa capa;

	capa.stls = FALSE;
	/* What pop3login has announced; Courier's does not tell. */
	capa.sasl = env_get("CHAPAR_SASL");
	if (capa.sasl == NULL)
		capa.sasl = p->conf->pop3_tls && p->conf->pop3auth_tls != NULL
		    && *p->conf->pop3auth_tls != '\0' ?
		    p->conf->pop3auth_tls : p->conf->pop3auth;
	popcapa_put(p->io, &capa);
}

/* Messages are sent as they are in any case. */
void
pop3_cmd_utf8(struct pop3 *p)
{
	p->utf8 = TRUE;
	pop3_ok(p, N_("UTF8 enabled"));
}

/* ---- LANG --------------------------------------------------------------- */

static int
available(const struct language *l)
{
	return l->catalogue == NULL || i18n_has(l->catalogue);
}

/*
 * By a basic language range (RFC 4647 3.3.1, 3.4): "de-AT" finds "de", too; "*"
 * is English.
 */
static const struct language *
find(const char *range)
{
	size_t i, n;

	if (strcmp(range, "*") == 0)
		return languages;
	for (i = 0; i < NITEMS(languages); i++) {
		n = strlen(languages[i].tag);
		if (ascii_ncasecmp(range, languages[i].tag, n) == 0 &&
		    (range[n] == '\0' || range[n] == '-') &&
		    available(languages + i))
			return languages + i;
	}
	return NULL;
}

/*
 *   lang-response = "+OK" SP language-tag SP text CRLF
 *   lang-listing = "+OK" SP text CRLF
 *                  *(language-tag [SP description] CRLF) "." CRLF
 */
void
pop3_cmd_lang(struct pop3 *p)
{
	const struct language *l;
	const char *range;
	size_t i;

	range = pop3_word(p);
	if (range == NULL) {
		pop3_ok(p, N_("Language listing follows:"));
		for (i = 0; i < NITEMS(languages); i++)
			if (available(languages + i))
				io_putf(p->io, "%s %s\r\n", languages[i].tag,
				    languages[i].name);
		io_puts(p->io, ".\r\n");
		return;
	}
	l = find(range);
	if (l == NULL || (l->catalogue != NULL && !i18n_use(l->catalogue))) {
		pop3_err(p, N_("Language not available."));
		return;
	}
	p->language = l->catalogue;
	io_putf(p->io, "+OK %s ", l->tag);
	/* TRANSLATORS: what is spoken from now on, as "Hochdeutsch". */
	io_puts(p->io, pop3_text(p, N_("King's English")));
	io_puts(p->io, "\r\n");
}
