/* authldap: accounts in an LDAP directory (authdaemon.md 4.4).
   SPDX-License-Identifier: ISC */

#include "base/base.h"

#include "base/log.h"
#include "base/mem.h"
#include "base/num.h"
#include "base/str.h"
#include "conf/env.h"
#include "conf/rcfile.h"
#include "authdaemon/backend.h"
#include "authdaemon/cram.h"
#include "authdaemon/mod_ldap.h"
#include "authdaemon/pw_check.h"

/* A list on its way. */
struct listed {
	auth_entry_fn	*fn;
	void		*ctx;
};

static int map_userid(const char *, struct str *);
static int find(const char *, struct dir_entry *);
static int id_of(const struct dir_entry *, int, u32 *);
static int ids_of(const struct dir_entry *, const char *, u32 *, u32 *);
static void put_home(const char *, struct str *);
static int fill(const struct auth_query *, const struct dir_entry *,
    struct authinfo *);
static int check(const struct auth_query *, const struct dir_entry *);
static int dir_pre(const struct auth_query *, struct authinfo *);
static int dir_login(const struct auth_query *, struct authinfo *);
static int dir_cram(const struct auth_query *, const struct cram *,
    struct authinfo *);
static int change(const struct dir_entry *, const char *);
static int dir_passwd(const struct auth_query *, const char *);
static int list_entry(void *, const struct dir_entry *);
static int dir_enumerate(auth_entry_fn *, void *);
static void dir_done(void);
static void dir_settings(void);
static void dir_forget(void);
static int dir_needs_root(int);

extern const struct auth_module chapar_auth_module;
const struct auth_module chapar_auth_module = {
	AUTH_MODULE_ABI,	/* abi */
	LDAP_MODULE,		/* name */
	NULL,			/* init */
	dir_pre,		/* pre */
	dir_login,		/* login */
	dir_cram,		/* cram */
	dir_passwd,		/* passwd */
	dir_enumerate,		/* enumerate */
	dir_conn_close,	/* idle */
	dir_done,		/* done */
	NULL,			/* auth */
	dir_needs_root,		/* needs_root */
	NULL,			/* files */
	dir_settings,		/* settings */
	dir_forget,		/* forget */
	NULL			/* ahead */
};

static struct auth_backend back = {
	LDAP_MODULE,		/* name */
	"authldaprc",		/* file */
	dir_conf_check,	/* check */
	dir_conn_open,		/* connect */
	dir_conn_close,	/* disconnect */
	dir_conn_is_open,	/* connected */
	NULL,			/* rc */
	FALSE,			/* is_bad */
	{ 0 }			/* bad */
};

static void
dir_done(void)
{
	auth_backend_done(&back);
}

static void
dir_settings(void)
{
	auth_backend_settings(&back);
}

static void
dir_forget(void)
{
	auth_backend_forget(&back);
}

/* The settings, and what libldap takes from the environment. Who is root may
   have settings from before. */
static int
dir_needs_root(int verb)
{
	static const char *const names[] = { "LDAPTLS_KEY", "LDAPTLS_CERT",
	    "LDAPTLS_CACERT" };
	size_t i;

	(void)verb;
	for (i = 0; i < NITEMS(names); i++)
		if (*env_or(names[i], "") == '/' &&
		    auth_is_locked(env_get(names[i]), FALSE))
			return TRUE;
	return auth_is_locked(back.file, FALSE) ||
	    auth_backend_settings(&back) != E_OK;
}

/* ---- look-up ------------------------------------------------------------ */

/* The first of two searches: what the account's entry is found by. */
static int
map_userid(const char *userid, struct str *out)
{
	struct dir_entry e;
	struct str filter;
	const char *base;
	u32 count;
	int r;

	str_init(&filter, 0);
	dir_filter_map(back.rc, userid, &filter);
	base = dir_conf(back.rc, "LDAP_EMAILMAP_BASEDN",
	    dir_conf(back.rc, "LDAP_BASEDN", ""));
	r = dir_conn_find(back.rc, base, str_c(&filter),
	    dir_conf(back.rc, "LDAP_EMAILMAP_ATTRIBUTE", "handle"), &e,
	    &count);
	if (r == E_PERM)
		log_err("emailmap: %lu entries returned from search %s (but "
		    "we need exactly 1)", (unsigned long)count,
		    str_c(&filter));
	if (r == E_OK && e.value[WANT_MAIL] == NULL) {
		log_debug("emailmap: empty attribute");
		r = E_PERM;
	}
	if (r == E_OK)
		dir_filter_mapped(back.rc, e.value[WANT_MAIL], out);
	dir_entry_free(&e);
	str_free(&filter);
	return r;
}

