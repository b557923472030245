/* What SORT and THREAD compare of a message.  SPDX-License-Identifier: ISC */

#include "base/base.h"

#include "base/str.h"
#include "charset/ucase.h"
#include "mail/addr.h"
#include "mail/date822.h"
#include "mail/subject.h"

#include "session/msgkey.h"
#include "session/view.h"

i64
msgkey_sent(struct view *view, u32 seq, const char *date)
{
	struct date822 d;
	i64 t;

	if (date != NULL && date822_parse(date, strlen(date), &d) == E_OK)
		return date822_epoch(&d);
	return view_date(view, seq, &t) == E_OK ? t : 0;
}

int
msgkey_subject(const char *subject, struct str *out)
{
	struct str base;
	int reply;

	str_reset(out);
	if (subject == NULL)
		return FALSE;
	str_init(&base, 0);
	reply = subject_base(subject, strlen(subject), &base);
	ucase_casemap(str_c(&base), base.len, out);
	str_free(&base);
	return reply;
}

void
msgkey_mailbox(const struct addr *first, struct str *out)
{
	str_reset(out);
	if (first != NULL && first->kind == ADDR_MAILBOX)
		ucase_casemap(first->local, strlen(first->local), out);
}
