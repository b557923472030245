/* Configuration files of authdaemond and its modules.
   SPDX-License-Identifier: ISC */

#include "base/base.h"
#include "base/ascii.h"
#include "base/file.h"
#include "base/log.h"
#include "base/mem.h"
#include "base/num.h"
#include "base/str.h"
#include "base/vec.h"

#include "conf/rcfile.h"

#include <sys/stat.h>

struct entry {
	char	*name;
	size_t	namelen;
	char	*value;
	u32	line;
};

struct rcfile {
	char		*name;
	struct vec	entries;	/* struct entry */
	struct stat	st;		/* when it was read */
};

/* Where the parser is: `p` is behind the line that was taken last. */
struct cursor {
	const char	*p;
	const char	*end;
	u32		line;
};

static struct entry *find(const struct rcfile *, const char *, size_t);
static void	add(struct rcfile *, const char *, size_t, const char *,
		    size_t, u32, int);
static int	take_line(struct cursor *, const char **, size_t *);
static void	trim(const char **, size_t *);
static void	bad_line(const struct rcfile *, u32, const char *, size_t);
static int	parse_assign(struct rcfile *, struct cursor *);
static int	parse_keyword(struct rcfile *, struct cursor *);

static struct entry *
find(const struct rcfile *rc, const char *name, size_t n)
{
	struct entry *e;
	size_t i;

	for (i = 0; i < rc->entries.n; i++) {
		e = rc->entries.v[i];
		if (e->namelen == n && memcmp(e->name, name, n) == 0)
			return e;
	}
	return NULL;
}

static void
add(struct rcfile *rc, const char *name, size_t namelen, const char *value,
    size_t valuelen, u32 line, int last_counts)
{
	struct entry *e = find(rc, name, namelen);

	if (e != NULL && !last_counts)
		return;
	if (e == NULL) {
		e = mem_new(sizeof(*e));
		e->name = mem_dup(name, namelen);
		e->namelen = strlen(e->name);
		vec_push(&rc->entries, e);
	} else
		mem_free_secret(&e->value);
	e->value = mem_dup(value, valuelen);
	e->line = line;
}

/* The next line without its LF; FALSE at the end. */
static int
take_line(struct cursor *c, const char **out, size_t *out_len)
{
	const char *nl;

	if (c->p >= c->end)
		return FALSE;
	nl = memchr(c->p, '\n', (size_t)(c->end - c->p));
	*out = c->p;
	*out_len = (size_t)((nl == NULL ? c->end : nl) - c->p);
	c->p = nl == NULL ? c->end : nl + 1;
	c->line++;
	if (*out_len > RCFILE_LINE_MAX)
		*out_len = RCFILE_LINE_MAX;
	return TRUE;
}

static void
trim(const char **p, size_t *n)
{
	while (*n > 0 && ascii_isspace((unsigned char)(*p)[*n - 1]))
		--*n;
	while (*n > 0 && ascii_isspace((unsigned char)**p)) {
		++*p;
		--*n;
	}
}

/* Says which line, and the word on it that looks like a variable. */
static void
bad_line(const struct rcfile *rc, u32 line, const char *p, size_t n)
{
	char *text;

	text = mem_dup(p, n > 200 ? 200 : n);
	log_err("Bad line in %s: %s", rc->name, text);
	p = text + strspn(text, " \t\r");
	n = strcspn(p, " \t\r");
	text[(size_t)(p - text) + n] = '\0';
	log_err("%s: line %u: \"%s\": expected NAME=value", rc->name, line, p);
	mem_free(text);
}

/*
 * line = name "=" *WSP ( DQUOTE text DQUOTE junk / text ) [ "#" text ]
 * '#' cuts even inside quotes; the name is taken as it stands.
 */
static int
parse_assign(struct rcfile *rc, struct cursor *c)
{
	const char *p, *v, *t, *q;
	size_t n, vn, tn;

	while (take_line(c, &p, &n)) {
		q = memchr(p, '#', n);
		if (q != NULL)
			n = (size_t)(q - p);
		t = p;
		tn = n;
		trim(&t, &tn);
		if (tn == 0)
			continue;
		v = memchr(p, '=', n);
		if (v == NULL) {
			bad_line(rc, c->line, p, n);
			return E_SYNTAX;
		}
		vn = n - (size_t)(v + 1 - p);
		n = (size_t)(v++ - p);
		while (vn > 0 && ascii_isspace((unsigned char)*v)) {
			v++;
			vn--;
		}
		if (vn > 0 && *v == '"') {
			v++;
			vn--;
			q = memchr(v, '"', vn);
			if (q != NULL)
				vn = (size_t)(q - v);
		}
		add(rc, p, n, v, vn, c->line, TRUE);
	}
	return E_OK;
}

