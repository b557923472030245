/* Accounts in userdb.dat (authdaemon.md 4.5, 4.6).
   SPDX-License-Identifier: ISC */

/*
 * A database stays open until makeuserdb has put another one in its place. One
 * that is not there knows nobody; one that cannot be read is a temporary
 * failure.
 */

#include "base/base.h"

#include <sys/stat.h>

#include "base/dbm.h"
#include "base/file.h"
#include "base/log.h"
#include "base/mem.h"
#include "base/num.h"
#include "base/str.h"
#include "authcl/authproto.h"
#include "authdaemon/cram.h"
#include "authdaemon/mod_userdb.h"
#include "authdaemon/module.h"
#include "authdaemon/relay.h"
#include "authdaemon/userdb.h"

#define USERDB		"userdb.dat"
#define USERDBSHADOW	"userdbshadow.dat"

#ifdef HAVE_GDBM
#define HAS_DB	TRUE
#else
#define HAS_DB	FALSE		/* text alone */
#endif

static int open_db(int, struct dbm_file **);
static void forget(void);
static int open_kept(int);
static int userdb_needs_root(int);
static int read_value(struct dbm_file *, const char *, const char *,
    struct str *);
static int id_field(const char *, const char *, u32 *);
static void complain(const char *, const char *, const char *);
static const char *shown(const char *);
static const char *from_fields(const char *, const char *,
    struct authinfo *);
static void show_fields(const char *, const struct authinfo *);
static int look_up(const char *, struct authinfo *);
static int secret_of(const char *, const char *, const char *, char **);
static int userdb_pre(const struct auth_query *, struct authinfo *);
static int userdb_login(const struct auth_query *, struct authinfo *);
static int userdb_cram(const struct auth_query *, const struct cram *,
    struct authinfo *);
static int each(void *, const char *, size_t, const char *, size_t);
static int userdb_enumerate(auth_entry_fn *, void *);

enum { PLAIN, SECRET, FILES };

static const char *const secret_files[] = { USERDB, USERDBSHADOW, NULL };

extern const struct auth_module AUTH_MODULE(mod_userdb);
const struct auth_module AUTH_MODULE(mod_userdb) = {
	AUTH_MODULE_ABI,	/* abi */
	"authuserdb",		/* name */
	NULL,			/* init */
	userdb_pre,		/* pre */
	userdb_login,		/* login */
	userdb_cram,		/* cram */
	userdb_passwd,		/* passwd */
	userdb_enumerate,	/* enumerate */
	forget,			/* idle */
	forget,			/* done */
	NULL,			/* auth */
	userdb_needs_root,	/* needs_root */
	secret_files,		/* files */
	NULL,			/* settings */
	NULL,			/* forget */
	NULL			/* ahead */
};

static struct kept {
	struct dbm_file	*db;
	struct stat	st;
	int		is_text;
} kept[FILES];

static int no_relay;		/* the helper cannot open a file for us */

/* ---- look-up ------------------------------------------------------------ */

/* E_OK; E_NOENT: no such database, nor a text file in its place; E_TEMP,
   logged. */
static int
open_db(int which, struct dbm_file **out)
{
	struct str path;
	int fd, r;

	str_init(&path, 0);
	auth_path(secret_files[which], &path);
	r = dbm_open(str_c(&path), out);
	if (r == E_PERM) {
		r = relay_open("authuserdb", (u32)which, &fd);
		if (r == E_OK)
			r = dbm_open_fd(fd, str_c(&path), out);
		no_relay = r != E_OK;
	}
	if (r == E_NOTSUP && !no_relay)
		r = E_NOENT;		/* the text is a folder */
	if (r == E_NOENT)
		log_debug("%s: unable to open %s", which == PLAIN ? "userdb" :
		    "userdbshadow", str_c(&path));
	else if (r != E_OK)
		log_err("userdb: failed to open %s: %s", str_c(&path),
		    err_text(r));
	str_free(&path);
	return r == E_OK || r == E_NOENT ? r : E_TEMP;
}

static void
forget(void)
{
	int i;

	for (i = 0; i < FILES; i++)
		if (kept[i].db != NULL)
			dbm_close(&kept[i].db);
}

/* Opens a database unless the open one is still the one of that name. A text
   in its place is read anew each time. */
