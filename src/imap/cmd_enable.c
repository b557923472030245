/* ENABLE, RFC 5161.  SPDX-License-Identifier: ISC */

#include "base/base.h"

#include "base/io.h"

#include "wire/imaparg.h"

#include "session/sess.h"

#include "imap/ext.h"
#include "imap/imap.h"
#include "imap/reply.h"

/*
 *   enable = "ENABLE" 1*(SP capability)
 *   enable-data = "ENABLED" *(SP capability)
 * Words that nobody knows are skipped; no word at all is let through.
 */
void
cmd_enable(struct imap *im, struct imap_cmd *cmd, struct reply *r)
{
	const struct ext *x;
	struct arg *a;
	const char *word;

	for (a = cmd->args; a != NULL; )
		if (arg_atom(&a, &word) != E_OK) {
			reply_syntax(r);
			return;
		}
	io_puts(im->io, "* ENABLED");
	for (a = cmd->args; a != NULL; ) {
		(void)arg_atom(&a, &word);
		x = ext_enable(word);
		if (x == NULL || !imap_capable(im, x->capability))
			continue;
		im->enabled |= x->enable_bit;
		io_putc(im->io, ' ');
		io_puts(im->io, x->enable);
	}
	io_puts(im->io, "\r\n");
	im->sess->utf8 = (im->enabled & EXT_UTF8_ACCEPT) != 0;
	reply_ok(r, "Options enabled");
}
