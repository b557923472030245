/* Names of mailboxes: wire, inside, disk.  SPDX-License-Identifier: ISC */

#include "base/base.h"

#include "base/ascii.h"
#include "base/pool.h"
#include "base/str.h"
#include "charset/utf7imap.h"
#include "charset/utf8.h"

#include "session/ns_int.h"
#include "session/sess.h"

static int	decode_wire(const struct sess *, const char *, size_t,
		    struct str *);
static char	*finish(struct pool *, struct str *);
static void	upper_inbox(char *);
static int	decode_component(const struct sess *, const char *, size_t,
		    struct str *);

/* ---- wire --------------------------------------------------------------- */

/*
 * Each component by itself: a delimiter that comes out of the base64 would
 * make another hierarchy. Raw UTF-8 from a client that did not enable it is
 * taken for what it is (imap-wire.md 3).
 */
static int
decode_wire(const struct sess *sess, const char *s, size_t n,
    struct str *out)
{
	const char *dot;
	size_t len, at;
	int e;

	if (memchr(s, '\0', n) != NULL)
		return E_SYNTAX;
	if (sess->utf8 || !utf8_is_ascii(s, n))
		return utf8_valid(s, n) ? str_cat(out, s, n) : E_SYNTAX;
	for (;;) {
		dot = memchr(s, NS_SEP, n);
		len = dot != NULL ? (size_t)(dot - s) : n;
		at = out->len;
		e = utf7imap_decode(s, len, out);
		if (e != E_OK)
			return e;
		if (out->len > at && memchr(out->data + at, NS_SEP,
		    out->len - at) != NULL)
			return E_INVAL;
		if (dot == NULL)
			return out->toobig ? E_TOOBIG : E_OK;
		str_catc(out, NS_SEP);
		s = dot + 1;
		n -= len + 1;
	}
}

static char *
finish(struct pool *pool, struct str *s)
{
	char *res;

	res = pool_strndup(pool, str_c(s), s->len);
	str_free(s);
	return res;
}

/* INBOX in any case, as the first component, becomes INBOX. */
static void
upper_inbox(char *name)
{
	if (ascii_ncasecmp(name, INBOX, INBOX_LEN) == 0 &&
	    (name[INBOX_LEN] == '\0' || name[INBOX_LEN] == NS_SEP))
		memcpy(name, INBOX, INBOX_LEN);
}

int
ns_from_wire(struct sess *sess, struct pool *pool, const char *s, size_t n,
    char **out_name)
{
	struct str name;
	char *bare;
	int e;

	if (n > NS_NAME_MAX)
		return E_INVAL;
	str_init(&name, 0);
	e = decode_wire(sess, s, n, &name);
	if (e != E_OK) {
		str_free(&name);
		return e;
	}
	*out_name = finish(pool, &name);
	upper_inbox(*out_name);
	bare = pool_strdup(pool, *out_name);
	ns_strip(bare);
	return ns_check(bare);
}

int
ns_pattern_from_wire(struct sess *sess, struct pool *pool, const char *s,
    size_t n, char **out)
{
	struct str name;
	int e;

	if (n > NS_NAME_MAX)
		return E_INVAL;
	str_init(&name, 0);
	e = decode_wire(sess, s, n, &name);
	if (e != E_OK) {
		str_free(&name);
		return e;
	}
	*out = finish(pool, &name);
	upper_inbox(*out);
	return E_OK;
}

void
ns_to_wire(const struct sess *sess, const char *name, struct str *out)
{
	if (sess->utf8)
		str_cats(out, name);
	else
		(void)utf7imap_encode(name, strlen(name), out);
}

/* ---- inside ------------------------------------------------------------- */

