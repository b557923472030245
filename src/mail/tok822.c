/* RFC 5322 tokens.  SPDX-License-Identifier: ISC */

#include "base/base.h"

#include "base/ascii.h"
#include "base/str.h"
#include "mail/tok822.h"

static void quoted(struct tok822 *, int);
static void comment(struct tok822 *);
static void atom(struct tok822 *);
static int is_special(const struct tok822 *, int);

void
tok822_init(struct tok822 *t, const char *s, size_t n, const char *specials,
    struct str *text)
{
	t->s = s;
	t->n = n;
	t->specials = specials;
	t->space = FALSE;
	t->ch = 0;
	t->text = text;
}

static int
is_special(const struct tok822 *t, int c)
{
	return c != '\0' && strchr(t->specials, c) != NULL;
}

/* Up to the closing character; a backslash takes the next byte as it is. */
static void
quoted(struct tok822 *t, int close)
{
	while (t->n > 0) {
		int c = *t->s++;

		t->n--;
		if (c == close)
			return;
		if (c == '\\' && t->n > 0) {
			c = *t->s++;
			t->n--;
		}
		if (c != '\0')
			str_catc(t->text, c);
	}
}

static void
comment(struct tok822 *t)
{
	size_t depth = 1;

	while (t->n > 0) {
		int c = *t->s++;

		t->n--;
		if (c == '(')
			depth++;
		else if (c == ')' && --depth == 0)
			return;
		else if (c == '\\' && t->n > 0) {
			c = *t->s++;
			t->n--;
		}
		if (c != '\0')
			str_catc(t->text, c);
	}
}

static void
atom(struct tok822 *t)
{
	while (t->n > 0 && !ascii_isspace((u8)*t->s) && *t->s != '"' &&
	    *t->s != '(' && !is_special(t, *t->s)) {
		if (*t->s != '\0')
			str_catc(t->text, *t->s);
		t->s++;
		t->n--;
	}
}

enum tok822_type
tok822_next(struct tok822 *t)
{
	int c;

	str_reset(t->text);
	for (t->space = FALSE; t->n > 0 && ascii_isspace((u8)*t->s); t->n--) {
		t->space = TRUE;
		t->s++;
	}
	if (t->n == 0)
		return TOK_END;
	c = *t->s;
	if (is_special(t, c)) {
		t->ch = c;
		t->s++;
		t->n--;
		return TOK_SPECIAL;
	}
	if (c != '"' && c != '(' && c != '[') {
		atom(t);
		return TOK_ATOM;
	}
	t->s++;
	t->n--;
	if (c == '"') {
		quoted(t, '"');
		return TOK_QUOTED;
	}
	if (c == '(') {
		comment(t);
		return TOK_COMMENT;
	}
	str_catc(t->text, '[');
	quoted(t, ']');
	str_catc(t->text, ']');
	return TOK_LITERAL;
}
