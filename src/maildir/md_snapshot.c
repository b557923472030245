/* What clients knew of a folder: courierimapsnapshots, maildir.md 9.6.
   SPDX-License-Identifier: ISC */

#include "base/base.h"

#include "base/clock.h"
#include "base/dirscan.h"
#include "base/file.h"
#include "base/mem.h"
#include "base/num.h"
#include "maildir/folder_int.h"

#define SNAP_DIR	"courierimapsnapshots"
#define SNAP_MARK	"_snapshot."	/* in every name */
#define SNAP_FILE_MAX	((size_t)256 * 1024 * 1024)
#define SNAP_FEW	10		/* kept whatever their age */
#define SNAP_MANY	50		/* never more */
#define SNAP_AGE	(7L * 24 * 3600)	/* seconds, of others */

struct found {
	char		*name;
	time_t		mtime;
};

struct reading {
	struct folder	*f;
	struct md_snapshot *s;
	struct names_index index;
};

static int by_age(const void *, const void *);
static int find_previous(struct folder *, const char *, struct str *);
static int good_name(const char *);
static kw_list_fn keywords_of;
static int parse(struct folder *, const struct str *, struct md_snapshot *);
static const char *parse_head(const char *, u32 *, struct md_snapshot *,
    size_t *);
static const char *parse_message(const char *, struct md_snapped *);
static void prune(struct folder *, const char *);
static void prune_old(struct folder *, const char *);
static void put_body(struct folder *, struct str *);
static int says(struct folder *, const char *, const struct str *);
static void snap_path(struct str *, const struct folder *, const char *);
static int write_file(struct folder *, const char *, const struct str *);

/* A client names them: nothing else may be reached. */
static int
good_name(const char *name)
{
	return *name != '.' && strchr(name, '/') == NULL &&
	    strstr(name, SNAP_MARK) != NULL;
}

static void
snap_path(struct str *path, const struct folder *f, const char *name)
{
	str_reset(path);
	md_path(path, f->dir, SNAP_DIR, name);
}

/* ---- reading ------------------------------------------------------------ */

/* head = "1" SP count SP uidvalidity SP uidnext [":" previous] LF
   Returns what follows uidnext, NULL if it is none. */
static const char *
parse_head(const char *p, u32 *uidvalidity, struct md_snapshot *s,
    size_t *count)
{
	u32 v[4];
	size_t i, used;

	for (i = 0; i < NITEMS(v); i++) {
		used = num_scan_u32(p, strlen(p), &v[i]);
		if (used == 0 || (i < 3 && p[used] != ' '))
			return NULL;
		p += used + (i < 3);
	}
	if (v[0] != 1 || (*p != '\n' && *p != ':'))
		return NULL;
	*count = v[1];
	*uidvalidity = v[2];
	s->uidnext = v[3];
	return p;
}

/* message = uid ":2," flags LF */
static const char *
parse_message(const char *p, struct md_snapped *m)
{
	struct str info;
	const char *lf;
	size_t used;

	used = num_scan_u32(p, strlen(p), &m->uid);
	lf = strchr(p, '\n');
	if (used == 0 || lf == NULL || p[used] != ':')
		return NULL;
	str_init(&info, 0);
	str_cat(&info, p + used, (size_t)(lf - p) - used);
	m->flags = md_name_flags(str_c(&info)) & ~MSG_PASSED;
	str_free(&info);
	return lf + 1;
}

static void
keywords_of(void *ctx, const char *id, size_t n, u32 kwset)
{
	struct reading *r = ctx;
	size_t i, lo, hi, mid;

	i = names_find(&r->index, id, n, REC_GONE);
	if (i == NAMES_NONE)
		return;
	for (lo = 0, hi = r->s->n; lo < hi; ) {
		mid = (lo + hi) / 2;
		if (r->s->v[mid].uid < r->f->recs[i].uid)
			lo = mid + 1;
		else
			hi = mid;
	}
	if (lo < r->s->n && r->s->v[lo].uid == r->f->recs[i].uid)
		r->s->v[lo].kwset = kwset;
}

