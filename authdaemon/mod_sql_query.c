/* The queries of SQL modules (authdaemon.md 4.1 to 4.3).
   SPDX-License-Identifier: ISC */

#include "base/base.h"

#include "base/log.h"
#include "base/num.h"
#include "base/str.h"
#include "conf/rcfile.h"
#include "authdaemon/mod_sql.h"

#define UNSET	"''"	/* an empty SQL string stands for "no such field" */
#define AROUND	64	/* bytes of a query, besides columns and user */

/* What a clause of the site's own may ask for. */
struct words {
	const char	*userid;	/* with the default domain */
	const char	*service;
	const char	*newpass;
	const char	*crypted;
	int		plain;		/* from the settings: not escaped */
};

static struct str kept[2];	/* of the settings in use */
static struct str told;		/* what is odd about them */

static const char *word_value(const char *, size_t, const struct words *,
    size_t *);
static int expand(const char *, const struct words *, struct str *);
static int is_set(const struct rcfile *, int);
static int required(const struct rcfile *);
static void find_odd(const struct rcfile *, struct str *);
static void tell_odd(const struct rcfile *);
static int put_quoted(const char *, struct str *);
static int put_where(const struct rcfile *, struct str *);
static const struct str *columns(const struct rcfile *, int);
static int put_select(const struct rcfile *, const char *, const char *,
    const char *, struct str *);

const char *
sql_setting(const struct rcfile *rc, const char *name, const char *other)
{
	const struct sql_alias *a;
	const char *v;

	v = rcfile_get(rc, name);
	for (a = sql_kind.aliases; v == NULL && a->name != NULL; a++)
		if (strcmp(a->name, name) == 0)
			v = rcfile_get(rc, a->other);
	return v != NULL && *v != '\0' ? v : other;
}

const char *
sql_key(const struct rcfile *rc, int key, const char *other)
{
	return sql_setting(rc, sql_kind.keys[key], other);
}

void
sql_full_id(const struct rcfile *rc, const char *userid, struct str *out)
{
	const char *domain;

	str_cats(out, userid);
	domain = sql_setting(rc, "DEFAULT_DOMAIN", NULL);
	if (domain != NULL && strchr(userid, '@') == NULL)
		str_catf(out, "@%s", domain);
}

/* ---- clauses of the site's own ------------------------------------------ */

/* The text of one $(word) and its length; an unknown one has none. */
static const char *
word_value(const char *word, size_t n, const struct words *w, size_t *len)
{
	const char *at, *value = "";

	at = strchr(w->userid, '@');
	if (n == 10 && memcmp(word, "local_part", n) == 0) {
		*len = at == NULL ? strlen(w->userid) :
		    (size_t)(at - w->userid);
		return w->userid;
	}
	if (n == 6 && memcmp(word, "domain", n) == 0 && at != NULL)
		value = at + 1;
	else if (n == 7 && memcmp(word, "service", n) == 0)
		value = w->service;
	else if (n == 7 && memcmp(word, "newpass", n) == 0)
		value = w->newpass;
	else if (n == 13 && memcmp(word, "newpass_crypt", n) == 0)
		value = w->crypted;
	*len = strlen(value);
	return value;
}

/* One pass over the clause: what is put in is not scanned again. */
static int
expand(const char *clause, const struct words *w, struct str *out)
{
	const char *p, *end, *value;
	size_t n;
	int r = E_OK, quote = 0;

	for (; r == E_OK; clause = end + 1) {
		p = strstr(clause, "$(");
		end = p == NULL ? NULL : strchr(p, ')');
		if (end == NULL)
			return str_cats(out, clause);
		str_cat(out, clause, (size_t)(p - clause));
		quote = sql_quote_after(quote, clause, (size_t)(p - clause));
		value = word_value(p + 2, (size_t)(end - p - 2), w, &n);
		r = w->plain ? str_cat(out, value, n) :
		    sql_put_value(value, n, quote, out);
	}
	return r;
}

/* ---- queries ------------------------------------------------------------ */

int
sql_missing(const struct rcfile *rc, const char *name)
{
	if (sql_setting(rc, name, NULL) != NULL)
		return FALSE;
	log_err("%s: %s not set in %s.", sql_kind.name, name,
	    rcfile_name(rc));
	return TRUE;
}

