/* IMAP and SMAP1 with a back end.  SPDX-License-Identifier: ISC */

#include "base/base.h"

#include "base/ascii.h"
#include "base/log.h"
#include "base/num.h"
#include "conf/conf.h"
#include "login/proxy.h"
#include "login/proxy_talk.h"

#define QUOTED_MAX	1024	/* longer ones are literals */
#define OWN_TAG		"p"	/* of our own commands */

static int has_word(const char *, const char *);
static int tagged(struct proxy_talk *, const char *, const char *);
static int quotable(const char *, int);
static void quote(struct str *, const char *);
static int argument(struct proxy_talk *, struct str *, struct str *,
	    const char *, const char *);

/* A word of a list, which may end in a bracket. */
static int
has_word(const char *list, const char *word)
{
	size_t n, len = strlen(word);

	for (; *list != '\0'; list += n) {
		list += strspn(list, " ");
		n = strcspn(list, " ]");
		if (n == len && ascii_ncasecmp(list, word, n) == 0)
			return TRUE;
		n += list[n] == ']';
	}
	return FALSE;
}

/* Waits for the line with the tag. first: a word that ends the waiting, too
   (1), or NULL. E_PERM: it is not OK. */
static int
tagged(struct proxy_talk *t, const char *tag, const char *first)
{
	int i, r;

	for (i = 0; i < PROXY_LINES_MAX; i++) {
		r = proxy_get(t);
		if (r != E_OK)
			return r;
		if (first != NULL && proxy_nth_is(t, 0, first))
			return 1;
		if (proxy_nth_is(t, 0, tag))
			return proxy_nth_is(t, 1, "OK") ? E_OK : E_PERM;
	}
	return E_TOOBIG;
}

int
proxy_imap_greeting(struct proxy_talk *t)
{
	int r;

	r = proxy_get(t);
	return r != E_OK ? r : proxy_nth_is(t, 0, "*") &&
	    proxy_nth_is(t, 1, "OK") ? E_OK : E_PERM;
}

/* The greeting, which is the last line, tells it; or an answer does. */
int
proxy_imap_offers(struct proxy_talk *t)
{
	int r, found;

	if (proxy_nth_is(t, 2, "[CAPABILITY"))
		return has_word(str_c(&t->line), "STARTTLS") ? E_OK : E_PERM;
	r = proxy_say(t, OWN_TAG " CAPABILITY");
	found = FALSE;
	while (r == E_OK && (r = tagged(t, OWN_TAG, "*")) == 1) {
		if (proxy_nth_is(t, 1, "CAPABILITY"))
			found = has_word(str_c(&t->line), "STARTTLS");
		r = E_OK;
	}
	return r != E_OK ? r : found ? E_OK : E_PERM;
}

int
proxy_imap_starttls(struct proxy_talk *t)
{
	int r;

	r = proxy_say(t, OWN_TAG " STARTTLS");
	return r == E_OK ? tagged(t, OWN_TAG, NULL) : r;
}

/* Text that may stand in a quoted string; Courier takes 8 bits there only in
   UTF-8, and nobody takes line ends. */
static int
quotable(const char *s, int eight)
{
	if (strlen(s) > QUOTED_MAX)
		return FALSE;
	for (; *s != '\0'; s++)
		if (!ascii_isprint((unsigned char)*s) &&
		    !(eight && (*s & 0x80) != 0))
			return FALSE;
	return TRUE;
}

static void
quote(struct str *out, const char *s)
{
	str_catc(out, '"');
	for (; *s != '\0'; s++) {
		if (*s == '"' || *s == '\\')
			str_catc(out, '\\');
		str_catc(out, *s);
	}
	str_catc(out, '"');
}

/*
 *   astring = quoted / literal
 * Appends an argument to what is to be sent; what must be a literal sends that
 * and waits for "+". shown: what the trace shows of the argument.
 */
static int
argument(struct proxy_talk *t, struct str *out, struct str *trace,
    const char *text, const char *shown)
{
	char size[NUM_BUF];
	int r;

	if (quotable(text, FALSE)) {
		quote(out, text);
		quote(trace, shown);
		return E_OK;
	}
	num_u64(size, (u64)strlen(text));
	str_catf(out, "{%s}\r\n", size);
	str_catf(trace, "{%s}\r\n", size);
	r = proxy_put(t, out, str_c(trace));
	if (r == E_OK)
		r = tagged(t, t->p->tag, "+");
	str_reset(out);
	str_reset(trace);
	str_cats(out, text);
	str_cats(trace, shown);
	return r == 1 ? E_OK : r == E_OK ? E_PERM : r;
}

/*
 *   login = "LOGIN" SP userid SP password
 * LITERAL+ is not assumed.
 */
int
proxy_imap_login(struct proxy_talk *t)
{
	const struct proxy *p = t->p;
	struct str out, trace;
	int r;

	str_init(&out, 0);
	str_init(&trace, 0);
	str_catf(&out, "%s LOGIN ", p->tag);
	str_cats(&trace, str_c(&out));
	r = argument(t, &out, &trace, p->user, p->user);
	str_catc(&out, ' ');
	str_catc(&trace, ' ');
	if (r == E_OK)
		r = argument(t, &out, &trace, *p->password, "***");
	str_cats(&out, "\r\n");
	str_cats(&trace, "\r\n");
	if (r == E_OK)
		r = proxy_put(t, &out, str_c(&trace));
	if (r == E_OK)
		r = tagged(t, p->tag, NULL);
	str_wipe_free(&out);
	str_free(&trace);
	if (r != E_OK)
		log_warn("Login to %s failed", t->host);
	if (r == E_OK && p->conf->imap_proxy_foreign) {
		str_init(&out, 0);
		str_catf(&out, "%s CAPABILITY", p->tag);
		r = proxy_say(t, str_c(&out));
		str_free(&out);
	}
	return r;
}

/* There are no literals in it. */
int
proxy_smap_login(struct proxy_talk *t)
{
	const struct proxy *p = t->p;
	struct str out, trace;
	int r;

	str_init(&out, 0);
	str_init(&trace, 0);
	str_cats(&out, "\\SMAP1 LOGIN ");
	quote(&out, p->user);
	str_catf(&trace, "%s \"***\"\r\n", str_c(&out));
	str_catc(&out, ' ');
	quote(&out, *p->password);
	str_cats(&out, "\r\n");
	r = E_PERM;
	if (quotable(p->user, TRUE) && quotable(*p->password, TRUE))
		r = proxy_put(t, &out, str_c(&trace));
	do
		if (r == E_OK)
			r = proxy_get(t);
	while (r == E_OK && *str_c(&t->line) != '+' &&
	    *str_c(&t->line) != '-');
	if (r == E_OK && *str_c(&t->line) == '-')
		r = E_PERM;
	str_wipe_free(&out);
	str_free(&trace);
	if (r != E_OK)
		log_warn("Login to %s failed", t->host);
	return r;
}
