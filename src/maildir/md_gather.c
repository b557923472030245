/* The database beside what is in cur/.  SPDX-License-Identifier: ISC */

#include "base/base.h"

#include "base/clock.h"
#include "base/map.h"
#include "maildir/folder_int.h"

static int read_added(struct folder *, struct uiddb *, struct upload **,
    size_t, struct map *, u32 *);

/* Those just added come first, in their order. Another session may have seen
   and numbered one if locks are off. */
static int
read_added(struct folder *f, struct uiddb *db, struct upload **u, size_t n,
    struct map *skip, u32 *out_uids)
{
	struct rec *rec;
	size_t i;

	for (i = 0; i < n; i++) {
		map_puts(skip, md_upload_name(u[i]), f);
		rec = uiddb_take(db, md_upload_name(u[i]));
		if (rec == NULL) {
			if (db->next == U32_MAX)
				return E_TOOBIG;
			rec = uiddb_append(db, md_upload_name(u[i]),
			    db->next++);
		}
		out_uids[i] = rec->uid;
	}
	return E_OK;
}

int
md_gather(struct folder *f, struct uiddb *db, struct upload **u, size_t n,
    u32 *out_uids, int *out_write)
{
	struct map *skip;
	size_t known;
	int r;

	*out_write = db->validity == 0 || db->listed != db->n;
	if (db->validity == 0) {
		db->next = 1;
		db->validity = f->opened && f->mode == FOLDER_RO ?
		    f->uidvalidity : (u32)(clock_now() - UID_EPOCH);
	}
	if (f->opened && db->validity != f->uidvalidity)
		return E_INVAL;
	/* Never behind what this session was told. */
	if (f->opened && db->next < f->uidnext)
		db->next = f->uidnext;
	known = db->n;
	skip = n > 0 ? map_new(n) : NULL;
	r = read_added(f, db, u, n, skip, out_uids);
	if (r == E_OK)
		r = md_read_cur(f, db, skip);
	map_free(&skip);
	if (r != E_OK)
		return r;
	if (db->n != known)
		*out_write = TRUE;
	known = db->n;
	uiddb_filter(db, REC_HERE, 0);
	if (db->n != known)
		*out_write = TRUE;
	r = md_number(f, db);
	if (r == E_OK)
		uiddb_sort(db);
	return r;
}
