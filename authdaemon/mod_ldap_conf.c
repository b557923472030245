/* authldap's settings and filters (authdaemon.md 4.4).
   SPDX-License-Identifier: ISC */

#include "base/base.h"

#include "base/ascii.h"
#include "base/log.h"
#include "base/num.h"
#include "base/proc.h"
#include "base/str.h"
#include "conf/rcfile.h"
#include "authdaemon/backend.h"
#include "authdaemon/mod_ldap.h"

/* Setting and default of each WANT_... */
static const struct {
	const char	*name;
	const char	*other;
} attrs[WANT_COUNT] = {
	{ "LDAP_HOMEDIR",		"homeDir" },
	{ "LDAP_MAILDIR",		NULL },
	{ "LDAP_DEFAULTDELIVERY",	NULL },
	{ "LDAP_MAILDIRQUOTA",		NULL },
	{ "LDAP_FULLNAME",		NULL },
	{ "LDAP_CLEARPW",		NULL },
	{ "LDAP_CRYPTPW",		NULL },
	{ "LDAP_UID",			NULL },
	{ "LDAP_GID",			NULL },
	{ "LDAP_MAIL",			"mail" }
};

static int missing(const struct rcfile *, const char *);
static int check_numbers(const struct rcfile *);
static int glob_id(const struct rcfile *, int, u32 *);
static void put_escaped(const char *, size_t, struct str *);
static void put_filter(const struct rcfile *, const char *, const char *,
    struct str *);

const char *
dir_conf(const struct rcfile *rc, const char *name, const char *other)
{
	const char *value;

	value = rcfile_get(rc, name);
	return value != NULL && *value != '\0' ? value : other;
}

u32
dir_conf_u32(const struct rcfile *rc, const char *name, u32 other)
{
	u32 n = other;

	return rcfile_u32(rc, name, &n) == E_OK ? n : other;
}

const char *
dir_conf_attr(const struct rcfile *rc, int want)
{
	return dir_conf(rc, attrs[want].name, attrs[want].other);
}

static int
missing(const struct rcfile *rc, const char *name)
{
	if (dir_conf(rc, name, NULL) != NULL)
		return FALSE;
	log_err("%s not found in %s", name, rcfile_name(rc));
	return TRUE;
}

static int
check_numbers(const struct rcfile *rc)
{
	static const char *const names[] = { "LDAP_PROTOCOL_VERSION",
	    "LDAP_INITBIND", "LDAP_AUTHBIND", "LDAP_TIMEOUT", "LDAP_TLS" };
	size_t i;
	u32 n;

	for (i = 0; i < NITEMS(names); i++)
		if (auth_setting_u32(LDAP_MODULE, rc, names[i], &n) != E_OK)
			return E_SYNTAX;
	n = dir_conf_u32(rc, "LDAP_PROTOCOL_VERSION", 0);
	if (n == 0 || n == 2 || n == 3)
		return E_OK;
	log_err("authldaplib: LDAP_PROTOCOL_VERSION not supported");
	return E_SYNTAX;
}

/* A number, or the name of a user or group. */
static int
glob_id(const struct rcfile *rc, int want, u32 *out)
{
	const char *name, *value;
	uid_t uid = 0;
	gid_t gid = 0;
	int r;

	*out = 0;
	name = want == WANT_UID ? "LDAP_GLOB_UID" : "LDAP_GLOB_GID";
	value = dir_conf(rc, name, NULL);
	if (value == NULL || num_parse_u32(value, out) == E_OK)
		return E_OK;
	r = want == WANT_UID ? proc_find_user(value, &uid, &gid) :
	    proc_find_group(value, &gid);
	*out = want == WANT_UID ? (u32)uid : (u32)gid;
	if (r != E_OK)
		log_err("authldap: INVALID %s", name);
	return r;
}

u32
dir_conf_glob(const struct rcfile *rc, int want)
{
	u32 id;

	return glob_id(rc, want, &id) == E_OK ? id : 0;
}

