/* The warning that an account is nearly full, maildir.md 6.8.
   SPDX-License-Identifier: ISC */

#include "base/base.h"

#include <sys/stat.h>
#include <fcntl.h>
#include <stdio.h>

#include "base/clock.h"
#include "base/file.h"
#include "mail/date822.h"
#include "maildir/folder_int.h"

#define STAMP		"quotawarn"	/* its mtime: when the last one went */
#define TEXT_MAX	((size_t)1024 * 1024)
#define SCALE_FROM	20000000	/* larger numbers are divided by */
#define SCALE		1024

static u64 percent_of(i64, u64);
static u64 how_full(const struct md_quota *);
static int is_time(struct maildir *);
static void head(struct maildir *, struct str *);
static int send_text(struct maildir *, const struct str *);

static u64
percent_of(i64 used, u64 max)
{
	u64 n = used < 0 ? 0 : (u64)used;

	if (max == 0)
		return 0;
	if (n > max)
		return 100;
	if (max > SCALE_FROM) {
		n /= SCALE;
		max /= SCALE;
	}
	return n * 100 / max;
}

static u64
how_full(const struct md_quota *q)
{
	u64 bytes, count;

	bytes = percent_of(q->bytes, q->max_bytes);
	count = percent_of(q->count, q->max_count);
	return bytes > count ? bytes : count;
}

/* TRUE at most once in WARN_SECONDS: the stamp is set for it. */
static int
is_time(struct maildir *md)
{
	struct stat st;
	struct str path;
	int fd, yes;

	str_init(&path, 0);
	md_path(&path, md->path, STAMP, NULL);
	yes = FALSE;
	if (stat(str_c(&path), &st) < 0 ||
	    st.st_mtime + WARN_SECONDS <= clock_now()) {
		fd = open(str_c(&path), O_WRONLY | O_CREAT | O_TRUNC, 0666);
		yes = fd >= 0 && file_write_all(fd, "", 1) == E_OK;
		if (fd >= 0)
			close(fd);
	}
	str_free(&path);
	return yes;
}

static void
head(struct maildir *md, struct str *out)
{
	struct date822 d;
	char date[DATE822_BUF];
	time_t now;

	now = clock_now();
	date822_local((i64)now, &d);
	(void)date822_format(date, &d);
	str_catf(out, "Date: %s\nMessage-Id: <%lu.overquota@%s>\n", date,
	    (unsigned long)now, md->host);
}

static int
send_text(struct maildir *md, const struct str *text)
{
	struct upload *u;
	struct folder *f;
	int r;

	r = folder_open(md, "", FOLDER_ADD, &f);
	if (r != E_OK)
		return r;
	r = md_upload_begin(f, "warn", &u);
	if (r == E_OK) {
		(void)upload_write(u, str_c(text), text->len);
		r = folder_deliver(f, &u);
	}
	folder_close(&f);
	return r;
}

int
maildir_warn(struct maildir *md, u32 percent, const char *file)
{
	struct md_quota q;
	struct str text;
	int r;

	r = maildir_quota(md, &q);
	if (r != E_OK || (q.max_bytes == 0 && q.max_count == 0))
		return r == E_NOENT ? E_OK : r;
	if (how_full(&q) < percent)
		return E_OK;
	str_init(&text, TEXT_MAX);
	head(md, &text);
	if (file_slurp(file, TEXT_MAX, &text) == E_OK && is_time(md))
		r = send_text(md, &text);
	str_free(&text);
	return r;
}
