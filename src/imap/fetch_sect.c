/* Sections of BODY[...].  SPDX-License-Identifier: ISC */

#include "base/base.h"

#include "base/ascii.h"
#include "base/num.h"
#include "base/pool.h"

#include "wire/imaparg.h"

#include "imap/fetch.h"

static int add_names(struct pool *, struct arg *, struct fetch_section *);
static int field_name(const char *);
static void make_label(struct pool *, struct fetch_item *, const char *);
static int parse_partial(const char *, struct fetch_section *);
static int parse_path(struct pool *, const char **, struct fetch_section *);
static int parse_text(const char *, struct fetch_section *);

/*
 *   section-part = nz-number *("." nz-number)
 * Moves *s behind the numbers and the dot that follows them.
 */
static int
parse_path(struct pool *pool, const char **s, struct fetch_section *sec)
{
	u32 v;
	size_t n;

	sec->path = pool_array(pool, FETCH_PATH_MAX, sizeof(*sec->path));
	while (ascii_isdigit((unsigned char)**s)) {
		n = num_scan_u32(*s, strlen(*s), &v);
		if (n == 0 || **s == '0' || sec->npath == FETCH_PATH_MAX)
			return E_SYNTAX;
		sec->path[sec->npath++] = v;
		*s += n;
		if (**s == '\0')
			return E_OK;
		if (**s != '.' || (*s)[1] == '\0')
			return E_SYNTAX;
		(*s)++;
	}
	return E_OK;
}

/*
 *   section-msgtext = "HEADER" / "HEADER.FIELDS" [".NOT"] SP header-list /
 *                     "TEXT"
 *   section-text = section-msgtext / "MIME"
 */
static int
parse_text(const char *s, struct fetch_section *sec)
{
	static const struct {
		const char	*word;
		enum mime_what	what;
		int		fields;
	} words[] = {
		{ "", MIME_ALL, 0 },
		{ "HEADER", MIME_HEADER, 0 },
		{ "HEADER.FIELDS", MIME_HEADER, 1 },
		{ "HEADER.FIELDS.NOT", MIME_HEADER, 2 },
		{ "TEXT", MIME_TEXT, 0 },
		{ "MIME", MIME_MIME, 0 }
	};
	size_t i;

	for (i = 0; i < NITEMS(words); i++)
		if (ascii_casecmp(s, words[i].word) == 0) {
			sec->what = words[i].what;
			sec->fields = words[i].fields;
			return sec->what == MIME_MIME && sec->npath == 0 ?
			    E_SYNTAX : E_OK;
		}
	return E_SYNTAX;
}

/* None has bytes over 0x7f (RFC 5322 2.2), nor would they be echoed rightly. */
static int
field_name(const char *s)
{
	while (*s != '\0' && (unsigned char)*s < 0x80)
		s++;
	return *s == '\0';
}

/*
 *   header-list = "(" header-fld-name *(SP header-fld-name) ")"
 *   header-fld-name = astring
 * As Courier, also an empty list, or one name without parentheses.
 */
static int
add_names(struct pool *pool, struct arg *a, struct fetch_section *sec)
{
	struct arg *m;
	size_t n;

	if (a == NULL || a->next != NULL)
		return E_SYNTAX;
	if (a->type == ARG_LIST)
		a = a->list;
	for (n = 0, m = a; m != NULL; m = m->next)
		n++;
	sec->names = pool_array(pool, n + 1, sizeof(*sec->names));
	for (m = a; m != NULL; )
		if (arg_astring(&m, &sec->names[sec->nnames], NULL) != E_OK ||
		    !field_name(sec->names[sec->nnames++]))
			return E_SYNTAX;
	return E_OK;
}

/* "<" number ["." number] ">"; RFC 3501 wants the second number. */
static int
parse_partial(const char *s, struct fetch_section *sec)
{
	size_t n;

	sec->partial = TRUE;
	sec->len = U64_MAX;
	s++;
	n = num_scan_u64(s, strlen(s), &sec->start);
	if (n == 0)
		return E_SYNTAX;
	s += n;
	if (*s == '.') {
		s++;
		n = num_scan_u64(s, strlen(s), &sec->len);
		if (n == 0)
			return E_SYNTAX;
		s += n;
	}
	return strcmp(s, ">") == 0 ? E_OK : E_SYNTAX;
}

/* BODY[1.HEADER.FIELDS ("a" "b")]<0>: upper case, names as they were sent. */
static void
make_label(struct pool *pool, struct fetch_item *it, const char *text)
{
	const struct fetch_section *sec = &it->sec;
	const char *p;
	struct str s;
	size_t i;

	str_init(&s, 0);
	str_cats(&s, "BODY[");
	for (p = text; *p != '\0'; p++)
		str_catc(&s, ascii_toupper((unsigned char)*p));
	for (i = 0; i < sec->nnames; i++) {
		str_cats(&s, i == 0 ? " (\"" : " \"");
		for (p = sec->names[i]; *p != '\0'; p++) {
			if (*p == '"' || *p == '\\')
				str_catc(&s, '\\');
			str_catc(&s, *p == '\r' || *p == '\n' ? ' ' : *p);
		}
		str_catc(&s, '"');
	}
	if (sec->nnames > 0)
		str_catc(&s, ')');
	str_catc(&s, ']');
	if (sec->partial) {
		str_catc(&s, '<');
		str_catu64(&s, sec->start);
		str_catc(&s, '>');
	}
	it->label = pool_strdup(pool, str_c(&s));
	str_free(&s);
}

/*
 *   section = "[" [section-spec] "]"
 *   section-spec = section-msgtext / (section-part ["." section-text])
 */
int
fetch_section_parse(struct pool *pool, struct arg *section, struct arg **pos,
    struct fetch_item *it)
{
	struct fetch_section *sec = &it->sec;
	const char *text, *s;
	struct arg *a;

	text = "";
	a = section->list;
	if (a != NULL && arg_atom(&a, &text) != E_OK)
		return E_SYNTAX;
	s = text;
	if (parse_path(pool, &s, sec) != E_OK || parse_text(s, sec) != E_OK)
		return E_SYNTAX;
	if (sec->fields != 0) {
		if (add_names(pool, a, sec) != E_OK)
			return E_SYNTAX;
	} else if (a != NULL)
		return E_SYNTAX;
	a = *pos;
	if (a != NULL && a->glued && a->type == ARG_ATOM && a->s[0] == '<') {
		if (parse_partial(a->s, sec) != E_OK)
			return E_SYNTAX;
		*pos = a->next;
	}
	make_label(pool, it, text);
	return E_OK;
}
