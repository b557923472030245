/* authldap's connections and searches (authdaemon.md 4.4).
   SPDX-License-Identifier: ISC */

/*
 * One connection looks up, bound as LDAP_BINDDN or as nobody. Another one,
 * with LDAP_AUTHBIND, is bound as whoever logs in.
 */

#include "base/base.h"

#include <sys/time.h>
#include <ldap.h>

#include "base/ascii.h"
#include "base/log.h"
#include "base/mem.h"
#include "base/str.h"
#include "authdaemon/mod_ldap.h"

#define TIMEOUT_SECS	5		/* LDAP_TIMEOUT */
#define FOUND_MAX	100		/* entries of a look-up */
#define LIST_SECS	3600
#define LIST_MAX	1000000
#define ATTRS_MAX	64

/* What is asked for, with room for the options' attributes. */
struct wanted {
	char	*attr[ATTRS_MAX + 1];
	size_t	n;
};

static int is_lost(int);
static void set_timeout(LDAP *, int, u32);
static LDAP *connect_to(const struct rcfile *);
static int bind_as(LDAP *, const char *, const char *);
static void disconnect(LDAP **);
static void want(struct wanted *, const char *);
static void want_all(const struct rcfile *, struct wanted *);
static void forget(struct wanted *);
static char *first_value(LDAPMessage *, const char *, const char *);
static void take_options(const struct rcfile *, LDAPMessage *,
    struct dir_entry *);
static void take_entry(const struct rcfile *, LDAPMessage *,
    const char *, struct dir_entry *);
static int search(const struct rcfile *, const char *, const char *,
    struct wanted *, LDAPMessage **);
static int each_mail(const struct rcfile *, LDAPMessage *,
    int (*)(void *, const struct dir_entry *), void *);
static int receive_list(const struct rcfile *, int,
    int (*)(void *, const struct dir_entry *), void *);

static LDAP *finder;
static LDAP *binder;

/* The connection is of no use any more. */
static int
is_lost(int code)
{
	return code == LDAP_SERVER_DOWN || code == LDAP_CONNECT_ERROR ||
	    code == LDAP_UNAVAILABLE || code == LDAP_TIMEOUT;
}

static void
set_timeout(LDAP *ld, int option, u32 secs)
{
	struct timeval tv;

	tv.tv_sec = (long)secs;
	tv.tv_usec = 0;
	ldap_set_option(ld, option, &tv);
}

/* NULL, logged. */
static LDAP *
connect_to(const struct rcfile *rc)
{
	static const struct {
		const char	*name;
		int		how;
	} deref[] = {
		{ "never",	LDAP_DEREF_NEVER },
		{ "searching",	LDAP_DEREF_SEARCHING },
		{ "finding",	LDAP_DEREF_FINDING },
		{ "always",	LDAP_DEREF_ALWAYS }
	};
	const char *uri, *how;
	LDAP *ld = NULL;
	int code, version, tls;
	size_t i;
	u32 secs;

	uri = dir_conf(rc, "LDAP_URI", "");
	log_debug("authldaplib: connecting to %s", uri);
	code = ldap_initialize(&ld, uri);
	if (code != LDAP_SUCCESS) {
		log_err("ldap_initialize failed: %s", ldap_err2string(code));
		return NULL;
	}
	secs = dir_conf_u32(rc, "LDAP_TIMEOUT", TIMEOUT_SECS);
	set_timeout(ld, LDAP_OPT_NETWORK_TIMEOUT, secs);
	set_timeout(ld, LDAP_OPT_TIMEOUT, secs);
	tls = dir_conf_u32(rc, "LDAP_TLS", 0) != 0;
	version = dir_conf_u32(rc, "LDAP_PROTOCOL_VERSION", 0) == 2 && !tls ?
	    LDAP_VERSION2 : LDAP_VERSION3;
	ldap_set_option(ld, LDAP_OPT_PROTOCOL_VERSION, &version);
	how = dir_conf(rc, "LDAP_DEREF", "never");
	for (i = 0; i < NITEMS(deref); i++)
		if (ascii_casecmp(how, deref[i].name) == 0)
			ldap_set_option(ld, LDAP_OPT_DEREF, &deref[i].how);
	if (!tls)
		return ld;
	code = ldap_start_tls_s(ld, NULL, NULL);
	if (code == LDAP_SUCCESS)
		return ld;
	log_err("ldap_start_tls_s failed: %s", ldap_err2string(code));
	disconnect(&ld);
	return NULL;
}

