/* maildirmake: makes maildirs, folders, quotas and links (maildir.md 10.1).
   SPDX-License-Identifier: ISC */

#include "base/base.h"

#include <sys/stat.h>
#include <fcntl.h>
#include <langinfo.h>
#include <stdio.h>

#include "base/i18n.h"
#include "base/log.h"
#include "base/str.h"

#include "charset/charset.h"

#include "maildir/folder.h"

#include "prog/mm.h"

#define SHARED_READ	0755
#define SHARED_WRITE	01755		/* others remove their own only */
#define FOR_GROUP	~(mode_t)0007	/* what others lose */

struct job {
	const char	*maildir;
	const char	*folder;	/* -f */
	const char	*words;		/* -F */
	const char	*mode;		/* -s */
	const char	*quota;		/* -q */
	int		shared;		/* -S */
};

static int usage(void);
static int parse(int, char **, struct job *);
static int with_word(int, char **);
static void modes(const struct job *, int, mode_t *, mode_t *);
static int make_dir(const char *, mode_t);
static int make(const char *, mode_t, mode_t);
static int mark_folder(const char *);
static int folder_name_of(const struct job *, struct str *);
static int set_quota(const struct job *);
static int run(const struct job *);

int
mm_fail(const char *what, const char *why)
{
	fprintf(stderr, "%s: %s\n", what, why);
	return 1;
}

/* On standard output, as scripts know it. */
static int
usage(void)
{
	fputs("Usage: maildirmake [ options ] maildir\n", stdout);
	return 1;
}

/* ---- options ------------------------------------------------------------ */

/* E_SYNTAX. */
static int
parse(int argc, char **argv, struct job *job)
{
	int c;

	memset(job, 0, sizeof(*job));
	opterr = 0;
	while ((c = getopt(argc, argv, "Sf:F:s:q:")) != -1)
		switch (c) {
		case 'S':
			job->shared = TRUE;
			break;
		case 'f':
			job->folder = optarg;
			break;
		case 'F':
			job->words = optarg;
			break;
		case 's':
			job->mode = optarg;
			break;
		case 'q':
			job->quota = optarg;
			break;
		default:
			return E_SYNTAX;
		}
	job->maildir = argv[optind];
	return job->maildir == NULL || (job->mode != NULL &&
	    job->folder == NULL && job->words == NULL) ? E_SYNTAX : E_OK;
}

/* Words for what is not making. -1: wrong usage. */
static int
with_word(int argc, char **argv)
{
	static const struct {
		const char	*name;
		int		argc;		/* at least */
		int		(*run)(const char *, const char *);
	} words[] = {
	{ "--add", 4, mm_add },
	{ "--del", 4, mm_del },
	{ "--checkutf8", 3, mm_check_utf8 },
	{ "--convutf8", 3, mm_conv_utf8 }
	};
	size_t i;

	for (i = 0; i < NITEMS(words); i++)
		if (strcmp(argv[1], words[i].name) == 0)
			return argc < words[i].argc ? -1 :
			    words[i].run(argv[2], argv[3]);
	return -1;
}

/* ---- making ------------------------------------------------------------- */

/* Only first letters count: "write,group" is "w,g". */
static void
modes(const struct job *job, int folder, mode_t *out_dir, mode_t *out_subs)
{
	const char *s;
	int write, group;

	*out_dir = job->shared ? SHARED_READ : 0700;
	*out_subs = folder ? *out_dir : 0700;
	if (!folder || job->mode == NULL)
		return;
	write = group = FALSE;
	for (s = job->mode; *s != '\0'; s += strcspn(s, ",")) {
		s += *s == ',';
		if (*s == 'r' || *s == 'w')
			write = *s == 'w';
		else if (*s == 'g')
			group = TRUE;
	}
	*out_dir = write ? SHARED_WRITE : SHARED_READ;
	*out_subs = write ? 01777 : SHARED_READ;
	if (group) {
		*out_dir &= FOR_GROUP;
		*out_subs &= FOR_GROUP;
	}
}

