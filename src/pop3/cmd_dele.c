/* DELE, RSET, QUIT.  SPDX-License-Identifier: ISC */

#include "base/base.h"

#include "base/i18n.h"
#include "base/io.h"
#include "base/log.h"

#include "conf/conf.h"

#include "session/sess.h"

#include "pop3/cmd.h"
#include "pop3/pop3.h"

static void log_deleted(void *, const char *);

void
pop3_cmd_dele(struct pop3 *p)
{
	struct pop3_msg *m;

	m = pop3_message(p, pop3_word(p));
	if (m == NULL)
		return;
	m->state |= MSG_GONE;
	pop3_ok(p, N_("Deleted."));
}

void
pop3_cmd_rset(struct pop3 *p)
{
	size_t i;

	for (i = 0; i < p->snap.n; i++)
		p->snap.v[i].state &= (u8)~MSG_GONE;
	pop3_ok(p, N_("Resurrected."));
}

static void
log_deleted(void *ctx, const char *name)
{
	const struct pop3 *p = ctx;
	const char *wanted = p->conf->pop3_log_deletions;

	if (wanted != NULL && *wanted != '0')
		log_info("INFO: DELETED, user=%s, %s, filename=cur/%s",
		    p->sess->user, p->sess->peer, name);
}

/* The answer tells what became of the messages (RFC 1939 6). */
void
pop3_cmd_quit(struct pop3 *p)
{
	size_t failed;

	failed = inbox_remove(&p->snap, log_deleted, p);
	if (failed == 0)
		pop3_ok(p, N_("Bye-bye."));
	else
		pop3_err(p, N_("Some messages could not be deleted."));
	p->end = CLIENT_LOGOUT;
}
