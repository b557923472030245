/* authmysql's queries (authdaemon.md 4.1).  SPDX-License-Identifier: ISC */

#include "base/base.h"

#include "base/log.h"
#include "base/str.h"
#include "conf/rcfile.h"
#include "authdaemon/mod_mysql.h"

#define UNSET	"''"	/* an empty SQL string stands for "no such field" */

/* What a clause of the site's own may ask for. */
struct words {
	const char	*userid;	/* with the default domain */
	const char	*service;
	const char	*newpass;
	const char	*crypted;
};

static int expand(const char *, const struct words *, mysql_escape_fn *,
    struct str *);
static int put_word(const char *, size_t, const struct words *,
    mysql_escape_fn *, struct str *);
static int missing(const struct rcfile *, const char *);
static int required(const struct rcfile *);
static int as_it_is(const char *, size_t, struct str *);
static void warn_empty(const struct rcfile *);
static void warn_alias(const struct rcfile *);
static int put_value(const char *, size_t, mysql_escape_fn *, struct str *);

static const struct {
	const char	*name;
	const char	*other;
} aliases[] = {
	{ "DEFAULT_DOMAIN",		"MYSQL_DEFAULT_DOMAIN" },
	{ "MYSQL_DEFAULTDELIVERY_FIELD", "MYSQL_DEFAULTDELIVERY" },
	{ "MYSQL_SSL_CIPHER",		"MYSQL_SSL_CIPHERS" }
};

const char *
mysql_setting(const struct rcfile *rc, const char *name, const char *other)
{
	const char *v;
	size_t i;

	v = rcfile_get(rc, name);
	for (i = 0; v == NULL && i < NITEMS(aliases); i++)
		if (strcmp(aliases[i].name, name) == 0)
			v = rcfile_get(rc, aliases[i].other);
	return v != NULL && *v != '\0' ? v : other;
}

int
mysql_setting_number(const struct rcfile *rc, const char *name, u32 *out)
{
	int r;

	*out = 0;
	r = rcfile_u32(rc, name, out);
	if (r == E_OK || r == E_NOENT)
		return E_OK;
	log_err("authmysql: cannot parse the %s setting", name);
	log_err("%s: line %u: %s: \"%s\" is no number", rcfile_name(rc),
	    (unsigned int)rcfile_line(rc, name), name, rcfile_get(rc, name));
	return E_SYNTAX;
}

/* Names that documents have for settings, and that nothing but this reads. */
static void
warn_alias(const struct rcfile *rc)
{
	size_t i;

	for (i = 0; i < NITEMS(aliases); i++)
		if (rcfile_get(rc, aliases[i].other) != NULL &&
		    rcfile_get(rc, aliases[i].name) == NULL)
			log_warn("%s: line %u: %s is read as %s, as it is "
			    "called elsewhere", rcfile_name(rc),
			    (unsigned int)rcfile_line(rc, aliases[i].other),
			    aliases[i].other, aliases[i].name);
}

/* A keyword alone is taken as absent; few who write that mean it. */
static void
warn_empty(const struct rcfile *rc)
{
	static const char *const names[] = {
		"MYSQL_UID_FIELD", "MYSQL_GID_FIELD", "MYSQL_LOGIN_FIELD",
		"MYSQL_HOME_FIELD", "MYSQL_WHERE_CLAUSE",
		"MYSQL_SELECT_CLAUSE", "MYSQL_ENUMERATE_CLAUSE",
		"MYSQL_CHPASS_CLAUSE"
	};
	const char *value;
	size_t i;

	for (i = 0; i < NITEMS(names); i++) {
		value = rcfile_get(rc, names[i]);
		if (value != NULL && *value == '\0')
			log_warn("%s: line %u: %s has no value and does not "
			    "count", rcfile_name(rc),
			    (unsigned int)rcfile_line(rc, names[i]),
			    names[i]);
	}
}

int
mysql_settings_check(const struct rcfile *rc)
{
	u32 number;

	warn_empty(rc);
	warn_alias(rc);
	if (mysql_setting_number(rc, "MYSQL_PORT", &number) != E_OK ||
	    mysql_setting_number(rc, "MYSQL_OPT", &number) != E_OK)
		return E_SYNTAX;
	if (mysql_setting(rc, "MYSQL_SERVER", NULL) == NULL &&
	    mysql_setting(rc, "MYSQL_SOCKET", NULL) == NULL) {
		log_err("authmysql: MYSQL_SERVER nor MYSQL_SOCKET set in %s.",
		    rcfile_name(rc));
		return E_SYNTAX;
	}
	if (missing(rc, "MYSQL_USERNAME") || missing(rc, "MYSQL_DATABASE"))
		return E_SYNTAX;
	return mysql_setting(rc, "MYSQL_SELECT_CLAUSE", NULL) != NULL ?
	    E_OK : required(rc);
}

