/* maildirmake --add, --del: whose folders are seen as `shared.`.
   SPDX-License-Identifier: ISC */

#include "base/base.h"

#include <sys/stat.h>
#include <stdio.h>

#include "base/file.h"
#include "base/i18n.h"
#include "base/str.h"

#include "conf/env.h"

#include "maildir/folder.h"

#include "prog/mm.h"

#define FILE_MAX	((size_t)16 * 1024 * 1024)

static void own_file(const char *, struct str *);
static int is_line_of(const char *, const char *);
static int without(const char *, const char *, struct str *, int *);
static int replace(const char *, const struct str *);

static void
own_file(const char *maildir, struct str *out)
{
	str_reset(out);
	str_catf(out, "%s/" MD_SHARED_LIST, maildir);
}

static int
is_line_of(const char *line, const char *name)
{
	size_t n;

	n = strlen(name);
	return strncmp(line, name, n) == 0 &&
	    (line[n] == ' ' || line[n] == '\t');
}

/* The file's text but for the lines of a name; none is no text. */
static int
without(const char *path, const char *name, struct str *out, int *out_found)
{
	struct str text;
	const char *p;
	size_t n;
	int r;

	*out_found = FALSE;
	str_init(&text, FILE_MAX);
	r = file_slurp(path, FILE_MAX, &text);
	for (p = str_c(&text); r == E_OK && *p != '\0'; p += n) {
		n = strcspn(p, "\n");
		n += p[n] == '\n';
		if (is_line_of(p, name))
			*out_found = TRUE;
		else
			str_cat(out, p, n);
	}
	if (out->len > 0 && out->data[out->len - 1] != '\n')
		str_catc(out, '\n');
	str_free(&text);
	return r == E_NOENT ? E_OK : r;
}

static int
replace(const char *maildir, const struct str *text)
{
	struct str path, tmp;
	int r;

	str_init(&path, 0);
	str_init(&tmp, 0);
	own_file(maildir, &path);
	str_catf(&tmp, "%s/tmp/" MD_SHARED_LIST ".%lu", maildir,
	    (unsigned long)getpid());
	r = file_replace(str_c(&path), str_c(&tmp), str_c(text), text->len,
	    0644, TRUE);
	str_free(&path);
	str_free(&tmp);
	return r == E_OK ? 0 : mm_fail(maildir, _(err_text(r)));
}

/* What the readers would cut off, or take for two names, is refused. */
int
mm_add(const char *link, const char *maildir)
{
	struct str name, path, text;
	struct stat st;
	const char *target;
	int r, found, all;

	target = strchr(link, '=');
	if (target == NULL || *++target != '/')
		return -1;
	str_init(&name, 0);
	str_init(&path, 0);
	str_init(&text, FILE_MAX);
	str_cat(&name, link, (size_t)(target - 1 - link));
	found = all = FALSE;
	own_file(maildir, &path);
	if (name.len == 0 || strpbrk(str_c(&name), "./ \t\n#") != NULL)
		r = mm_fail(str_c(&name), _("invalid name"));
	else if (strpbrk(target, " \t\n#") != NULL)
		r = mm_fail(target, _("invalid name"));
	else if (stat(target, &st) < 0)
		r = mm_fail(target, strerror(errno));
	else if (stat(maildir, &st) < 0)
		r = mm_fail(maildir, strerror(errno));
	else if (without(str_c(&path), str_c(&name), &text, &found) != E_OK)
		r = mm_fail(str_c(&path), strerror(errno));
	else
		r = 0;
	if (r == 0 && !found) {
		str_reset(&path);
		str_catf(&path, "%s/" MD_SHARED_GLOBAL,
		    env_or("CHAPAR_IMAPCONFDIR", PATH_IMAPCONFDIR));
		str_catf(&text, "%s\t%s\n", str_c(&name), target);
		(void)without(str_c(&path), str_c(&name), &name, &all);
	}
	if (r == 0 && found) {
		fprintf(stderr, _("%s: already defined as a sharable "
		    "maildir.\n"), str_c(&name));
		r = 2;
	} else if (r == 0 && all) {
		str_trunc(&name, (size_t)(target - 1 - link));
		fprintf(stderr, _("%s: already defined as a sharable maildir "
		    "in %s.\n"), str_c(&name), str_c(&path));
		r = 2;
	} else if (r == 0)
		r = replace(maildir, &text);
	str_free(&name);
	str_free(&path);
	str_free(&text);
	return r;
}

int
mm_del(const char *name, const char *maildir)
{
	struct str path, text;
	struct stat st;
	int r, found;

	str_init(&path, 0);
	str_init(&text, FILE_MAX);
	own_file(maildir, &path);
	if (stat(maildir, &st) < 0)
		r = mm_fail(maildir, strerror(errno));
	else if (without(str_c(&path), name, &text, &found) != E_OK)
		r = mm_fail(str_c(&path), strerror(errno));
	else if (!found)
		r = mm_fail(name, _("not found."));
	else
		r = replace(maildir, &text);
	str_free(&path);
	str_free(&text);
	return r;
}
