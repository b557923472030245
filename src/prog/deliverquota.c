/* deliverquota: delivers a message to a maildir, unless that is full.
   SPDX-License-Identifier: ISC */

#include "base/base.h"

#include <sys/stat.h>
#include <signal.h>
#include <stdio.h>

#include "base/err.h"
#include "base/log.h"
#include "base/num.h"
#include "base/proc.h"
#include "base/sig.h"
#include "base/str.h"
#include "conf/conf.h"
#include "maildir/folder.h"

#define WARN_TEXT	PATH_IMAPCONFDIR "/quotawarnmsg"
#define WARN_NEVER	101	/* percent */
#define STEP		65536

/* What mail servers understand (sysexits.h, which not all systems have). */
enum {
	EXIT_NO_MEMORY = 71,
	EXIT_USAGE = 73,
	EXIT_IO = 74,
	EXIT_LATER = 75,
	EXIT_FULL = 77
};

struct job {
	const char	*dir;
	const char	*quota;		/* a new definition, or NULL */
	const char	*warn_file;
	u32		warn;		/* percent */
	int		create;
	struct maildir	*md;
	struct folder	*folder;
	u64		size;		/* bytes of the message */
	int		known;		/* before it was read */
};

static void usage(const char *) NORETURN;
static void parse(struct job *, int, char **);
static void failed(const struct job *, int) NORETURN;
static void open_maildir(struct job *, const struct conf *);
static void ask_size(struct job *);
static void need_room(struct job *, int, struct upload **);
static void copy_input(struct job *, struct upload **);
static void warn(struct job *);

static void
usage(const char *name)
{
	fprintf(stderr, "Usage: %s [-c] [-w percent] maildir\n", name);
	exit(EXIT_USAGE);
}

/* Options stand first; what is none is the maildir. */
static void
parse(struct job *j, int argc, char **argv)
{
	const char *a, *percent;
	int i;

	j->warn = WARN_NEVER;
	j->warn_file = WARN_TEXT;
	for (i = 1; i < argc; i++) {
		a = argv[i];
		if (strcmp(a, "-c") == 0)
			j->create = TRUE;
		else if (strcmp(a, "-w") == 0 && i + 1 < argc) {
			percent = argv[++i];
			if (strcmp(percent, "-1") == 0)
				j->warn = WARN_NEVER;
			else if (num_parse_u32(percent, &j->warn) != E_OK ||
			    j->warn > 100)
				usage(argv[0]);
		} else if (strcmp(a, "-W") == 0 && i + 1 < argc)
			j->warn_file = argv[++i];
		else
			break;
	}
	if (i >= argc)
		usage(argv[0]);
	j->dir = argv[i];
	j->quota = i + 1 < argc ? argv[i + 1] : NULL;
}

/* A full disk passes: mail is to be tried again. */
static void
failed(const struct job *j, int r)
{
	fprintf(stderr, "%s: %s\n", j->dir, err_text(r));
	exit(EXIT_LATER);
}

static void
open_maildir(struct job *j, const struct conf *conf)
{
	struct md_opts opts;
	struct str root, name;
	int r;

	if (j->create && (r = maildir_make(j->dir)) != E_OK)
		failed(j, r);
	str_init(&root, 0);
	str_init(&name, 0);
	str_catf(&root, "%s/tmp/.", j->dir);
	if (access(str_c(&root), W_OK | X_OK) < 0) {
		perror(j->dir);
		exit(EXIT_LATER);
	}
	memset(&opts, 0, sizeof(opts));
	opts.sync = TRUE;
	opts.quota = j->quota;
	opts.quota_all = conf->imap_quota_trash;
	r = maildir_locate(j->dir, &root, &name);
	if (r == E_OK) {
		j->md = maildir_new(str_c(&root), &opts);
		r = folder_open(j->md, str_c(&name), FOLDER_ADD, &j->folder);
	}
	str_free(&root);
	str_free(&name);
	if (r != E_OK)
		failed(j, r);
}

static void
ask_size(struct job *j)
{
	struct stat st;
	off_t at;

	if (fstat(STDIN_FILENO, &st) < 0 || !S_ISREG(st.st_mode))
		return;
	at = lseek(STDIN_FILENO, 0, SEEK_CUR);
	j->known = at >= 0 && st.st_size > at;
	if (j->known)
		j->size = (u64)(st.st_size - at);
}

/* Ends here if there is none. */
static void
need_room(struct job *j, int status, struct upload **u)
{
	if (folder_room(j->folder, j->size) != E_QUOTA)
		return;
	upload_abort(u);
	warn(j);
	puts("Mail quota exceeded.");
	exit(status);
}

static void
copy_input(struct job *j, struct upload **u)
{
	static char buf[STEP];
	ssize_t n;
	int r;

	j->size = 0;
	while ((n = read(STDIN_FILENO, buf, sizeof(buf))) != 0) {
		if (n < 0 && errno == EINTR)
			continue;
		r = n < 0 ? E_TEMP : upload_write(*u, buf, (size_t)n);
		if (r != E_OK) {
			upload_abort(u);
			fprintf(stderr, "%s: %s\n", j->dir, err_text(r));
			exit(r == E_NOSPACE ? EXIT_LATER : EXIT_IO);
		}
		j->size += (u64)n;
	}
}

/* Of no account to the message: it is there. */
static void
warn(struct job *j)
{
	if (j->warn <= 100)
		(void)maildir_warn(j->md, j->warn, j->warn_file);
}

/*
 * A message whose size is known is refused before it is read, and for good; of
 * one from a pipe no more than the size is known then, so it is left to the
 * sender to try again (maildir.md 6.7).
 */
int
main(int argc, char **argv)
{
	struct conf conf;
	struct job j;
	struct upload *u;
	int r;

	proc_fix_stdio();
	log_init(NULL, TRUE);
	log_set_status(EXIT_NO_MEMORY);
	sig_ignore(SIGPIPE);
	sig_ignore(SIGXFSZ);	/* a limit is a write error */
	conf_load(&conf, CONF_Q);
	memset(&j, 0, sizeof(j));
	parse(&j, argc, argv);
	open_maildir(&j, &conf);
	ask_size(&j);
	u = NULL;
	if (j.known)
		need_room(&j, EXIT_FULL, &u);
	r = delivery_begin(j.folder, &u);
	if (r != E_OK)
		failed(&j, r);
	copy_input(&j, &u);
	if (!j.known)
		need_room(&j, EXIT_LATER, &u);
	r = folder_deliver(j.folder, &u);
	if (r != E_OK)
		failed(&j, r);
	warn(&j);
	folder_close(&j.folder);
	maildir_free(&j.md);
	return 0;
}