static int
is_set(const struct rcfile *rc, int key)
{
	return strcmp(sql_key(rc, key, UNSET), UNSET) != 0;
}

/* What the queries made here cannot do without. */
static int
required(const struct rcfile *rc)
{
	if (sql_missing(rc, sql_kind.keys[KEY_TABLE]))
		return E_SYNTAX;
	if (is_set(rc, KEY_CRYPT) || is_set(rc, KEY_CLEAR))
		return E_OK;
	log_err("%s: %s and %s not set in %s.", sql_kind.name,
	    sql_kind.keys[KEY_CRYPT], sql_kind.keys[KEY_CLEAR],
	    rcfile_name(rc));
	return E_SYNTAX;
}

/* What is odd about the settings, a line each. */
static void
find_odd(const struct rcfile *rc, struct str *out)
{
	static const int keys[] = { KEY_UID, KEY_GID, KEY_LOGIN, KEY_HOME,
	    KEY_WHERE, KEY_SELECT, KEY_ENUMERATE, KEY_CHPASS };
	const struct sql_alias *a;
	const char *name, *value;
	size_t i;

	/* A keyword alone is taken as absent; few who write that mean it. */
	for (i = 0; i < NITEMS(keys); i++) {
		name = sql_kind.keys[keys[i]];
		value = rcfile_get(rc, name);
		if (value != NULL && *value == '\0')
			str_catf(out, "%s: line %u: %s has no value and does "
			    "not count\n", rcfile_name(rc),
			    (unsigned int)rcfile_line(rc, name), name);
	}
	for (a = sql_kind.aliases; a->name != NULL; a++)
		if (rcfile_get(rc, a->other) != NULL &&
		    rcfile_get(rc, a->name) == NULL)
			str_catf(out, "%s: line %u: %s is read as %s, as it "
			    "is called elsewhere\n", rcfile_name(rc),
			    (unsigned int)rcfile_line(rc, a->other),
			    a->other, a->name);
}

/* Processes that are forked later read the same file, and say nothing new. */
static void
tell_odd(const struct rcfile *rc)
{
	struct str odd;
	char *line, *end;

	str_init(&odd, 0);
	find_odd(rc, &odd);
	if (strcmp(str_c(&odd), str_c(&told)) != 0) {
		str_free(&told);
		str_init(&told, 0);
		str_catstr(&told, &odd);
		for (line = odd.data; line != NULL && *line != '\0';
		    line = end + 1) {
			end = line + strcspn(line, "\n");
			*end = '\0';
			log_warn("%s", line);
		}
	}
	str_free(&odd);
}

int
sql_settings_check(const struct rcfile *rc)
{
	sql_query_forget();
	tell_odd(rc);
	if (sql_kind.check(rc) != E_OK)
		return E_SYNTAX;
	return sql_key(rc, KEY_SELECT, NULL) != NULL ? E_OK : required(rc);
}

static int
put_quoted(const char *value, struct str *out)
{
	int r;

	str_catc(out, '\'');
	r = sql_kind.escape(value, strlen(value), out);
	return r != E_OK ? r : str_catc(out, '\'');
}

static int
put_where(const struct rcfile *rc, struct str *out)
{
	return str_catf(out, " AND (%s)", sql_key(rc, KEY_WHERE, "1=1"));
}

/* ---- the usual look-up -------------------------------------------------- */

/* Its columns and where they are, which are the same for all: kept. */
static const struct str *
columns(const struct rcfile *rc, int maildir)
{
	const char *login;
	struct str *s;

	s = &kept[maildir == KEY_MAILDIR];
	if (s->len > 0)
		return s;
	str_init(s, 0);
	login = sql_key(rc, KEY_LOGIN, "id");
	str_catf(s, "%s, %s, %s, %s, %s, %s, %s, %s, %s, %s FROM %s WHERE %s = ",
	    login, sql_key(rc, KEY_CRYPT, UNSET),
	    sql_key(rc, KEY_CLEAR, UNSET), sql_key(rc, KEY_UID, "uid"),
	    sql_key(rc, KEY_GID, "gid"), sql_key(rc, KEY_HOME, "home"),
	    sql_key(rc, maildir, UNSET), sql_key(rc, KEY_QUOTA, UNSET),
	    sql_key(rc, KEY_NAME, UNSET), sql_key(rc, KEY_OPTIONS, UNSET),
	    sql_key(rc, KEY_TABLE, ""), login);
	return s;
}

