/* Content-* fields.  SPDX-License-Identifier: ISC */

#include "base/base.h"

#include "base/ascii.h"
#include "base/pool.h"
#include "base/str.h"
#include "mail/ctype.h"
#include "mail/hdr.h"
#include "mail/param.h"
#include "mail/tok822.h"

/* What a field's reader works with. */
struct reader {
	struct pool	*pool;
	struct ctype	*ct;
	struct tok822	tok;
	struct str	text;
	struct str	value;		/* the field, unfolded */
};

typedef void field_fn(struct reader *);

static char *keep(struct reader *, int);
static enum tok822_type next(struct reader *);
static void read_version(struct reader *);
static void read_type(struct reader *);
static void read_encoding(struct reader *);
static void read_id(struct reader *);
static void read_description(struct reader *);
static void read_md5(struct reader *);
static void read_disposition(struct reader *);
static void read_language(struct reader *);
static void read_location(struct reader *);

/* To add a field: a row, and a member of struct ctype. */
static const struct {
	const char	*name;
	field_fn	*read;
} fields[] = {
	{ "MIME-Version", read_version },
	{ "Content-Type", read_type },
	{ "Content-Transfer-Encoding", read_encoding },
	{ "Content-ID", read_id },
	{ "Content-Description", read_description },
	{ "Content-MD5", read_md5 },
	{ "Content-Disposition", read_disposition },
	{ "Content-Language", read_language },
	{ "Content-Location", read_location }
};

static char *
keep(struct reader *rd, int lower)
{
	char *s;

	s = pool_strndup(rd->pool, str_c(&rd->text), rd->text.len);
	if (lower)
		ascii_lower(s);
	return s;
}

/* The next token that is not a comment. */
static enum tok822_type
next(struct reader *rd)
{
	enum tok822_type type;

	do
		type = tok822_next(&rd->tok);
	while (type == TOK_COMMENT);
	return type;
}

/* version := 1*DIGIT "." 1*DIGIT; nothing is known of versions other than 1.0
   (RFC 2045 4), but some write more behind it, or just 1. */
static void
read_version(struct reader *rd)
{
	if (next(rd) == TOK_ATOM && str_c(&rd->text)[0] == '1')
		rd->ct->has_mime = TRUE;
}

/* content := type "/" subtype *(";" parameter), RFC 2045 5.1. A field without
   a type is as none. The name of a character set is shown in lower case, as
   Courier does. */
static void
read_type(struct reader *rd)
{
	struct ctype *ct = rd->ct;
	enum tok822_type type;
	struct param *p;

	type = next(rd);
	if (type != TOK_ATOM && type != TOK_QUOTED)
		return;
	ct->has_type = TRUE;
	ct->type = keep(rd, TRUE);
	ct->subtype = "";
	type = next(rd);
	if (type == TOK_SPECIAL && rd->tok.ch == '/') {
		type = next(rd);
		if (type == TOK_ATOM || type == TOK_QUOTED)
			ct->subtype = keep(rd, TRUE);
	}
	while (type != TOK_END &&
	    !(type == TOK_SPECIAL && rd->tok.ch == ';'))
		type = next(rd);
	ct->params = param_parse(rd->pool, &rd->tok);
	for (p = ct->params; p != NULL; p = p->next)
		if (strcmp(p->name, "charset") == 0)
			ascii_lower(p->value);
}

/* mechanism, RFC 2045 6.1; a semicolon behind it is a common mistake. */
static void
read_encoding(struct reader *rd)
{
	enum tok822_type type;

	rd->tok.specials = ";";
	type = next(rd);
	if (type == TOK_ATOM || type == TOK_QUOTED)
		rd->ct->encoding = keep(rd, TRUE);
}

/* id := msg-id, RFC 2045 7: shown with both brackets, if need be with ours. */
static void
read_id(struct reader *rd)
{
	const char *s = str_c(&rd->value), *end;
	size_t n;

	if (rd->value.len == 0)
		return;
	if (*s == '<')
		s++;
	end = strchr(s, '>');
	n = end != NULL ? (size_t)(end - s) : strlen(s);
	str_reset(&rd->text);
	str_catc(&rd->text, '<');
	str_cat(&rd->text, s, n);
	str_catc(&rd->text, '>');
	rd->ct->id = keep(rd, FALSE);
}

