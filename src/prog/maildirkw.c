/* maildirkw: keywords of messages, from a command line.
   SPDX-License-Identifier: ISC */

#include "base/base.h"

#include <stdio.h>

#include "base/err.h"
#include "base/log.h"
#include "base/vec.h"
#include "maildir/folder.h"

static void usage(void) NORETURN;
static int list(struct maildir *, int);
static int change(struct maildir *, int, int, char **, size_t);

static void
usage(void)
{
	puts("Usage: maildirkw [ options ] maildir [+/-]flag [+/-]flag...");
	exit(1);
}

/* A folder that is not there has no keywords. */
static int
list(struct maildir *md, int lock)
{
	struct vec lines;
	size_t i;
	int r;

	vec_init(&lines);
	r = maildir_keywords(md, "", lock, &lines);
	for (i = 0; i < lines.n; i++)
		puts(lines.v[i]);
	vec_free_all(&lines);
	return r == E_NOENT ? E_OK : r;
}

/* words: the message, then its keywords. */
static int
change(struct maildir *md, int lock, int how, char **words, size_t n)
{
	size_t i;

	for (i = 1; i < n; i++)
		if (!folder_keyword_ok(words[i])) {
			fprintf(stderr, "maildirkw: %s: not a keyword\n",
			    words[i]);
			exit(1);
		}
	return maildir_keywords_set(md, "", lock, words[0], how,
	    (const char *const *)words + 1, n - 1);
}

/* The folder is a directory: all of a maildir that matters here. */
int
main(int argc, char **argv)
{
	struct md_opts opts;
	struct maildir *md;
	int c, r, how, lock, all;

	log_init(NULL, TRUE);
	memset(&opts, 0, sizeof(opts));
	opts.keywords = KW_FAST;
	opts.locks = opts.sync = TRUE;
	how = STORE_SET;
	lock = all = FALSE;
	while ((c = getopt(argc, argv, "acLlr")) != -1)
		switch (c) {
		case 'a':
			how = STORE_ADD;
			break;
		case 'c':
			opts.kw_case = TRUE;
			break;
		case 'L':
			all = TRUE;
			break;
		case 'l':
			lock = TRUE;
			break;
		case 'r':
			how = STORE_DEL;
			break;
		default:
			usage();
		}
	if (argc - optind < (all ? 1 : 2))
		usage();
	md = maildir_new(argv[optind], &opts);
	r = all ? list(md, lock) : change(md, lock, how, argv + optind + 1,
	    (size_t)(argc - optind - 1));
	if (r != E_OK)
		fprintf(stderr, "%s: %s\n", argv[optind], err_text(r));
	maildir_free(&md);
	return r == E_OK ? 0 : 1;
}
