/* userdb: shows and changes records of the text userdb.
   SPDX-License-Identifier: ISC */

#include "base/base.h"

#include <sys/stat.h>
#include <stdio.h>

#include "base/log.h"
#include "base/mem.h"
#include "base/str.h"
#include "authdaemon/ask.h"
#include "authdaemon/module.h"
#include "authdaemon/userdb.h"

#define VALUE_MAX	8192

/* Where a record is. */
struct place {
	struct str	file;
	const char	*name;	/* "" if only the file was given */
};

static int usage(const char *);
static int fail(const struct place *, int);
static void in_tree(const char *, struct place *);
static int is_link(void);
static int print_name(void *, const char *, const char *);
static int print_fields(void *, const char *, const char *);
static int show(int, char **, struct place *);
static int collect(const struct place *, int, char **, int,
    struct userdb_change *, char **);
static int change(const struct place *, int, char **, int);
static int run(int, char **, const char *, struct place *);

static const char *root;	/* the userdb */

static int
usage(const char *self)
{
	printf("Usage: %s [path/.../ | -f file ]name set field=value "
	    "field=value...\n", self);
	printf("       %s [path/.../ | -f file ]name unset field field...\n",
	    self);
	printf("       %s [path/.../ | -f file ]name del\n", self);
	printf("       %s -show [path/... | -f file ] [name]\n", self);
	return 1;
}

static int
fail(const struct place *p, int r)
{
	struct stat st;

	if (r == E_OK)
		return 0;
	if (r == E_EOF)
		;			/* told where it was asked for */
	else if (r == E_INVAL)
		fputs("Invalid field or value.\n", stderr);
	else if (stat(str_c(&p->file), &st) == 0 && !S_ISREG(st.st_mode))
		fprintf(stderr, "%s: not a file.\n", str_c(&p->file));
	else
		fprintf(stderr, "%s: %s\n", str_c(&p->file), err_text(r));
	return 1;
}

/* "a/b/name": the record in the file a/b of the userdb's folder. */
static void
in_tree(const char *arg, struct place *p)
{
	const char *slash;

	str_cats(&p->file, root);
	slash = strrchr(arg, '/');
	p->name = slash == NULL ? arg : slash + 1;
	if (slash != NULL) {
		str_catc(&p->file, '/');
		str_cat(&p->file, arg, (size_t)(slash - arg));
	}
}

static int
is_link(void)
{
	struct stat st;

	if (lstat(root, &st) < 0 || !S_ISLNK(st.st_mode))
		return FALSE;
	fprintf(stderr, "ERROR: Wrong userdb command.\n"
	    "       (%s is a symbolic link)\n", root);
	return TRUE;
}

static int
print_name(void *ctx, const char *name, const char *fields)
{
	(void)ctx;
	(void)fields;
	return puts(name) < 0 ? E_TEMP : E_OK;
}

static int
print_fields(void *ctx, const char *name, const char *fields)
{
	const char *want = ctx, *end;

	if (strcmp(name, want) != 0)
		return E_OK;
	for (; fields != NULL && *fields != '\0';
	    fields = end + (*end == '|')) {
		end = fields + strcspn(fields, "|");
		printf("%.*s\n", (int)(end - fields), fields);
	}
	return E_EOF;
}

/* -show [-f FILE | PATH] [NAME]: a path is a file of the tree, or a record
   in one. */
static int
show(int argc, char **argv, struct place *p)
{
	struct stat st;
	char *name = NULL;
	int r;

	if ((argc == 0 || strcmp(argv[0], "-f") != 0) && is_link())
		return 1;
	if (argc > 1 && strcmp(argv[0], "-f") == 0) {
		str_cats(&p->file, argv[1]);
		name = argc > 2 ? argv[2] : NULL;
	} else if (argc > 0) {
		str_catf(&p->file, "%s/%s", root, argv[0]);
		name = argc > 1 ? argv[1] : NULL;
		if (stat(str_c(&p->file), &st) < 0 ||
		    !S_ISREG(st.st_mode)) {
			str_reset(&p->file);
			in_tree(argv[0], p);
			name = argv[0] + (p->name - argv[0]);
		}
	} else {
		str_cats(&p->file, root);
	}
	if (name == NULL || *name == '\0')
		r = userdb_each(str_c(&p->file), print_name, NULL);
	else
		r = userdb_each(str_c(&p->file), print_fields, name);
	return fail(p, r == E_EOF || r == E_NOENT ? E_OK : r);
}

