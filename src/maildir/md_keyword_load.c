/* Keywords: reading courierimapkeywords/ and merging it, maildir.md 4.5.
   SPDX-License-Identifier: ISC */

/*
 * Updates are retired only after the list that has them is written: a full
 * disk leaves them pending.
 */

#include "base/base.h"

#include <sys/stat.h>
#include <stdio.h>

#include "base/ascii.h"
#include "base/clock.h"
#include "base/dirscan.h"
#include "base/file.h"
#include "base/map.h"
#include "base/mem.h"
#include "base/num.h"
#include "maildir/folder_int.h"

#define KW_STALE	(15 * 60)	/* seconds until leftovers are removed */
#define KW_TICK		300	/* seconds of one step of T */
#define KW_RESTARTS	100	/* when updates vanish while we read */

/* An update file, pending (n 0) or merged (".N."). */
struct update {
	char		*file;
	u64		n;
	int		pending;
	struct stamp	read;		/* the file whose content we took */
};

struct load {
	struct folder	*f;
	struct names_index index;
	int		indexed;
	struct map	*updates;	/* identity -> struct update */
	struct vec	order;		/* the updates, to free them */
	u64		tick;
	int		dirty;		/* :list must be written */
	int		again;		/* an update vanished */
};

static u32 parse_update(struct folder *, const char *, size_t);
static struct rec *find(struct load *, const char *, size_t);
static void sweep(struct load *, const char *, const char *, int);
static void note_file(struct load *, const char *);
static void read_dir(struct load *);
static kw_list_fn listed;
static void read_list(struct load *);
static void apply(struct load *);
static int write_list(struct folder *);
static void retire(struct load *);
static int up_to_date(struct folder *, const char *);
static void load_once(struct load *, struct folder *);
static void load_done(struct load *);
static void note_changes(struct folder *, const u32 *);

void
kw_path(struct str *s, const struct folder *f, const char *name, size_t n)
{
	md_path(s, f->dir, KW_DIR, NULL);
	str_catc(s, '/');
	str_cat(s, name, n);
}

/* One keyword per line; the first empty line ends it. */
static u32
parse_update(struct folder *f, const char *p, size_t len)
{
	const char *end = p + len, *lf;
	u32 *v, set;
	size_t n;

	v = NULL;
	for (n = 0; p < end; p = lf + 1) {
		lf = memchr(p, '\n', (size_t)(end - p));
		if (lf == NULL)
			lf = end;
		if (lf == p)
			break;
		v = mem_grow(v, n + 1, sizeof(*v));
		v[n++] = kw_table_index(f, p, (size_t)(lf - p));
	}
	set = kw_intern(f, v, n);
	mem_free(v);
	return set;
}

/* The message of an identity; the index is made when first needed. */
static struct rec *
find(struct load *l, const char *id, size_t n)
{
	size_t i;

	if (!l->indexed)
		names_index(&l->index, &l->f->names, l->f->recs, l->f->n);
	l->indexed = TRUE;
	i = names_find(&l->index, id, n, REC_GONE);
	return i == NAMES_NONE ? NULL : l->f->recs + i;
}

/* An update of no message, or not an update: removed when it is stale. N is
   of the past: nobody needs it any longer. Messages that we do not show keep
   what they have. */
static void
sweep(struct load *l, const char *name, const char *id, int past)
{
	struct str path;
	struct stat st;

	str_init(&path, 0);
	kw_path(&path, l->f, name, strlen(name));
	if (past || (((id != NULL && !l->f->partial) || ascii_begins(name, ".tmp.")) &&
	    stat(str_c(&path), &st) == 0 &&
	    st.st_mtime + KW_STALE < clock_now()))
		unlink(str_c(&path));
	str_free(&path);
}

const char *
kw_update_id(const char *name, u64 *out_n)
{
	size_t used;

	*out_n = 0;
	if (*name != '.')
		return name;
	used = num_scan_u64(name + 1, strlen(name + 1), out_n);
	return used > 0 && name[used + 1] == '.' ? name + used + 2 : NULL;
}