/* mkdir need not set the sticky bit. */
static int
make_dir(const char *path, mode_t mode)
{
	if (mkdir(path, mode & 0777) < 0)
		return -1;
	return (mode & S_ISVTX) != 0 ? chmod(path, mode) : 0;
}

static int
make(const char *path, mode_t mode, mode_t subs)
{
	static const char *const names[] = { "tmp", "new", "cur" };
	struct str sub;
	size_t i;
	int r;

	if (make_dir(path, mode) < 0)
		return -1;
	str_init(&sub, 0);
	for (i = 0, r = 0; i < NITEMS(names) && r == 0; i++) {
		str_reset(&sub);
		str_catf(&sub, "%s/%s", path, names[i]);
		r = make_dir(str_c(&sub), subs);
	}
	str_free(&sub);
	return r;
}

static int
mark_folder(const char *path)
{
	struct str mark;
	int fd;

	str_init(&mark, 0);
	str_catf(&mark, "%s/maildirfolder", path);
	fd = open(str_c(&mark), O_WRONLY | O_CREAT, 0600);
	str_free(&mark);
	return fd < 0 ? -1 : close(fd);
}

/*
 * Appends the directory's name without its dot. -f has it; -F is text of the
 * user, in which what has a meaning in a name is written as octal.
 */
static int
folder_name_of(const struct job *job, struct str *out)
{
	struct str text;
	const char *p;
	int r;

	if (job->folder != NULL)
		return str_cats(out, job->folder);
	str_init(&text, 0);
	r = charset_to_utf8(nl_langinfo(CODESET), job->words,
	    strlen(job->words), &text);
	for (p = str_c(&text); *p != '\0'; p++)
		if (strchr("./~:\\", *p) != NULL || (unsigned char)*p < 0x20)
			str_catf(out, "\\%c%c%c", '0' + (*p >> 6 & 3),
			    '0' + (*p >> 3 & 7), '0' + (*p & 7));
		else
			str_catc(out, *p);
	str_free(&text);
	return r;
}

static int
set_quota(const struct job *job)
{
	struct maildir *md;
	struct md_opts opts;
	int r;

	memset(&opts, 0, sizeof(opts));
	opts.quota = job->quota;
	md = maildir_new(job->maildir, &opts);
	r = maildir_set_quota(md);
	maildir_free(&md);
	if (r == E_INVAL) {
		log_warn("quota string '%s' not parseable", job->quota);
		return 0;
	}
	return r == E_OK ? 0 : mm_fail(job->maildir, _(err_text(r)));
}

/* With a quota the maildir and the folder may be there. */
static int
run(const struct job *job)
{
	struct str path;
	mode_t dir, subs;
	int status, folder;

	str_init(&path, 0);
	folder = job->folder != NULL || job->words != NULL;
	str_cats(&path, job->maildir);
	status = 0;
	if (folder) {
		str_cats(&path, "/.");
		if (folder_name_of(job, &path) != E_OK ||
		    path.data[strlen(job->maildir) + 2] == '.') {
			printf("Invalid folder name: %s\n",
			    job->folder != NULL ? job->folder : job->words);
			status = 1;
		}
	}
	modes(job, folder, &dir, &subs);
	if (status == 0 && (make(str_c(&path), dir, subs) < 0 ||
	    (folder && mark_folder(str_c(&path)) < 0)) &&
	    (job->quota == NULL || errno != EEXIST)) {
		if (job->quota == NULL)
			fputs("maildirmake: ", stderr);
		status = mm_fail(str_c(&path), strerror(errno));
	}
	str_free(&path);
	return status == 0 && job->quota != NULL && *job->quota != '\0' ?
	    set_quota(job) : status;
}

int
main(int argc, char **argv)
{
	struct job job;
	int status;

	i18n_init();
	log_init(NULL, TRUE);
	umask(0);
	if (argc > 1 && strncmp(argv[1], "--", 2) == 0)
		status = with_word(argc, argv);
	else
		status = parse(argc, argv, &job) == E_OK ? run(&job) : -1;
	return status < 0 ? usage() : status;
}