static int
open_kept(int which)
{
	struct kept *k = kept + which;
	struct str path;
	struct stat st;
	int there, r;

	str_init(&path, 0);
	auth_path(secret_files[which], &path);
	memset(&st, 0, sizeof(st));
	there = HAS_DB && stat(str_c(&path), &st) == 0;
	r = E_OK;
	if (!there || k->db == NULL || !file_is_same(&st, &k->st)) {
		if (k->db != NULL)
			dbm_close(&k->db);
		r = open_db(which, &k->db);
		k->st = st;
		k->is_text = !there;
		if (r == E_OK && which == PLAIN)
			log_debug("userdb: opened %s", str_c(&path));
	}
	str_free(&path);
	return r;
}

/* What root alone may read is opened by it, and handed on, where the library
   can use that. */
static int
userdb_needs_root(int verb)
{
	struct str path;
	struct stat st;
	int hidden;

	if (verb == AUTH_PASSWD || no_relay)
		return TRUE;
	str_init(&path, 0);
	auth_path(secret_files[PLAIN], &path);
	hidden = stat(str_c(&path), &st) < 0;
	str_free(&path);
	if (hidden)			/* text, or a folder that is shut */
		return auth_is_locked(secret_files[PLAIN], FALSE) ||
		    auth_is_locked("userdb", FALSE);
	return !dbm_has_open_fd() &&
	    (auth_is_locked(secret_files[PLAIN], FALSE) ||
	    auth_is_locked(secret_files[SECRET], FALSE));
}

static int
read_value(struct dbm_file *db, const char *file, const char *key,
    struct str *out)
{
	int r;

	r = dbm_get(db, key, strlen(key), out);
	if (r == E_OK || r == E_NOENT)
		return r;
	log_err("userdb: %s: cannot be read: %s", file, err_text(r));
	return E_TEMP;
}

int
userdb_fetch(const char *key, struct str *out)
{
	int r;

	r = open_kept(PLAIN);
	if (r != E_TEMP)
		log_debug("userdb: looking up '%s'", key);
	if (r == E_OK) {
		r = read_value(kept[PLAIN].db, USERDB, key, out);
		if (r == E_TEMP)
			forget();
	}
	return r;
}

int
userdb_fetch_secrets(const char *key, struct str *out)
{
	int r;

	r = open_kept(SECRET);
	if (r == E_OK) {
		r = read_value(kept[SECRET].db, USERDBSHADOW, key, out);
		if (r == E_TEMP)
			forget();
	}
	if (r == E_NOENT && open_kept(PLAIN) == E_OK && kept[PLAIN].is_text)
		r = userdb_fetch(key, out);	/* which has all in one */
	if (r == E_NOENT)
		log_debug("userdbshadow: entry not found");
	return r;
}

/* A decimal number, not 0. */
static int
id_field(const char *fields, const char *name, u32 *out)
{
	char *text;
	int r;

	text = userdb_field(fields, name);
	r = text != NULL && num_parse_u32(text, out) == E_OK && *out != 0 ?
	    E_OK : E_PERM;
	mem_free(text);
	return r;
}

/* Why a record has no use. */
static void
complain(const char *userid, const char *fields, const char *name)
{
	char *text;

	text = userdb_field(fields, name);
	if (text == NULL)
		log_debug("userdb: required value '%s' is missing", name);
	else
		log_err("userdb: %s is refused: '%s' is no value for %s",
		    userid, text, name);
	mem_free(text);
}

static const char *
shown(const char *value)
{
	return value != NULL ? value : "<unset>";
}

/* NULL, or the name of the field that is missing or wrong. */
static const char *
from_fields(const char *userid, const char *fields, struct authinfo *out)
{
	u32 uid, gid;

	out->homedir = userdb_field(fields, "home");
	if (out->homedir == NULL)
		return "home";
	if (id_field(fields, "uid", &uid) != E_OK)
		return "uid";
	if (id_field(fields, "gid", &gid) != E_OK)
		return "gid";
	out->has_uid = TRUE;
	out->uid = (uid_t)uid;
	out->gid = (gid_t)gid;
	out->address = mem_strdup(userid);
	out->maildir = userdb_field(fields, "mail");
	out->quota = userdb_field(fields, "quota");
	out->fullname = userdb_field(fields, "gecos");
	out->options = userdb_field(fields, "options");
	return NULL;
}

static void
show_fields(const char *fields, const struct authinfo *a)
{
	char *shell;

	shell = userdb_field(fields, "shell");
	log_debug("userdb: home=%s, uid=%lu, gid=%lu, shell=%s, mail=%s, "
	    "quota=%s, gecos=%s, options=%s", a->homedir,
	    (unsigned long)a->uid, (unsigned long)a->gid, shown(shell),
	    shown(a->maildir), shown(a->quota), shown(a->fullname),
	    shown(a->options));
	mem_free(shell);
}

