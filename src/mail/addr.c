/* Address lists.  SPDX-License-Identifier: ISC */

#include "base/base.h"

#include "base/pool.h"
#include "base/str.h"
#include "mail/addr.h"
#include "mail/tok822.h"

/*
 * address-list = address *("," address), RFC 5322 3.4 and 4.4. One pass: words
 * are collected until a special says what they were. `phrase` keeps one space
 * between words that had space between them; `local` the same words as a
 * local part, without it.
 */
struct parse {
	struct pool	*pool;
	struct tok822	tok;
	struct str	text;
	struct str	phrase;
	struct str	local;
	struct str	domain;
	struct str	route;
	struct str	comment;
	int		angle;		/* between < and > */
	int		had_angle;	/* there was a <...> */
	int		in_domain;	/* after @ */
	int		in_group;
	int		quoted;		/* the last word was quoted */
	size_t		count;
	struct addr	*first;
	struct addr	**end;
};

static char *keep(struct parse *, const struct str *);
static struct addr *add(struct parse *, enum addr_kind);
static void clear(struct parse *);
static void finish(struct parse *);
static void word(struct parse *, enum tok822_type);
static void dot(struct parse *);
static void at(struct parse *);
static void colon(struct parse *);
static void semicolon(struct parse *);
static void special(struct parse *);

static char *
keep(struct parse *p, const struct str *s)
{
	return pool_strndup(p->pool, str_c(s), s->len);
}

static struct addr *
add(struct parse *p, enum addr_kind kind)
{
	struct addr *a;

	a = pool_alloc(p->pool, sizeof(*a));
	a->kind = kind;
	*p->end = a;
	p->end = &a->next;
	p->count++;
	return a;
}

static void
clear(struct parse *p)
{
	str_reset(&p->phrase);
	str_reset(&p->local);
	str_reset(&p->domain);
	str_reset(&p->route);
	str_reset(&p->comment);
	p->angle = FALSE;
	p->had_angle = FALSE;
	p->in_domain = FALSE;
}

/* The end of one mailbox: makes a row if anything was there. A comment, the
   last one, is the name only of an address without angle brackets or phrase. */
static void
finish(struct parse *p)
{
	struct addr *a;
	const struct str *name;

	name = p->had_angle ? &p->phrase : &p->comment;
	if (p->count < ADDR_MAX && (p->local.len > 0 || p->domain.len > 0 ||
	    p->phrase.len > 0 || p->had_angle)) {
		a = add(p, ADDR_MAILBOX);
		if (name->len == 0)
			name = &p->comment;
		if (name->len > 0)
			a->name = keep(p, name);
		if (p->route.len > 0)
			a->route = keep(p, &p->route);
		a->local = keep(p, &p->local);
		a->domain = keep(p, &p->domain);
	}
	clear(p);
}

static void
word(struct parse *p, enum tok822_type type)
{
	struct str *to;

	if (p->had_angle && !p->angle)
		return;			/* junk behind <...> */
	if (p->in_domain) {
		str_catstr(&p->domain, &p->text);
		return;
	}
	to = &p->local;
	/* Two words side by side are no local part: keep both readable. */
	if (p->tok.space && to->len > 0 && to->data[to->len - 1] != '.')
		str_catc(to, ' ');
	str_catstr(to, &p->text);
	if (!p->angle) {
		to = &p->phrase;
		if ((p->tok.space || p->quoted || type == TOK_QUOTED) &&
		    to->len > 0)
			str_catc(to, ' ');
		str_catstr(to, &p->text);
		p->quoted = type == TOK_QUOTED;
	}
}

static void
dot(struct parse *p)
{
	if (p->in_domain)
		str_catc(&p->domain, '.');
	else if (!p->had_angle || p->angle) {
		str_catc(&p->local, '.');
		if (!p->angle) {
			str_catc(&p->phrase, '.');
			p->quoted = FALSE;
		}
	}
}

/* The last @ counts: what is before it is the local part, right or not. */
static void
at(struct parse *p)
{
	if (p->had_angle && !p->angle)
		return;
	if (p->local.len > 0 && p->domain.len > 0) {
		str_catc(&p->local, '@');
		str_catstr(&p->local, &p->domain);
		str_reset(&p->domain);
	}
	p->in_domain = TRUE;
}

/* In <...> a colon ends the obsolete route, else it begins a group. */
static void
colon(struct parse *p)
{
	if (p->angle) {
		if (p->domain.len > 0 && p->local.len == 0) {
			str_catc(&p->route, '@');
			str_catstr(&p->route, &p->domain);
			str_reset(&p->domain);
		}
		p->in_domain = FALSE;
		return;
	}
	if (p->in_domain || p->had_angle)
		return;
	/* There are no groups in groups: the inner name is passed over. */
	if (!p->in_group && p->count < ADDR_MAX) {
		add(p, ADDR_GROUP)->local = keep(p, &p->phrase);
		p->in_group = TRUE;
	}
	clear(p);
}

static void
semicolon(struct parse *p)
{
	finish(p);
	if (p->in_group)
		add(p, ADDR_GROUP_END);
	p->in_group = FALSE;
}

static void
special(struct parse *p)
{
	switch (p->tok.ch) {
	case ',':
		if (p->angle && p->domain.len > 0 && p->local.len == 0) {
			str_catc(&p->route, '@');
			str_catstr(&p->route, &p->domain);
			str_catc(&p->route, ',');
			str_reset(&p->domain);
			p->in_domain = FALSE;
		} else if (!p->angle || p->local.len > 0)
			finish(p);
		break;
	case '<':
		str_reset(&p->local);
		str_reset(&p->domain);
		p->in_domain = FALSE;
		p->angle = TRUE;
		p->had_angle = TRUE;
		break;
	case '>':
		p->angle = FALSE;
		p->in_domain = FALSE;
		break;
	case '@':
		at(p);
		break;
	case '.':
		dot(p);
		break;
	case ':':
		colon(p);
		break;
	default:
		semicolon(p);
		break;
	}
}

struct addr *
addr_parse(struct pool *pool, const char *s, size_t n)
{
	struct parse p;
	enum tok822_type type;

	memset(&p, 0, sizeof(p));
	p.pool = pool;
	p.end = &p.first;
	str_init(&p.text, 0);
	str_init(&p.phrase, 0);
	str_init(&p.local, 0);
	str_init(&p.domain, 0);
	str_init(&p.route, 0);
	str_init(&p.comment, 0);
	tok822_init(&p.tok, s, n, TOK822_ADDR, &p.text);
	while ((type = tok822_next(&p.tok)) != TOK_END) {
		if (type == TOK_SPECIAL)
			special(&p);
		else if (type != TOK_COMMENT)
			word(&p, type);
		else if (p.text.len > 0) {
			str_reset(&p.comment);
			str_catstr(&p.comment, &p.text);
		}
	}
	finish(&p);
	if (p.in_group)
		add(&p, ADDR_GROUP_END);
	str_free(&p.text);
	str_free(&p.phrase);
	str_free(&p.local);
	str_free(&p.domain);
	str_free(&p.route);
	str_free(&p.comment);
	return p.first;
}