static int
find(const char *userid, struct dir_entry *out)
{
	struct str filter;
	u32 count;
	int r = E_OK;

	memset(out, 0, sizeof(*out));
	if (auth_backend_reach(&back) != E_OK)
		return E_TEMP;
	str_init(&filter, 0);
	if (dir_conf(back.rc, "LDAP_EMAILMAP", NULL) != NULL &&
	    strchr(userid, '@') != NULL)
		r = map_userid(userid, &filter);
	else
		dir_filter_user(back.rc, userid, &filter);
	if (r == E_OK) {
		log_debug("Query: %s", str_c(&filter));
		r = dir_conn_find(back.rc, dir_conf(back.rc, "LDAP_BASEDN",
		    ""), str_c(&filter), NULL, out, &count);
		if (r == E_PERM && count == 0)
			log_debug("Not found");
		else if (r == E_PERM)
			log_debug("Returned multiple entries (%lu)",
			    (unsigned long)count);
	}
	str_free(&filter);
	return r;
}

/* The entry's number, else the one for all. */
static int
id_of(const struct dir_entry *e, int want, u32 *out)
{
	if (e->value[want] == NULL) {
		*out = dir_conf_glob(back.rc, want);
		return E_OK;
	}
	return num_parse_u32(e->value[want], out);
}

static int
ids_of(const struct dir_entry *e, const char *userid, u32 *uid, u32 *gid)
{
	if (id_of(e, WANT_UID, uid) != E_OK ||
	    id_of(e, WANT_GID, gid) != E_OK) {
		log_err("authldaplib: %s: uid or gid is no number", e->dn);
		return E_TEMP;
	}
	if (*uid != 0 && *gid != 0)
		return E_OK;
	log_err("authldaplib: refuse to authenticate %s: uid=%lu, gid=%lu "
	    "(zero uid or gid not permitted)", userid, (unsigned long)*uid,
	    (unsigned long)*gid);
	return E_TEMP;
}

static void
put_home(const char *home, struct str *out)
{
	const char *root;

	root = dir_conf(back.rc, "LDAP_MAILROOT", NULL);
	if (root != NULL)
		str_catf(out, "%s/", root);
	str_cats(out, home);
}

static int
fill(const struct auth_query *q, const struct dir_entry *e,
    struct authinfo *out)
{
	const char *maildir, *name;
	struct str home;
	u32 uid, gid;

	if (ids_of(e, q->userid, &uid, &gid) != E_OK)
		return E_TEMP;
	if (e->value[WANT_HOME] == NULL) {
		log_err("authldaplib: %s has no %s", e->dn,
		    dir_conf_attr(back.rc, WANT_HOME));
		return E_TEMP;
	}
	out->has_uid = TRUE;
	out->uid = (uid_t)uid;
	out->gid = (gid_t)gid;
	out->address = mem_strdup(q->userid);
	str_init(&home, 0);
	put_home(e->value[WANT_HOME], &home);
	out->homedir = str_take(&home);
	name = e->value[WANT_NAME];
	out->fullname = mem_strdup(name != NULL ? name : "");
	maildir = e->value[strcmp(q->service, "courier") == 0 ?
	    WANT_DELIVERY : WANT_MAILDIR];
	if (maildir != NULL)
		out->maildir = mem_strdup(maildir);
	if (e->value[WANT_QUOTA] != NULL)
		out->quota = mem_strdup(e->value[WANT_QUOTA]);
	if (e->value[WANT_CRYPT] != NULL)
		out->passwd = mem_strdup(e->value[WANT_CRYPT]);
	if (e->value[WANT_CLEAR] != NULL)
		out->clearpasswd = mem_strdup(e->value[WANT_CLEAR]);
	if (e->options.len > 0)
		out->options = mem_strdup(str_c(&e->options));
	return E_OK;
}

