/* authmysql: accounts in MySQL or MariaDB (authdaemon.md 4.1).
   SPDX-License-Identifier: ISC */

#include "base/base.h"

#include <mysql.h>
#include <errmsg.h>

#include "base/clock.h"
#include "base/log.h"
#include "base/mem.h"
#include "base/num.h"
#include "base/str.h"
#include "conf/rcfile.h"
#include "authdaemon/backend.h"
#include "authdaemon/mod_sql.h"

#define SERVERS_MAX	8
#define DEAD_SECS	60	/* a server that did not answer is skipped */
#define CONNECT_SECS	5
#define QUERY_SECS	10
#define FIELD_MAX	65536	/* bytes of one value in a query */

static int check(const struct rcfile *);
static int connect_one(const struct rcfile *, const char *, unsigned int,
    u32);
static int try_server(const struct rcfile *, size_t, char *, u32, u32);
static int try_list(const struct rcfile *, int, u32, u32);
static int connect_any(const struct rcfile *);
static void disconnect(void);
static int is_connected(void);
static int escape(const char *, size_t, struct str *);
static int is_charset_error(unsigned int);
static int query(const char *);
static int each_row(MYSQL_RES *, sql_row_fn *, void *);
static void wipe_result(MYSQL_RES *);
static int run(const char *, sql_row_fn *, void *);
static const char *error(void);

static const char *const keys[KEY_COUNT] = {
	"MYSQL_USER_TABLE",
	"MYSQL_LOGIN_FIELD",
	"MYSQL_CRYPT_PWFIELD",
	"MYSQL_CLEAR_PWFIELD",
	"MYSQL_UID_FIELD",
	"MYSQL_GID_FIELD",
	"MYSQL_HOME_FIELD",
	"MYSQL_NAME_FIELD",
	"MYSQL_MAILDIR_FIELD",
	"MYSQL_DEFAULTDELIVERY_FIELD",
	"MYSQL_QUOTA_FIELD",
	"MYSQL_AUXOPTIONS_FIELD",
	"MYSQL_WHERE_CLAUSE",
	"MYSQL_SELECT_CLAUSE",
	"MYSQL_ENUMERATE_CLAUSE",
	"MYSQL_CHPASS_CLAUSE"
};

static const struct sql_alias aliases[] = {
	{ "DEFAULT_DOMAIN",		"MYSQL_DEFAULT_DOMAIN" },
	{ "MYSQL_DEFAULTDELIVERY_FIELD", "MYSQL_DEFAULTDELIVERY" },
	{ "MYSQL_SSL_CIPHER",		"MYSQL_SSL_CIPHERS" },
	{ NULL,				NULL }
};

/* What names files that may be root's alone. */
static const char *const private_files[] = {
	"MYSQL_SSL_KEY", "MYSQL_SSL_CERT", "MYSQL_SSL_CACERT", NULL
};

const struct sql_kind sql_kind = {
	"authmysql",		/* name */
	"authmysqlrc",		/* file */
	keys,
	aliases,
	private_files,
	0,			/* empty_ones */
	FALSE,			/* one_row */
	check,
	connect_any,		/* connect */
	disconnect,
	is_connected,
	escape,
	run,
	NULL,			/* changed */
	error
};

extern const struct auth_module chapar_auth_module;
const struct auth_module chapar_auth_module = {
	AUTH_MODULE_ABI,	/* abi */
	"authmysql",		/* name */
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
	sql_ahead		/* ahead */
};

static MYSQL *db;
static u64 dead[SERVERS_MAX];		/* until when a server is skipped */

static int
check(const struct rcfile *rc)
{
	u32 number;

	if (auth_setting_u32("authmysql", rc, "MYSQL_PORT", &number) != E_OK ||
	    auth_setting_u32("authmysql", rc, "MYSQL_OPT", &number) != E_OK)
		return E_SYNTAX;
	if (sql_setting(rc, "MYSQL_SERVER", NULL) == NULL &&
	    sql_setting(rc, "MYSQL_SOCKET", NULL) == NULL) {
		log_err("authmysql: MYSQL_SERVER nor MYSQL_SOCKET set in %s.",
		    rcfile_name(rc));
		return E_SYNTAX;
	}
	if (sql_missing(rc, "MYSQL_USERNAME") ||
	    sql_missing(rc, "MYSQL_DATABASE"))
		return E_SYNTAX;
	memset(dead, 0, sizeof(dead));
	return E_OK;
}

