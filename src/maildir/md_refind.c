/* The file of a record that another session has renamed.
   SPDX-License-Identifier: ISC */

#include "base/base.h"

#include "base/dirscan.h"
#include "maildir/folder_int.h"

/*
 * The record's file is not where it was: other sessions rename files to
 * change flags. One pass over cur/ finds the new names of all records; it is
 * not made again for the next one while cur/ did not change.
 */
int
md_refind(struct folder *f, struct rec *rec)
{
	struct names_index ix;
	struct dirscan *d;
	struct str path, own, name;
	struct rec *other;
	const char *s;
	size_t i;
	int r, found;

	str_init(&path, 0);
	md_path(&path, f->dir, "cur", NULL);
	if (f->sought.seen != 0 && md_stamp_same(&f->sought, str_c(&path))) {
		str_free(&path);
		return E_EXPUNGED;
	}
	md_stamp(&f->sought, str_c(&path));
	r = dirscan_open(str_c(&path), &d);
	if (r != E_OK) {
		str_free(&path);
		return r;
	}
	str_init(&own, 0);
	str_init(&name, 0);
	names_cat(&f->names, rec, &own);
	names_index(&ix, &f->names, f->recs, f->n);
	for (found = FALSE; (r = dirscan_next(d, &s)) > 0; ) {
		if (*s == '.')
			continue;
		i = names_find(&ix, s, md_name_id(s), REC_GONE);
		other = i != NAMES_NONE ? f->recs + i : NULL;
		if (other == NULL && md_name_same(s, str_c(&own)))
			other = rec;
		if (other == NULL)
			continue;
		found = found || other == rec;
		str_reset(&name);
		names_cat(&f->names, other, &name);
		if (strcmp(str_c(&name), s) != 0)
			md_rec_rename(f, other, s);
	}
	names_index_free(&ix);
	dirscan_close(&d);
	str_free(&path);
	str_free(&own);
	str_free(&name);
	if (r < 0)
		f->sought.seen = 0;
	return found ? E_OK : r < 0 ? r : E_EXPUNGED;
}