static void
read_description(struct reader *rd)
{
	if (rd->value.len > 0)
		rd->ct->description = pool_strndup(rd->pool,
		    rd->value.data, rd->value.len);
}

static void
read_md5(struct reader *rd)
{
	rd->tok.specials = "";
	if (next(rd) == TOK_ATOM)
		rd->ct->md5 = keep(rd, FALSE);
}

/* RFC 2183; a missing type is shown as the empty string. */
static void
read_disposition(struct reader *rd)
{
	enum tok822_type type;

	type = next(rd);
	if (type == TOK_END)
		return;
	rd->ct->disposition = "";
	if (type == TOK_ATOM || type == TOK_QUOTED) {
		rd->ct->disposition = keep(rd, TRUE);
		type = next(rd);
	}
	while (type != TOK_END &&
	    !(type == TOK_SPECIAL && rd->tok.ch == ';'))
		type = next(rd);
	rd->ct->disp_params = param_parse(rd->pool, &rd->tok);
}

/* Language-Tag *("," Language-Tag), RFC 3282. */
static void
read_language(struct reader *rd)
{
	struct lang *l, **end = &rd->ct->lang;
	enum tok822_type type;
	size_t count = 0;

	while (*end != NULL) {
		end = &(*end)->next;
		count++;
	}
	while ((type = next(rd)) != TOK_END && count < PARAM_MAX) {
		if (type != TOK_ATOM)
			continue;
		l = pool_alloc(rd->pool, sizeof(*l));
		l->tag = keep(rd, FALSE);
		*end = l;
		end = &l->next;
		count++;
	}
}

/* RFC 2557 4.4.1: folding may have put white space into a URI. */
static void
read_location(struct reader *rd)
{
	size_t i;

	str_reset(&rd->text);
	for (i = 0; i < rd->value.len; i++)
		if (!ascii_isspace((u8)rd->value.data[i]))
			str_catc(&rd->text, rd->value.data[i]);
	if (rd->text.len > 0)
		rd->ct->location = keep(rd, FALSE);
}

void
ctype_parse(struct pool *pool, const char *h, size_t n, int dflt_message,
    int need_version, struct ctype *ct)
{
	struct reader rd;
	struct hdr_field f;
	size_t pos = 0, i;

	memset(ct, 0, sizeof(*ct));
	ct->encoding = "7bit";
	rd.pool = pool;
	rd.ct = ct;
	str_init(&rd.text, 0);
	str_init(&rd.value, 0);
	while (hdr_next(h, n, &pos, &f)) {
		for (i = 0; i < NITEMS(fields); i++)
			if (hdr_is(&f, fields[i].name))
				break;
		if (i == NITEMS(fields))
			continue;
		str_reset(&rd.value);
		hdr_unfold(f.value, f.valuelen, &rd.value);
		tok822_init(&rd.tok, str_c(&rd.value), rd.value.len,
		    TOK822_MIME, &rd.text);
		fields[i].read(&rd);
	}
	str_free(&rd.text);
	str_free(&rd.value);
	if (need_version && !ct->has_mime) {
		ct->has_type = FALSE;
		ct->disposition = NULL;
		ct->disp_params = NULL;
	}
	if (ct->has_type)
		return;
	ct->type = dflt_message ? "message" : "text";
	ct->subtype = dflt_message ? "rfc822" : "plain";
	ct->params = NULL;
}

int
ctype_is(const struct ctype *ct, const char *type, const char *subtype)
{
	return strcmp(ct->type, type) == 0 &&
	    (subtype == NULL || strcmp(ct->subtype, subtype) == 0);
}

const char *
ctype_charset(struct pool *pool, const struct ctype *ct)
{
	const char *cs;

	cs = param_ascii(pool, ct->params, "charset");
	return cs == NULL || *cs == '\0' ? "us-ascii" : cs;
}
