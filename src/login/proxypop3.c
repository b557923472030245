/* POP3 with a back end.  SPDX-License-Identifier: ISC */

#include "base/base.h"

#include "base/ascii.h"
#include "base/log.h"
#include "login/proxy.h"
#include "login/proxy_talk.h"

static int one_line(const char *);
static int pop3_verdict(const char *);
static int pop3_answer(struct proxy_talk *);

/* What a refusal may begin with that has nothing to do with the password (RFC
   2449 8.1, RFC 3206 4). */
static const char *const temporary[] = {
	"-ERR [SYS/TEMP", "-ERR [IN-USE", "-ERR [LOGIN-DELAY"
};

/* Without a line end in it. */
static int
one_line(const char *s)
{
	return s[strcspn(s, "\r\n")] == '\0';
}

static int
pop3_verdict(const char *line)
{
	size_t i;

	if (*line == '+')
		return E_OK;
	for (i = 0; i < NITEMS(temporary); i++)
		if (ascii_ncasecmp(line, temporary[i],
		    strlen(temporary[i])) == 0)
			return E_TEMP;
	return E_PERM;
}

static int
pop3_answer(struct proxy_talk *t)
{
	int r;

	r = proxy_get(t);
	return r != E_OK ? r : pop3_verdict(str_c(&t->line));
}

int
proxy_pop3_greeting(struct proxy_talk *t)
{
	return pop3_answer(t);
}

int
proxy_pop3_offers(struct proxy_talk *t)
{
	int r, i, found;

	r = proxy_say(t, "CAPA");
	if (r == E_OK)
		r = pop3_answer(t);
	found = FALSE;
	for (i = 0; r == E_OK && i < PROXY_LINES_MAX; i++) {
		r = proxy_get(t);
		if (r == E_OK && strcmp(str_c(&t->line), ".") == 0)
			return found ? E_OK : E_PERM;
		found = found || proxy_nth_is(t, 0, "STLS");
	}
	return r == E_OK ? E_TOOBIG : r;
}

int
proxy_pop3_starttls(struct proxy_talk *t)
{
	int r;

	r = proxy_say(t, "STLS");
	return r == E_OK ? pop3_answer(t) : r;
}

/* Each command waits for its answer: not all servers take more at once. */
int
proxy_pop3_login(struct proxy_talk *t)
{
	const struct proxy *p = t->p;
	struct str out;
	int r;

	if (p->utf8 && ((r = proxy_say(t, "UTF8")) != E_OK ||
	    (r = pop3_answer(t)) != E_OK)) {
		log_warn("UTF8 rejected by %s", t->host);
		return r;
	}
	str_init(&out, 0);
	str_catf(&out, "USER %s", p->user);
	r = one_line(p->user) ? proxy_say(t, str_c(&out)) : E_PERM;
	if (r == E_OK)
		r = pop3_answer(t);
	if (r != E_OK) {
		log_warn("Login userid rejected by %s", t->host);
		str_free(&out);
		return r;
	}
	str_reset(&out);
	str_catf(&out, "PASS %s\r\n", *p->password);
	r = one_line(*p->password) ? proxy_put(t, &out, "PASS ***\r\n") : E_PERM;
	str_wipe_free(&out);
	if (r == E_OK)
		r = pop3_answer(t);
	if (r != E_OK)
		log_warn("Login password rejected by %s", t->host);
	return r;
}