/* ---- connection --------------------------------------------------------- */

static void
disconnect(void)
{
	if (db != NULL)
		mysql_close(db);
	db = NULL;
}

static int
connect_one(const struct rcfile *rc, const char *host, unsigned int port,
    u32 flags)
{
	unsigned int timeout;
	const char *ca, *capath, *user, *charset, *name;

	db = mysql_init(NULL);
	if (db == NULL)
		return E_TEMP;
	timeout = CONNECT_SECS;
	mysql_options(db, MYSQL_OPT_CONNECT_TIMEOUT, &timeout);
	timeout = QUERY_SECS;
	mysql_options(db, MYSQL_OPT_READ_TIMEOUT, &timeout);
	mysql_options(db, MYSQL_OPT_WRITE_TIMEOUT, &timeout);
	ca = sql_setting(rc, "MYSQL_SSL_CACERT", NULL);
	capath = sql_setting(rc, "MYSQL_SSL_CAPATH", NULL);
	if (ca != NULL || capath != NULL)
		mysql_ssl_set(db, sql_setting(rc, "MYSQL_SSL_KEY", NULL),
		    sql_setting(rc, "MYSQL_SSL_CERT", NULL), ca, capath,
		    sql_setting(rc, "MYSQL_SSL_CIPHER", NULL));
	user = sql_setting(rc, "MYSQL_USERNAME", NULL);
	if (mysql_real_connect(db, host, user,
	    sql_setting(rc, "MYSQL_PASSWORD", NULL), NULL, port,
	    sql_setting(rc, "MYSQL_SOCKET", NULL), flags) == NULL) {
		log_err("failed to connect to mysql server (server=%s, "
		    "userid=%s): %s", host != NULL ? host : "<null>",
		    user != NULL ? user : "<null>", mysql_error(db));
		disconnect();
		return E_TEMP;
	}
	if ((ca != NULL || capath != NULL) &&
	    mysql_get_ssl_cipher(db) == NULL) {
		log_err("authmysql: the server speaks no TLS, but "
		    "MYSQL_SSL_CACERT or MYSQL_SSL_CAPATH asks for it");
		disconnect();
		return E_TEMP;
	}
	name = sql_setting(rc, "MYSQL_DATABASE", "");
	if (mysql_select_db(db, name) != 0) {
		log_err("authmysql: mysql_select_db(%s) error: %s", name,
		    mysql_error(db));
		disconnect();
		return E_TEMP;
	}
	charset = sql_setting(rc, "MYSQL_CHARACTER_SET", NULL);
	if (charset != NULL && mysql_set_character_set(db, charset) != 0)
		log_err("Cannot set character set to \"%s\", using \"%s\".",
		    charset, mysql_character_set_name(db));
	log_debug("authmysqllib: connected. Versions: header %lu, client %lu, "
	    "server %lu", (unsigned long)MYSQL_VERSION_ID,
	    mysql_get_client_version(), mysql_get_server_version(db));
	return E_OK;
}

/* host[:port] of the list's place i. */
static int
try_server(const struct rcfile *rc, size_t i, char *host, u32 port,
    u32 flags)
{
	char *colon;
	int r;

	colon = strchr(host, ':');
	if (colon != NULL && strchr(colon + 1, ':') == NULL &&
	    num_parse_u32(colon + 1, &port) == E_OK)
		*colon = '\0';
	r = connect_one(rc, host, port, flags);
	dead[i] = r == E_OK ? 0 : clock_deadline(DEAD_SECS);
	return r;
}

/* The servers of the list in turn, commas or blanks between; first those that
   did not fail lately, then (round 1) the others. */
static int
try_list(const struct rcfile *rc, int round, u32 port, u32 flags)
{
	static int tried[SERVERS_MAX];
	char *list, *p, *end;
	size_t i;
	int r = E_TEMP;

	list = mem_strdup(sql_setting(rc, "MYSQL_SERVER", ""));
	for (i = 0, p = list; r != E_OK && i < SERVERS_MAX; i++, p = end) {
		p += strspn(p, ", \t");
		if (*p == '\0')
			break;
		end = p + strcspn(p, ", \t");
		if (*end != '\0')
			*end++ = '\0';
		if (round == 0)
			tried[i] = dead[i] == 0 || clock_left(dead[i]) == 0;
		if (tried[i] == (round == 0))
			r = try_server(rc, i, p, port, flags);
	}
	mem_free(list);
	return r;
}