/* An LDAP result code. */
static int
bind_as(LDAP *ld, const char *dn, const char *password)
{
	struct berval cred;
	int code;

	if (auth_debug_level() >= 2)
		log_debug("binding to LDAP server as DN '%s', password '%s'",
		    dn, password);
	else
		log_debug("binding to LDAP server as DN '%s'", dn);
	cred.bv_val = mem_strdup(password);
	cred.bv_len = strlen(password);
	code = ldap_sasl_bind_s(ld, dn, LDAP_SASL_SIMPLE, &cred, NULL, NULL,
	    NULL);
	mem_free_secret(&cred.bv_val);
	return code;
}

static void
disconnect(LDAP **ld)
{
	if (*ld != NULL)
		ldap_unbind_ext_s(*ld, NULL, NULL);
	*ld = NULL;
}

void
dir_conn_close(void)
{
	disconnect(&finder);
	disconnect(&binder);
}

int
dir_conn_is_open(void)
{
	return finder != NULL;
}

int
dir_conn_open(const struct rcfile *rc)
{
	int code;

	if (finder != NULL)
		return E_OK;
	finder = connect_to(rc);
	if (finder == NULL)
		return E_TEMP;
	if (dir_conf_u32(rc, "LDAP_INITBIND", 0) == 0)
		return E_OK;
	code = bind_as(finder, dir_conf(rc, "LDAP_BINDDN", ""),
	    dir_conf(rc, "LDAP_BINDPW", ""));
	if (code == LDAP_SUCCESS)
		return E_OK;
	log_err("ldap_sasl_bind_s failed: %s", ldap_err2string(code));
	disconnect(&finder);
	return E_TEMP;
}

/* ---- entries ------------------------------------------------------------ */

static void
want(struct wanted *w, const char *attr)
{
	size_t i;

	if (attr == NULL || w->n == ATTRS_MAX)
		return;
	for (i = 0; i < w->n; i++)
		if (ascii_casecmp(w->attr[i], attr) == 0)
			return;
	w->attr[w->n++] = mem_strdup(attr);
	w->attr[w->n] = NULL;
}

static void
want_all(const struct rcfile *rc, struct wanted *w)
{
	struct str attr, option;
	const char *at = NULL;
	int i;

	for (i = 0; i < WANT_COUNT; i++)
		want(w, dir_conf_attr(rc, i));
	str_init(&attr, 0);
	str_init(&option, 0);
	while (dir_conf_option(rc, &at, &attr, &option) == E_OK) {
		want(w, str_c(&attr));
		str_reset(&attr);
	}
	str_free(&attr);
	str_free(&option);
}

static void
forget(struct wanted *w)
{
	while (w->n > 0)
		mem_free(w->attr[--w->n]);
}

/* NULL if the attribute is absent, or nothing is asked for. */
static char *
first_value(LDAPMessage *m, const char *attr, const char *dn)
{
	struct berval **v;
	char *value = NULL;
	int i, n;

	v = attr == NULL ? NULL : ldap_get_values_len(finder, m, attr);
	n = ldap_count_values_len(v);
	if (n > 0)
		value = mem_dup(v[0]->bv_val, v[0]->bv_len);
	if (n > 1)
		log_warn("authldaplib: duplicate attribute %s for %s", attr,
		    dn);
	for (i = 0; i < n; i++)
		mem_wipe(v[i]->bv_val, v[i]->bv_len);
	ldap_value_free_len(v);
	return value;
}

static void
take_options(const struct rcfile *rc, LDAPMessage *m, struct dir_entry *out)
{
	struct str attr, option;
	const char *at = NULL;
	char *value;

	str_init(&attr, 0);
	str_init(&option, 0);
	while (dir_conf_option(rc, &at, &attr, &option) == E_OK) {
		value = first_value(m, str_c(&attr), out->dn);
		if (value != NULL)
			str_catf(&out->options, "%s%s=%s",
			    out->options.len > 0 ? "," : "", str_c(&option),
			    value);
		mem_free(value);
		str_reset(&attr);
		str_reset(&option);
	}
	str_free(&attr);
	str_free(&option);
}

/* Either all that is wanted, but for the mail address, or one attribute. */
static void
take_entry(const struct rcfile *rc, LDAPMessage *m, const char *attribute,
    struct dir_entry *out)
{
	char *dn;
	int i;