static int
look_up(const char *userid, struct authinfo *out)
{
	struct str value;
	const char *bad;
	int r;

	str_init(&value, 0);
	r = userdb_fetch(userid, &value);
	if (r == E_NOENT) {
		log_debug("userdb: entry not found");
		r = E_PERM;
	}
	if (r == E_OK) {
		bad = from_fields(userid, str_c(&value), out);
		if (bad == NULL) {
			show_fields(str_c(&value), out);
		} else {
			complain(userid, str_c(&value), bad);
			r = E_PERM;
		}
	}
	str_free(&value);
	return r;
}

/* The value of the first of the two fields that is there; *out is NULL if
   none is. E_NOENT: no secrets at all. */
static int
secret_of(const char *userid, const char *first, const char *second,
    char **out)
{
	struct str value;
	const char *name = first;
	int r;

	*out = NULL;
	str_init(&value, 0);
	r = userdb_fetch_secrets(userid, &value);
	if (r == E_OK) {
		*out = userdb_field(str_c(&value), first);
		if (*out == NULL) {
			name = second;
			*out = userdb_field(str_c(&value), second);
		}
		if (*out != NULL)
			log_debug("found %s in userdbshadow", name);
	}
	str_wipe_free(&value);
	return r;
}

/* ---- requests ----------------------------------------------------------- */

static int
userdb_pre(const struct auth_query *q, struct authinfo *out)
{
	struct str name;
	int r;

	r = look_up(q->userid, out);
	if (r != E_OK)
		return r;
	str_init(&name, 0);
	str_catf(&name, "%spw", q->service);
	r = secret_of(q->userid, str_c(&name), "systempw", &out->passwd);
	if (r == E_OK && out->passwd == NULL)
		log_debug("no %s or systempw value in userdbshadow for %s",
		    str_c(&name), q->userid);
	str_free(&name);
	if (r == E_NOENT)
		r = E_OK;
	if (r == E_OK)
		auth_dump("authuserdb: ", FALSE, out);
	return r;
}

static int
userdb_login(const struct auth_query *q, struct authinfo *out)
{
	int r;

	r = userdb_pre(q, out);
	if (r == E_OK)
		r = auth_check_pair(q->password, out->passwd, NULL, NULL);
	if (r == E_OK)
		out->clearpasswd = mem_strdup(q->password);
	return r;
}

static int
userdb_cram(const struct auth_query *q, const struct cram *c,
    struct authinfo *out)
{
	struct str own, common;
	char *state;
	int r;

	r = look_up(q->userid, out);
	if (r != E_OK)
		return r;
	str_init(&own, 0);
	str_init(&common, 0);
	str_catf(&common, "hmac-%spw", c->hash);
	str_catf(&own, "%s-%s", q->service, str_c(&common));
	r = secret_of(q->userid, str_c(&own), str_c(&common), &state);
	if (r == E_NOENT || (r == E_OK && state == NULL)) {
		log_debug("authcram: no %s or %s value found", str_c(&own),
		    str_c(&common));
		r = E_PERM;
	} else if (r == E_OK) {
		auth_dump("authuserdb: ", FALSE, out);
		r = cram_check_state(c, state);
	}
	mem_free_secret(&state);
	str_free(&own);
	str_free(&common);
	return r;
}

struct walk {
	auth_entry_fn	*fn;
	void		*ctx;
};

static int
each(void *ctx, const char *key, size_t keylen, const char *value,
    size_t valuelen)
{
	struct walk *w = ctx;
	struct authinfo a;
	char *name, *fields;
	int r;

	if (keylen > 0 && key[keylen - 1] == '=')
		return E_OK;
	name = mem_dup(key, keylen);
	fields = mem_dup(value, valuelen);
	authinfo_init(&a);
	r = E_OK;
	if (from_fields(name, fields, &a) == NULL)
		r = w->fn(w->ctx, name, a.uid, a.gid, a.homedir, a.maildir,
		    a.options);
	authinfo_free(&a);
	mem_free(name);
	mem_free_secret(&fields);
	return r;
}

static int
userdb_enumerate(auth_entry_fn *fn, void *ctx)
{
	struct dbm_file *db;
	struct walk w;
	int r;

	w.fn = fn;
	w.ctx = ctx;
	r = open_db(PLAIN, &db);
	if (r == E_NOENT)
		return E_OK;
	if (r == E_OK) {
		r = dbm_each(db, each, &w);
		dbm_close(&db);
	}
	return r;
}
