/* maildirmake --checkutf8, --convutf8.  SPDX-License-Identifier: ISC */

/*
 * Servers before Courier 5.0 wrote names in modified UTF-7. All is checked
 * before anything is changed. A name that has 8-bit bytes is in UTF-8 already;
 * Courier would encode it once more.
 */

#include "base/base.h"

#include <sys/stat.h>
#include <stdio.h>

#include "base/file.h"
#include "base/i18n.h"
#include "base/mem.h"
#include "base/str.h"
#include "base/vec.h"

#include "charset/utf7imap.h"
#include "charset/utf8.h"

#include "maildir/folder.h"

#include "prog/mm.h"

#define SUBS_FILE	"courierimapsubscribed"
#define FILE_MAX	((size_t)16 * 1024 * 1024)

enum { CHECK, TELL, CONVERT };		/* what is done with each folder */

static int convert_name(const char *, size_t, struct str *);
static int by_name(const void *, const void *);
static int bad_name(const char *, size_t);
static int subscriptions(const char *, struct str *, int *);
static int one_folder(const char *, const char *, int);
static int folders(const char *, int);
static int run(const char *, const char *, int);

/* Appends the name in UTF-8; E_SYNTAX: it is in neither. */
static int
convert_name(const char *s, size_t n, struct str *out)
{
	const char *dot;
	size_t len;
	int r;

	if (!utf8_is_ascii(s, n))
		return utf8_valid(s, n) ? str_cat(out, s, n) : E_SYNTAX;
	for (r = E_OK; r == E_OK; s = dot + 1) {
		dot = memchr(s, '.', n);
		len = dot != NULL ? (size_t)(dot - s) : n;
		r = utf7imap_decode(s, len, out);
		if (dot == NULL)
			break;
		str_catc(out, '.');
		n -= len + 1;
	}
	return r;
}

static int
by_name(const void *a, const void *b)
{
	return strcmp(*(char *const *)a, *(char *const *)b);
}

static int
bad_name(const char *s, size_t n)
{
	fprintf(stderr, _("Error: INBOX%s%.*s: does not appear to be valid "
	    "modified-UTF7\n"), n > 0 ? "." : "", (int)n, s);
	return 1;
}

/* The new text of the subscriptions. A line that is in neither stays. */
static int
subscriptions(const char *path, struct str *out, int *out_changed)
{
	struct str text;
	const char *p;
	size_t n, at;
	int r, status;

	*out_changed = FALSE;
	status = 0;
	str_init(&text, FILE_MAX);
	r = file_slurp(path, FILE_MAX, &text);
	if (r != E_OK && r != E_NOENT)
		status = mm_fail(path, _(err_text(r)));
	for (p = str_c(&text); *p != '\0'; p += n + (p[n] == '\n')) {
		n = strcspn(p, "\n");
		at = out->len;
		if (convert_name(p, n, out) != E_OK) {
			str_trunc(out, at);
			str_cat(out, p, n);
		} else if (out->len - at != n ||
		    memcmp(out->data + at, p, n) != 0) {
			printf("Subscription to %.*s changed to %s\n", (int)n,
			    p, out->data + at);
			*out_changed = TRUE;
		}
		str_catc(out, '\n');
	}
	str_free(&text);
	return status;
}

static int
one_folder(const char *maildir, const char *dir, int step)
{
	struct str name, from, to;
	struct stat st;
	int status;

	str_init(&name, 0);
	str_init(&from, 0);
	str_init(&to, 0);
	status = 0;
	if (convert_name(dir, strlen(dir), &name) != E_OK)
		status = bad_name(dir, strlen(dir));
	else if (strcmp(str_c(&name), dir) != 0) {
		str_catf(&from, "%s/.%s", maildir, dir);
		str_catf(&to, "%s/.%s", maildir, str_c(&name));
		if (lstat(str_c(&to), &st) == 0)
			status = mm_fail(str_c(&to), strerror(EEXIST));
		else if (step == CONVERT &&
		    rename(str_c(&from), str_c(&to)) < 0)
			status = mm_fail(str_c(&from), strerror(errno));
		else if (step == TELL)
			printf("Rename INBOX.%s to INBOX.%s\n", dir,
			    str_c(&name));
	}
	str_free(&name);
	str_free(&from);
	str_free(&to);
	return status;
}

static int
folders(const char *maildir, int step)
{
	struct maildir *md;
	struct md_opts opts;
	struct vec names;
	size_t i;
	int status;

	memset(&opts, 0, sizeof(opts));
	md = maildir_new(maildir, &opts);
	vec_init(&names);
	(void)maildir_list(md, &names);
	if (names.n > 1)
		qsort(names.v, names.n, sizeof(*names.v), by_name);
	for (i = 0, status = 0; i < names.n; i++)
		if (*(char *)names.v[i] != '\0')
			status |= one_folder(maildir, names.v[i], step);
	vec_free_all(&names);
	maildir_free(&md);
	return status;
}

int
mm_check_utf8(const char *maildir, const char *filter)
{
	return run(maildir, filter, FALSE);
}

int
mm_conv_utf8(const char *maildir, const char *filter)
{
	return run(maildir, filter, TRUE);
}

static int
run(const char *maildir, const char *filter, int convert)
{
	struct str path, tmp, text;
	int status, changed, r;

	printf("Checking %s:\n", maildir);
	fflush(stdout);
	str_init(&path, 0);
	str_init(&tmp, 0);
	str_init(&text, FILE_MAX);
	str_catf(&path, "%s/" SUBS_FILE, maildir);
	str_catf(&tmp, "%s/tmp/" SUBS_FILE ".%lu", maildir,
	    (unsigned long)getpid());
	status = subscriptions(str_c(&path), &text, &changed);
	status |= folders(maildir, CHECK);
	if (status == 0)
		status = folders(maildir, TELL);
	if (status == 0 && changed)
		printf("%s %s\n", convert ? "Updating" : "Verified",
		    str_c(&path));
	if (status == 0 && convert)
		status = folders(maildir, CONVERT);
	if (status == 0 && convert && changed) {
		r = file_replace(str_c(&path), str_c(&tmp), str_c(&text),
		    text.len, 0644, TRUE);
		if (r != E_OK)
			status = mm_fail(str_c(&path), _(err_text(r)));
	}
	if (status == 0 && filter != NULL && access(filter, F_OK) == 0)
		fprintf(stderr, _("Error: cannot load %s\n"), filter);
	str_free(&path);
	str_free(&tmp);
	str_free(&text);
	return status;
}