static int
parse(struct folder *f, const struct str *text, struct md_snapshot *s)
{
	struct reading r;
	const char *p;
	size_t count;
	u32 uidvalidity, last;

	p = parse_head(str_c(text), &uidvalidity, s, &count);
	if (p == NULL || uidvalidity != f->uidvalidity ||
	    (p = strchr(p, '\n')) == NULL || count > text->len)
		return E_INVAL;
	s->v = mem_array(count + 1, sizeof(*s->v));
	for (p++, last = 0; s->n < count; last = s->v[s->n++].uid) {
		p = parse_message(p, &s->v[s->n]);
		if (p == NULL || s->v[s->n].uid <= last ||
		    s->v[s->n].uid >= s->uidnext)
			return E_INVAL;
	}
	if (*p == '\0')
		return E_OK;
	r.f = f;
	r.s = s;
	names_index(&r.index, &f->names, f->recs, f->n);
	kw_read_list(f, p, text->len - (size_t)(p - str_c(text)),
	    keywords_of, &r);
	names_index_free(&r.index);
	return E_OK;
}

int
folder_snapshot_load(struct folder *f, const char *name,
    struct md_snapshot **out)
{
	struct str path, text;
	int e;

	if (!good_name(name))
		return E_NOENT;
	str_init(&path, 0);
	str_init(&text, SNAP_FILE_MAX);
	snap_path(&path, f, name);
	*out = mem_new(sizeof(**out));
	e = file_slurp(str_c(&path), SNAP_FILE_MAX, &text);
	if (e == E_OK)
		e = parse(f, &text, *out);
	if (e != E_OK)
		folder_snapshot_free(out);
	str_free(&path);
	str_free(&text);
	return e;
}

void
folder_snapshot_free(struct md_snapshot **pp)
{
	struct md_snapshot *s = *pp;

	if (s == NULL)
		return;
	mem_free(s->v);
	*pp = mem_free(s);
}

/* ---- writing ------------------------------------------------------------ */

/* All but the first line. */
static void
put_body(struct folder *f, struct str *text)
{
	size_t i, at;

	for (i = 0; i < f->n; i++) {
		if ((f->recs[i].state & REC_GONE) != 0)
			continue;
		str_catu32(text, f->recs[i].uid);
		md_name_info(text, f->recs[i].flags & ~MSG_PASSED);
		str_catc(text, '\n');
	}
	at = text->len;
	if (!kw_put_list(f, text))
		str_trunc(text, at);
}

/* TRUE if the file holds this, first line aside. */
static int
says(struct folder *f, const char *name, const struct str *body)
{
	struct str path, text;
	const char *p;
	int yes;

	str_init(&path, 0);
	str_init(&text, SNAP_FILE_MAX);
	snap_path(&path, f, name);
	yes = FALSE;
	if (file_slurp(str_c(&path), SNAP_FILE_MAX, &text) == E_OK &&
	    (p = strchr(str_c(&text), '\n')) != NULL)
		yes = strcmp(p + 1, str_c(body)) == 0;
	str_free(&path);
	str_free(&text);
	return yes;
}

static int
write_file(struct folder *f, const char *name, const struct str *text)
{
	struct str path, tmp;
	int e;

	str_init(&path, 0);
	str_init(&tmp, 0);
	md_path(&tmp, f->dir, "tmp", name);
	snap_path(&path, f, NULL);
	(void)mkdir(str_c(&path), 0755);
	snap_path(&path, f, name);
	e = text->toobig ? E_TOOBIG : file_replace(str_c(&path), str_c(&tmp),
	    str_c(text), text->len, 0644, FALSE);
	str_free(&path);
	str_free(&tmp);
	return e;
}

