/* Files that say whose folders are shared.  SPDX-License-Identifier: ISC */

#include "base/base.h"

#include <sys/stat.h>

#include "base/clock.h"
#include "base/file.h"
#include "base/log.h"
#include "base/map.h"
#include "base/mem.h"
#include "base/num.h"
#include "base/pool.h"
#include "base/str.h"
#include "base/vec.h"
#include "charset/utf8.h"

#include "session/ns.h"
#include "session/shindex.h"

struct shindex {
	int		munge;
	int		keep;
	struct vec	files;		/* struct shindex_file * */
};

struct shindex_file {
	struct pool	*pool;		/* of all but the path */
	char		*path;
	struct stat	st;		/* when it was read */
	time_t		read;		/* when that was */
	int		error;		/* why it is empty */
	struct vec	entries;
	struct map	*by_name;
};

static char	*component(struct pool *, const char *, int);
static int	good_file(const char *);
static int	good_id(const char *);
static int	parse_account(struct shindex_file *, char *, int);
static int	parse_link(struct shindex_file *, char *, int);
static int	add(struct shindex_file *, const char *, char *, int, int);
static void	parse(struct shindex_file *, int, int, struct str *);
static void	load(struct shindex_file *, int, int);
static int	same(const struct shindex_file *, const struct stat *, int);
static void	empty(struct shindex_file *);

/* A row per kind of file: what takes one line, its comment cut off. */
static const struct {
	int	(*line)(struct shindex_file *, char *, int munge);
} kinds[] = {
	{ parse_account },	/* SHINDEX_ACCOUNTS */
	{ parse_link }		/* SHINDEX_LINKS */
};

struct shindex *
shindex_new(int munge)
{
	struct shindex *x;

	x = mem_new(sizeof(*x));
	x->munge = munge;
	vec_init(&x->files);
	return x;
}

static void
empty(struct shindex_file *f)
{
	map_free(&f->by_name);
	vec_free(&f->entries);
	pool_free(&f->pool);
}

void
shindex_free(struct shindex **px)
{
	struct shindex_file *f;
	size_t i;

	if (*px == NULL)
		return;
	for (i = 0; i < (*px)->files.n; i++) {
		f = (*px)->files.v[i];
		empty(f);
		mem_free(f->path);
		mem_free(f);
	}
	vec_free(&(*px)->files);
	*px = mem_free(*px);
}

/* ---- one line ----------------------------------------------------------- */

/*
 * A dot or slash would be read as something else in a mailbox name: it becomes
 * a blank, or with IMAP_SHAREDMUNGENAMES an escape. NULL: cannot be shown.
 */
static char *
component(struct pool *pool, const char *account, int munge)
{
	static const struct {
		char		c;
		const char	*text;
	} escapes[] = { { '.', "\\:" }, { '/', "\\;" }, { '\\', "\\\\" } };
	struct str s;
	const char *p;
	char *res;
	size_t i;
	int bad;

	if (*account == '\0' || !utf8_valid(account, strlen(account)))
		return NULL;
	str_init(&s, NS_NAME_MAX);
	for (p = account, bad = FALSE; *p != '\0'; p++) {
		for (i = 0; i < NITEMS(escapes) && escapes[i].c != *p; i++)
			;
		if (i < NITEMS(escapes) && munge)
			str_cats(&s, escapes[i].text);
		else if (*p == '.' || *p == '/')
			str_catc(&s, ' ');
		else if ((unsigned char)*p < 0x20 || *p == 0x7f)
			bad = TRUE;
		else
			str_catc(&s, *p);
	}
	res = bad || s.toobig ? NULL : pool_strdup(pool, str_c(&s));
	str_free(&s);
	return res;
}

/* The file of a group lies in the folder of the index, or below it. */
static int
good_file(const char *name)
{
	const char *p;
	size_t n;

	if (*name == '\0' || *name == '/')
		return FALSE;
	for (p = name; *p != '\0'; p += n + (p[n] == '/')) {
		n = strcspn(p, "/");
		if (n == 0 || (n <= 2 && strncmp(p, "..", n) == 0))
			return FALSE;
	}
	return TRUE;
}

static int
good_id(const char *s)
{
	u32 id;

	return num_parse_u32(s, &id) == E_OK && id != 0;
}

/* path is given to the file's pool already. */
static int
add(struct shindex_file *f, const char *account, char *path, int group,
    int munge)
{
	struct shindex_entry *e;
	char *name;

	name = component(f->pool, account, munge);
	if (name == NULL)
		return E_SYNTAX;
	if (map_gets(f->by_name, name) != NULL)
		return E_OK;		/* the first one has the name */
	e = pool_alloc(f->pool, sizeof(*e));
	e->name = name;
	e->account = pool_strdup(f->pool, account);
	e->path = path;
	e->group = group;
	vec_push(&f->entries, e);
	map_puts(f->by_name, name, e);
	return E_OK;
}

/*
 *   account = name TAB uid TAB gid TAB homedir [TAB maildir [TAB *any]]
 *   group = name TAB "*" TAB file
 */