/* The words behind the verb; a value that is not there is asked for, and then
   also in `asked`. */
static int
collect(const struct place *p, int argc, char **argv, int set,
    struct userdb_change *out, char **asked)
{
	struct str prompt, value;
	char *eq;
	int i, r;

	str_init(&prompt, 0);
	str_init(&value, VALUE_MAX);
	for (i = 0, r = E_OK; i < argc && r == E_OK; i++) {
		eq = strchr(argv[i], '=');
		out[i].field = argv[i];
		out[i].value = NULL;
		if (eq != NULL)
			*eq++ = '\0';
		if (set && eq != NULL)
			out[i].value = eq;
		if (!set || eq != NULL)
			continue;
		str_reset(&prompt);
		str_catf(&prompt, "%s.%s: ", p->name, argv[i]);
		r = ask_line(str_c(&prompt), &value);
		if (r == E_EOF)
			fprintf(stderr, "%sno value\n", str_c(&prompt));
		asked[i] = str_take(&value);
		out[i].value = asked[i];
	}
	str_free(&prompt);
	str_free(&value);
	return r;
}

static int
change(const struct place *p, int argc, char **argv, int set)
{
	struct userdb_change *list;
	char **asked;
	int i, r;

	list = mem_array((size_t)argc, sizeof(*list));
	asked = mem_array((size_t)argc, sizeof(*asked));
	r = collect(p, argc, argv, set, list, asked);
	if (r == E_OK)
		r = userdb_edit(str_c(&p->file), p->name, list, (size_t)argc,
		    set);
	for (i = 0; i < argc; i++)
		mem_free_secret(asked + i);
	mem_free(asked);
	mem_free(list);
	return r == E_NOENT && !set ? E_OK : r;
}

static int
run(int argc, char **argv, const char *self, struct place *p)
{
	int r;

	if (argc > 0 && strcmp(argv[0], "-show") == 0)
		return show(argc - 1, argv + 1, p);
	if (argc > 2 && strcmp(argv[0], "-f") == 0) {
		str_cats(&p->file, argv[1]);
		p->name = argv[2];
		argc -= 3;
		argv += 3;
	} else if (argc > 0) {
		if (is_link())
			return 1;
		in_tree(argv[0], p);
		argc--;
		argv++;
	}
	if (argc == 1 && strcmp(argv[0], "del") == 0) {
		r = userdb_delete(str_c(&p->file), p->name);
		return fail(p, r == E_NOENT ? E_OK : r);
	}
	if (argc == 1 && (strcmp(argv[0], "set") == 0 ||
	    strcmp(argv[0], "unset") == 0))
		return 0;		/* no fields, no change */
	if (argc > 1 && strcmp(argv[0], "set") == 0)
		return fail(p, change(p, argc - 1, argv + 1, TRUE));
	if (argc > 1 && strcmp(argv[0], "unset") == 0)
		return fail(p, change(p, argc - 1, argv + 1, FALSE));
	return usage(self);
}

int
main(int argc, char **argv)
{
	struct str path;
	struct place p;
	int r;

	log_init(NULL, TRUE);
	umask(0);		/* files keep the mode that they have */
	str_init(&path, 0);
	str_init(&p.file, 0);
	p.name = "";
	str_catf(&path, "%s/userdb", auth_confdir());
	root = str_c(&path);
	r = run(argc - 1, argv + 1, argv[0], &p);
	str_free(&p.file);
	str_free(&path);
	return r;
}
