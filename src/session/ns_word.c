/* Names of mailboxes as lists of words (imap-wire.md 14).
   SPDX-License-Identifier: ISC

   A word may hold what a name cannot: such a character is a backslash and
   three octal digits inside and on disk (maildir.md 2.2). */

#include "base/base.h"

#include "base/pool.h"
#include "base/str.h"
#include "charset/utf8.h"

#include "session/ns_int.h"

#define ESCAPED	4		/* bytes of \ooo */

static int	is_escape(const char *);
static int	is_special(int);

static int
is_special(int c)
{
	return c < 0x20 || strchr("./~:\\", c) != NULL;
}

int
ns_word_cat(struct str *name, const char *word)
{
	if (*word == '\0' || !utf8_valid(word, strlen(word)))
		return E_INVAL;
	if (name->len > 0)
		str_catc(name, NS_SEP);
	for (; *word != '\0'; word++)
		if (is_special((unsigned char)*word))
			str_catf(name, "\\%c%c%c",
			    '0' + ((unsigned char)*word >> 6),
			    '0' + ((unsigned char)*word >> 3 & 7),
			    '0' + ((unsigned char)*word & 7));
		else
			str_catc(name, *word);
	return name->toobig ? E_TOOBIG : E_OK;
}

static int
is_escape(const char *s)
{
	return s[0] == '\\' && s[1] >= '0' && s[1] <= '1' &&
	    s[2] >= '0' && s[2] <= '7' && s[3] >= '0' && s[3] <= '7' &&
	    (s[1] != '0' || s[2] != '0' || s[3] != '0');
}

char *
ns_word(struct pool *pool, const char *name)
{
	const char *s;
	char *word, *p;

	s = strrchr(name, NS_SEP);
	s = s != NULL ? s + 1 : name;
	p = word = pool_strdup(pool, s);
	while (*s != '\0') {
		if (is_escape(s)) {
			*p++ = (char)((s[1] - '0') * 64 + (s[2] - '0') * 8 +
			    (s[3] - '0'));
			s += ESCAPED;
		} else {
			*p++ = *s++;
		}
	}
	*p = '\0';
	return word;
}