int
ns_check(const char *name)
{
	static const struct {
		const char	*word;
		int		alone;	/* a name by itself */
	} roots[] = {
		{ INBOX, TRUE },
		{ NS_LINKED_ROOT, TRUE },
		{ NS_SHARED_ROOT, FALSE }
	};
	const char *p;
	size_t i;

	for (i = 0; i < NITEMS(roots) && !ns_covers(roots[i].word, name); i++)
		;
	if (i == NITEMS(roots))
		return E_INVAL;
	name += strlen(roots[i].word);
	if (*name == '\0')
		return roots[i].alone ? E_OK : E_INVAL;
	for (p = name; *p != '\0'; p++) {
		if (*p == '/' || *p == '\n')
			return E_INVAL;
		if (*p == NS_SEP && (p[1] == NS_SEP || p[1] == '\0'))
			return E_INVAL;
	}
	return E_OK;
}

const char *
ns_below(const struct ns_tree *tree, const char *name)
{
	name += strlen(tree->prefix);
	return *name == NS_SEP ? name + 1 : name;
}

int
ns_strip(char *name)
{
	size_t n;

	n = strlen(name);
	if (n == 0 || name[n - 1] != NS_SEP)
		return FALSE;
	name[n - 1] = '\0';
	return TRUE;
}

int
ns_is_inbox(const char *name)
{
	return strcmp(name, INBOX) == 0;
}

int
ns_is_linked(const char *name)
{
	return ns_covers(NS_LINKED_ROOT, name);
}

char *
ns_parent(struct pool *pool, const char *name)
{
	const char *dot;

	dot = strrchr(name, NS_SEP);
	if (dot == NULL)
		return NULL;
	return pool_strndup(pool, name, (size_t)(dot - name));
}

int
ns_covers(const char *name, const char *other)
{
	size_t n;

	n = strlen(name);
	return strncmp(name, other, n) == 0 &&
	    (other[n] == '\0' || other[n] == NS_SEP);
}

int
ns_is_trash(const struct sess *sess, const char *name)
{
	return strncmp(name, INBOX, INBOX_LEN) == 0 &&
	    name[INBOX_LEN] == NS_SEP && *sess->trash != '\0' &&
	    strcmp(name + INBOX_LEN + 1, sess->trash) == 0;
}

/* ---- disk --------------------------------------------------------------- */

/*
 * TRUE if the component is modified UTF-7: it decodes, and encoding gives the
 * same bytes again. Everything else, an ampersand that is only that included,
 * stands for itself and must be UTF-8 (-1 if it is not).
 */
static int
decode_component(const struct sess *sess, const char *s, size_t n,
    struct str *out)
{
	struct str text, again;
	int is;

	is = FALSE;
	if (sess->names != SESS_NAMES_UTF8 && memchr(s, '&', n) != NULL) {
		str_init(&text, 0);
		str_init(&again, 0);
		is = utf7imap_decode(s, n, &text) == E_OK && text.len > 0 &&
		    utf7imap_encode(text.data, text.len, &again) == E_OK &&
		    again.len == n && memcmp(again.data, s, n) == 0 &&
		    memchr(text.data, NS_SEP, text.len) == NULL &&
		    memchr(text.data, '/', text.len) == NULL &&
		    memchr(text.data, '\n', text.len) == NULL;
		if (is)
			str_catstr(out, &text);
		str_free(&text);
		str_free(&again);
	}
	if (is)
		return TRUE;
	if (!utf8_valid(s, n))
		return -1;
	str_cat(out, s, n);
	return FALSE;
}

char *
ns_decode(struct sess *sess, struct pool *pool, const char *dir,
    int *out_converted)
{
	struct str out;
	const char *dot;
	size_t len;
	int is;

	*out_converted = FALSE;
	str_init(&out, 0);
	for (;;) {
		dot = strchr(dir, NS_SEP);
		len = dot != NULL ? (size_t)(dot - dir) : strlen(dir);
		is = decode_component(sess, dir, len, &out);
		if (is < 0) {
			str_free(&out);
			return NULL;
		}
		*out_converted |= is;
		if (dot == NULL)
			break;
		str_catc(&out, NS_SEP);
		dir = dot + 1;
	}
	return finish(pool, &out);
}
