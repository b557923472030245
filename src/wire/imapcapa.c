/* The capability list.  SPDX-License-Identifier: ISC */

#include "base/base.h"

#include "base/ascii.h"
#include "base/log.h"
#include "base/str.h"

#include "wire/imapcapa.h"

enum {
	W_CONFIG = 1,		/* may stand in IMAP_CAPABILITY */
	W_EXT = 2,		/* one of ours: announced unless there already */
	W_THREAD_SORT = 4,	/* not with IMAP_DISABLETHREADSORT */
	W_ACL = 8,		/* not without ACL */
	W_EXTERNAL = 16,	/* not without a client's certificate */
	W_PLUS = 32		/* not without channel binding; else behind
				   the word of that name without -PLUS */
};

/*
 * Every word that this build implements. To add an extension: its row here,
 * its row in imap/ext_tab.c.
 */
static const struct capa_word {
	const char	*word;
	int		flags;
} words[] = {
	{ "IMAP4rev1", W_CONFIG },
	{ "UIDPLUS", W_CONFIG | W_EXT },
	{ "CHILDREN", W_CONFIG | W_EXT },
	{ "NAMESPACE", W_CONFIG | W_EXT },
	{ "THREAD=ORDEREDSUBJECT", W_CONFIG | W_EXT | W_THREAD_SORT },
	{ "THREAD=REFERENCES", W_CONFIG | W_EXT | W_THREAD_SORT },
	{ "SORT", W_CONFIG | W_EXT | W_THREAD_SORT },
	{ "IDLE", W_CONFIG | W_EXT },
	{ "ID", W_CONFIG | W_EXT },
	{ "UNSELECT", W_CONFIG | W_EXT },
	{ "ENABLE", W_CONFIG | W_EXT },
	{ "UTF8=ACCEPT", W_CONFIG | W_EXT },
	{ "LITERAL+", W_CONFIG | W_EXT },
	{ "LITERAL-", W_CONFIG },
	{ "SASL-IR", W_CONFIG | W_EXT },
	{ "MOVE", W_CONFIG | W_EXT },
	{ "ACL", W_CONFIG },
	{ "ACL2=UNION", W_CONFIG },
	{ "RIGHTS=texk", W_CONFIG | W_EXT | W_ACL },
	{ "QUOTA", W_CONFIG | W_EXT },
	{ "QUOTA=RES-STORAGE", W_CONFIG | W_EXT },
	{ "QUOTA=RES-MESSAGE", W_CONFIG | W_EXT },
	{ "AUTH=PLAIN", W_CONFIG },
	{ "AUTH=LOGIN", W_CONFIG },
	{ "AUTH=CRAM-MD5", W_CONFIG },
	{ "AUTH=CRAM-SHA1", W_CONFIG },
	{ "AUTH=CRAM-SHA256", W_CONFIG },
	{ "AUTH=SCRAM-SHA-1", W_CONFIG },
	{ "AUTH=SCRAM-SHA-1-PLUS", W_CONFIG | W_PLUS },
	{ "AUTH=SCRAM-SHA-256", W_CONFIG },
	{ "AUTH=SCRAM-SHA-256-PLUS", W_CONFIG | W_PLUS },
	{ "AUTH=EXTERNAL", W_CONFIG | W_EXTERNAL },
	{ "AUTH=OAUTHBEARER", W_CONFIG },
	{ "AUTH=XOAUTH2", W_CONFIG }
};

static void add(struct str *, const char *, size_t);
static int disabled(const struct imapcapa *, const struct capa_word *);
static int fits(const struct str *, const struct capa_word *);
static const struct capa_word *find(const char *, size_t);
static int has(const char *, size_t, const char *, size_t);
static size_t next_word(const char **);
static void unknown(const char *, size_t);
static int wanted(const struct imapcapa *, const struct capa_word *);

/* Length of the next blank-separated word at *s, 0 at the end. */
static size_t
next_word(const char **s)
{
	size_t n;

	while (ascii_isspace((unsigned char)**s))
		(*s)++;
	for (n = 0; (*s)[n] != '\0' && !ascii_isspace((unsigned char)(*s)[n]);
	    n++)
		;
	return n;
}

static const struct capa_word *
find(const char *s, size_t n)
{
	size_t i;

	for (i = 0; i < NITEMS(words); i++)
		if (strlen(words[i].word) == n &&
		    ascii_memcasecmp(words[i].word, s, n) == 0)
			return &words[i];
	return NULL;
}

/* TRUE if the list of words holds this one. */
static int
has(const char *list, size_t len, const char *word, size_t wordlen)
{
	const char *s;
	size_t n;

	for (s = list; (n = next_word(&s)) > 0; s += n) {
		if ((size_t)(s - list) >= len)
			break;
		if (n == wordlen && ascii_memcasecmp(s, word, n) == 0)
			return TRUE;
	}
	return FALSE;
}

