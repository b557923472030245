/* The access database.  SPDX-License-Identifier: ISC */

#include "base/base.h"

#include <netinet/in.h>
#include <sys/socket.h>
#include <arpa/inet.h>

#include "base/ascii.h"
#include "base/dbm.h"
#include "base/log.h"
#include "base/mem.h"
#include "base/num.h"
#include "base/str.h"
#include "conf/env.h"
#include "tcpd/access.h"

struct access {
	char		*path;
	struct dbm_file	*db;
	int		broken;		/* there are rules, but which? */
};

/* TRUE: enough. */
typedef int item_fn(void *, const char *name, const char *value);

struct wanted {
	const char	*name;
	u32		value;
};

static void key_of(const char *, struct str *);
static int get(struct access *, const struct str *, const char *,
    struct str *);
static const char *items(const char *);
static int each(const char *, item_fn *, void *);
static int assign(void *, const char *, const char *);
static int number(void *, const char *, const char *);
static char *clean(char *);
static char *item_end(char *);

struct access *
access_new(const char *path)
{
	struct access *a;

	a = mem_new(sizeof(*a));
	a->path = mem_strdup(path);
	access_reload(a);
	return a;
}

void
access_reload(struct access *a)
{
	struct dbm_file *db = NULL;
	const char *what;
	int r;

	r = dbm_open(a->path, &db);
	if (r == E_OK || r == E_NOENT) {
		if (a->db != NULL)
			dbm_close(&a->db);
		a->db = r == E_OK ? db : NULL;
		a->broken = FALSE;
		what = "no access rules are in force";
	} else if (a->db != NULL) {
		what = "the rules of before stay in force";
	} else {
		a->broken = TRUE;
		what = "everybody is refused";
	}
	if (r != E_OK)
		log_err("ALERT: %s: %s: %s", a->path, err_text(r), what);
}

int
access_check(const char *path)
{
	struct dbm_file *db;
	int r;

	r = dbm_open(path, &db);
	if (r == E_OK)
		dbm_close(&db);
	else
		log_err("%s: %s", path, err_text(r));
	return r;
}

void
access_free(struct access **a)
{
	if (*a == NULL)
		return;
	if ((*a)->db != NULL)
		dbm_close(&(*a)->db);
	mem_free((*a)->path);
	*a = mem_free(*a);
}

/* IPv4 as it is, IPv6 as ":xxxx" eight times. */
static void
key_of(const char *ip, struct str *out)
{
	struct in6_addr a;
	int i;

	if (ascii_casebegins(ip, "::ffff:") && strchr(ip, '.') != NULL)
		ip += 7;
	if (inet_pton(AF_INET6, ip, &a) != 1) {
		str_cats(out, ip);
		return;
	}
	for (i = 0; i < 16; i++) {
		if (i % 2 == 0)
			str_catc(out, ':');
		str_catc(out, "0123456789abcdef"[a.s6_addr[i] >> 4]);
		str_catc(out, "0123456789abcdef"[a.s6_addr[i] & 15]);
	}
}

static int
get(struct access *a, const struct str *key, const char *port,
    struct str *out)
{
	struct str k;
	int r;

	if (port == NULL)
		return dbm_get(a->db, str_c(key), key->len, out);
	str_init(&k, 0);
	str_catf(&k, "%s.%s", str_c(key), port);
	r = dbm_get(a->db, str_c(&k), k.len, out);
	str_free(&k);
	return r;
}

int
access_find(struct access *a, const char *ip, const char *port,
    struct str *out)
{
	struct str key;
	const char *cut;
	int r;

	if (a != NULL && a->broken)
		return E_TEMP;
	if (a == NULL || a->db == NULL)
		return E_NOENT;
	str_init(&key, 0);
	key_of(ip, &key);
	r = port != NULL ? get(a, &key, port, out) : E_NOENT;
	while (r == E_NOENT) {
		r = get(a, &key, NULL, out);
		if (r != E_NOENT || strcmp(str_c(&key), "*") == 0)
			break;
		cut = strrchr(str_c(&key), *str_c(&key) == ':' ? ':' : '.');
		if (cut == NULL || cut == str_c(&key)) {
			str_reset(&key);
			str_catc(&key, '*');
			if (port != NULL)
				r = get(a, &key, port, out);
		} else {
			str_trunc(&key, (size_t)(cut - str_c(&key)));
		}
	}
	str_free(&key);
	return r;
}

/* Where an item ends: at a comma that no quotes protect. */
static char *
item_end(char *p)
{
	int quote;

	for (quote = 0; *p != '\0'; p++) {
		if (quote != 0)
			quote = *p == quote ? 0 : quote;
		else if (*p == '"' || *p == '\'')
			quote = *p;
		else if (*p == ',')
			break;
	}
	return p;
}

/* An item with blanks trimmed and quotes removed, in place. */
static char *
clean(char *item)
{
	char *from, *to;

	item += strspn(item, " \t");
	for (from = to = item; *from != '\0'; from++)
		if (*from != '"' && *from != '\'')
			*to++ = *from;
	while (to > item && (to[-1] == ' ' || to[-1] == '\t'))
		to--;
	*to = '\0';
	return item;
}

/* The assignments of an entry, or NULL if it refuses. */
static const char *
items(const char *value)
{
	if (ascii_begins(value, "deny"))
		return NULL;
	if (ascii_begins(value, "allow")) {
		value += 5;
		if (*value == ',')
			value++;
	}
	return value;
}

/* Calls fn for each assignment, until it returns TRUE. */
static int
each(const char *value, item_fn *fn, void *ctx)
{
	char *copy, *p, *end, *eq;
	int more, found;

	copy = mem_strdup(value);
	p = copy;
	found = FALSE;
	for (more = *p != '\0'; more && !found; p = end + 1) {
		end = item_end(p);
		more = *end != '\0';
		*end = '\0';
		p = clean(p);
		if (*p == '\0' || *p == '=')
			continue;
		eq = strchr(p, '=');
		if (eq != NULL)
			*eq++ = '\0';
		found = fn(ctx, p, eq != NULL ? eq : "");
	}
	mem_free(copy);
	return found;
}

static int
assign(void *ctx, const char *name, const char *value)
{
	env_add(ctx, name, value);
	return FALSE;
}

int
access_vars(const char *value, struct vec *vars)
{
	value = items(value);
	if (value == NULL)
		return E_PERM;
	each(value, assign, vars);
	return E_OK;
}

int
access_denies(const char *value)
{
	return items(value) == NULL;
}

static int
number(void *ctx, const char *name, const char *value)
{
	struct wanted *w = ctx;
	u32 n;

	if (strcmp(name, w->name) == 0 &&
	    num_scan_u32(value, strlen(value), &n) > 0 && n > 0)
		w->value = n;
	return FALSE;
}

u32
access_u32(const char *value, const char *name, u32 other)
{
	struct wanted w;

	w.name = name;
	w.value = other;
	value = items(value);
	if (value != NULL)
		each(value, number, &w);
	return w.value;
}
