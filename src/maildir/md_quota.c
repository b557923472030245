/* The account's maildirsize, maildir.md 6.  SPDX-License-Identifier: ISC */

/*
 * A sum that many programs append to without a lock: it is never exact for
 * long, and no message is lost or refused by a race alone.
 */

#include "base/base.h"

#include <sys/stat.h>
#include <fcntl.h>
#include <stdio.h>

#include "base/ascii.h"
#include "base/clock.h"
#include "base/file.h"
#include "base/log.h"
#include "base/mem.h"
#include "base/num.h"
#include "maildir/folder_int.h"

#define SIZE_NAME	"maildirsize"
#define SIZE_MAX_BYTES	5120	/* from here on it is made anew */
#define SIZE_READ_MAX	((size_t)1024 * 1024)
#define SIZE_FRESH	(15 * 60)	/* seconds that one line is believed */
#define SIZE_TRIES	5	/* when mail comes while we count */
#define PARENTS_MAX	8	/* from a folder up to its account */
#define OWED_LINES_MAX	4096	/* bytes of entries that wait */

struct quota {
	struct str	path;
	char		*def;		/* first line as it is */
	struct md_quota	sum;
	size_t		lines;		/* but for the first */
	off_t		size;
	time_t		mtime;
};

static void size_path(const struct maildir *, struct str *);
static int parse_def(const char *, u64 *, u64 *);
static const char *signed_number(const char *, i64 *);
static void parse_entries(struct quota *, const char *);
static int quota_read(struct maildir *, struct quota *);
static void quota_free(struct quota *);
static void cat_entry(struct str *, i64, i64);
static int recount(struct maildir *, struct quota *, i64, i64);
static int over(const struct quota *, u64, u64);
static int doubtful(const struct quota *);
static void complain(const char *);
static int redefine(struct maildir *, struct quota *);
static void pay(struct maildir *, struct quota *, struct md_owed *);

static void
size_path(const struct maildir *md, struct str *out)
{
	struct str up, probe;
	int i;

	str_init(&up, 0);
	str_init(&probe, 0);
	str_cats(&up, md->path);
	for (i = 0; i < PARENTS_MAX; i++) {
		md_path(&probe, str_c(&up), "maildirfolder", NULL);
		if (access(str_c(&probe), F_OK) < 0)
			break;
		str_cats(&up, "/..");
	}
	md_path(out, str_c(&up), SIZE_NAME, NULL);
	str_free(&up);
	str_free(&probe);
}

/* *( *non-digit 1*DIGIT ("S" / "C" / other) ). TRUE if there is a limit. */
static int
parse_def(const char *s, u64 *out_bytes, u64 *out_count)
{
	size_t n;
	u64 v;

	*out_bytes = *out_count = 0;
	while (*s != '\0' && *s != '\n') {
		n = num_scan_u64(s, strlen(s), &v);
		s += n > 0 ? n : 1;
		if (n > 0 && *s == 'S')
			*out_bytes = v;
		else if (n > 0 && *s == 'C')
			*out_count = v;
	}
	return *out_bytes != 0 || *out_count != 0;
}

static const char *
signed_number(const char *s, i64 *out)
{
	size_t n;
	u64 v;
	int neg;

	while (*s == ' ' || *s == '\t')
		s++;
	neg = *s == '-';
	if (*s == '-' || *s == '+')
		s++;
	n = num_scan_u64(s, strlen(s), &v);
	*out = neg ? -(i64)v : (i64)v;
	return n > 0 ? s + n : NULL;
}

/* A line that is no entry adds nothing but counts as a line. */
static void
parse_entries(struct quota *q, const char *s)
{
	const char *p;
	i64 bytes, count;

	for (; s != NULL && *s != '\0'; s = *s == '\0' ? s : s + 1) {
		q->lines++;
		p = signed_number(s, &bytes);
		p = p != NULL ? signed_number(p, &count) : NULL;
		if (p != NULL) {
			q->sum.bytes += bytes;
			q->sum.count += count;
		}
		s += strcspn(s, "\n");
	}
}