int
dir_conf_check(const struct rcfile *rc)
{
	static const char *const deref[] = { "never", "searching", "finding",
	    "always" };
	const char *how;
	size_t i;
	u32 id;

	if (missing(rc, "LDAP_URI") || missing(rc, "LDAP_BASEDN"))
		return E_SYNTAX;
	if (check_numbers(rc) != E_OK ||
	    glob_id(rc, WANT_UID, &id) != E_OK ||
	    glob_id(rc, WANT_GID, &id) != E_OK)
		return E_SYNTAX;
	if (dir_conf_u32(rc, "LDAP_INITBIND", 0) != 0 &&
	    (missing(rc, "LDAP_BINDDN") || missing(rc, "LDAP_BINDPW")))
		return E_SYNTAX;
	how = dir_conf(rc, "LDAP_DEREF", "never");
	for (i = 0; i < NITEMS(deref); i++)
		if (ascii_casecmp(how, deref[i]) == 0)
			return E_OK;
	log_err("authldap: INVALID LDAP_OPT_DEREF");
	return E_SYNTAX;
}

int
dir_conf_option(const struct rcfile *rc, const char **at, struct str *attr,
    struct str *option)
{
	const char *p, *end, *eq;
	size_t n;

	p = *at != NULL ? *at : dir_conf(rc, "LDAP_AUXOPTIONS", "");
	p += strspn(p, ", \t");
	end = p + strcspn(p, ", \t");
	*at = end;
	if (p == end)
		return E_NOENT;
	eq = memchr(p, '=', (size_t)(end - p));
	n = (size_t)((eq != NULL ? eq : end) - p);
	str_cat(attr, p, n);
	if (eq != NULL && eq + 1 < end)
		str_cat(option, eq + 1, (size_t)(end - eq - 1));
	else
		str_cat(option, p, n);
	return E_OK;
}

/* ---- filters ------------------------------------------------------------ */

/* RFC 4515, section 3. */
static void
put_escaped(const char *s, size_t n, struct str *out)
{
	for (; n > 0; n--, s++)
		if (strchr("*()\\", *s) != NULL)
			str_catf(out, "\\%x", (unsigned int)*s);
		else
			str_catc(out, *s);
}

/* attribute=value, and the site's own filter. */
static void
put_filter(const struct rcfile *rc, const char *attr, const char *value,
    struct str *out)
{
	const char *more;

	more = dir_conf(rc, "LDAP_FILTER", NULL);
	if (more != NULL)
		str_catf(out, "(&%s", more);
	str_catf(out, "(%s=", attr);
	put_escaped(value, strlen(value), out);
	str_cats(out, more != NULL ? "))" : ")");
}

void
dir_filter_user(const struct rcfile *rc, const char *userid,
    struct str *out)
{
	const char *domain;
	struct str id;

	str_init(&id, 0);
	str_cats(&id, userid);
	domain = dir_conf(rc, "LDAP_DOMAIN", NULL);
	if (domain != NULL && strchr(userid, '@') == NULL)
		str_catf(&id, "@%s", domain);
	put_filter(rc, dir_conf_attr(rc, WANT_MAIL), str_c(&id), out);
	str_free(&id);
}

void
dir_filter_mapped(const struct rcfile *rc, const char *key, struct str *out)
{
	put_filter(rc, dir_conf(rc, "LDAP_EMAILMAP_MAIL",
	    dir_conf_attr(rc, WANT_MAIL)), key, out);
}

/* LDAP_EMAILMAP with @user@ and @realm@ put in, once; others vanish. */
void
dir_filter_map(const struct rcfile *rc, const char *userid, struct str *out)
{
	const char *p, *end, *at;
	size_t n;

	at = strchr(userid, '@');
	for (p = dir_conf(rc, "LDAP_EMAILMAP", ""); ; p = end + 1) {
		n = strcspn(p, "@");
		str_cat(out, p, n);
		p += n;
		end = *p == '\0' ? NULL : strchr(p + 1, '@');
		if (end == NULL)
			break;
		n = (size_t)(end - p - 1);
		if (n == 4 && memcmp(p + 1, "user", n) == 0)
			put_escaped(userid, (size_t)(at - userid), out);
		else if (n == 5 && memcmp(p + 1, "realm", n) == 0)
			put_escaped(at + 1, strlen(at + 1), out);
	}
	str_cats(out, p);
}

void
dir_filter_list(const struct rcfile *rc, struct str *out)
{
	const char *filter;

	filter = dir_conf(rc, "LDAP_ENUMERATE_FILTER",
	    dir_conf(rc, "LDAP_FILTER", NULL));
	if (filter != NULL)
		str_cats(out, filter);
	else
		str_catf(out, "(%s=*)", dir_conf_attr(rc, WANT_MAIL));
}