void
mysql_full_id(const struct rcfile *rc, const char *userid, struct str *out)
{
	const char *domain;

	str_cats(out, userid);
	domain = mysql_setting(rc, "DEFAULT_DOMAIN", NULL);
	if (domain != NULL && strchr(userid, '@') == NULL)
		str_catf(out, "@%s", domain);
}

/*
 * A value for a place that the site has quoted, one way or the other. A server
 * that takes no backslash escapes has none for the double quote.
 */
static int
put_value(const char *value, size_t n, mysql_escape_fn *escape,
    struct str *out)
{
	struct str probe;
	int r = E_OK;

	if (memchr(value, '"', n) != NULL) {
		str_init(&probe, 0);
		r = escape("\"", 1, &probe);
		if (r == E_OK && probe.len == 1)
			r = E_PERM;
		str_free(&probe);
	}
	return r == E_OK ? escape(value, n, out) : r;
}

/* One $(word); an unknown one is left out. */
static int
put_word(const char *word, size_t n, const struct words *w,
    mysql_escape_fn *escape, struct str *out)
{
	const char *at;
	size_t local;

	at = strchr(w->userid, '@');
	local = at == NULL ? strlen(w->userid) : (size_t)(at - w->userid);
	if (n == 10 && memcmp(word, "local_part", n) == 0)
		return put_value(w->userid, local, escape, out);
	if (n == 6 && memcmp(word, "domain", n) == 0)
		return at == NULL ? E_OK : put_value(at + 1,
		    strlen(at + 1), escape, out);
	if (n == 7 && memcmp(word, "service", n) == 0)
		return put_value(w->service, strlen(w->service),
		    escape, out);
	if (n == 7 && memcmp(word, "newpass", n) == 0 && w->newpass != NULL)
		return put_value(w->newpass, strlen(w->newpass),
		    escape, out);
	if (n == 13 && memcmp(word, "newpass_crypt", n) == 0 &&
	    w->crypted != NULL)
		return put_value(w->crypted, strlen(w->crypted),
		    escape, out);
	return E_OK;
}

/* One pass over the clause: what is put in is not scanned again. */
static int
expand(const char *clause, const struct words *w, mysql_escape_fn *escape,
    struct str *out)
{
	const char *p, *end;
	int r;

	for (r = E_OK; r == E_OK; clause = end + 1) {
		p = strstr(clause, "$(");
		end = p == NULL ? NULL : strchr(p, ')');
		if (end == NULL)
			return str_cats(out, clause);
		str_cat(out, clause, (size_t)(p - clause));
		r = put_word(p + 2, (size_t)(end - p - 2), w, escape, out);
	}
	return r;
}

static int
missing(const struct rcfile *rc, const char *name)
{
	if (mysql_setting(rc, name, NULL) != NULL)
		return FALSE;
	log_err("authmysql: %s not set in %s.", name, rcfile_name(rc));
	return TRUE;
}

/* What the queries made here cannot do without. */
static int
required(const struct rcfile *rc)
{
	if (missing(rc, "MYSQL_USER_TABLE"))
		return E_SYNTAX;
	if (strcmp(mysql_setting(rc, "MYSQL_CRYPT_PWFIELD", UNSET),
	    UNSET) == 0 && strcmp(mysql_setting(rc, "MYSQL_CLEAR_PWFIELD",
	    UNSET), UNSET) == 0) {
		log_err("authmysql: MYSQL_CRYPT_PWFIELD and "
		    "MYSQL_CLEAR_PWFIELD not set in %s.", rcfile_name(rc));
		return E_SYNTAX;
	}
	return E_OK;
}

