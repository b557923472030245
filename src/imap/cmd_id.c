/* ID, RFC 2971.  SPDX-License-Identifier: ISC */

#include "base/base.h"

#include "base/log.h"
#include "base/str.h"

#include "conf/conf.h"

#include "wire/imapid.h"

#include "session/sess.h"

#include "imap/cmd.h"
#include "imap/imap.h"
#include "imap/reply.h"

void
cmd_id(struct imap *im, struct imap_cmd *cmd, struct reply *r)
{
	struct str s;

	str_init(&s, 0);
	if (imapid_parse(cmd->args, &s) != E_OK)
		reply_syntax(r);
	else {
		if (s.len > 0)
			log_info("INFO: ID, user=%s, ip=[%s], port=[%s]%s",
			    im->sess->user, im->ip, im->port, str_c(&s));
		imapid_put(im->io, im->conf->imap_id_fields);
		reply_ok(r, "ID completed");
	}
	str_free(&s);
}