static int
connect_any(const struct rcfile *rc)
{
	u32 port = 0, flags = 0;
	int r;

	if (db != NULL)
		return E_OK;
	if (auth_setting_u32("authmysql", rc, "MYSQL_PORT", &port) != E_OK ||
	    auth_setting_u32("authmysql", rc, "MYSQL_OPT", &flags) != E_OK)
		return E_TEMP;
	if (sql_setting(rc, "MYSQL_SERVER", NULL) == NULL)
		return connect_one(rc, NULL, port, flags);
	r = try_list(rc, 0, port, flags);
	return r == E_OK ? r : try_list(rc, 1, port, flags);
}

static int
is_connected(void)
{
	return db != NULL;
}

static int
escape(const char *s, size_t n, struct str *out)
{
	char *to;

	if (n > FIELD_MAX)
		return E_TOOBIG;
	to = str_ready(out, 2 * n + 1);
	if (to == NULL)
		return E_TOOBIG;
	str_commit(out, mysql_real_escape_string(db, to, s, n));
	return E_OK;
}

/*
 * The text of a query does not go with the character set of the connection,
 * or of a column. MariaDB says "illegal mix" (1267) where the set-up allows
 * no comparison with bytes that are not ASCII, or are no text at all.
 */
static int
is_charset_error(unsigned int no)
{
	static const unsigned int known[] = {
		1267, 1270, 1271,	/* illegal mix of collations */
		1300,			/* invalid character string */
		1366,			/* incorrect string value */
		3854, 3988		/* no conversion (MySQL 8) */
	};
	size_t i;

	for (i = 0; i < NITEMS(known); i++)
		if (known[i] == no)
			return TRUE;
	return FALSE;
}

/* As sql_kind.run, without the result. */
static int
query(const char *text)
{
	unsigned int no;

	if (mysql_query(db, text) == 0)
		return E_OK;
	no = mysql_errno(db);
	log_debug("mysql_query failed: %s", mysql_error(db));
	return no == CR_SERVER_GONE_ERROR || no == CR_SERVER_LOST ? E_EOF :
	    is_charset_error(no) ? E_CHARSET : E_TEMP;
}

static int
each_row(MYSQL_RES *res, sql_row_fn *fn, void *ctx)
{
	char *text[SQL_ROW_MAX];
	unsigned long *len;
	unsigned int i, n;
	MYSQL_ROW row;
	int r = E_OK;

	n = mysql_num_fields(res);
	if (n > SQL_ROW_MAX)
		n = SQL_ROW_MAX;
	while (r == E_OK && (row = mysql_fetch_row(res)) != NULL) {
		len = mysql_fetch_lengths(res);
		for (i = 0; i < n; i++)
			text[i] = len[i] > 0 ? row[i] : NULL;
		r = fn(ctx, text, n);
	}
	return r;
}

/* The library frees a row, with its passwords, as it is. */
static void
wipe_result(MYSQL_RES *res)
{
	unsigned long *len;
	MYSQL_ROW row;
	unsigned int i;

	mysql_data_seek(res, 0);
	while ((row = mysql_fetch_row(res)) != NULL) {
		len = mysql_fetch_lengths(res);
		for (i = 0; i < mysql_num_fields(res); i++)
			if (row[i] != NULL)
				mem_wipe(row[i], len[i]);
	}
	mysql_free_result(res);
}

static int
run(const char *text, sql_row_fn *fn, void *ctx)
{
	MYSQL_RES *res;
	int r;

	r = query(text);
	if (r != E_OK)
		return r;
	res = mysql_store_result(db);
	if (res == NULL)
		return mysql_field_count(db) != 0 ? E_EOF :
		    fn != NULL ? E_TEMP : E_OK;
	if (fn != NULL)
		r = each_row(res, fn, ctx);
	wipe_result(res);
	return r;
}

static const char *
error(void)
{
	return db != NULL ? mysql_error(db) : "no connection";
}
