/* The TAP harness of the unit tests.  SPDX-License-Identifier: ISC */

#include "base/base.h"

#include <stdio.h>

#include "base/file.h"
#include "base/log.h"
#include "base/str.h"

#include "t.h"

static void keep(void *, int, const char *);

static int count, failed;
static char tmpdir[64];
static struct str logged;

int
t_ok(int good, const char *what, const char *file, int line)
{
	printf("%sok %d - %s:%d %s\n", good ? "" : "not ", ++count, file,
	    line, what);
	fflush(stdout);
	if (!good)
		failed++;
	return good;
}

int
t_str(const char *got, const char *want, const char *what, const char *file,
    int line)
{
	int good;

	good = got != NULL && strcmp(got, want) == 0;
	t_ok(good, what, file, line);
	if (!good)
		printf("# got  [%s]\n# want [%s]\n", got == NULL ? "NULL" : got,
		    want);
	return good;
}

int
t_int(long got, long want, const char *what, const char *file, int line)
{
	if (!t_ok(got == want, what, file, line)) {
		printf("# got %ld, want %ld\n", got, want);
		return FALSE;
	}
	return TRUE;
}

int
t_mem(const void *got, size_t n, const void *want, size_t m, const char *what,
    const char *file, int line)
{
	int good;

	good = n == m && (n == 0 || memcmp(got, want, n) == 0);
	t_ok(good, what, file, line);
	if (!good)
		printf("# got %lu bytes, want %lu\n", (unsigned long)n,
		    (unsigned long)m);
	return good;
}

const char *
t_tmpdir(void)
{
	const char template[] = "/tmp/chapar-test.XXXXXX";

	if (tmpdir[0] == '\0') {
		memcpy(tmpdir, template, sizeof(template));
		if (mkdtemp(tmpdir) == NULL)
			die_sys("mkdtemp");
	}
	return tmpdir;
}

static void
keep(void *ctx, int level, const char *line)
{
	(void)ctx;
	str_catf(&logged, "%d %s\n", level, line);
}

void
t_catch_log(void)
{
	str_free(&logged);
	str_init(&logged, 0);
	log_set_sink(keep, NULL);
}

int
t_logged(const char *text)
{
	int found;

	found = strstr(str_c(&logged), text) != NULL;
	str_reset(&logged);
	return found;
}

int
t_done(void)
{
	if (tmpdir[0] != '\0')
		file_remove_tree(tmpdir);
	printf("1..%d\n", count);
	return failed == 0 ? 0 : 1;
}