/* E_NOENT: there is no quota. */
static int
quota_read(struct maildir *md, struct quota *q)
{
	struct stat st;
	struct str text;
	size_t len;
	int r;

	memset(q, 0, sizeof(*q));
	str_init(&q->path, 0);
	str_init(&text, 0);
	size_path(md, &q->path);
	r = stat(str_c(&q->path), &st) < 0 ? err_from_errno(errno) : E_OK;
	if (r == E_OK && !S_ISREG(st.st_mode))
		r = E_NOENT;
	if (r == E_OK)
		r = file_slurp(str_c(&q->path), SIZE_READ_MAX, &text);
	if (r == E_OK) {
		q->size = st.st_size;
		q->mtime = st.st_mtime;
		len = strcspn(str_c(&text), "\n");
		q->def = mem_dup(str_c(&text), len);
		(void)parse_def(q->def, &q->sum.max_bytes, &q->sum.max_count);
		if (str_c(&text)[len] == '\n')
			parse_entries(q, str_c(&text) + len + 1);
	}
	str_free(&text);
	return r;
}

static void
quota_free(struct quota *q)
{
	str_free(&q->path);
	q->def = mem_free(q->def);
}

/* ---- writing ------------------------------------------------------------- */

/* Two numbers, each as wide as 12 or more. */
static void
cat_entry(struct str *out, i64 bytes, i64 count)
{
	char buf[NUM_BUF];
	size_t n;

	for (n = num_i64(buf, bytes); n < 12; n++)
		str_catc(out, ' ');
	str_cats(out, buf);
	str_catc(out, ' ');
	for (n = num_i64(buf, count); n < 12; n++)
		str_catc(out, ' ');
	str_cats(out, buf);
	str_catc(out, '\n');
}

/*
 * Makes the file anew: the definition of q and one entry. If `bytes` and `n`
 * are not 0 they are the last change, which was counted: it has its own entry.
 * E_BUSY: mail came every time while we counted.
 */
static int
recount(struct maildir *md, struct quota *q, i64 bytes, i64 n)
{
	struct str text, tmp;
	struct md_quota again;
	char host[256];
	time_t newest;
	int r, try;

	if (gethostname(host, sizeof(host)) < 0)
		host[0] = '\0';
	host[sizeof(host) - 1] = '\0';
	str_init(&text, 0);
	str_init(&tmp, 0);
	r = E_BUSY;
	for (try = 0; r == E_BUSY && try < SIZE_TRIES; try++) {
		newest = md_quota_count(md, &q->sum);
		str_reset(&text);
		str_catf(&text, "%s\n", q->def);
		cat_entry(&text, q->sum.bytes - bytes, q->sum.count - n);
		if (bytes != 0 || n != 0)
			cat_entry(&text, bytes, n);
		str_reset(&tmp);
		str_catf(&tmp, "%s/tmp/%lu.%lu_NeWmAiLdIrSiZe.%s", md->path,
		    (unsigned long)clock_now(), (unsigned long)getpid(), host);
		r = file_replace(str_c(&q->path), str_c(&tmp), str_c(&text),
		    text.len, 0644, FALSE);
		if (r == E_OK && md_quota_count(md, &again) != newest)
			r = E_BUSY;
	}
	q->lines = 1;
	q->size = (off_t)text.len;
	q->mtime = clock_now();
	str_free(&text);
	str_free(&tmp);
	return r;
}

/* ---- asking and telling ------------------------------------------------- */

static int
over(const struct quota *q, u64 bytes, u64 n)
{
	return (q->sum.max_bytes != 0 && q->sum.bytes + (i64)bytes > 0 &&
	    (u64)(q->sum.bytes + (i64)bytes) > q->sum.max_bytes) ||
	    (q->sum.max_count != 0 && q->sum.count + (i64)n > 0 &&
	    (u64)(q->sum.count + (i64)n) > q->sum.max_count);
}

static int
doubtful(const struct quota *q)
{
	return q->size >= SIZE_MAX_BYTES || q->sum.bytes < 0 || q->sum.count < 0;
}

/* A number without its letter: the administrator meant a quota. */
static void
complain(const char *def)
{
	size_t n;

	for (n = 0; def[n] != '\0' && !ascii_isdigit(def[n]); n++)
		;
	if (def[n] != '\0')
		log_warn("quota string '%s' not parseable", def);
}

/* The account's definition, if it is one, stands above the file's. Returns
   TRUE if q has changed. */