/*
 * line = *WSP keyword [ 1*WSP value ] *WSP [ "\" *WSP LF *WSP value ... ]
 * The backslash becomes one space. An empty line ends a continuation.
 */
static int
parse_keyword(struct rcfile *rc, struct cursor *c)
{
	struct str text;
	const char *p;
	size_t n, k;
	u32 line;

	str_init(&text, RCFILE_MAX);
	while (take_line(c, &p, &n)) {
		trim(&p, &n);
		if (n == 0 || *p == '#')
			continue;
		line = c->line;
		str_reset(&text);
		for (;;) {
			if (p[n - 1] != '\\') {
				str_cat(&text, p, n);
				break;
			}
			str_cat(&text, p, n - 1);
			str_catc(&text, ' ');
			if (!take_line(c, &p, &n))
				break;
			trim(&p, &n);
			if (n == 0)
				break;
		}
		p = text.data;
		n = text.len;
		for (k = 0; k < n && !ascii_isspace((unsigned char)p[k]); k++)
			;
		for (p += k, n -= k; n > 0 &&
		    ascii_isspace((unsigned char)*p); n--)
			p++;
		add(rc, text.data, k, p, n, line, FALSE);
	}
	str_wipe_free(&text);
	return E_OK;
}

int
rcfile_parse(const char *name, const char *text, size_t n, int form,
    struct rcfile **out)
{
	struct rcfile *rc;
	struct cursor c;
	int res;

	rc = mem_new(sizeof(*rc));
	rc->name = mem_strdup(name);
	vec_init(&rc->entries);
	c.p = text;
	c.end = text + n;
	c.line = 0;
	res = form == RCFILE_ASSIGN ? parse_assign(rc, &c) :
	    parse_keyword(rc, &c);
	if (res != E_OK)
		rcfile_free(&rc);
	*out = rc;
	return res;
}

int
rcfile_load(const char *path, int form, struct rcfile **out)
{
	struct str text;
	struct stat st;
	int res;

	*out = NULL;
	if (stat(path, &st) < 0) {
		res = err_from_errno(errno);
		log_err("stat(%s) failed", path);
		return res;
	}
	str_init(&text, RCFILE_MAX);
	res = file_slurp(path, RCFILE_MAX, &text);
	if (res != E_OK)
		log_err("Cannot open %s: %s", path, err_text(res));
	else
		res = rcfile_parse(path, str_c(&text), text.len, form, out);
	if (res == E_OK)
		(*out)->st = st;
	str_wipe_free(&text);
	return res;
}

void
rcfile_free(struct rcfile **prc)
{
	struct rcfile *rc = *prc;
	struct entry *e;
	size_t i;

	*prc = NULL;
	if (rc == NULL)
		return;
	for (i = 0; i < rc->entries.n; i++) {
		e = rc->entries.v[i];
		mem_free(e->name);
		mem_free_secret(&e->value);
		mem_free(e);
	}
	vec_free(&rc->entries);
	mem_free(rc->name);
	mem_free(rc);
}

const char *
rcfile_get(const struct rcfile *rc, const char *name)
{
	struct entry *e = find(rc, name, strlen(name));

	return e == NULL ? NULL : e->value;
}

u32
rcfile_line(const struct rcfile *rc, const char *name)
{
	struct entry *e = find(rc, name, strlen(name));

	return e == NULL ? 0 : e->line;
}

const char *
rcfile_name(const struct rcfile *rc)
{
	return rc->name;
}

int
rcfile_u32(const struct rcfile *rc, const char *name, u32 *out)
{
	const char *v = rcfile_get(rc, name);

	if (v == NULL)
		return E_NOENT;
	return num_scan_u32(v, strlen(v), out) > 0 ? E_OK : E_SYNTAX;
}

int
rcfile_changed(const struct rcfile *rc)
{
	struct stat st;

	return stat(rc->name, &st) < 0 || !file_is_same(&st, &rc->st);
}
