/* Removing for good, or to the trash.  SPDX-License-Identifier: ISC */

#include "base/base.h"

#include "base/log.h"
#include "base/num.h"
#include "base/pool.h"
#include "base/str.h"
#include "conf/conf.h"
#include "maildir/folder.h"

#include "session/ns.h"
#include "session/sess.h"
#include "session/trash.h"
#include "session/view_int.h"

#define DAY	((u32)24 * 3600)	/* seconds */
#define DAYS_MAX	10000

static void	log_removal(struct view *, const struct str *,
		    const struct str *);
static u32	days(const char *, size_t);
static void	purge(struct sess *, const char *, size_t, u32);

/* The lines of Courier: the second one only tells that the old name went. */
static void
log_removal(struct view *v, const struct str *old, const struct str *trashed)
{
	const struct sess *sess = v->sess;

	if (!sess->log_deletions)
		return;
	if (trashed->len > 0)
		log_info("INFO: EXPUNGED, user=%s, %s, old_name=%s, "
		    "new_name=%s: only new_name will be left", sess->user,
		    sess->peer, str_c(old), str_c(trashed));
	log_info("INFO: EXPUNGED, user=%s, %s, old_name=%s", sess->user,
	    sess->peer, str_c(old));
}

int
trash_remove(struct view *v, u32 seq)
{
	const struct sess *sess = v->sess;
	struct str old, trashed;
	struct rec *rec;
	int e;

	rec = view_rec(v, seq);
	str_init(&old, 0);
	str_init(&trashed, 0);
	folder_path(v->folder, seq - 1, &old);
	if (sess->move_to_trash && (rec->state & REC_COPIED) == 0 &&
	    v->tree->kind != NS_LINKED && (v->tree->kind != NS_OWN ||
	    strcmp(folder_name(v->folder), sess->trash) != 0)) {
		e = folder_trash(v->folder, seq - 1, sess->md, sess->trash,
		    &trashed);
		if (strncmp(str_c(&trashed), "./", 2) == 0)
			str_drop(&trashed, 2);
	} else {
		e = folder_expunge(v->folder, seq - 1);
	}
	if (e == E_OK)
		log_removal(v, &old, &trashed);
	str_free(&old);
	str_free(&trashed);
	return e == E_EXPUNGED ? E_OK : e;
}

/* ---- in time ------------------------------------------------------------ */

/* What is no number of days is one day. */
static u32
days(const char *s, size_t n)
{
	u32 d;

	if (num_scan_u32(s, n, &d) == 0 || d == 0)
		return 1;
	return d > DAYS_MAX ? DAYS_MAX : d;
}

static void
purge(struct sess *sess, const char *name, size_t n, u32 age)
{
	struct ns_place place;
	struct pool *pool;
	struct str full;

	pool = pool_new();
	str_init(&full, 0);
	str_cats(&full, "INBOX.");
	str_cat(&full, name, n);
	if (ns_find(sess, pool, str_c(&full), &place) == E_OK)
		(void)maildir_purge(place.tree->md, place.dir, age * DAY);
	str_free(&full);
	pool_free(&pool);
}

/*
 * IMAP_EMPTYTRASH: "days" of the trash, or "folder:days,folder:days". An item
 * of a list without a colon is nothing.
 */
void
trash_purge(struct sess *sess)
{
	const char *s, *colon;
	size_t n;

	s = sess->conf != NULL ? sess->conf->imap_emptytrash : NULL;
	if (s == NULL)
		return;
	if (strpbrk(s, ":,") == NULL) {
		(void)maildir_purge(sess->md, sess->trash,
		    days(s, strlen(s)) * DAY);
		return;
	}
	for (; *s != '\0'; s += n + (s[n] == ',')) {
		n = strcspn(s, ",");
		colon = memchr(s, ':', n);
		if (colon != NULL)
			purge(sess, s, (size_t)(colon - s), days(colon + 1,
			    n - (size_t)(colon + 1 - s)));
	}
}