static int
redefine(struct maildir *md, struct quota *q)
{
	struct str def;
	u64 bytes, count;

	if (md->quota == NULL)
		return FALSE;
	if (!parse_def(md->quota, &bytes, &count)) {
		complain(md->quota);
		return FALSE;
	}
	if (q->def != NULL && bytes == q->sum.max_bytes &&
	    count == q->sum.max_count)
		return FALSE;
	str_init(&def, 0);
	if (bytes != 0) {
		str_catu64(&def, bytes);
		str_catc(&def, 'S');
	}
	if (count != 0) {
		str_cats(&def, bytes != 0 ? "," : "");
		str_catu64(&def, count);
		str_catc(&def, 'C');
	}
	mem_free(q->def);
	q->def = str_take(&def);
	q->sum.max_bytes = bytes;
	q->sum.max_count = count;
	return TRUE;
}

int
md_quota_room(struct maildir *md, u64 bytes, u32 n)
{
	struct quota q;
	int r;

	if (n == 0)
		return E_OK;
	r = quota_read(md, &q);
	if (r == E_OK || r == E_NOENT) {
		if (redefine(md, &q) || (r == E_OK && doubtful(&q)))
			r = recount(md, &q, 0, 0);
		if (r == E_OK && over(&q, bytes, n) && (q.lines > 1 ||
		    q.mtime + SIZE_FRESH <= clock_now()))
			r = recount(md, &q, 0, 0);
		if (r == E_OK && over(&q, bytes, n))
			r = E_QUOTA;
	}
	quota_free(&q);
	return r == E_QUOTA ? E_QUOTA : E_OK;
}

void
md_owed_init(struct md_owed *o)
{
	str_init(&o->lines, 0);
	o->bytes = o->n = o->rest_bytes = o->rest_n = 0;
}

/* An entry for each message, as Courier has it; one for all the rest of a
   change that is too large for that. */
void
md_owed_add(struct md_owed *o, i64 bytes, i64 n)
{
	o->bytes += bytes;
	o->n += n;
	if (o->lines.len < OWED_LINES_MAX) {
		cat_entry(&o->lines, bytes, n);
	} else {
		o->rest_bytes += bytes;
		o->rest_n += n;
	}
}

/* Appends what is owed, or counts anew. */
static void
pay(struct maildir *md, struct quota *q, struct md_owed *o)
{
	int fd;

	if (o->rest_bytes != 0 || o->rest_n != 0)
		cat_entry(&o->lines, o->rest_bytes, o->rest_n);
	if (doubtful(q)) {
		(void)recount(md, q, o->bytes, o->n);
		return;
	}
	fd = open(str_c(&q->path), O_WRONLY | O_APPEND);
	if (fd < 0)
		return;
	(void)file_write_all(fd, str_c(&o->lines), o->lines.len);
	close(fd);
}

void
md_owed_tell(struct maildir *md, struct md_owed *o)
{
	struct quota q;

	if (o->lines.len > 0) {
		if (quota_read(md, &q) == E_OK)
			pay(md, &q, o);
		quota_free(&q);
	}
	str_free(&o->lines);
	md_owed_init(o);
}

void
md_quota_record(struct maildir *md, i64 bytes, i64 n)
{
	struct md_owed o;

	if (bytes == 0 && n == 0)
		return;
	md_owed_init(&o);
	md_owed_add(&o, bytes, n);
	md_owed_tell(md, &o);
}

int
maildir_set_quota(struct maildir *md)
{
	struct quota q;
	u64 bytes, count;
	int r;

	if (md->quota == NULL || !parse_def(md->quota, &bytes, &count))
		return E_INVAL;
	r = quota_read(md, &q);
	if (r == E_OK || r == E_NOENT) {
		(void)redefine(md, &q);
		r = recount(md, &q, 0, 0);
	}
	quota_free(&q);
	return r;
}

void
md_quota_recount(struct maildir *md)
{
	struct quota q;

	if (quota_read(md, &q) == E_OK)
		(void)recount(md, &q, 0, 0);
	quota_free(&q);
}

int
maildir_quota(struct maildir *md, struct md_quota *out)
{
	struct quota q;
	int r;

	r = quota_read(md, &q);
	*out = q.sum;
	quota_free(&q);
	return r;
}
