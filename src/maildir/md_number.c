/* UIDs for messages that have none yet.
   SPDX-License-Identifier: ISC */

#include "base/base.h"

#include "base/mem.h"
#include "maildir/folder_int.h"

/* An unlisted message, for sorting. */
struct newcomer {
	u64	rank;
	u32	pos;		/* behind the first of them */
};

static int by_name(const void *, const void *);
static void sort_newcomers(struct uiddb *, size_t);
static void settle_newcomers(struct folder *, struct uiddb *, size_t);
static void keep_numbers(struct folder *, struct uiddb *, size_t);

/* qsort hands no context over. */
static const struct uiddb *sorting;
static size_t sorting_from;
static struct str left_name, right_name;

static int
by_name(const void *a, const void *b)
{
	const struct newcomer *x = a, *y = b;
	const char *s, *t;
	int c;

	if (x->rank != y->rank)
		return x->rank < y->rank ? -1 : 1;
	str_reset(&left_name);
	str_reset(&right_name);
	names_cat(&sorting->names, sorting->v + sorting_from + x->pos,
	    &left_name);
	names_cat(&sorting->names, sorting->v + sorting_from + y->pos,
	    &right_name);
	s = str_c(&left_name);
	t = str_c(&right_name);
	c = md_name_cmp(s, t);
	return c != 0 ? c : strcmp(s, t);
}

/* Those from index `from` on, in the order of maildir.md 3.4. */
static void
sort_newcomers(struct uiddb *db, size_t from)
{
	struct newcomer *order;
	struct rec *sorted;
	size_t i, n;

	n = db->n - from;
	order = mem_array(n, sizeof(*order));
	str_init(&left_name, 0);
	str_init(&right_name, 0);
	for (i = 0; i < n; i++) {
		str_reset(&left_name);
		names_cat(&db->names, db->v + from + i, &left_name);
		order[i].rank = md_name_rank(str_c(&left_name));
		order[i].pos = (u32)i;
	}
	sorting = db;
	sorting_from = from;
	qsort(order, n, sizeof(*order), by_name);
	sorted = mem_array(n, sizeof(*sorted));
	for (i = 0; i < n; i++)
		sorted[i] = db->v[from + order[i].pos];
	memcpy(db->v + from, sorted, n * sizeof(*sorted));
	mem_free(sorted);
	mem_free(order);
	str_free(&left_name);
	str_free(&right_name);
}

/* Those of one identity stand together now. */
static void
settle_newcomers(struct folder *f, struct uiddb *db, size_t from)
{
	struct str name;
	size_t i, kept, first;

	str_init(&name, 0);
	for (i = kept = first = from; i < db->n; i++) {
		if (kept > from && names_same(&db->names, db->v + first,
		    &db->names, db->v + i)) {
			str_reset(&name);
			names_cat(&db->names, db->v + i, &name);
			if (!md_settle_twice(f, db, db->v + first, &name))
				continue;
			names_add(&db->names, str_c(&name), db->v + i);
		} else {
			first = kept;
		}
		db->v[kept++] = db->v[i];
	}
	db->n = kept;
	str_free(&name);
}

/*
 * EXAMINE writes no UIDs down. Within its session a message keeps the one it
 * was shown with.
 */
static void
keep_numbers(struct folder *f, struct uiddb *db, size_t from)
{
	struct names_index ix;
	struct str name;
	size_t i, known;

	names_index(&ix, &f->names, f->recs, f->n);
	str_init(&name, 0);
	for (i = from; i < db->n; i++) {
		str_reset(&name);
		names_cat(&db->names, db->v + i, &name);
		known = names_find(&ix, str_c(&name), md_name_id(str_c(&name)),
		    REC_GONE);
		if (known != NAMES_NONE)
			db->v[i].uid = f->recs[known].uid;
	}
	str_free(&name);
	names_index_free(&ix);
}

/* Gives the unlisted ones, which stand last, their UIDs. */
int
md_number(struct folder *f, struct uiddb *db)
{
	size_t i, from;

	for (from = db->n; from > 0 && db->v[from - 1].uid == 0; from--)
		;
	if (from == db->n)
		return E_OK;
	sort_newcomers(db, from);
	settle_newcomers(f, db, from);
	if (f->mode == FOLDER_RO && f->opened)
		keep_numbers(f, db, from);
	for (i = from; i < db->n; i++) {
		if (db->v[i].uid != 0)
			continue;
		if (db->next == U32_MAX)
			return E_TOOBIG;
		db->v[i].uid = db->next++;
	}
	return E_OK;
}