static void
add(struct str *out, const char *s, size_t n)
{
	if (has(str_c(out), out->len, s, n))
		return;
	if (out->len > 0)
		str_catc(out, ' ');
	str_cat(out, s, n);
}

/* Switched off by a setting of its own, or not for this connection? */
static int
disabled(const struct imapcapa *c, const struct capa_word *w)
{
	return ((w->flags & W_THREAD_SORT) != 0 && c->no_thread_sort) ||
	    ((w->flags & W_EXTERNAL) != 0 && !c->tls_external) ||
	    ((w->flags & W_PLUS) != 0 && !c->binding);
}

/* The list so far says what this word needs to be said. */
static int
fits(const struct str *s, const struct capa_word *w)
{
	if ((w->flags & W_ACL) != 0)
		return has(str_c(s), s->len, "ACL", 3);
	if ((w->flags & W_PLUS) != 0)
		return has(str_c(s), s->len, w->word, strlen(w->word) -
		    strlen("-PLUS"));
	return ascii_casecmp(w->word, "LITERAL+") != 0 ||
	    !has(str_c(s), s->len, "LITERAL-", 8);
}

/* Is this one of the extensions that the administrator lets through? */
static int
wanted(const struct imapcapa *c, const struct capa_word *w)
{
	const char *x = c->extensions;

	if (disabled(c, w))
		return FALSE;
	if ((w->flags & W_PLUS) != 0)
		return x == NULL || ascii_casecmp(x, "none") != 0;
	if ((w->flags & W_EXT) == 0) {
		/* LITERAL- only by name, and not beside LITERAL+. */
		if (ascii_casecmp(w->word, "LITERAL-") != 0 || x == NULL ||
		    has(x, strlen(x), "LITERAL+", 8))
			return FALSE;
	}
	if (x == NULL || *x == '\0' || ascii_casecmp(x, "all") == 0)
		return (w->flags & W_EXT) != 0;
	if (ascii_casecmp(x, "none") == 0)
		return FALSE;
	return has(x, strlen(x), w->word, strlen(w->word));
}

static void
unknown(const char *s, size_t n)
{
	char word[64];

	if (n >= sizeof(word))
		n = sizeof(word) - 1;
	memcpy(word, s, n);
	word[n] = '\0';
	log_warn("IMAP_CAPABILITY: %s is not implemented", word);
}

void
imapcapa_list(const struct imapcapa *c, int complain, struct str *out)
{
	const struct capa_word *w;
	struct str s;
	const char *p;
	size_t i, n;

	str_init(&s, 0);
	p = c->capability;
	if (p == NULL || next_word(&p) == 0)
		p = "IMAP4rev1";
	for (; (n = next_word(&p)) > 0; p += n) {
		w = find(p, n);
		if (w != NULL && !disabled(c, w))
			add(&s, p, n);
		else if (w == NULL && complain)
			unknown(p, n);
	}
	add(&s, "IMAP4rev1", 9);
	if (c->smap != NULL && has(c->smap, strlen(c->smap), "SMAP1", 5)) {
		add(&s, "SMAP1", 5);
		if (c->keywords)
			add(&s, "KEYWORDS", 8);
	}
	if (c->acl) {
		add(&s, "ACL", 3);
		add(&s, "ACL2=UNION", 10);
	}
	if (c->id_fields)
		add(&s, "ID", 2);
	if (c->starttls)
		add(&s, "STARTTLS", 8);
	if (c->tls_required)
		add(&s, "LOGINDISABLED", 13);
	if (!c->starttls && c->tls_external)
		add(&s, "AUTH=EXTERNAL", 13);
	if (c->outbox != NULL && *c->outbox != '\0')
		str_catf(&s, " XCOURIEROUTBOX=INBOX%s", c->outbox);
	if (c->trash)
		add(&s, "XMAGICTRASH", 11);
	add(&s, "ENABLE", 6);
	add(&s, "UTF8=ACCEPT", 11);
	for (i = 0; i < NITEMS(words); i++)
		if (wanted(c, &words[i]) && fits(&s, &words[i]))
			add(&s, words[i].word, strlen(words[i].word));
	if (out->len > 0)
		str_catc(out, ' ');
	str_catstr(out, &s);
	str_free(&s);
}

int
imapcapa_has(const struct imapcapa *c, const char *word)
{
	struct str s;
	int yes;

	str_init(&s, 0);
	imapcapa_list(c, FALSE, &s);
	yes = has(str_c(&s), s.len, word, strlen(word));
	str_free(&s);
	return yes;
}