static int
parse_account(struct shindex_file *f, char *line, int munge)
{
	char *field[5], *p;
	const char *slash, *md;
	struct str path;
	size_t n;
	int e, group;

	for (n = 0, p = line; p != NULL && n < NITEMS(field); n++) {
		field[n] = p;
		p = strchr(p, '\t');
		if (p != NULL)
			*p++ = '\0';
	}
	group = n >= 3 && strcmp(field[1], "*") == 0;
	if (group ? !good_file(field[2]) : n < 4 || !good_id(field[1]) ||
	    !good_id(field[2]))
		return E_SYNTAX;
	md = n > 4 && *field[4] != '\0' ? field[4] : "./Maildir";
	if (!group && *md != '/' && *field[3] != '/')
		return E_SYNTAX;
	str_init(&path, SHINDEX_LINE_MAX);
	if (group) {
		slash = strrchr(f->path, '/');
		str_cat(&path, f->path, slash == NULL ? 0 :
		    (size_t)(slash + 1 - f->path));
		str_cats(&path, field[2]);
	} else {
		if (*md != '/')
			str_catf(&path, "%s/", field[3]);
		str_cats(&path, md);
	}
	e = path.toobig ? E_SYNTAX : add(f, field[0],
	    pool_strdup(f->pool, str_c(&path)), group, munge);
	str_free(&path);
	return e;
}

/* link = name 1*(SP / TAB) path [(SP / TAB) *any]. A name with a dot would be
   two components. */
static int
parse_link(struct shindex_file *f, char *line, int munge)
{
	char *path;
	size_t n;

	(void)munge;
	n = strcspn(line, " \t");
	path = line + n + strspn(line + n, " \t");
	line[n] = '\0';
	path[strcspn(path, " \t")] = '\0';
	if (*path != '/' || strpbrk(line, "./") != NULL)
		return E_SYNTAX;
	return add(f, line, pool_strdup(f->pool, path), FALSE, FALSE);
}

/* ---- one file ----------------------------------------------------------- */

static void
parse(struct shindex_file *f, int kind, int munge, struct str *text)
{
	char *p, *lf;
	unsigned long n;

	p = text->data;
	for (n = 1; p != NULL && *p != '\0'; n++, p = lf) {
		lf = strchr(p, '\n');
		if (lf != NULL)
			*lf++ = '\0';
		p[strcspn(p, "#")] = '\0';
		if (*p == '\0')
			continue;
		if (f->entries.n == SHINDEX_ENTRIES_MAX) {
			log_err("%s(%lu): more than %d entries.", f->path, n,
			    SHINDEX_ENTRIES_MAX);
			return;
		}
		if (strlen(p) > SHINDEX_LINE_MAX ||
		    kinds[kind].line(f, p, munge) != E_OK)
			log_err("%s(%lu): syntax error.", f->path, n);
	}
}

static void
load(struct shindex_file *f, int kind, int munge)
{
	struct str text;
	int e;

	empty(f);
	f->pool = pool_new();
	f->by_name = map_new(0);
	if (f->st.st_ino == 0)
		return;
	str_init(&text, SHINDEX_FILE_MAX);
	e = S_ISREG(f->st.st_mode) ? file_slurp(f->path, SHINDEX_FILE_MAX,
	    &text) : E_PERM;
	if (e == E_OK && memchr(str_c(&text), '\0', text.len) != NULL)
		e = E_SYNTAX;
	if (e == E_OK)
		parse(f, kind, munge, &text);
	else
		log_err("%s: %s", f->path, err_text(e));
	str_free(&text);
}

/* A file that was just written when it was read may have changed again in the
   same second. */
static int
same(const struct shindex_file *f, const struct stat *st, int error)
{
	return f->error == error && f->st.st_dev == st->st_dev &&
	    f->st.st_ino == st->st_ino && f->st.st_size == st->st_size &&
	    f->st.st_mtime == st->st_mtime &&
	    (error != 0 || f->read > st->st_mtime + 1);
}

const struct shindex_file *
shindex_read(struct shindex *x, const char *path, int kind)
{
	struct shindex_file *f;
	struct stat st;
	size_t i;
	int error;

	f = NULL;
	for (i = 0; i < x->files.n && f == NULL; i++) {
		f = x->files.v[i];
		if (strcmp(f->path, path) != 0)
			f = NULL;
	}
	if (f != NULL && x->keep)
		return f;
	memset(&st, 0, sizeof(st));
	error = stat(path, &st) < 0 ? errno : 0;
	if (f != NULL && same(f, &st, error))
		return f;
	if (f == NULL) {
		f = mem_new(sizeof(*f));
		f->path = mem_strdup(path);
		vec_init(&f->entries);
		vec_push(&x->files, f);
	}
	if (error != 0 && error != f->error && kind == SHINDEX_ACCOUNTS)
		log_err("%s: %s", path, strerror(error));
	f->error = error;
	f->read = clock_now();
	f->st = st;
	load(f, kind, x->munge);
	return f;
}

void
shindex_keep(struct shindex *x, int keep)
{
	x->keep = keep;
}

size_t
shindex_count(const struct shindex_file *f)
{
	return f->entries.n;
}

const struct shindex_entry *
shindex_at(const struct shindex_file *f, size_t i)
{
	return f->entries.v[i];
}

const struct shindex_entry *
shindex_find(const struct shindex_file *f, const char *name, size_t n)
{
	return map_get(f->by_name, name, n);
}
