/* The data of ENVELOPE.  SPDX-License-Identifier: ISC */

#include "base/base.h"

#include "base/pool.h"
#include "base/str.h"
#include "mail/addr.h"
#include "mail/envelope.h"
#include "mail/hdr.h"

enum field {
	F_DATE, F_SUBJECT, F_IN_REPLY_TO, F_MESSAGE_ID,
	F_FROM, F_SENDER, F_REPLY_TO, F_TO, F_CC, F_BCC,
	NFIELDS
};

static const char *const names[NFIELDS] = {
	"Date", "Subject", "In-Reply-To", "Message-ID",
	"From", "Sender", "Reply-To", "To", "Cc", "Bcc"
};

static const char *text(struct pool *, const struct str *);
static struct addr *list(struct pool *, const struct str *);

static const char *
text(struct pool *pool, const struct str *s)
{
	size_t n = s->len;

	if (n == 0)
		return NULL;
	if (n > ENVELOPE_VALUE_MAX) {
		n = ENVELOPE_VALUE_MAX;
		while (n > 0 && ((u8)s->data[n] & 0xc0) == 0x80)
			n--;
	}
	return pool_strndup(pool, s->data, n);
}

static struct addr *
list(struct pool *pool, const struct str *s)
{
	return addr_parse(pool, str_c(s), s->len);
}

void
envelope_parse(struct pool *pool, const char *h, size_t n,
    struct envelope *env)
{
	struct str v[NFIELDS];
	struct hdr_field f;
	size_t pos = 0, i, mark;

	for (i = 0; i < NFIELDS; i++)
		str_init(&v[i], 0);
	while (hdr_next(h, n, &pos, &f)) {
		for (i = 0; i < NFIELDS && !hdr_is(&f, names[i]); i++)
			;
		if (i == NFIELDS)
			continue;
		mark = v[i].len;
		if (mark > 0)
			str_cats(&v[i], ", ");
		hdr_unfold(f.value, f.valuelen, &v[i]);
		if (mark > 0 && v[i].len == mark + 2)
			str_trunc(&v[i], mark);
	}
	env->date = text(pool, &v[F_DATE]);
	env->subject = text(pool, &v[F_SUBJECT]);
	env->in_reply_to = text(pool, &v[F_IN_REPLY_TO]);
	env->message_id = text(pool, &v[F_MESSAGE_ID]);
	env->from = list(pool, &v[F_FROM]);
	env->sender = list(pool, &v[F_SENDER]);
	env->reply_to = list(pool, &v[F_REPLY_TO]);
	env->to = list(pool, &v[F_TO]);
	env->cc = list(pool, &v[F_CC]);
	env->bcc = list(pool, &v[F_BCC]);
	if (env->sender == NULL)
		env->sender = env->from;
	if (env->reply_to == NULL)
		env->reply_to = env->from;
	for (i = 0; i < NFIELDS; i++)
		str_free(&v[i]);
}