void
sql_query_forget(void)
{
	str_free(&kept[0]);
	str_free(&kept[1]);
}

void
sql_query_done(void)
{
	sql_query_forget();
	str_free(&told);
}

/* before: what stands in front of the columns. */
static int
put_select(const struct rcfile *rc, const char *before, const char *userid,
    const char *service, struct str *out)
{
	const struct str *cols;
	int r;

	r = required(rc);
	if (r != E_OK)
		return r;
	cols = columns(rc, strcmp(service, "courier") != 0 ? KEY_MAILDIR :
	    KEY_DELIVERY);
	if (cols->toobig)
		return E_TOOBIG;
	str_ready(out, cols->len + 2 * strlen(userid) + AROUND);
	str_cats(out, "SELECT ");
	str_cats(out, before);
	str_catstr(out, cols);
	r = put_quoted(userid, out);
	return r != E_OK ? r : put_where(rc, out);
}

int
sql_query_select(const struct rcfile *rc, const char *userid,
    const char *service, struct str *out)
{
	const char *clause;
	struct words w;

	clause = sql_key(rc, KEY_SELECT, NULL);
	if (clause == NULL)
		return put_select(rc, "", userid, service, out);
	w.userid = userid;
	w.service = service;
	w.newpass = w.crypted = "";
	w.plain = FALSE;
	return expand(clause, &w, out);
}

int
sql_query_numbered(const struct rcfile *rc, u32 number, const char *userid,
    const char *service, struct str *out)
{
	char before[NUM_BUF + 2];
	size_t n;

	n = num_u32(before, number);
	memcpy(before + n, ", ", 3);
	return put_select(rc, before, userid, service, out);
}

int
sql_query_chpass(const struct rcfile *rc, const char *userid,
    const char *service, const char *newpass, const char *crypted,
    struct str *out)
{
	const char *clause, *comma = "";
	struct words w;
	int r;

	clause = sql_key(rc, KEY_CHPASS, NULL);
	if (clause != NULL) {
		w.userid = userid;
		w.service = service;
		w.newpass = newpass;
		w.crypted = crypted;
		w.plain = FALSE;
		return expand(clause, &w, out);
	}
	r = required(rc);
	if (r != E_OK)
		return r;
	str_catf(out, "UPDATE %s SET ", sql_key(rc, KEY_TABLE, ""));
	if (is_set(rc, KEY_CLEAR)) {
		str_catf(out, "%s=", sql_key(rc, KEY_CLEAR, UNSET));
		r = put_quoted(newpass, out);
		comma = ", ";
	}
	if (r == E_OK && is_set(rc, KEY_CRYPT)) {
		str_catf(out, "%s%s=", comma, sql_key(rc, KEY_CRYPT, UNSET));
		r = put_quoted(crypted, out);
	}
	str_catf(out, " WHERE %s=", sql_key(rc, KEY_LOGIN, "id"));
	if (r == E_OK)
		r = put_quoted(userid, out);
	return r != E_OK ? r : put_where(rc, out);
}

int
sql_query_enumerate(const struct rcfile *rc, struct str *out)
{
	const char *clause;
	struct words w;
	struct str id;
	int r;

	clause = sql_key(rc, KEY_ENUMERATE, NULL);
	if (clause != NULL) {
		str_init(&id, 0);
		sql_full_id(rc, "*", &id);
		w.userid = str_c(&id);
		w.service = "enumerate";
		w.newpass = w.crypted = "";
		w.plain = TRUE;
		r = expand(clause, &w, out);
		str_free(&id);
		return r;
	}
	r = required(rc);
	if (r != E_OK)
		return r;
	return str_catf(out, "SELECT %s, %s, %s, %s, %s, %s FROM %s WHERE %s",
	    sql_key(rc, KEY_LOGIN, "id"), sql_key(rc, KEY_UID, "uid"),
	    sql_key(rc, KEY_GID, "gid"), sql_key(rc, KEY_HOME, "home"),
	    sql_key(rc, KEY_MAILDIR, UNSET), sql_key(rc, KEY_OPTIONS, UNSET),
	    sql_key(rc, KEY_TABLE, ""), sql_key(rc, KEY_WHERE, "1=1"));
}
