/* Keywords of a folder without its messages.  SPDX-License-Identifier: ISC */

/*
 * The records here are the identities that courierimapkeywords/ names: no
 * message is looked for, no UID is given, nothing is swept away.
 */

#include "base/base.h"

#include <stdio.h>

#include "base/dirscan.h"
#include "base/file.h"
#include "base/map.h"
#include "base/mem.h"
#include "maildir/folder_int.h"

static int cmp_text(const void *, const void *);
static void take_id(struct folder *, struct map *, const char *, size_t);
static void ids_of_list(struct folder *, struct map *);
static void ids_of_updates(struct folder *, struct map *);
static int open_ids(struct maildir *, const char *, const char *, int,
    struct folder **, struct md_lock **);
static char *line_of(struct folder *, size_t);

static int
cmp_text(const void *a, const void *b)
{
	const char *const *x = a, *const *y = b;

	return strcmp(*x, *y);
}

/* A record, unless the identity has one. `seen` has its number, plus 1. */
static void
take_id(struct folder *f, struct map *seen, const char *s, size_t n)
{
	struct rec *rec;
	char *id;

	if (n == 0 || map_get(seen, s, n) != NULL)
		return;
	if (f->n == f->size) {
		f->size = f->size * 2 + 16;
		f->recs = mem_grow(f->recs, f->size, sizeof(*f->recs));
	}
	rec = f->recs + f->n++;
	memset(rec, 0, sizeof(*rec));
	id = mem_dup(s, n);
	names_add(&f->names, id, rec);
	mem_free(id);
	map_put(seen, s, n, (void *)f->n);
}

/* Behind the empty line: "identity:numbers". */
static void
ids_of_list(struct folder *f, struct map *seen)
{
	struct str text, path;
	const char *p, *end, *colon;
	size_t n;

	str_init(&text, KW_LIST_MAX);
	str_init(&path, 0);
	kw_path(&path, f, KW_LIST, strlen(KW_LIST));
	if (file_slurp(str_c(&path), KW_LIST_MAX, &text) == E_OK) {
		p = strstr(str_c(&text), "\n\n");
		p = *str_c(&text) == '\n' ? str_c(&text) + 1 :
		    p != NULL ? p + 2 : "";
		for (end = p + strlen(p); p < end; p += n + 1) {
			n = strcspn(p, "\n");
			colon = memchr(p, ':', n);
			if (colon != NULL)
				take_id(f, seen, p, (size_t)(colon - p));
		}
	}
	str_free(&text);
	str_free(&path);
}

static void
ids_of_updates(struct folder *f, struct map *seen)
{
	struct dirscan *d;
	struct str path;
	const char *name, *id;
	u64 n;

	str_init(&path, 0);
	md_path(&path, f->dir, KW_DIR, NULL);
	if (dirscan_open(str_c(&path), &d) == E_OK) {
		while (dirscan_next(d, &name) > 0) {
			id = kw_update_id(name, &n);
			if (id != NULL && strcmp(name, KW_LIST) != 0)
				take_id(f, seen, id, md_name_id(id));
		}
		dirscan_close(&d);
	}
	str_free(&path);
}

/* The record of `message`, if it is not NULL, is the first. */
static int
open_ids(struct maildir *md, const char *name, const char *message, int lock,
    struct folder **out, struct md_lock **out_lock)
{
	struct folder *f;
	struct map *seen;
	int r;

	*out_lock = NULL;
	r = folder_open(md, name, FOLDER_ADD, &f);
	if (r != E_OK)
		return r;
	r = access(f->dir, F_OK) < 0 ? err_from_errno(errno) : E_OK;
	if (r == E_OK && lock)
		r = md_lock(md, f->dir, out_lock);
	if (r != E_OK) {
		folder_close(&f);
		return r;
	}
	seen = map_new(0);
	if (message != NULL)
		take_id(f, seen, message, md_name_id(message));
	ids_of_list(f, seen);
	ids_of_updates(f, seen);
	map_free(&seen);
	(void)md_keywords_load(f, lock);
	*out = f;
	return E_OK;
}

static char *
line_of(struct folder *f, size_t i)
{
	struct str line;
	const char **words;
	const u32 *set;
	size_t n, k;

	set = folder_kwset(f, f->recs[i].kwset, &n);
	words = mem_array(n, sizeof(*words));
	for (k = 0; k < n; k++)
		words[k] = folder_keyword(f, set[k]);
	if (n > 1)
		qsort(words, n, sizeof(*words), cmp_text);
	str_init(&line, 0);
	folder_filename(f, i, &line);
	for (k = 0; k < n; k++) {
		str_catc(&line, ' ');
		str_cats(&line, words[k]);
	}
	mem_free(words);
	return str_take(&line);
}

int
maildir_keywords(struct maildir *md, const char *folder, int lock,
    struct vec *out)
{
	struct md_lock *held;
	struct folder *f;
	size_t i;
	int r;

	r = open_ids(md, folder, NULL, lock, &f, &held);
	if (r != E_OK)
		return r;
	for (i = 0; i < f->n; i++)
		vec_push(out, line_of(f, i));
	if (held != NULL)
		md_unlock(&held);
	folder_close(&f);
	if (out->n > 1)
		qsort(out->v, out->n, sizeof(*out->v), cmp_text);
	return E_OK;
}

int
maildir_keywords_set(struct maildir *md, const char *folder, int lock,
    const char *message, int how, const char *const *words, size_t n)
{
	struct md_lock *held;
	struct folder *f;
	int r;

	if (md_name_id(message) == 0 || strchr(message, '/') != NULL ||
	    strchr(message, '\n') != NULL || *message == '.')
		return E_INVAL;
	r = open_ids(md, folder, message, lock, &f, &held);
	if (r != E_OK)
		return r;
	r = md_keywords_store(f, f->recs, how, words, n);
	if (held != NULL)
		md_unlock(&held);
	folder_close(&f);
	return r;
}