int
folder_snapshot_save(struct folder *f, const char *previous, int again,
    struct str *out_name)
{
	struct str text, body;
	size_t i, n;
	int e;

	str_init(&text, SNAP_FILE_MAX);
	str_init(&body, SNAP_FILE_MAX);
	put_body(f, &body);
	for (i = n = 0; i < f->n; i++)
		n += (f->recs[i].state & REC_GONE) == 0;
	str_catf(&text, "1 %lu %lu %lu", (unsigned long)n,
	    (unsigned long)f->uidvalidity, (unsigned long)f->uidnext);
	if (previous != NULL)
		str_catf(&text, ":%s", previous);
	str_catc(&text, '\n');
	str_catstr(&text, &body);
	md_name_tmp(out_name, f->md, "snapshot");
	if (again && previous != NULL && says(f, previous, &body))
		e = E_EXIST;
	else
		e = write_file(f, str_c(out_name), &text);
	if (e == E_OK)
		prune(f, previous);
	str_free(&text);
	str_free(&body);
	return e;
}

/* ---- removing ----------------------------------------------------------- */

/* The name behind uidnext in the first line of a file. */
static int
find_previous(struct folder *f, const char *name, struct str *out)
{
	struct md_snapshot s;
	struct str path, text;
	const char *p;
	size_t count;
	u32 uidvalidity;
	int e;

	str_init(&path, 0);
	str_init(&text, SNAP_FILE_MAX);
	snap_path(&path, f, name);
	e = file_slurp(str_c(&path), SNAP_FILE_MAX, &text);
	p = e == E_OK ? parse_head(str_c(&text), &uidvalidity, &s, &count) :
	    NULL;
	if (p != NULL && *p == ':')
		str_cat(out, p + 1, strcspn(p + 1, "\n"));
	str_free(&path);
	str_free(&text);
	return out->len > 0 && good_name(str_c(out)) ? E_OK : E_NOENT;
}

/* Of a chain the last two stay: the client may not have read our answer. */
static void
prune(struct folder *f, const char *previous)
{
	struct str name, path;

	str_init(&name, 0);
	str_init(&path, 0);
	if (previous != NULL && good_name(previous) &&
	    find_previous(f, previous, &name) == E_OK) {
		snap_path(&path, f, str_c(&name));
		unlink(str_c(&path));
	}
	snap_path(&path, f, NULL);
	prune_old(f, str_c(&path));
	str_free(&name);
	str_free(&path);
}

static int
by_age(const void *a, const void *b)
{
	const struct found *x = a, *y = b;

	if (x->mtime != y->mtime)
		return x->mtime > y->mtime ? -1 : 1;
	return strcmp(y->name, x->name);
}

/* Of clients that never came back. What is no snapshot is left alone. */
static void
prune_old(struct folder *f, const char *dir)
{
	struct dirscan *d;
	struct found *v;
	struct stat st;
	struct str path;
	const char *name;
	size_t i, n;

	if (dirscan_open(dir, &d) != E_OK)
		return;
	str_init(&path, 0);
	v = NULL;
	for (n = 0; dirscan_next(d, &name) > 0; ) {
		snap_path(&path, f, name);
		if (!good_name(name) || stat(str_c(&path), &st) < 0)
			continue;
		v = mem_grow(v, n + 1, sizeof(*v));
		v[n].name = mem_strdup(name);
		v[n++].mtime = st.st_mtime;
	}
	dirscan_close(&d);
	if (n > 1)
		qsort(v, n, sizeof(*v), by_age);
	for (i = 0; i < n; i++) {
		snap_path(&path, f, v[i].name);
		if (i >= SNAP_MANY || (i >= SNAP_FEW &&
		    v[i].mtime + SNAP_AGE < clock_now()))
			unlink(str_c(&path));
		mem_free(v[i].name);
	}
	mem_free(v);
	str_free(&path);
}
