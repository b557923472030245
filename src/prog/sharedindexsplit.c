/* sharedindexsplit: one list of accounts to the files of an index
   (maildir.md 10.6).  SPDX-License-Identifier: ISC */

#include "base/base.h"

#include <sys/stat.h>
#include <stdio.h>

#include "base/i18n.h"
#include "base/io.h"
#include "base/map.h"
#include "base/num.h"
#include "base/str.h"

#include "charset/utf8.h"

#include "conf/options.h"

#define LINE_MAX_BYTES	65536
#define LETTERS_MAX	8	/* as many groups in groups as are followed */
#define FIELDS		6	/* name uid gid home maildir options */
#define FIELDS_MIN	4

/* What has been made of the input. */
struct job {
	const char	*dir;
	u32		letters;
	struct map	*groups;	/* file and name of those written */
};

static int append(const struct job *, const char *, const char *);
static int prefix(const char *, u32, struct str *);
static int groups(struct job *, const char *);
static int split(struct str *, struct str *, struct str *);
static int file_of(struct job *, const char *, const char *, struct str *);
static int account(struct job *, struct str *);
static int run(struct job *);

/* Files are appended to. */
static int
append(const struct job *job, const char *file, const char *line)
{
	struct str path;
	FILE *f;
	int r;

	str_init(&path, 0);
	str_catf(&path, "%s/index%s", job->dir, file);
	f = fopen(str_c(&path), "a");
	r = f == NULL || fprintf(f, "%s\n", line) < 0 ? E_TEMP : E_OK;
	if (f != NULL && fclose(f) != 0)
		r = E_TEMP;
	if (r != E_OK)
		fprintf(stderr, "%s: %s\n", str_c(&path), strerror(errno));
	str_free(&path);
	return r;
}

/* Appends the first n characters of a name, filled up with '_'. E_SYNTAX: it
   makes no file name. */
static int
prefix(const char *name, u32 n, struct str *out)
{
	size_t used;
	u32 cp;

	for (; n > 0; n--) {
		used = utf8_decode(name, strlen(name), &cp);
		if (*name != '\0' && (used == 0 || *name == '/'))
			return E_SYNTAX;
		if (*name == '\0')
			str_catc(out, '_');
		else
			str_cat(out, name, used);
		name += used;
	}
	return E_OK;
}

/* The lines of the groups that lead to the file of a name, once each. */
static int
groups(struct job *job, const char *name)
{
	struct str above, group, line;
	u32 n;
	int r;

	str_init(&above, 0);
	str_init(&group, 0);
	str_init(&line, 0);
	for (n = 1, r = E_OK; n <= job->letters && r == E_OK; n++) {
		str_reset(&group);
		r = prefix(name, n, &group);
		if (r == E_OK && map_puts(job->groups, str_c(&group), job) ==
		    NULL) {
			str_reset(&line);
			str_catf(&line, "%s\t*\tindex%s", str_c(&group),
			    str_c(&group));
			r = append(job, str_c(&above), str_c(&line));
		}
		str_reset(&above);
		str_catstr(&above, &group);
	}
	str_free(&above);
	str_free(&group);
	str_free(&line);
	return r;
}

/* The account's name and its options, which no index has; what else is in the
   line stays. E_NOENT: it is no account. */
static int
split(struct str *line, struct str *out_name, struct str *out_options)
{
	const char *s = str_c(line);
	size_t at[FIELDS + 1], n;
	struct str rest;

	for (n = 0, at[0] = 0; n < FIELDS; n++) {
		at[n + 1] = at[n] + strcspn(s + at[n], "\t");
		if (s[at[n + 1]] == '\0')
			break;
		at[n + 1]++;
	}
	if (n + 1 < FIELDS_MIN)
		return E_NOENT;
	str_cat(out_name, s, at[1] - 1);
	if (n + 1 < FIELDS)
		return E_OK;
	str_cat(out_options, s + at[FIELDS - 1], at[FIELDS] -
	    at[FIELDS - 1] - (n == FIELDS));
	str_init(&rest, 0);
	if (n == FIELDS)
		str_catf(&rest, "\t%s", s + at[FIELDS]);
	str_trunc(line, at[FIELDS - 1] - 1);
	str_catstr(line, &rest);
	str_free(&rest);
	return E_OK;
}

/* The part of the file's name behind "index". */
static int
file_of(struct job *job, const char *name, const char *options,
    struct str *out)
{
	const char *v;
	size_t n;
	int r;

	if (job->letters > 0) {
		r = groups(job, name);
		if (r == E_OK)
			r = prefix(name, job->letters, out);
		return r;
	}
	v = option_next(&options, "sharedgroup", &n);
	if (v == NULL)
		return E_OK;
	str_cat(out, v, n);
	return memchr(v, '/', n) != NULL ? E_SYNTAX : E_OK;
}

static int
account(struct job *job, struct str *line)
{
	struct str name, options, file;
	int r;

	str_trunc(line, strcspn(str_c(line), "#"));
	str_init(&name, 0);
	str_init(&options, 0);
	str_init(&file, 0);
	r = split(line, &name, &options);
	if (r == E_OK)
		r = file_of(job, str_c(&name), str_c(&options), &file);
	if (r == E_OK)
		r = append(job, str_c(&file), str_c(line));
	if (r == E_SYNTAX)
		fprintf(stderr, _("%s: cannot be the name of a file\n"),
		    str_c(&name));
	str_free(&name);
	str_free(&options);
	str_free(&file);
	return r == E_SYNTAX || r == E_NOENT ? E_OK : r;
}

static int
run(struct job *job)
{
	struct str line;
	struct io *io;
	int r;

	str_init(&line, LINE_MAX_BYTES);
	io = io_fd_new(STDIN_FILENO, -1);
	do {
		str_reset(&line);
		r = io_get_line(io, LINE_MAX_BYTES, &line);
		if (r == E_OK || (r == E_EOF && line.len > 0))
			r = account(job, &line);
	} while (r == E_OK);
	io_free(&io);
	str_free(&line);
	return r == E_EOF ? E_OK : r;
}

int
main(int argc, char **argv)
{
	struct job job;
	struct stat st;
	int r;

	i18n_init();
	memset(&job, 0, sizeof(job));
	/* As Courier: what is no number is none. */
	if (argc > 2)
		(void)num_scan_u32(argv[2], strlen(argv[2]), &job.letters);
	if (argc < 2 || job.letters > LETTERS_MAX ||
	    stat(argv[1], &st) < 0 || !S_ISDIR(st.st_mode)) {
		fprintf(stderr, "Usage: %s outputdir [ letters ]\n", argv[0]);
		return 2;
	}
	job.dir = argv[1];
	job.groups = map_new(0);
	r = run(&job);
	map_free(&job.groups);
	if (r == E_TOOBIG)
		fputs(_("A line is too long.\n"), stderr);
	return r == E_OK ? 0 : 1;
}
