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
static int catch_up(struct folder *);
static void note_own(struct folder *);
static int same_word(const struct folder *, const char *, const char *);
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
 * Others may have changed the folder's keywords since they were read: then
 * they are read again. Our own updates are no such change. An update of the
 * same message that comes later still makes put_update say E_EXIST.
 */
static int
catch_up(struct folder *f)
{
	struct str path;
	int same;

	str_init(&path, 0);
	md_path(&path, f->dir, KW_DIR, NULL);
	same = f->kw.seen != 0 && md_stamp_equal(&f->kw, str_c(&path));
	str_free(&path);
	if (same)
		return E_OK;
	f->kw.seen = 0;
	return md_keywords_refresh(f);
}

static void
note_own(struct folder *f)
{
	struct str path;

	str_init(&path, 0);
	md_path(&path, f->dir, KW_DIR, NULL);
	md_stamp(&f->kw, str_c(&path));
	str_free(&path);
}

int
md_keywords_store(struct folder *f, struct rec *rec, int how,
    const char *const *keywords, size_t n)
{
	struct str text, name;
	const u32 *have;
	u32 set;
	size_t nhave, i;
	int r, exact, try;

	exact = f->md->opts.keywords == KW_EXACT && how != STORE_SET;
	str_init(&text, KW_FILE_MAX);
	str_init(&name, 0);
	names_cat(&f->names, rec, &name);
	r = E_OK;
	for (try = 0; try < KW_TRIES; try++) {
		if (exact && (r = catch_up(f)) != E_OK)
			break;
		set = resulting_set(f, rec->kwset, how, keywords, n);
		if (set == rec->kwset)
			break;
		str_reset(&text);
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
			if (exact)
				note_own(f);
		}
		if (r != E_EXIST)
			break;
		f->kw.seen = 0;
	}
	str_free(&text);
	str_free(&name);
	return r == E_EXIST ? E_BUSY : r;
}
