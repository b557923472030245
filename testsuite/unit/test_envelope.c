/* mail/envelope.  SPDX-License-Identifier: ISC */

#include "base/base.h"

#include "base/mem.h"
#include "base/pool.h"
#include "mail/addr.h"
#include "mail/envelope.h"

#include "t.h"

static const char sample[] =
    "From: a@x\nTo: b@y\nTO: c@z,\n d@z\nSubject:  folded\n\ttext \n"
    "Date: today\nCc:\nIn-Reply-To: <1@x>\nin-reply-to: <2@x>\n"
    "Message-ID: <3@x>\nSubject:\n";

int
main(void)
{
	struct pool *p = pool_new();
	struct envelope e;
	char *big;

	envelope_parse(p, sample, sizeof(sample) - 1, &e);
	T_STR(e.subject, "folded\ttext");
	T_STR(e.date, "today");
	T_STR(e.in_reply_to, "<1@x>, <2@x>");
	T_STR(e.message_id, "<3@x>");
	T_OK(e.sender == e.from && e.reply_to == e.from);
	T_STR(e.from->local, "a");
	T_STR(e.to->next->next->local, "d");
	T_OK(e.to->next->next->next == NULL);
	T_OK(e.cc == NULL && e.bcc == NULL);

	envelope_parse(p, "", 0, &e);
	T_OK(e.subject == NULL && e.date == NULL && e.sender == NULL);

	big = mem_new(20000);
	memset(big, 'x', 20000);
	memcpy(big, "Subject:", 8);
	envelope_parse(p, big, 20000, &e);
	T_INT(strlen(e.subject), ENVELOPE_VALUE_MAX);
	mem_free(big);
	pool_free(&p);
	return t_done();
}
