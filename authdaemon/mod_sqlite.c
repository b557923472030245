/* authsqlite: accounts in an SQLite file (authdaemon.md 4.3).
   SPDX-License-Identifier: ISC */

#include "base/base.h"

#include <sys/stat.h>
#include <sqlite3.h>

#include "base/log.h"
#include "base/str.h"
#include "conf/rcfile.h"
#include "authdaemon/mod_sql.h"

#define LOCKED_MS	5000	/* to wait for somebody who writes */
#define FIELD_MAX	65536	/* bytes of one value in a query */

static int check(const struct rcfile *);
static int is_same_file(const char *);
static int lite_connect(const struct rcfile *);
static void disconnect(void);
static int is_connected(void);
static int escape(const char *, size_t, struct str *);
static int row(sqlite3_stmt *, sql_row_fn *, void *);
static int one(const char **, sql_row_fn *, void *);
static int run(const char *, sql_row_fn *, void *);
static u32 changed(void);
static const char *error(void);

static const char *const keys[KEY_COUNT] = {
	"SQLITE_USER_TABLE",
	"SQLITE_LOGIN_FIELD",
	"SQLITE_CRYPT_PWFIELD",
	"SQLITE_CLEAR_PWFIELD",
	"SQLITE_UID_FIELD",
	"SQLITE_GID_FIELD",
	"SQLITE_HOME_FIELD",
	"SQLITE_NAME_FIELD",
	"SQLITE_MAILDIR_FIELD",
	"SQLITE_DEFAULTDELIVERY",
	"SQLITE_QUOTA_FIELD",
	"SQLITE_AUXOPTIONS_FIELD",
	"SQLITE_WHERE_CLAUSE",
	"SQLITE_SELECT_CLAUSE",
	"SQLITE_ENUMERATE_CLAUSE",
	"SQLITE_CHPASS_CLAUSE"
};

static const struct sql_alias aliases[] = {
	{ NULL, NULL }
};

static const char *const private_files[] = { "SQLITE_DATABASE", NULL };

const struct sql_kind sql_kind = {
	"authsqlite",		/* name */
	"authsqliterc",		/* file */
	keys,
	aliases,
	private_files,
	1 << SQL_NAME | 1 << SQL_CRYPT,	/* empty_ones */
	TRUE,			/* one_row */
	check,
	lite_connect,		/* connect */
	disconnect,
	is_connected,
	escape,
	run,
	changed,
	error
};

extern const struct auth_module chapar_auth_module;
const struct auth_module chapar_auth_module = {
	AUTH_MODULE_ABI,	/* abi */
	"authsqlite",		/* name */
	NULL,			/* init */
	sql_pre,		/* pre */
	sql_login,		/* login */
	sql_cram,		/* cram */
	sql_passwd,		/* passwd */
	sql_enumerate,		/* enumerate */
	sql_idle,		/* idle */
	sql_done,		/* done */
	NULL,			/* auth */
	sql_needs_root,		/* needs_root */
	NULL,			/* files */
	sql_settings,		/* settings */
	sql_forget,		/* forget */
	NULL			/* ahead */
};

static sqlite3 *db;
static dev_t dev;
static ino_t ino;
static u32 nchanged;

static int
check(const struct rcfile *rc)
{
	return sql_missing(rc, "SQLITE_DATABASE") ? E_SYNTAX : E_OK;
}

/* A file that was moved away, or replaced, is not read any more. */
static int
is_same_file(const char *path)
{
	struct stat st;

	return stat(path, &st) == 0 && st.st_dev == dev && st.st_ino == ino;
}

static int
lite_connect(const struct rcfile *rc)
{
	struct stat st;
	const char *path;
	int no;

	path = sql_setting(rc, "SQLITE_DATABASE", "");
	if (db != NULL && is_same_file(path))
		return E_OK;
	disconnect();
	no = sqlite3_open_v2(path, &db, SQLITE_OPEN_READWRITE, NULL);
	if (no != SQLITE_OK || stat(path, &st) < 0) {
		log_err("sqllite3_open(%s): %s", path, error());
		disconnect();
		return E_TEMP;
	}
	dev = st.st_dev;
	ino = st.st_ino;
	sqlite3_busy_timeout(db, LOCKED_MS);
	return E_OK;
}

static void
disconnect(void)
{
	if (db != NULL)
		sqlite3_close(db);
	db = NULL;
}

/* A file answers at once, or not: nobody waits for it. */
static int
is_connected(void)
{
	return TRUE;
}

static int
escape(const char *s, size_t n, struct str *out)
{
	if (n > FIELD_MAX)
		return E_TOOBIG;
	for (; n > 0; n--, s++) {
		if (*s == '\'')
			str_catc(out, '\'');
		str_catc(out, *s);
	}
	return out->toobig ? E_TOOBIG : E_OK;
}

/* ---- statements --------------------------------------------------------- */

static int
row(sqlite3_stmt *st, sql_row_fn *fn, void *ctx)
{
	struct str copy[SQL_COLUMNS];
	char *text[SQL_COLUMNS];
	int i, n, r;

	n = sqlite3_column_count(st);
	if (n > SQL_COLUMNS)
		n = SQL_COLUMNS;
	for (i = 0; i < n; i++) {
		str_init(copy + i, 0);
		str_cat(copy + i, sqlite3_column_text(st, i),
		    (size_t)sqlite3_column_bytes(st, i));
		text[i] = copy[i].len > 0 ? copy[i].data : NULL;
	}
	r = fn == NULL ? E_OK : fn(ctx, text, (unsigned int)n);
	for (i = 0; i < n; i++)
		str_wipe_free(copy + i);
	return r;
}

/* The first of several statements; the text is then behind it. */
static int
one(const char **text, sql_row_fn *fn, void *ctx)
{
	sqlite3_stmt *st = NULL;
	int no, r = E_OK;

	no = sqlite3_prepare_v2(db, *text, -1, &st, text);
	if (no != SQLITE_OK)
		return E_TEMP;
	if (st == NULL)
		return E_OK;		/* a comment */
	while (r == E_OK && (no = sqlite3_step(st)) == SQLITE_ROW)
		r = row(st, fn, ctx);
	if (r == E_OK && no != SQLITE_DONE)
		r = E_TEMP;
	sqlite3_finalize(st);
	return r;
}

static int
run(const char *text, sql_row_fn *fn, void *ctx)
{
	int before, r = E_OK;

	before = sqlite3_total_changes(db);
	while (r == E_OK && *text != '\0')
		r = one(&text, fn, ctx);
	nchanged = (u32)(sqlite3_total_changes(db) - before);
	return r;
}

static u32
changed(void)
{
	return nchanged;
}

static const char *
error(void)
{
	return db != NULL ? sqlite3_errmsg(db) : "no connection";
}
