/* makedatprog: "key<TAB>value" lines to a GDBM file (daemons.md 9.4).
   SPDX-License-Identifier: ISC */

#include "base/base.h"

#include <fcntl.h>
#include <stdio.h>

#include "base/dbm.h"
#include "base/i18n.h"
#include "base/io.h"
#include "base/str.h"
#include "tcpd/cidr.h"

#define LINE_MAX_BYTES	65536

struct job {
	struct dbm_file	*db;
	const char	*value;
	size_t		n;
};

static int put(void *, const char *, size_t);
static int one(struct job *, const char *, size_t, int);
static int fill(struct dbm_file *, int, int);

static int
put(void *ctx, const char *key, size_t n)
{
	struct job *j = ctx;
	int r;

	r = dbm_put(j->db, key, n, j->value, j->n);
	if (r != E_OK)
		fprintf(stderr, "Cannot store record for %.*s - duplicate "
		    "or out of disk space.\n", (int)n, key);
	return r;
}

/* A line that is no comment. */
static int
one(struct job *j, const char *line, size_t len, int cidr)
{
	const char *tab;
	size_t n;
	int r;

	tab = memchr(line, '\t', len);
	n = tab == NULL ? len : (size_t)(tab - line);
	if (n == 0)
		return E_OK;
	j->value = "1";
	j->n = 1;
	if (tab != NULL && n + 1 < len) {
		j->value = tab + 1;
		j->n = len - n - 1;
	}
	r = cidr ? cidr_expand(line, n, put, j) : E_NOENT;
	if (r == E_SYNTAX)
		fprintf(stderr, "%.*s: not a network\n", (int)n, line);
	return r == E_NOENT ? put(j, line, n) : r;
}

/* Up to the line ".": without it the text is not complete. */
static int
fill(struct dbm_file *db, int fd, int cidr)
{
	struct job j;
	struct str line;
	struct io *io;
	int r;

	j.db = db;
	str_init(&line, LINE_MAX_BYTES);
	io = io_fd_new(fd, -1);
	for (;;) {
		str_reset(&line);
		r = io_get_line(io, LINE_MAX_BYTES, &line);
		if (r == E_EOF && line.len > 0)
			r = E_OK;
		if (r != E_OK || strcmp(str_c(&line), ".") == 0)
			break;
		if (line.len > 0 && *str_c(&line) != '#')
			r = one(&j, str_c(&line), line.len, cidr);
		if (r != E_OK)
			break;
	}
	io_free(&io);
	str_free(&line);
	return r;
}

/* makedatprog [-cidr] TEXT|- FILE.tmp FILE */
int
main(int argc, char **argv)
{
	struct dbm_file *db;
	int r, fd, cidr;

	i18n_init();
	cidr = argc == 5 && strcmp(argv[1], "-cidr") == 0;
	if (argc - cidr != 4) {
		fputs(_("Usage: makedatprog - tmpfile file\n"), stderr);
		return 1;
	}
	argv += cidr;
	fd = strcmp(argv[1], "-") == 0 ? 0 : open(argv[1], O_RDONLY);
	if (fd < 0) {
		perror(argv[1]);
		return 1;
	}
	unlink(argv[2]);
	r = dbm_create(argv[2], 0644, &db);
	if (r == E_OK) {
		r = fill(db, fd, cidr);
		if (dbm_close(&db) != E_OK && r == E_OK)
			r = E_TEMP;
	}
	if (r == E_OK && rename(argv[2], argv[3]) < 0)
		r = err_from_errno(errno);
	if (r != E_OK) {
		fprintf(stderr, "makedatprog: %s: %s\n", argv[2],
		    _(err_text(r)));
		unlink(argv[2]);
		return 1;
	}
	return 0;
}
