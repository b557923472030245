/* Keywords: writing the update of one message, maildir.md 4.4.
   SPDX-License-Identifier: ISC */

#include "base/base.h"

#include <stdio.h>

#include "base/ascii.h"
#include "base/file.h"
#include "base/mem.h"
#include "maildir/folder_int.h"

#define KW_TRIES	100	/* exact updates racing with others */

static int put_update(struct folder *, const char *, const struct str *,
    int);
static void catch_up(struct folder *, int);
static int same_word(const struct folder *, const char *, const char *);
static int store_exact(struct folder *, struct rec *, int,
    const char *const *, size_t);
static int store_once(struct folder *, struct rec *, int,
    const char *const *, size_t, int);
static u32 resulting_set(struct folder *, u32, int, const char *const *,
    size_t);

/* Puts text at courierimapkeywords/<identity>. exact: E_EXIST if another
   update is pending there. */
static int
put_update(struct folder *f, const char *name, const struct str *text,
    int exact)
{
	struct str path, tmp, own, base;
	int r;

	str_init(&path, 0);
	str_init(&tmp, 0);
	str_init(&own, 0);
	str_init(&base, 0);
	kw_path(&path, f, name, md_name_id(name));
	md_name_tmp(&base, f->md, NULL);
	md_path(&tmp, f->dir, "tmp", str_c(&base));
	kw_make_dir(f);
	if (!exact) {
		r = file_replace(str_c(&path), str_c(&tmp), str_c(text),
		    text->len, 0644, f->md->opts.sync);
	} else {
		/* Complete under a name of its own, then linked in place. */
		str_cats(&base, "_link");
		md_path(&own, f->dir, "tmp", str_c(&base));
		r = file_replace(str_c(&own), str_c(&tmp), str_c(text),
		    text->len, 0644, f->md->opts.sync);
		if (r == E_OK && link(str_c(&own), str_c(&path)) < 0)
			r = err_from_errno(errno);
		unlink(str_c(&own));
	}
	str_free(&base);
	str_free(&own);
	str_free(&path);
	str_free(&tmp);
	return r;
}

int
md_keywords_write(struct folder *f, const char *name,
    const char *const *keywords, size_t n)
{
	struct str text;
	size_t i;
	int r;

	str_init(&text, KW_FILE_MAX);
	for (i = 0; i < n; i++) {
		str_cats(&text, keywords[i]);
		str_catc(&text, '\n');
	}
	r = text.toobig ? E_TOOBIG : put_update(f, name, &text, FALSE);
	str_free(&text);
	return r;
}

static int
same_word(const struct folder *f, const char *a, const char *b)
{
	return f->md->opts.kw_case ? strcmp(a, b) == 0 :
	    ascii_casecmp(a, b) == 0;
}

/* The set that results from `how`. */
static u32
resulting_set(struct folder *f, u32 old, int how, const char *const *keywords,
    size_t n)
{
	const u32 *have;
	u32 *v, set;
	size_t m, nhave, i, k;

	have = folder_kwset(f, old, &nhave);
	v = mem_array(nhave + n, sizeof(*v));
	for (m = i = 0; how != STORE_SET && i < nhave; i++) {
		for (k = 0; how == STORE_DEL && k < n; k++)
			if (same_word(f, f->keywords.v[have[i]], keywords[k]))
				break;
		if (how == STORE_ADD || k == n)
			v[m++] = have[i];
	}
	for (i = 0; how != STORE_DEL && i < n; i++)
		v[m++] = kw_table_index(f, keywords[i], strlen(keywords[i]));
	set = kw_intern(f, v, m);
	mem_free(v);
	return set;
}

/*
 * The update is for the state that the list and the updates have now, not for
 * the one that was read a while ago. Merging makes a new list, and takes the
 * lock that we hold; an update of this message that is not merged yet makes
 * put_update say E_EXIST.
 */
static void
catch_up(struct folder *f, int locked)
{
	struct str path;
	int same;

	str_init(&path, 0);
	kw_path(&path, f, KW_LIST, strlen(KW_LIST));
	same = f->kw.seen != 0 && md_stamp_equal(&f->kwlist, str_c(&path));
	str_free(&path);
	if (same)
		return;
	f->kw.seen = 0;
	(void)md_keywords_load(f, locked);
}

/* One message, whatever others do; E_EXIST: try again. */
static int
store_once(struct folder *f, struct rec *rec, int how,
    const char *const *keywords, size_t n, int exact)
{
	struct str text, name;
	const u32 *have;
	u32 set;
	size_t nhave, i;
	int r;

	set = resulting_set(f, rec->kwset, how, keywords, n);
	if (set == rec->kwset)
		return E_OK;
	str_init(&text, KW_FILE_MAX);
	str_init(&name, 0);
	names_cat(&f->names, rec, &name);
	have = folder_kwset(f, set, &nhave);
	for (i = 0; i < nhave; i++) {
		str_cats(&text, f->keywords.v[have[i]]);
		str_catc(&text, '\n');
	}
	r = text.toobig ? E_TOOBIG :
	    put_update(f, str_c(&name), &text, exact);
	if (r == E_OK) {
		rec->kwset = set;
		rec->modseq = ++f->highestmodseq;
	}
	str_free(&text);
	str_free(&name);
	return r;
}

static int
store_exact(struct folder *f, struct rec *rec, int how,
    const char *const *keywords, size_t n)
{
	struct md_lock *lock;
	int r, locked, try;

	r = md_lock(f->md, f->dir, &lock);
	if (r != E_OK && r != E_NOSPACE)
		return r;
	locked = r == E_OK;
	for (try = 0; try < KW_TRIES; try++) {
		catch_up(f, locked);
		r = store_once(f, rec, how, keywords, n, TRUE);
		if (r != E_EXIST)
			break;
		f->kw.seen = 0;
	}
	if (locked)
		md_unlock(&lock);
	return r == E_EXIST ? E_BUSY : r;
}

int
md_keywords_store(struct folder *f, struct rec *rec, int how,
    const char *const *keywords, size_t n)
{
	if (f->md->opts.keywords == KW_EXACT && how != STORE_SET)
		return store_exact(f, rec, how, keywords, n);
	return store_once(f, rec, how, keywords, n, FALSE);
}
