/* What is announced after login.  SPDX-License-Identifier: ISC */

#include "base/base.h"

#include "base/io.h"
#include "base/str.h"

#include "conf/conf.h"

#include "wire/imapcapa.h"

#include "imap/cmd.h"
#include "imap/imap.h"
#include "imap/reply.h"

static void fill(const struct imap *, struct imapcapa *);

static void
fill(const struct imap *im, struct imapcapa *c)
{
	const struct conf *k = im->conf;

	memset(c, 0, sizeof(*c));
	c->capability = k->imap_capability;
	if (k->imap_tls && k->imap_capability_tls != NULL &&
	    *k->imap_capability_tls != '\0')
		c->capability = k->imap_capability_tls;
	c->extensions = k->imap_extensions;
	c->smap = k->smap_capability;
	c->outbox = k->outbox;
	c->keywords = k->imap_keywords;
	c->acl = k->imap_acl;
	c->id_fields = k->imap_id_fields != NULL;
	c->trash = k->imap_move_to_trash;
	c->no_thread_sort = k->imap_disablethreadsort;
}

void
imap_capabilities(const struct imap *im, int complain, struct str *out)
{
	struct imapcapa c;

	fill(im, &c);
	imapcapa_list(&c, complain, out);
}

int
imap_capable(const struct imap *im, const char *word)
{
	struct imapcapa c;

	fill(im, &c);
	return imapcapa_has(&c, word);
}

/*
 *   capability-data = "CAPABILITY" *(SP capability) SP "IMAP4rev1"
 *                     *(SP capability)
 *   capability = ("AUTH=" auth-type) / atom
 */
void
cmd_capability(struct imap *im, struct imap_cmd *cmd, struct reply *r)
{
	struct str s;

	(void)cmd;
	str_init(&s, 0);
	imap_capabilities(im, FALSE, &s);
	io_puts(im->io, "* CAPABILITY ");
	io_put(im->io, str_c(&s), s.len);
	io_puts(im->io, "\r\n");
	str_free(&s);
	reply_ok(r, "CAPABILITY completed");
}
