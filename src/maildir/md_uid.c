/* The UID database courierimapuiddb, maildir.md 3.
   SPDX-License-Identifier: ISC */

/*
 * Read and written piece by piece: the file of a million messages has 85 MB,
 * which is most of what a process may have (IMAP_ULIMITD).
 */

#include "base/base.h"

#include <sys/stat.h>
#include <fcntl.h>
#include <stdio.h>

#include "base/file.h"
#include "base/mem.h"
#include "base/num.h"
#include "maildir/folder_int.h"

#define DB_NAME		"courierimapuiddb"
#define DB_STEP		((size_t)65536)
#define STALE_TRIES	5	/* to open what others replace all the time */
#define LINE_MAX_LEN	((size_t)4096)	/* longer ones are of no use */

static int header(struct uiddb *, const char *, size_t);
static void entry(struct uiddb *, char *, size_t);
static int parse(struct uiddb *, int);
static int by_uid(const void *, const void *);
static int write_entries(const struct uiddb *, int);
static int uiddb_open(const char *, struct stat *);

/* "1 SP uidvalidity SP nextuid"; what follows on the line is ignored. */
static int
header(struct uiddb *db, const char *s, size_t len)
{
	const char *lf = s + len;
	size_t n;

	if (len < 2 || strncmp(s, "1 ", 2) != 0)
		return E_SYNTAX;
	s += 2;
	n = num_scan_u32(s, (size_t)(lf - s), &db->validity);
	if (n == 0 || s + n == lf || s[n] != ' ')
		return E_SYNTAX;
	s += n + 1;
	n = num_scan_u32(s, (size_t)(lf - s), &db->next);
	if (n == 0 || db->validity == 0)
		return E_SYNTAX;
	if (db->next == 0)
		db->next = 1;	/* the entries tell better */
	return E_OK;
}

/* uid SP identity; terminates the line. What cannot be read is no entry. */
static void
entry(struct uiddb *db, char *p, size_t len)
{
	char *end = p + len;
	size_t n;
	u32 uid;

	if (memchr(p, '\0', len) != NULL)
		return;
	*end = '\0';
	while (p < end && *p == ' ')
		p++;
	n = num_scan_u32(p, (size_t)(end - p), &uid);
	if (n == 0 || uid == 0 || p[n] != ' ')
		return;
	for (p += n; *p == ' '; p++)
		;
	p[md_name_id(p)] = '\0';
	uiddb_append(db, p, uid)->state = 0;
	db->listed++;
	if (uid >= db->next && uid != U32_MAX)
		db->next = uid + 1;
}

/* E_SYNTAX: the first line is not a header. */
static int
parse(struct uiddb *db, int fd)
{
	char *buf, *lf, *p;
	size_t have;
	ssize_t n;
	int r, first, skip;

	buf = mem_array(DB_STEP + 1, 1);
	r = E_OK;
	first = TRUE;
	skip = FALSE;
	for (have = 0, n = 1; r == E_OK && n > 0; ) {
		n = read(fd, buf + have, DB_STEP - have);
		if (n < 0 && errno == EINTR) {
			n = 1;
			continue;
		}
		if (n < 0)
			r = err_from_errno(errno);
		else
			have += (size_t)n;
		if (n == 0 && have > 0)
			buf[have++] = '\n';	/* the last line lacked it */
		for (p = buf; r == E_OK && (lf = memchr(p, '\n',
		    (size_t)(buf + have - p))) != NULL; p = lf + 1) {
			if (first)
				r = header(db, p, (size_t)(lf - p));
			else if (!skip)
				entry(db, p, (size_t)(lf - p));
			first = skip = FALSE;
		}
		have -= (size_t)(p - buf);
		memmove(buf, p, have);
		if (have > LINE_MAX_LEN) {
			have = 0;
			skip = TRUE;
		}
	}
	mem_free(buf);
	return r == E_OK && first ? E_SYNTAX : r;
}

static int
by_uid(const void *a, const void *b)
{
	const struct rec *x = a, *y = b;

	if (x->uid != y->uid)
		return x->uid < y->uid ? -1 : 1;
	return x->name < y->name ? -1 : x->name > y->name;
}

void
uiddb_sort(struct uiddb *db)
{
	size_t i, kept;
	int sorted;

	for (sorted = TRUE, i = 1; i < db->n && sorted; i++)
		sorted = db->v[i - 1].uid < db->v[i].uid;
	if (sorted)
		return;
	qsort(db->v, db->n, sizeof(*db->v), by_uid);
	for (i = kept = 1; i < db->n; i++)
		if (db->v[i].uid != db->v[kept - 1].uid)
			db->v[kept++] = db->v[i];
	db->n = kept;
}

/*
 * E_OK also when there is none or it is of no use: then validity is 0. An
 * error means that it is there but cannot be read now: nothing may be
 * concluded from that. A FIFO or device of that name is of no use either.
 */
/* Of a file that another client of an NFS server has just replaced the system
   says ESTALE: the new one is to be opened. Below 0: errno. */
static int
uiddb_open(const char *path, struct stat *st)
{
	int fd, no, tries = 0;

	for (;;) {
		fd = open(path, O_RDONLY | O_NONBLOCK);
		if (fd >= 0 && fstat(fd, st) == 0)
			return fd;
		no = errno;
		if (fd >= 0)
			close(fd);
		errno = no;
#ifdef ESTALE
		if (no == ESTALE && ++tries < STALE_TRIES)
			continue;
#endif
		return -1;
	}
}