	dn = ldap_get_dn(finder, m);
	out->dn = mem_strdup(dn != NULL ? dn : "");
	ldap_memfree(dn);
	log_debug("Returned DN: %s", out->dn);
	if (attribute != NULL) {
		out->value[WANT_MAIL] = first_value(m, attribute, out->dn);
		return;
	}
	for (i = 0; i < WANT_MAIL; i++)
		out->value[i] = first_value(m, dir_conf_attr(rc, i), out->dn);
	take_options(rc, m, out);
}

void
dir_entry_free(struct dir_entry *e)
{
	int i;

	mem_free(e->dn);
	e->dn = NULL;
	for (i = 0; i < WANT_COUNT; i++)
		mem_free_secret(&e->value[i]);
	str_free(&e->options);
}

/* ---- searches ----------------------------------------------------------- */

/* A connection from before that is lost is made anew, once. */
static int
search(const struct rcfile *rc, const char *base, const char *filter,
    struct wanted *w, LDAPMessage **out)
{
	struct timeval tv;
	int code, was_open;

	do {
		was_open = finder != NULL;
		if (dir_conn_open(rc) != E_OK)
			return E_TEMP;
		tv.tv_sec = (long)dir_conf_u32(rc, "LDAP_TIMEOUT",
		    TIMEOUT_SECS);
		tv.tv_usec = 0;
		log_debug("ldap_search: basedn='%s', filter='%s'", base,
		    filter);
		code = ldap_search_ext_s(finder, base, LDAP_SCOPE_SUBTREE,
		    filter, w->attr, 0, NULL, NULL, &tv, FOUND_MAX, out);
		if (code == LDAP_SUCCESS || code == LDAP_SIZELIMIT_EXCEEDED)
			return E_OK;
		log_err("ldap_search_ext_s failed: %s",
		    ldap_err2string(code));
		ldap_msgfree(*out);
		*out = NULL;
		if (is_lost(code))
			dir_conn_close();
	} while (is_lost(code) && code != LDAP_TIMEOUT && was_open);
	return E_TEMP;
}

int
dir_conn_find(const struct rcfile *rc, const char *base, const char *filter,
    const char *attribute, struct dir_entry *out, u32 *count)
{
	struct wanted w;
	LDAPMessage *found = NULL;
	int r;

	memset(out, 0, sizeof(*out));
	str_init(&out->options, 0);
	*count = 0;
	w.n = 0;
	if (attribute != NULL)
		want(&w, attribute);
	else
		want_all(rc, &w);
	r = search(rc, base, filter, &w, &found);
	forget(&w);
	if (r == E_OK) {
		*count = (u32)ldap_count_entries(finder, found);
		r = *count == 1 ? E_OK : E_PERM;
	}
	if (r == E_OK)
		take_entry(rc, ldap_first_entry(finder, found), attribute,
		    out);
	ldap_msgfree(found);
	return r;
}

static int
each_mail(const struct rcfile *rc, LDAPMessage *m,
    int (*fn)(void *, const struct dir_entry *), void *ctx)
{
	struct berval **v;
	struct dir_entry e;
	int i, r = E_OK;

	memset(&e, 0, sizeof(e));
	str_init(&e.options, 0);
	take_entry(rc, m, NULL, &e);
	v = ldap_get_values_len(finder, m, dir_conf_attr(rc, WANT_MAIL));
	for (i = 0; r == E_OK && i < ldap_count_values_len(v); i++) {
		mem_free(e.value[WANT_MAIL]);
		e.value[WANT_MAIL] = mem_dup(v[i]->bv_val, v[i]->bv_len);
		r = fn(ctx, &e) == E_OK ? E_OK : E_TEMP;
	}
	ldap_value_free_len(v);
	dir_entry_free(&e);
	return r;
}

/* One entry after the other: a list may be long. E_EOF: the connection was
   lost before the first one. */
