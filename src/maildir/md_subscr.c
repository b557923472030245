/* Subscriptions: courierimapsubscribed, maildir.md 5.1.
   SPDX-License-Identifier: ISC */

#include "base/base.h"

#include "base/ascii.h"
#include "base/file.h"
#include "base/mem.h"
#include "maildir/folder_int.h"

#define SUBS_FILE	"courierimapsubscribed"
#define SUBS_MAX	((size_t)16 * 1024 * 1024)

static int same(const char *, const char *);

/* INBOX in any case, the rest byte for byte. */
static int
same(const char *a, const char *b)
{
	if (ascii_casebegins(a, "INBOX") && ascii_casebegins(b, "INBOX")) {
		a += 5;
		b += 5;
	}
	return strcmp(a, b) == 0;
}

int
maildir_subs(struct maildir *md, struct vec *out)
{
	struct str path, text;
	const char *p, *lf, *end;
	int r;

	str_init(&path, 0);
	str_init(&text, SUBS_MAX);
	md_path(&path, md->path, SUBS_FILE, NULL);
	r = file_slurp(str_c(&path), SUBS_MAX, &text);
	for (p = str_c(&text), end = p + text.len; r == E_OK && p < end;
	    p = lf + 1) {
		lf = memchr(p, '\n', (size_t)(end - p));
		if (lf == NULL)
			lf = end;
		if (lf > p)
			vec_push(out, mem_dup(p, (size_t)(lf - p)));
	}
	str_free(&path);
	str_free(&text);
	return r == E_NOENT ? E_OK : r;
}

int
maildir_subscribe(struct maildir *md, const char *name, int on)
{
	static u32 counter;
	struct str text, path, tmp, uniq;
	struct vec subs;
	size_t i;
	int r, found;

	if (strchr(name, '\n') != NULL)
		return E_INVAL;
	vec_init(&subs);
	r = maildir_subs(md, &subs);
	str_init(&text, SUBS_MAX);
	str_init(&path, 0);
	str_init(&tmp, 0);
	str_init(&uniq, 0);
	for (i = 0, found = FALSE; i < subs.n; i++) {
		if (same(subs.v[i], name)) {
			found = TRUE;
			if (!on)
				continue;
		}
		str_cats(&text, subs.v[i]);
		str_catc(&text, '\n');
	}
	if (on && !found) {
		str_cats(&text, name);
		str_catc(&text, '\n');
	}
	if (text.toobig)
		r = E_TOOBIG;
	if (r == E_OK && !(on && found)) {
		str_catf(&uniq, "imapsubscribe%u", counter++);
		md_name_tmp(&path, md, str_c(&uniq));
		md_path(&tmp, md->path, "tmp", str_c(&path));
		md_path(&path, md->path, SUBS_FILE, NULL);
		r = file_replace(str_c(&path), str_c(&tmp), str_c(&text),
		    text.len, 0644, md->opts.sync);
	}
	vec_free_all(&subs);
	str_free(&text);
	str_free(&path);
	str_free(&tmp);
	str_free(&uniq);
	return r;
}
