/* Names of mailboxes: create, delete, rename, subscribe.
   SPDX-License-Identifier: ISC */

#include "base/base.h"

#include "base/ascii.h"
#include "base/mem.h"
#include "base/pool.h"
#include "base/str.h"
#include "base/vec.h"
#include "charset/utf7imap.h"
#include "maildir/folder.h"

#include "session/ns_int.h"
#include "session/sess.h"
#include "session/view.h"

static int	is_selected(const struct sess *, const char *, int);
static char	*dir_prefix(struct pool *, const char *, const char *);
static int	rename_all(struct sess *, struct pool *, const char *,
		    const char *);
static char	*line_for(struct sess *, struct pool *, const char *);

int
ns_create(struct sess *sess, const char *name)
{
	struct pool *pool;
	char *dir;
	int e;

	e = ns_check(name);
	if (e != E_OK)
		return e;
	if (ns_is_inbox(name))
		return E_EXIST;
	pool = pool_new();
	e = ns_new_dir(sess, pool, name, &dir);
	if (e == E_OK)
		e = maildir_create(sess->md, dir);
	pool_free(&pool);
	return e;
}

static int
is_selected(const struct sess *sess, const char *name, int below)
{
	if (sess->view == NULL)
		return FALSE;
	return below ? ns_covers(name, view_name(sess->view)) :
	    strcmp(name, view_name(sess->view)) == 0;
}

int
ns_delete(struct sess *sess, const char *name)
{
	struct pool *pool;
	char *dir;
	int e;

	if (is_selected(sess, name, FALSE))
		return E_BUSY;
	if (ns_is_inbox(name) || ns_is_trash(sess, name))
		return E_INVAL;
	pool = pool_new();
	e = ns_dir(sess, pool, name, &dir);
	if (e == E_OK)
		e = maildir_delete(sess->md, dir);
	pool_free(&pool);
	return e;
}

/* ---- rename ------------------------------------------------------------- */

/* The beginning of dir with as many components as name has below INBOX. */
static char *
dir_prefix(struct pool *pool, const char *dir, const char *name)
{
	const char *p;
	size_t n;

	n = 0;
	for (p = name + INBOX_LEN + 1; *p != '\0'; p++)
		n += *p == NS_SEP;
	for (p = dir; *p != '\0'; p++)
		if (*p == NS_SEP && n-- == 0)
			break;
	return pool_strndup(pool, dir, (size_t)(p - dir));
}

/*
 * The folder and its children: their directories begin with the same bytes,
 * except in a tree of both encodings, where there may be two beginnings. The
 * second then gets the other encoding of the new name.
 */
static int
rename_all(struct sess *sess, struct pool *pool, const char *from,
    const char *to)
{
	struct ns_dirent *all;
	struct str other;
	char *prefix, *first, *target;
	size_t i, n;
	int e;

	e = ns_new_dir(sess, pool, to, &target);
	if (e == E_OK)
		e = ns_all(sess, pool, &all, &n);
	if (e != E_OK)
		return e;
	first = NULL;
	for (i = 0; i < n && e == E_OK; i++) {
		if (!ns_covers(from, all[i].name))
			continue;
		prefix = dir_prefix(pool, all[i].dir, from);
		if (first != NULL && strcmp(prefix, first) == 0)
			continue;
		if (first != NULL) {
			str_init(&other, 0);
			(void)utf7imap_encode(to + INBOX_LEN + 1,
			    strlen(to + INBOX_LEN + 1), &other);
			if (strcmp(str_c(&other), target) == 0) {
				str_reset(&other);
				str_cats(&other, to + INBOX_LEN + 1);
			}
			e = maildir_rename(sess->md, prefix, str_c(&other));
			str_free(&other);
			return e;
		}
		e = maildir_rename(sess->md, prefix, target);
		first = prefix;
	}
	return e == E_OK && first == NULL ? E_NOENT : e;
}

int
ns_rename(struct sess *sess, const char *from, const char *to)
{
	struct pool *pool;
	int e;

	if (ns_check(from) != E_OK || ns_check(to) != E_OK ||
	    ns_is_inbox(from) || ns_is_inbox(to) ||
	    ns_is_trash(sess, from) || ns_is_trash(sess, to) ||
	    ns_covers(from, to))
		return E_INVAL;
	if (is_selected(sess, from, TRUE))
		return E_BUSY;
	pool = pool_new();
	e = rename_all(sess, pool, from, to);
	pool_free(&pool);
	return e;
}

/* ---- subscriptions ------------------------------------------------------ */

/* An existing folder is written with its directory's spelling, so that the
   server that made it recognises the line. */
static char *
line_for(struct sess *sess, struct pool *pool, const char *name)
{
	struct str s;
	char *dir, *res;

	str_init(&s, 0);
	if (ns_is_inbox(name) || ns_dir(sess, pool, name, &dir) != E_OK) {
		if (sess->names == SESS_NAMES_UTF7)
			(void)utf7imap_encode(name, strlen(name), &s);
		else
			str_cats(&s, name);
	} else {
		str_cats(&s, INBOX);
		str_catc(&s, NS_SEP);
		str_cats(&s, dir);
	}
	res = pool_strdup(pool, str_c(&s));
	str_free(&s);
	return res;
}

int
ns_subscribe(struct sess *sess, const char *name)
{
	struct pool *pool;
	int e;

	e = ns_check(name);
	if (e != E_OK)
		return e;
	pool = pool_new();
	e = maildir_subscribe(sess->md, line_for(sess, pool, name), TRUE);
	pool_free(&pool);
	return e;
}

/* Every line that is read as this name goes. */
int
ns_unsubscribe(struct sess *sess, const char *name)
{
	struct pool *pool;
	struct vec lines;
	char *text;
	size_t i;
	int e, converted, found;

	e = ns_check(name);
	if (e != E_OK)
		return e;
	pool = pool_new();
	vec_init(&lines);
	e = maildir_subs(sess->md, &lines);
	found = FALSE;
	for (i = 0; e == E_OK && i < lines.n; i++) {
		text = ns_decode(sess, pool, lines.v[i], &converted);
		if (text == NULL)
			continue;
		if (ascii_ncasecmp(text, INBOX, INBOX_LEN) == 0)
			memcpy(text, INBOX, INBOX_LEN);
		if (strcmp(text, name) != 0)
			continue;
		found = TRUE;
		e = maildir_subscribe(sess->md, lines.v[i], FALSE);
	}
	if (e == E_OK && !found)
		e = maildir_subscribe(sess->md, name, FALSE);
	vec_free_all(&lines);
	pool_free(&pool);
	return e;
}
