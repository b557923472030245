/* Which versions of TLS are spoken.  SPDX-License-Identifier: ISC */

#include "base/base.h"

#include "base/ascii.h"
#include "base/str.h"
#include "tls/say.h"
#include "tls/version.h"

#define SEPARATORS	" \t,;:"

/*
 * The words of forty releases, each with what it lets in. SSL itself is gone:
 * who wrote SSL23 meant "whatever the client can".
 */
static const struct {
	const char	*word;
	int		versions;
} words[] = {
	{ "SSL2", TLS_V_ALL },
	{ "SSLv2", TLS_V_ALL },
	{ "SSL3", TLS_V_ALL },
	{ "SSLv3", TLS_V_ALL },
	{ "SSL23", TLS_V_ALL },
	{ "SSLv23", TLS_V_ALL },
	{ "TLS1", TLS_V_ALL },
	{ "TLSv1", TLS_V_ALL },
	{ "TLS1.0", TLS_V_ALL },
	{ "TLSv1.0", TLS_V_ALL },
	{ "TLS1.1", TLS_V_ALL & ~TLS_V10 },
	{ "TLSv1.1", TLS_V_ALL & ~TLS_V10 },
	{ "TLS1.2", TLS_V12 | TLS_V13 },
	{ "TLSv1.2", TLS_V12 | TLS_V13 },
	{ "TLS1.3", TLS_V13 },
	{ "TLSv1.3", TLS_V13 },
	{ NULL, 0 }
};

/* What stands behind VERS- in a priority string. */
static const struct {
	const char	*word;
	int		versions;
} vers[] = {
	{ "SSL3.0", 0 },
	{ "TLS1.0", TLS_V10 },
	{ "TLS1.1", TLS_V11 },
	{ "TLS1.2", TLS_V12 },
	{ "TLS1.3", TLS_V13 },
	{ "TLS-ALL", TLS_V_ALL },
	{ "ALL", TLS_V_ALL },
	{ "DTLS1.0", 0 },
	{ "DTLS1.2", 0 },
	{ "DTLS-ALL", 0 },
	{ NULL, 0 }
};

static int is_word(const char *, size_t, const char *);
static void unknown(const char *, const char *, size_t);
static int protocol_word(const char *, size_t);
static int priority_word(const char *, size_t, int);

static int
is_word(const char *s, size_t n, const char *word)
{
	return strlen(word) == n && ascii_ncasecmp(s, word, n) == 0;
}

static void
unknown(const char *variable, const char *s, size_t n)
{
	struct str word;

	str_init(&word, 0);
	str_cat(&word, s, n);
	say_info("%s: %s is not known", variable, str_c(&word));
	str_free(&word);
}

/* + and ++ say "and later", which each word means. */
static int
protocol_word(const char *s, size_t n)
{
	size_t i, full = n;

	while (n > 0 && s[n - 1] == '+')
		n--;
	for (i = 0; words[i].word != NULL; i++)
		if (is_word(s, n, words[i].word))
			return words[i].versions;
	unknown("TLS_PROTOCOL", s, full);
	return TLS_V12 | TLS_V13;
}

/* One word of a priority string; those of ciphers and the like pass. */
static int
priority_word(const char *s, size_t n, int now)
{
	size_t i;

	if (is_word(s, n, "NONE"))
		return 0;
	if (n < 6 || strchr("+-!", *s) == NULL ||
	    ascii_ncasecmp(s + 1, "VERS-", 5) != 0)
		return now;
	for (i = 0; vers[i].word != NULL; i++)
		if (is_word(s + 6, n - 6, vers[i].word))
			return *s == '+' ? now | vers[i].versions :
			    now & ~vers[i].versions;
	unknown("TLS_PRIORITY", s, n);
	return now;
}

int
version_set(const char *protocol, const char *priority)
{
	const char *p;
	size_t n;
	int set = 0;

	for (p = protocol != NULL ? protocol : ""; *p != '\0'; p += n) {
		p += strspn(p, SEPARATORS);
		n = strcspn(p, SEPARATORS);
		if (n > 0)
			set |= protocol_word(p, n);
	}
	if (set == 0)
		set = TLS_V12 | TLS_V13;
	for (p = priority != NULL ? priority : ""; *p != '\0'; p += n) {
		p += strspn(p, ":");
		n = strcspn(p, ":");
		set = priority_word(p, n, set);
	}
	return set;
}