int
uiddb_read(const char *dir, const struct names *like, struct uiddb *db)
{
	struct str path;
	struct stat st;
	int fd, r;

	memset(db, 0, sizeof(*db));
	names_init(&db->names, like);
	str_init(&path, 0);
	md_path(&path, dir, DB_NAME, NULL);
	fd = uiddb_open(str_c(&path), &st);
	r = fd < 0 ? err_from_errno(errno) : E_OK;
	str_free(&path);
	if (r == E_OK)
		r = S_ISREG(st.st_mode) ? parse(db, fd) : E_SYNTAX;
	if (fd >= 0)
		close(fd);
	if (r == E_SYNTAX || r == E_NOENT || r == E_PERM) {
		db->validity = db->next = 0;
		db->n = db->listed = 0;
		r = E_OK;
	}
	if (r != E_OK) {
		uiddb_free(db);
		return r;
	}
	uiddb_sort(db);
	names_index(&db->index, &db->names, db->v, db->n);
	return E_OK;
}

void
uiddb_free(struct uiddb *db)
{
	names_index_free(&db->index);
	names_free(&db->names);
	db->v = mem_free(db->v);
	db->n = db->size = 0;
}

struct rec *
uiddb_take(struct uiddb *db, const char *name)
{
	struct rec *rec;
	size_t i, id;

	id = md_name_id(name);
	/* Of two entries of one identity only the first counts. */
	i = names_find(&db->index, name, id, 0);
	if (i == NAMES_NONE || (db->v[i].state & REC_HERE))
		return NULL;
	rec = db->v + i;
	rec->state |= REC_HERE;
	rec->flags = (u8)md_name_flags(name);
	if (name[id] == '\0')
		rec->form = FORM_NONE;
	else if (md_name_usual(name + id, rec->flags))
		rec->form = FORM_USUAL;
	else
		names_add(&db->names, name, rec);
	return rec;
}

struct rec *
uiddb_taken(struct uiddb *db, const char *name)
{
	size_t i;

	i = names_find(&db->index, name, md_name_id(name), 0);
	return i != NAMES_NONE && (db->v[i].state & REC_HERE) ?
	    db->v + i : NULL;
}

/* The index does not know it: it is not taken again. */
struct rec *
uiddb_append(struct uiddb *db, const char *name, u32 uid)
{
	struct rec *rec;

	if (db->n == db->size) {
		db->size = db->size == 0 ? 64 : db->size * 2;
		db->v = mem_grow(db->v, db->size, sizeof(*db->v));
		db->index.recs = db->v;
	}
	rec = db->v + db->n++;
	memset(rec, 0, sizeof(*rec));
	rec->uid = uid;
	rec->state = REC_HERE;
	names_add(&db->names, name, rec);
	return rec;
}

void
uiddb_filter(struct uiddb *db, int with, int without)
{
	size_t i, kept;

	for (i = kept = 0; i < db->n; i++)
		if ((db->v[i].state & with) != 0 &&
		    (db->v[i].state & without) == 0)
			db->v[kept++] = db->v[i];
	db->n = kept;
}

static int
write_entries(const struct uiddb *db, int fd)
{
	struct str text, name;
	size_t i;
	int r;

	str_init(&text, 0);
	str_init(&name, 0);
	str_catf(&text, "1 %u %u\n", db->validity, db->next);
	for (r = E_OK, i = 0; i < db->n && r == E_OK; i++) {
		str_reset(&name);
		names_cat(&db->names, db->v + i, &name);
		str_catu32(&text, db->v[i].uid);
		str_catc(&text, ' ');
		str_cat(&text, str_c(&name), md_name_base(str_c(&name)));
		str_catc(&text, '\n');
		if (text.len >= DB_STEP) {
			r = file_write_all(fd, str_c(&text), text.len);
			str_reset(&text);
		}
	}
	if (r == E_OK)
		r = file_write_all(fd, str_c(&text), text.len);
	str_free(&text);
	str_free(&name);
	return r;
}

/*
 * Atomic: the old database stays until the new one is complete, and with
 * `sync` until it is on the disk: a UID that a client was told must not be
 * given to another message after a crash.
 */
int
uiddb_write(struct maildir *md, const char *dir, const struct uiddb *db)
{
	static u32 counter;
	struct str tmp, path, uniq;
	int fd, r;

	str_init(&tmp, 0);
	str_init(&path, 0);
	str_init(&uniq, 0);
	str_catf(&uniq, "imapuid_%u", counter++);
	md_name_tmp(&path, md, str_c(&uniq));
	md_path(&tmp, dir, "tmp", str_c(&path));
	md_path(&path, dir, DB_NAME, NULL);
	fd = open(str_c(&tmp), O_WRONLY | O_CREAT | O_EXCL, 0644);
	if (fd >= 0) {
		r = write_entries(db, fd);
		if (r == E_OK && md->opts.sync && fsync(fd) < 0)
			r = err_from_errno(errno);
		if (close(fd) < 0 && r == E_OK)
			r = err_from_errno(errno);
		if (r == E_OK && rename(str_c(&tmp), str_c(&path)) < 0)
			r = err_from_errno(errno);
		if (r != E_OK)
			unlink(str_c(&tmp));
		else if (md->opts.sync)
			r = file_sync_dir(dir);
	} else {
		r = err_from_errno(errno);
	}
	str_free(&tmp);
	str_free(&path);
	str_free(&uniq);
	return r;
}