int
mysql_query_select(const struct rcfile *rc, mysql_escape_fn *escape,
    const char *userid, const char *service, struct str *out)
{
	const char *clause, *delivery;
	struct words w;
	int r;

	clause = mysql_setting(rc, "MYSQL_SELECT_CLAUSE", NULL);
	if (clause != NULL) {
		memset(&w, 0, sizeof(w));
		w.userid = userid;
		w.service = service;
		return expand(clause, &w, escape, out);
	}
	r = required(rc);
	if (r != E_OK)
		return r;
	delivery = strcmp(service, "courier") != 0 ?
	    mysql_setting(rc, "MYSQL_MAILDIR_FIELD", UNSET) :
	    mysql_setting(rc, "MYSQL_DEFAULTDELIVERY_FIELD", UNSET);
	str_catf(out, "SELECT %s, %s, %s, %s, %s, %s, %s, %s, %s, %s FROM %s "
	    "WHERE %s = '",
	    mysql_setting(rc, "MYSQL_LOGIN_FIELD", "id"),
	    mysql_setting(rc, "MYSQL_CRYPT_PWFIELD", UNSET),
	    mysql_setting(rc, "MYSQL_CLEAR_PWFIELD", UNSET),
	    mysql_setting(rc, "MYSQL_UID_FIELD", "uid"),
	    mysql_setting(rc, "MYSQL_GID_FIELD", "gid"),
	    mysql_setting(rc, "MYSQL_HOME_FIELD", "home"), delivery,
	    mysql_setting(rc, "MYSQL_QUOTA_FIELD", UNSET),
	    mysql_setting(rc, "MYSQL_NAME_FIELD", UNSET),
	    mysql_setting(rc, "MYSQL_AUXOPTIONS_FIELD", UNSET),
	    mysql_setting(rc, "MYSQL_USER_TABLE", ""),
	    mysql_setting(rc, "MYSQL_LOGIN_FIELD", "id"));
	r = escape(userid, strlen(userid), out);
	str_catf(out, "' AND (%s)",
	    mysql_setting(rc, "MYSQL_WHERE_CLAUSE", "1=1"));
	return r != E_OK ? r : out->toobig ? E_TOOBIG : E_OK;
}

int
mysql_query_chpass(const struct rcfile *rc, mysql_escape_fn *escape,
    const char *userid, const char *service, const char *newpass,
    const char *crypted, struct str *out)
{
	const char *clause, *clear, *crypt;
	struct words w;
	int r, both;

	clause = mysql_setting(rc, "MYSQL_CHPASS_CLAUSE", NULL);
	if (clause != NULL) {
		w.userid = userid;
		w.service = service;
		w.newpass = newpass;
		w.crypted = crypted;
		return expand(clause, &w, escape, out);
	}
	r = required(rc);
	if (r != E_OK)
		return r;
	clear = mysql_setting(rc, "MYSQL_CLEAR_PWFIELD", UNSET);
	crypt = mysql_setting(rc, "MYSQL_CRYPT_PWFIELD", UNSET);
	both = strcmp(clear, UNSET) != 0 && strcmp(crypt, UNSET) != 0;
	str_catf(out, "UPDATE %s SET ",
	    mysql_setting(rc, "MYSQL_USER_TABLE", ""));
	if (strcmp(clear, UNSET) != 0) {
		str_catf(out, "%s='", clear);
		r = escape(newpass, strlen(newpass), out);
		str_cats(out, both ? "', " : "'");
	}
	if (r == E_OK && strcmp(crypt, UNSET) != 0) {
		str_catf(out, "%s='", crypt);
		r = escape(crypted, strlen(crypted), out);
		str_cats(out, "'");
	}
	str_catf(out, " WHERE %s='",
	    mysql_setting(rc, "MYSQL_LOGIN_FIELD", "id"));
	if (r == E_OK)
		r = escape(userid, strlen(userid), out);
	str_catf(out, "' AND (%s)",
	    mysql_setting(rc, "MYSQL_WHERE_CLAUSE", "1=1"));
	return r != E_OK ? r : out->toobig ? E_TOOBIG : E_OK;
}

/* For what comes from the settings alone. */
static int
as_it_is(const char *text, size_t n, struct str *out)
{
	return str_cat(out, text, n);
}

int
mysql_query_enumerate(const struct rcfile *rc, struct str *out)
{
	const char *clause;
	struct words w;
	struct str id;
	int r;

	clause = mysql_setting(rc, "MYSQL_ENUMERATE_CLAUSE", NULL);
	if (clause != NULL) {
		memset(&w, 0, sizeof(w));
		str_init(&id, 0);
		mysql_full_id(rc, "*", &id);
		w.userid = str_c(&id);
		w.service = "enumerate";
		r = expand(clause, &w, as_it_is, out);
		str_free(&id);
		return r;
	}
	r = required(rc);
	if (r != E_OK)
		return r;
	return str_catf(out, "SELECT %s, %s, %s, %s, %s, %s FROM %s WHERE %s",
	    mysql_setting(rc, "MYSQL_LOGIN_FIELD", "id"),
	    mysql_setting(rc, "MYSQL_UID_FIELD", "uid"),
	    mysql_setting(rc, "MYSQL_GID_FIELD", "gid"),
	    mysql_setting(rc, "MYSQL_HOME_FIELD", "home"),
	    mysql_setting(rc, "MYSQL_MAILDIR_FIELD", UNSET),
	    mysql_setting(rc, "MYSQL_AUXOPTIONS_FIELD", UNSET),
	    mysql_setting(rc, "MYSQL_USER_TABLE", ""),
	    mysql_setting(rc, "MYSQL_WHERE_CLAUSE", "1=1"));
}
