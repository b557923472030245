/* SEARCH and UID SEARCH.  SPDX-License-Identifier: ISC */

#include "base/base.h"

#include "base/io.h"

#include "wire/imaparg.h"

#include "session/mset.h"
#include "session/sess.h"

#include "imap/cmd.h"
#include "imap/imap.h"
#include "imap/keys.h"
#include "imap/reply.h"

static void put_result(struct imap *, const struct mset *);

/* mailbox-data = "SEARCH" *(SP nz-number) / ... */
static void
put_result(struct imap *im, const struct mset *found)
{
	size_t i;
	u32 n;

	imap_out(im);
	io_puts(im->io, "* SEARCH");
	for (i = 0; i < found->n; i++)
		for (n = found->r[i].lo; ; n++) {
			io_putc(im->io, ' ');
			io_put_u32(im->io, n);
			if (n == found->r[i].hi)
				break;
		}
	io_puts(im->io, "\r\n");
}

/* search = "SEARCH" [SP "CHARSET" SP astring] 1*(SP search-key) */
void
cmd_search(struct imap *im, struct imap_cmd *cmd, struct reply *r)
{
	struct mset *found;
	struct arg *a;
	const char *charset;
	int e;

	charset = NULL;
	a = cmd->args;
	e = E_OK;
	if (arg_is(a, "CHARSET")) {
		if (im->sess->utf8) {	/* RFC 6855 3 */
			reply_bad(r, "CHARSET is not valid in UTF8 mode as "
			    "per RFC 6855");
			return;
		}
		a = a->next;
		e = arg_astring(&a, &charset, NULL);
		/* Looked at before the keys (imap-wire.md 8). */
		if (e == E_OK && !search_charset_known(charset))
			e = E_CHARSET;
	}
	if (e == E_OK)
		e = keys_search(im, cmd, a, charset, cmd->uid, &found);
	if (e != E_OK) {
		reply_error(r, e);
		return;
	}
	put_result(im, found);
	reply_ok(r, "SEARCH done.");
}
