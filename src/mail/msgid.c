/* Message identifiers.  SPDX-License-Identifier: ISC */

#include "base/base.h"

#include "base/ascii.h"
#include "base/str.h"
#include "mail/msgid.h"

static size_t one(const char *, size_t, struct str *);
static int valid(const struct str *);

/*
 * msg-id = [CFWS] "<" id-left "@" id-right ">" [CFWS]
 *
 * The text behind "<". Returns the bytes up to ">", or to another "<", which
 * begins anew.
 */
static size_t
one(const char *s, size_t n, struct str *out)
{
	size_t i;

	str_reset(out);
	for (i = 0; i < n && s[i] != '<' && s[i] != '>'; i++) {
		if (s[i] == '\\' && i + 1 < n)
			i++;
		else if (s[i] == '"' || ascii_isspace((u8)s[i]))
			continue;
		str_catc(out, s[i]);
	}
	if (i == n || s[i] != '>')
		str_reset(out);
	return i;
}

static int
valid(const struct str *id)
{
	const char *at;

	at = id->len > 0 ? memchr(id->data, '@', id->len) : NULL;
	return at != NULL && at > id->data && at < id->data + id->len - 1;
}

int
msgid_next(const char *s, size_t n, size_t *pos, struct str *out)
{
	const char *open;

	while (*pos < n && (open = memchr(s + *pos, '<', n - *pos)) != NULL) {
		*pos = (size_t)(open + 1 - s);
		*pos += one(s + *pos, n - *pos, out);
		if (valid(out))
			return TRUE;
	}
	return FALSE;
}
