/* Access lists in memory: courierimapacl, maildir.md 5.2 to 5.4.
   SPDX-License-Identifier: ISC */

#include "base/base.h"

#include "base/ascii.h"
#include "base/pool.h"
#include "maildir/folder_int.h"

#define ADMIN	"administrators"
#define ADMINS	"group=administrators"

/* Which rights; indexed by their letters. */
typedef char letters[256];

static void	add(letters, const char *);
static char	*tidy(struct pool *, const char *, size_t);
static struct md_acl_entry *find(const struct md_acl *, const char *);
static int	put(struct md_acl *, const char *, const char *);
static void	parse_line(struct md_acl *, const char *, size_t);
static void	raise(struct md_acl *);
static int	matches(const char *, const char *const *, size_t);
static void	compute(const struct md_acl *, const char *const *, size_t,
		    letters);
static int	has_all(const letters, const char *);
static int	good(const char *);

static void
add(letters set, const char *rights)
{
	for (; *rights != '\0'; rights++)
		set[(unsigned char)*rights] = 1;
}

/* Sorted, each once, without blanks and control characters. */
static char *
tidy(struct pool *pool, const char *s, size_t n)
{
	letters set;
	char *res;
	size_t i, w;

	memset(set, 0, sizeof(set));
	for (i = 0; i < n; i++)
		set[(unsigned char)s[i]] = 1;
	res = pool_alloc(pool, sizeof(set));
	for (i = ' ' + 1, w = 0; i < sizeof(set); i++)
		if (set[i] && i != 0x7f)
			res[w++] = (char)i;
	return res;
}

static struct md_acl_entry *
find(const struct md_acl *acl, const char *id)
{
	size_t i;

	for (i = 0; i < acl->n; i++)
		if (strcmp(acl->v[i].id, id) == 0)
			return &acl->v[i];
	return NULL;
}

/* The last of two for one identifier counts, in the place of the first. */
static int
put(struct md_acl *acl, const char *id, const char *rights)
{
	struct md_acl_entry *e, *v;

	e = find(acl, id);
	if (e != NULL) {
		e->rights = rights;
		return E_OK;
	}
	if (acl->n == MD_ACL_ENTRIES_MAX)
		return E_TOOBIG;
	if (acl->n == acl->size) {
		acl->size = acl->size * 2 + 8;
		v = pool_array(acl->pool, acl->size, sizeof(*v));
		if (acl->n > 0)
			memcpy(v, acl->v, acl->n * sizeof(*v));
		acl->v = v;
	}
	acl->v[acl->n].id = id;
	acl->v[acl->n++].rights = rights;
	return E_OK;
}

/* No blanks, nothing that breaks the file. */
static int
good(const char *s)
{
	for (; *s != '\0'; s++)
		if ((unsigned char)*s <= ' ' || *s == 0x7f)
			return FALSE;
	return TRUE;
}

void
md_acl_init(struct md_acl *acl, struct pool *pool)
{
	memset(acl, 0, sizeof(*acl));
	acl->pool = pool;
}

const char *
md_acl_get(const struct md_acl *acl, const char *id)
{
	const struct md_acl_entry *e;

	e = find(acl, id);
	return e != NULL ? e->rights : NULL;
}

int
md_acl_set(struct md_acl *acl, const char *id, const char *rights)
{
	if (*id == '\0' || !good(id) || !good(rights))
		return E_INVAL;
	return put(acl, pool_strdup(acl->pool, id),
	    tidy(acl->pool, rights, strlen(rights)));
}

int
md_acl_modify(struct md_acl *acl, const char *id, const char *mod)
{
	const char *had;
	struct str s;
	int e;

	had = md_acl_get(acl, id);
	if (had == NULL)
		had = "";
	str_init(&s, 0);
	if (*mod == '-') {
		for (; *had != '\0'; had++)
			if (strchr(mod + 1, *had) == NULL)
				str_catc(&s, *had);
	} else {
		if (*mod == '+')
			str_cats(&s, had);
		str_cats(&s, *mod == '+' ? mod + 1 : mod);
	}
	e = good(mod) ? md_acl_set(acl, id, str_c(&s)) : E_INVAL;
	str_free(&s);
	return e;
}

void
md_acl_delete(struct md_acl *acl, const char *id)
{
	struct md_acl_entry *e;

	e = find(acl, id);
	if (e == NULL)
		return;
	acl->n--;
	memmove(e, e + 1, (size_t)(acl->v + acl->n - e) * sizeof(*e));
}