/* ---- passwords ---------------------------------------------------------- */

/* The clear one first, as ever with LDAP. */
static int
check(const struct auth_query *q, const struct dir_entry *e)
{
	const char *clear = e->value[WANT_CLEAR];

	if (dir_conf_u32(back.rc, "LDAP_AUTHBIND", 0) != 0)
		return dir_conn_bind(back.rc, e->dn, q->password);
	if (clear != NULL && *clear != '\0')
		return auth_check_pair(q->password, NULL, clear, NULL);
	return auth_check_pair(q->password, e->value[WANT_CRYPT], NULL, NULL);
}

static int
dir_pre(const struct auth_query *q, struct authinfo *out)
{
	struct dir_entry e;
	int r;

	r = find(q->userid, &e);
	if (r == E_OK)
		r = fill(q, &e, out);
	dir_entry_free(&e);
	return r;
}

static int
dir_login(const struct auth_query *q, struct authinfo *out)
{
	struct dir_entry e;
	int r;

	r = find(q->userid, &e);
	if (r == E_OK)
		r = fill(q, &e, out);
	if (r == E_OK)
		r = check(q, &e);
	if (r == E_OK && out->clearpasswd == NULL)
		out->clearpasswd = mem_strdup(q->password);
	dir_entry_free(&e);
	return r;
}

static int
dir_cram(const struct auth_query *q, const struct cram *c,
    struct authinfo *out)
{
	int r;

	r = dir_pre(q, out);
	return r != E_OK ? r : cram_check_clear(c, out->clearpasswd);
}

/* Only what the entry has is replaced. */
static int
change(const struct dir_entry *e, const char *newpass)
{
	const char *clear = NULL, *crypted = NULL;
	struct str made;
	int r = E_OK;

	str_init(&made, 0);
	if (e->value[WANT_CLEAR] != NULL)
		clear = newpass;
	if (e->value[WANT_CRYPT] != NULL) {
		r = pw_make(newpass, e->value[WANT_CRYPT], &made);
		crypted = str_c(&made);
	}
	if (clear == NULL && crypted == NULL) {
		log_err("authldaplib: %s shows no password to change", e->dn);
		r = E_PERM;
	}
	if (r == E_OK)
		r = dir_conn_modify(back.rc, e->dn, clear, crypted);
	str_wipe_free(&made);
	return r;
}

static int
dir_passwd(const struct auth_query *q, const char *newpass)
{
	struct dir_entry e;
	int r;

	r = find(q->userid, &e);
	if (r == E_OK)
		r = check(q, &e);
	if (r == E_OK)
		r = change(&e, newpass);
	dir_entry_free(&e);
	return r;
}

/* ---- lists -------------------------------------------------------------- */

static int
list_entry(void *ctx, const struct dir_entry *e)
{
	struct listed *l = ctx;
	u32 uid, gid;

	if (e->value[WANT_HOME] == NULL ||
	    id_of(e, WANT_UID, &uid) != E_OK ||
	    id_of(e, WANT_GID, &gid) != E_OK || uid == 0 || gid == 0)
		return E_OK;
	return l->fn(l->ctx, e->value[WANT_MAIL], (uid_t)uid, (gid_t)gid,
	    e->value[WANT_HOME], e->value[WANT_MAILDIR],
	    e->options.len > 0 ? str_c(&e->options) : NULL);
}

static int
dir_enumerate(auth_entry_fn *fn, void *ctx)
{
	struct listed l;
	struct str filter;
	int r;

	if (auth_backend_reach(&back) != E_OK)
		return E_TEMP;
	l.fn = fn;
	l.ctx = ctx;
	str_init(&filter, 0);
	dir_filter_list(back.rc, &filter);
	r = dir_conn_list(back.rc, str_c(&filter), list_entry, &l);
	str_free(&filter);
	return r;
}