static int
receive_list(const struct rcfile *rc, int id,
    int (*fn)(void *, const struct dir_entry *), void *ctx)
{
	struct timeval tv;
	LDAPMessage *m;
	u32 seen = 0;
	int type, code = LDAP_SERVER_DOWN, r = E_OK;

	do {
		m = NULL;
		tv.tv_sec = LIST_SECS;
		tv.tv_usec = 0;
		type = ldap_result(finder, id, LDAP_MSG_ONE, &tv, &m);
		if (type == LDAP_RES_SEARCH_ENTRY) {
			seen++;
			r = each_mail(rc, m, fn, ctx);
		} else if (type == LDAP_RES_SEARCH_RESULT)
			ldap_parse_result(finder, m, &code, NULL, NULL, NULL,
			    NULL, 0);
		ldap_msgfree(m);
	} while (type > 0 && type != LDAP_RES_SEARCH_RESULT && r == E_OK);
	if (r == E_OK && code != LDAP_SUCCESS) {
		log_err("ldap_result failed: %s", ldap_err2string(code));
		r = is_lost(code) && seen == 0 ? E_EOF : E_TEMP;
	}
	if (r != E_OK)
		dir_conn_close();	/* more of it may be on its way */
	return r;
}

int
dir_conn_list(const struct rcfile *rc, const char *filter,
    int (*fn)(void *, const struct dir_entry *), void *ctx)
{
	struct timeval tv;
	struct wanted w;
	int code, id, was_open, r;

	w.n = 0;
	want_all(rc, &w);
	do {
		was_open = finder != NULL;
		r = dir_conn_open(rc);
		if (r != E_OK)
			break;
		tv.tv_sec = LIST_SECS;
		tv.tv_usec = 0;
		code = ldap_search_ext(finder, dir_conf(rc, "LDAP_BASEDN",
		    ""), LDAP_SCOPE_SUBTREE, filter, w.attr, 0, NULL, NULL,
		    &tv, LIST_MAX, &id);
		if (code == LDAP_SUCCESS) {
			r = receive_list(rc, id, fn, ctx);
			continue;
		}
		log_err("ldap_search_ext failed: %s", ldap_err2string(code));
		dir_conn_close();
		r = is_lost(code) ? E_EOF : E_TEMP;
	} while (r == E_EOF && was_open);
	forget(&w);
	return r == E_OK ? E_OK : E_TEMP;
}

/* ---- passwords ---------------------------------------------------------- */

/* A wrong password is tried once: servers count. */
int
dir_conn_bind(const struct rcfile *rc, const char *dn, const char *password)
{
	int code, was_open;

	if (*password == '\0')
		return E_PERM;		/* such a bind is anonymous */
	do {
		was_open = binder != NULL;
		if (binder == NULL)
			binder = connect_to(rc);
		if (binder == NULL)
			return E_TEMP;
		code = bind_as(binder, dn, password);
		if (is_lost(code))
			disconnect(&binder);
	} while (is_lost(code) && code != LDAP_TIMEOUT && was_open);
	if (code == LDAP_SUCCESS)
		return E_OK;
	if (code == LDAP_INVALID_CREDENTIALS || code == LDAP_NO_SUCH_OBJECT ||
	    code == LDAP_INAPPROPRIATE_AUTH ||
	    code == LDAP_CONSTRAINT_VIOLATION ||
	    code == LDAP_INSUFFICIENT_ACCESS ||
	    code == LDAP_UNWILLING_TO_PERFORM) {
		log_debug("Password for %s does not match: %s", dn,
		    ldap_err2string(code));
		return E_PERM;
	}
	log_err("ldap_sasl_bind_s failed: %s", ldap_err2string(code));
	return E_TEMP;
}

int
dir_conn_modify(const struct rcfile *rc, const char *dn, const char *clear,
    const char *crypted)
{
	const char *from[2];
	char *values[2][2];
	LDAPMod mod[2], *mods[3];
	int i, n, code;

	from[0] = clear;
	from[1] = crypted;
	for (i = n = 0; i < 2; i++) {
		if (from[i] == NULL)
			continue;
		values[n][0] = mem_strdup(from[i]);
		values[n][1] = NULL;
		mod[n].mod_op = LDAP_MOD_REPLACE;
		mod[n].mod_type = mem_strdup(dir_conf_attr(rc, i == 0 ?
		    WANT_CLEAR : WANT_CRYPT));
		mod[n].mod_values = values[n];
		log_debug("Modify: %s", mod[n].mod_type);
		mods[n] = mod + n;
		n++;
	}
	mods[n] = NULL;
	code = ldap_modify_ext_s(binder != NULL ? binder : finder, dn, mods,
	    NULL, NULL);
	for (i = 0; i < n; i++) {
		mem_free_secret(&values[i][0]);
		mem_free(mod[i].mod_type);
	}
	if (code == LDAP_SUCCESS)
		return E_OK;
	log_err("Password update failed: %s", ldap_err2string(code));
	if (is_lost(code))
		dir_conn_close();
	return E_TEMP;
}