/* ---- the file ----------------------------------------------------------- */

/* identifier SP rights; more blanks are skipped. */
static void
parse_line(struct md_acl *acl, const char *line, size_t n)
{
	const char *sp;
	char *id;
	size_t len;

	sp = memchr(line, ' ', n);
	len = sp != NULL ? (size_t)(sp - line) : n;
	if (sp == NULL && len > 0 && line[len - 1] == '\r')
		len--;
	id = pool_strndup(acl->pool, line, len);
	if (len == 0 || strlen(id) != len || !good(id))
		return;
	(void)put(acl, id, sp != NULL ?
	    tidy(acl->pool, sp, n - len) : "");
}

/* Whatever the file says, administrators have all rights. */
static void
raise(struct md_acl *acl)
{
	md_acl_delete(acl, "-" ADMIN);
	md_acl_delete(acl, "-" ADMINS);
	(void)md_acl_modify(acl, find(acl, ADMINS) != NULL ? ADMINS : ADMIN,
	    "+" MD_ACL_ALL);
}

/* E_TOOBIG: more entries than anyone needs; some of them might subtract. */
int
md_acl_parse(struct md_acl *acl, const char *text, size_t n)
{
	const char *lf, *end;

	for (end = text + n; text < end; text = lf + 1) {
		lf = memchr(text, '\n', (size_t)(end - text));
		if (lf == NULL)
			lf = end;
		if (acl->n == MD_ACL_ENTRIES_MAX - 1)
			return E_TOOBIG;
		parse_line(acl, text, (size_t)(lf - text));
	}
	raise(acl);
	return E_OK;
}

void
md_acl_print(const struct md_acl *acl, struct str *out)
{
	size_t i;

	for (i = 0; i < acl->n; i++) {
		str_cats(out, acl->v[i].id);
		str_catc(out, ' ');
		str_cats(out, acl->v[i].rights);
		str_catc(out, '\n');
	}
}

/* ---- who has what ------------------------------------------------------- */

static int
matches(const char *id, const char *const *ids, size_t n)
{
	size_t i;

	if (strcmp(id, "anyone") == 0 || strcmp(id, "anonymous") == 0)
		return TRUE;
	if (strcmp(id, ADMIN) == 0)
		id = ADMINS;
	for (i = 0; i < n; i++)
		if (strcmp(id, strcmp(ids[i], ADMIN) == 0 ? ADMINS : ids[i])
		    == 0)
			return TRUE;
	return FALSE;
}

/* The union of positive entries less the union of negative ones. */
static void
compute(const struct md_acl *acl, const char *const *ids, size_t n,
    letters set)
{
	letters minus;
	size_t i;

	memset(set, 0, sizeof(letters));
	memset(minus, 0, sizeof(minus));
	for (i = 0; i < acl->n; i++) {
		if (*acl->v[i].id == '-') {
			if (matches(acl->v[i].id + 1, ids, n))
				add(minus, acl->v[i].rights);
		} else if (matches(acl->v[i].id, ids, n))
			add(set, acl->v[i].rights);
	}
	for (i = 0; i < sizeof(letters); i++)
		set[i] = set[i] && !minus[i];
}

void
md_acl_compute(const struct md_acl *acl, const char *const *ids, size_t n,
    struct str *out)
{
	letters set;
	size_t i;

	compute(acl, ids, n, set);
	for (i = 0; i < n; i++)
		if (strcmp(ids[i], "owner") == 0)
			set['a'] = 1;
	for (i = 0; i < sizeof(letters); i++)
		if (set[i])
			str_catc(out, (int)i);
}

static int
has_all(const letters set, const char *rights)
{
	for (; *rights != '\0'; rights++)
		if (!set[(unsigned char)*rights])
			return FALSE;
	return TRUE;
}

const char *
md_acl_lacks(const struct md_acl *acl, const char *user)
{
	static const char *const admin[] = { ADMIN };
	const char *who[2];
	letters set;

	who[0] = "owner";
	who[1] = user;
	compute(acl, who, 1, set);
	if (!has_all(set, "al"))
		return who[0];
	if (user != NULL) {
		compute(acl, who, 2, set);
		if (!has_all(set, "al"))
			return user;
	}
	compute(acl, admin, 1, set);
	return has_all(set, MD_ACL_ALL) ? NULL : admin[0];
}