/* Sorts one directory entry in. */
static void
note_file(struct load *l, const char *name)
{
	struct update *u, *old;
	const char *id;
	u64 n;
	int past;

	if (strcmp(name, KW_LIST) == 0)
		return;
	id = kw_update_id(name, &n);
	past = *name == '.' && id != NULL && n < l->tick;
	if (id == NULL || past || find(l, id, md_name_id(id)) == NULL) {
		sweep(l, name, id, past);
		return;
	}
	old = map_get(l->updates, id, md_name_id(id));
	if (old != NULL && (old->pending || (*name == '.' && old->n >= n)))
		return;
	u = mem_new(sizeof(*u));
	u->file = mem_strdup(name);
	u->n = n;
	u->pending = *name != '.';
	map_put(l->updates, id, md_name_id(id), u);
	vec_push(&l->order, u);
}

/* As open to others as the folder is, whatever the umask. */
void
kw_make_dir(struct folder *f)
{
	struct str path;
	struct stat st;

	str_init(&path, 0);
	md_path(&path, f->dir, KW_DIR, NULL);
	if (access(str_c(&path), F_OK) < 0 && stat(f->dir, &st) == 0 &&
	    mkdir(str_c(&path), 0700) == 0)
		chmod(str_c(&path), st.st_mode & 0777);
	str_free(&path);
}

static void
read_dir(struct load *l)
{
	struct dirscan *d;
	struct str path;
	const char *name;

	str_init(&path, 0);
	md_path(&path, l->f->dir, KW_DIR, NULL);
	if (dirscan_open(str_c(&path), &d) == E_OK) {
		while (dirscan_next(d, &name) > 0)
			note_file(l, name);
		dirscan_close(&d);
	} else {
		kw_make_dir(l->f);
	}
	str_free(&path);
}

/* One line of :list. */
static void
listed(void *ctx, const char *id, size_t n, u32 kwset)
{
	struct load *l = ctx;
	struct rec *rec;

	rec = find(l, id, n);
	if (rec == NULL || kwset == 0)
		l->dirty = TRUE;
	else
		rec->kwset = kwset;
}

static void
read_list(struct load *l)
{
	struct str text, path;

	str_init(&text, KW_LIST_MAX);
	str_init(&path, 0);
	kw_path(&path, l->f, KW_LIST, strlen(KW_LIST));
	md_stamp(&l->f->kwlist, str_c(&path));
	if (file_slurp(str_c(&path), KW_LIST_MAX, &text) == E_OK)
		kw_read_list(l->f, str_c(&text), text.len, listed, l);
	str_free(&text);
	str_free(&path);
}

static void
apply(struct load *l)
{
	struct update *u;
	struct rec *rec;
	struct str text, path;
	const char *id;
	size_t i;
	u32 before;
	int r;

	str_init(&text, KW_FILE_MAX);
	str_init(&path, 0);
	for (i = 0; i < l->order.n; i++) {
		u = l->order.v[i];
		id = u->file;
		if (!u->pending)
			id = strchr(id + 1, '.') + 1;
		if (map_get(l->updates, id, md_name_id(id)) != u)
			continue;
		rec = find(l, id, md_name_id(id));
		kw_path(&path, l->f, u->file, strlen(u->file));
		str_reset(&text);
		md_stamp(&u->read, str_c(&path));
		r = file_slurp(str_c(&path), KW_FILE_MAX, &text);
		if (r == E_NOENT)
			l->again = TRUE;
		if (r != E_OK)
			continue;
		/* A list that lacks it was written by one who had not seen
		   it. */
		before = rec->kwset;
		rec->kwset = parse_update(l->f, str_c(&text), text.len);
		if (u->pending || rec->kwset != before)
			l->dirty = TRUE;
	}
	str_free(&text);
	str_free(&path);
}

static int
write_list(struct folder *f)
{
	struct str text, path, tmp, name;
	int any, r;

	str_init(&text, KW_LIST_MAX);
	str_init(&path, 0);
	str_init(&tmp, 0);
	str_init(&name, 0);
	any = kw_put_list(f, &text);
	kw_path(&path, f, KW_LIST, strlen(KW_LIST));
	r = text.toobig ? E_TOOBIG : E_OK;
	if (any && r == E_OK) {
		md_name_tmp(&name, f->md, NULL);
		md_path(&tmp, f->dir, "tmp", str_c(&name));
		r = file_replace(str_c(&path), str_c(&tmp), str_c(&text),
		    text.len, 0644, f->md->opts.sync);
	} else if (!any) {
		unlink(str_c(&path));
	}
	if (r == E_OK)			/* it says what we have */
		md_stamp(&f->kwlist, str_c(&path));
	str_free(&text);
	str_free(&path);
	str_free(&tmp);
	str_free(&name);
	return r;
}

