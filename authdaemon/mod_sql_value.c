/* Values in the quotes of a clause of the site's own.
   SPDX-License-Identifier: ISC */

#include "base/base.h"

#include "base/ascii.h"
#include "base/str.h"
#include "authdaemon/mod_sql.h"

#define E_STRING	'E'	/* E'...', which knows backslashes always */

static int is_word(int);
static int opens(const char *, size_t);
static int escapes(const char *);
static int put_in_e(const char *, size_t, struct str *);

static int
is_word(int c)
{
	return ascii_isalnum(c) || c == '_' || c == '$';
}

/* What the quote at s[i] begins. */
static int
opens(const char *s, size_t i)
{
	if (s[i] == '\'' && i > 0 && (s[i - 1] == 'E' || s[i - 1] == 'e') &&
	    (i == 1 || !is_word(s[i - 2])))
		return E_STRING;
	return s[i];
}

int
sql_quote_after(int quote, const char *s, size_t n)
{
	size_t i;

	for (i = 0; i < n; i++)
		if (quote == E_STRING && s[i] == '\\')
			i++;
		else if (s[i] == (quote == E_STRING ? '\'' : quote))
			quote = 0;
		else if (quote == 0 && (s[i] == '\'' || s[i] == '"'))
			quote = opens(s, i);
	return quote;
}

/* TRUE if the connection has an escape for this character. */
static int
escapes(const char *c)
{
	struct str probe;
	int r;

	str_init(&probe, 0);
	r = sql_kind.escape(c, 1, &probe) == E_OK && probe.len > 1;
	str_free(&probe);
	return r;
}

/* A backslash there is doubled, which is done only where no byte can be a part
   of a character of two. */
static int
put_in_e(const char *value, size_t n, struct str *out)
{
	struct str text;
	size_t i;
	int r;

	for (i = 0; i < n; i++)
		if ((unsigned char)value[i] >= 0x80)
			return E_PERM;
	str_init(&text, 0);
	r = sql_kind.escape(value, n, &text);
	for (i = 0; r == E_OK && i < text.len; i++) {
		if (text.data[i] == '\\')
			str_cats(out, "\\");
		r = str_cat(out, text.data + i, 1);
	}
	str_wipe_free(&text);
	return r;
}

int
sql_put_value(const char *value, size_t n, int quote, struct str *out)
{
	if (quote == E_STRING && memchr(value, '\\', n) != NULL &&
	    !escapes("\\"))
		return put_in_e(value, n, out);
	if (quote != '\'' && quote != E_STRING &&
	    memchr(value, '"', n) != NULL && !escapes("\""))
		return E_PERM;
	return sql_kind.escape(value, n, out);
}
