/* NAMESPACE, RFC 2342.  SPDX-License-Identifier: ISC */

#include "base/base.h"

#include "base/io.h"

#include "imap/cmd.h"
#include "imap/imap.h"
#include "imap/reply.h"

/* Namespace_Response = "*" SP "NAMESPACE" SP Namespace SP Namespace SP
   Namespace */
void
cmd_namespace(struct imap *im, struct imap_cmd *cmd, struct reply *r)
{
	(void)cmd;
	io_puts(im->io, "* NAMESPACE ((\"INBOX.\" \".\")) NIL "
	    "((\"#shared.\" \".\")(\"shared.\" \".\"))\r\n");
	reply_ok(r, "NAMESPACE completed.");
}
