/* MIME parameters, RFC 2045 5.1 and RFC 2231.  SPDX-License-Identifier: ISC */

#include "base/base.h"

#include "base/ascii.h"
#include "base/hex.h"
#include "base/num.h"
#include "base/pool.h"
#include "base/str.h"
#include "charset/charset.h"
#include "mail/param.h"
#include "mail/rfc2047.h"
#include "mail/tok822.h"

#define SEGMENTS_MAX	PARAM_MAX	/* of one RFC 2231 continuation */
#define NAME_MAX_LEN	128		/* of a name looked for */

static enum tok822_type read_value(struct tok822 *, struct str *);
static void percent(const char *, struct str *);
static const char *first_part(const char *, struct str *);
static int joined(const struct param *, const char *, struct str *,
    struct str *);
static int is_extended(const char *, size_t *);
static const char *segment(const struct param *, const char *, u32, int *);

/* value = token / quoted-string; unquoted words side by side are joined, as
   senders forget the quotes. Returns the token that ended it. */
static enum tok822_type
read_value(struct tok822 *t, struct str *value)
{
	enum tok822_type type;

	t->specials = ";";
	while ((type = tok822_next(t)) != TOK_END && type != TOK_SPECIAL) {
		if (type == TOK_COMMENT)
			continue;
		if (value->len > 0 && t->space)
			str_catc(value, ' ');
		str_catstr(value, t->text);
	}
	return type;
}

struct param *
param_parse(struct pool *pool, struct tok822 *t)
{
	struct param *first = NULL, **end = &first, *p;
	struct str value;
	enum tok822_type type;
	char *name;
	size_t count = 0;

	str_init(&value, 0);
	type = TOK_SPECIAL;
	while (type != TOK_END && count < PARAM_MAX) {
		t->specials = ";=";
		type = tok822_next(t);
		if (type != TOK_ATOM)
			continue;
		name = pool_strndup(pool, str_c(t->text), t->text->len);
		ascii_lower(name);
		do
			type = tok822_next(t);
		while (type == TOK_COMMENT);
		if (type != TOK_SPECIAL || t->ch != '=')
			continue;
		str_reset(&value);
		type = read_value(t, &value);
		p = pool_alloc(pool, sizeof(*p));
		p->name = name;
		p->value = pool_strndup(pool, str_c(&value), value.len);
		*end = p;
		end = &p->next;
		count++;
	}
	str_free(&value);
	return first;
}

const char *
param_get(const struct param *p, const char *name)
{
	for (; p != NULL; p = p->next)
		if (strcmp(p->name, name) == 0)
			return p->value;
	return NULL;
}

static void
percent(const char *s, struct str *out)
{
	int hi, lo;

	for (; *s != '\0'; s++) {
		if (*s == '%' && (hi = hex_value((u8)s[1])) >= 0 &&
		    (lo = hex_value((u8)s[2])) >= 0) {
			str_catc(out, hi << 4 | lo);
			s += 2;
		} else
			str_catc(out, *s);
	}
}

/* charset'language'text: the charset goes to cs; returns the text. */
static const char *
first_part(const char *s, struct str *cs)
{
	const char *q, *r;

	q = strchr(s, '\'');
	r = q == NULL ? NULL : strchr(q + 1, '\'');
	if (r == NULL)
		return s;
	str_reset(cs);
	str_cat(cs, s, (size_t)(q - s));
	return r + 1;
}

/* The value of name*N or name*N*. */
static const char *
segment(const struct param *p, const char *name, u32 n, int *out_ext)
{
	size_t len = strlen(name), digits;
	u32 v;

	for (; p != NULL; p = p->next) {
		if (strncmp(p->name, name, len) != 0 || p->name[len] != '*')
			continue;
		digits = num_scan_u32(p->name + len + 1,
		    strlen(p->name + len + 1), &v);
		if (digits == 0 || v != n)
			continue;
		*out_ext = p->name[len + 1 + digits] == '*';
		return p->value;
	}
	return NULL;
}

static int
joined(const struct param *p, const char *name, struct str *cs,
    struct str *raw)
{
	const char *v;
	char ext_name[NAME_MAX_LEN + 2];
	size_t len = strlen(name);
	u32 n;
	int ext;

	if (len > NAME_MAX_LEN)
		return FALSE;
	memcpy(ext_name, name, len);
	memcpy(ext_name + len, "*", 2);
	v = param_get(p, ext_name);
	if (v != NULL) {
		percent(first_part(v, cs), raw);
		return TRUE;
	}
	for (n = 0; n < SEGMENTS_MAX; n++) {
		v = segment(p, name, n, &ext);
		if (v == NULL)
			break;
		if (!ext)
			str_cats(raw, v);
		else
			percent(n == 0 ? first_part(v, cs) : v, raw);
	}
	return n > 0;
}

const char *
param_ascii(struct pool *pool, const struct param *p, const char *name)
{
	const char *v;
	struct str cs, raw;

	v = param_get(p, name);
	if (v != NULL)
		return v;
	str_init(&cs, 0);
	str_init(&raw, 0);
	if (joined(p, name, &cs, &raw))
		v = pool_strndup(pool, str_c(&raw), raw.len);
	str_free(&cs);
	str_free(&raw);
	return v;
}

/* TRUE if it is name*, name*0 or name*0*: *len is that of the name. */
static int
is_extended(const char *name, size_t *len)
{
	const char *star;

	star = strchr(name, '*');
	if (star == NULL || star == name)
		return FALSE;
	*len = (size_t)(star - name);
	return strcmp(star, "*") == 0 || strcmp(star, "*0") == 0 ||
	    strcmp(star, "*0*") == 0;
}

void
param_extended(const char *value, size_t n, struct str *out)
{
	struct pool *pool;
	struct param *all, *p;
	struct tok822 t;
	struct str text;
	enum tok822_type type;
	size_t len;
	char *name;

	pool = pool_new();
	str_init(&text, 0);
	tok822_init(&t, value, n, ";", &text);
	while ((type = tok822_next(&t)) != TOK_END && type != TOK_SPECIAL)
		;
	all = param_parse(pool, &t);
	for (p = all; p != NULL; p = p->next) {
		if (!is_extended(p->name, &len))
			continue;
		name = pool_strndup(pool, p->name, len);
		str_cats(out, "; ");
		str_cats(out, name);
		str_catc(out, '=');
		(void)param_decoded(all, name, out);
	}
	str_free(&text);
	pool_free(&pool);
}

int
param_decoded(const struct param *p, const char *name, struct str *out)
{
	struct str cs, raw;
	const char *v;
	int r = E_OK;

	str_init(&cs, 0);
	str_init(&raw, 0);
	if (joined(p, name, &cs, &raw))
		charset_to_utf8_lax(cs.len > 0 ? str_c(&cs) : "utf-8",
		    str_c(&raw), raw.len, out);
	else if ((v = param_get(p, name)) != NULL)
		rfc2047_decode(v, strlen(v), out);
	else
		r = E_NOENT;
	str_free(&cs);
	str_free(&raw);
	return r;
}