/* Pending updates are in :list now; readers of the old one find them under
   ".N.identity" for a while. STORE writes without the lock: an update that came
   since we read stays pending. */
static void
retire(struct load *l)
{
	struct update *u;
	struct str from, to, name;
	size_t i;

	str_init(&from, 0);
	str_init(&to, 0);
	str_init(&name, 0);
	for (i = 0; i < l->order.n; i++) {
		u = l->order.v[i];
		if (!u->pending)
			continue;
		str_reset(&name);
		str_catc(&name, '.');
		str_catu64(&name, l->tick + 1);
		str_catc(&name, '.');
		str_cats(&name, u->file);
		kw_path(&from, l->f, u->file, strlen(u->file));
		kw_path(&to, l->f, str_c(&name), name.len);
		if (rename(str_c(&from), str_c(&to)) == 0 &&
		    !md_stamp_equal(&u->read, str_c(&to)))
			(void)link(str_c(&to), str_c(&from));
	}
	str_free(&from);
	str_free(&to);
	str_free(&name);
}

/* Nothing happened in the directory, and all messages are known. */
static int
up_to_date(struct folder *f, const char *path)
{
	size_t i;

	if (f->kw.seen == 0 || !md_stamp_same(&f->kw, path))
		return FALSE;
	for (i = f->n; i > 0; i--)
		if (f->recs[i - 1].state & REC_NEW)
			return FALSE;
	return TRUE;
}

static void
load_once(struct load *l, struct folder *f)
{
	size_t i;

	memset(l, 0, sizeof(*l));
	l->f = f;
	l->updates = map_new(0);
	l->tick = (u64)clock_now() / KW_TICK;
	vec_init(&l->order);
	for (i = 0; i < f->n; i++)
		if (!(f->recs[i].state & REC_GONE))
			f->recs[i].kwset = 0;
	read_dir(l);
	read_list(l);
	apply(l);
}

static void
load_done(struct load *l)
{
	struct update *u;
	size_t i;

	for (i = 0; i < l->order.n; i++) {
		u = l->order.v[i];
		mem_free(u->file);
	}
	vec_free_all(&l->order);
	map_free(&l->updates);
	if (l->indexed)
		names_index_free(&l->index);
}

/* What other sessions changed gets a mod-sequence. */
static void
note_changes(struct folder *f, const u32 *before)
{
	size_t i;
	int any;

	for (any = FALSE, i = 0; i < f->n; i++)
		if (f->recs[i].kwset != before[i]) {
			f->recs[i].state |= REC_CHANGED;
			f->recs[i].modseq = f->highestmodseq + 1;
			any = TRUE;
		}
	if (any)
		f->highestmodseq++;
}

/*
 * An update that vanishes while we read was merged by another session: then
 * the list that we read may be older than that, and all is read again.
 */
int
md_keywords_load(struct folder *f, int merge)
{
	struct load l;
	struct str path;
	u32 *before;
	size_t i;
	int try, some;

	if (f->md->opts.keywords == KW_OFF)
		return FALSE;
	str_init(&path, 0);
	md_path(&path, f->dir, KW_DIR, NULL);
	if (up_to_date(f, str_c(&path))) {
		str_free(&path);
		return FALSE;
	}
	before = mem_array(f->n, sizeof(*before));
	for (i = 0; i < f->n; i++)
		before[i] = f->recs[i].kwset;
	for (try = 1; ; try++) {
		md_stamp(&f->kw, str_c(&path));
		load_once(&l, f);
		if (!l.again || try == KW_RESTARTS)
			break;
		load_done(&l);
	}
	note_changes(f, before);
	some = l.dirty || l.again;
	if (some)
		f->kw.seen = 0;
	if (l.dirty && !l.again && merge && !f->partial &&
	    write_list(f) == E_OK)
		retire(&l);
	load_done(&l);
	mem_free(before);
	str_free(&path);
	return some;
}

/* Two that merge at once would each lose what only the other has read. Where
   the lock cannot be had there is no room to merge either. */
int
md_keywords_refresh(struct folder *f)
{
	struct md_lock *lock;
	int r;

	if (!md_keywords_load(f, FALSE))
		return E_OK;
	r = md_lock(f->md, f->dir, &lock);
	if (r == E_OK) {
		(void)md_keywords_load(f, TRUE);
		md_unlock(&lock);
	}
	return r == E_NOSPACE ? E_OK : r;
}
