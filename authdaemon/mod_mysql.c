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
#include "authdaemon/cram.h"
#include "authdaemon/mod_mysql.h"
#include "authdaemon/module.h"
#include "authdaemon/pw_check.h"

#define SERVERS_MAX	8
#define DEAD_SECS	60	/* a server that did not answer is skipped */
#define CONNECT_SECS	5
#define SLOW_MS		1000	/* a failure that took longer ... */
#define PAUSE_SECS	5	/* ... is followed by as long a pause */
#define QUERY_SECS	20
#define COLUMNS_MIN	6
#define FIELD_MAX	65536	/* bytes of one value in a query */

/* Columns of the look-up, in Courier's order. */
enum { C_ID, C_CRYPT, C_CLEAR, C_UID, C_GID, C_HOME, C_MAILDIR, C_QUOTA,
    C_NAME, C_OPTIONS, C_COUNT };

static int settings(void);
static int connect_one(const char *, unsigned int, u32);
static int try_server(size_t, char *, u32, u32);
static int try_list(int, u32, u32);
static int connect_any(void);
static void disconnect(void);
static int escape(const char *, size_t, struct str *);
static int is_charset_error(unsigned int);
static int query(const char *);
static int run(const char *, MYSQL_RES **);
static int run_for(const char *, const char *, MYSQL_RES **);
static int id_column(const char *, const char *, u32 *);
static int is_old_order(char *const *);
static int from_row(MYSQL_ROW, unsigned long *, unsigned int,
    struct authinfo *);
static void wipe_result(MYSQL_RES *);
static int look_up(const struct auth_query *, struct authinfo *);
static int my_pre(const struct auth_query *, struct authinfo *);
static int my_login(const struct auth_query *, struct authinfo *);
static int my_cram(const struct auth_query *, const struct cram *,
    struct authinfo *);
static int my_passwd(const struct auth_query *, const char *);
static int my_enumerate(auth_entry_fn *, void *);
static void my_done(void);

extern const struct auth_module chapar_auth_module;
const struct auth_module chapar_auth_module = {
	AUTH_MODULE_ABI,	/* abi */
	"authmysql",		/* name */
	NULL,			/* init */
	my_pre,			/* pre */
	my_login,		/* login */
	my_cram,		/* cram */
	my_passwd,		/* passwd */
	my_enumerate,		/* enumerate */
	disconnect,		/* idle */
	my_done			/* done */
};

static struct rcfile *rc;
static struct rcfile *refused;	/* the last one that is no good */
static MYSQL *db;
static u64 dead[SERVERS_MAX];		/* until when a server is skipped */
static u64 pause_until;			/* no attempt before */

/* ---- settings ----------------------------------------------------------- */

/* Reads authmysqlrc, again if it has changed; a bad file keeps the old. */
static int
settings(void)
{
	struct rcfile *fresh;
	struct str path;
	int r;

	if (rc != NULL && !rcfile_changed(rc))
		return E_OK;
	if (refused != NULL && !rcfile_changed(refused))
		return rc != NULL ? E_OK : E_TEMP;
	str_init(&path, 0);
	str_catf(&path, "%s/authmysqlrc", auth_confdir());
	r = rcfile_load(str_c(&path), RCFILE_KEYWORD, &fresh);
	str_free(&path);
	if (refused != NULL)
		rcfile_free(&refused);
	if (r == E_OK && mysql_settings_check(fresh) != E_OK) {
		refused = fresh;
		r = E_SYNTAX;
	}
	if (r != E_OK) {
		if (rc != NULL)
			log_err("authmysql: the settings from before stay in "
			    "use");
		return rc != NULL ? E_OK : E_TEMP;
	}
	disconnect();
	memset(dead, 0, sizeof(dead));
	pause_until = 0;
	if (rc != NULL) {
		log_debug("authmysql: reloaded %s", rcfile_name(fresh));
		rcfile_free(&rc);
	}
	rc = fresh;
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

static void
my_done(void)
{
	disconnect();
	if (rc != NULL)
		rcfile_free(&rc);
	if (refused != NULL)
		rcfile_free(&refused);
}

static int
connect_one(const char *host, unsigned int port, u32 flags)
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
	ca = mysql_setting(rc, "MYSQL_SSL_CACERT", NULL);
	capath = mysql_setting(rc, "MYSQL_SSL_CAPATH", NULL);
	if (ca != NULL || capath != NULL)
		mysql_ssl_set(db, mysql_setting(rc, "MYSQL_SSL_KEY", NULL),
		    mysql_setting(rc, "MYSQL_SSL_CERT", NULL), ca, capath,
		    mysql_setting(rc, "MYSQL_SSL_CIPHER", NULL));
	user = mysql_setting(rc, "MYSQL_USERNAME", NULL);
	if (mysql_real_connect(db, host, user,
	    mysql_setting(rc, "MYSQL_PASSWORD", NULL), NULL, port,
	    mysql_setting(rc, "MYSQL_SOCKET", NULL), flags) == NULL) {
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
	name = mysql_setting(rc, "MYSQL_DATABASE", "");
	if (mysql_select_db(db, name) != 0) {
		log_err("authmysql: mysql_select_db(%s) error: %s", name,
		    mysql_error(db));
		disconnect();
		return E_TEMP;
	}
	charset = mysql_setting(rc, "MYSQL_CHARACTER_SET", NULL);
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
try_server(size_t i, char *host, u32 port, u32 flags)
{
	char *colon;
	int r;

	colon = strchr(host, ':');
	if (colon != NULL && strchr(colon + 1, ':') == NULL &&
	    num_parse_u32(colon + 1, &port) == E_OK)
		*colon = '\0';
	r = connect_one(host, port, flags);
	dead[i] = r == E_OK ? 0 : clock_deadline(DEAD_SECS);
	return r;
}

/* The servers of the list in turn, commas or blanks between; first those that
   did not fail lately, then (round 1) the others. */
static int
try_list(int round, u32 port, u32 flags)
{
	static int tried[SERVERS_MAX];
	char *list, *p, *end;
	size_t i;
	int r = E_TEMP;

	list = mem_strdup(mysql_setting(rc, "MYSQL_SERVER", ""));
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
			r = try_server(i, p, port, flags);
	}
	mem_free(list);
	return r;
}

/* A server that does not even refuse costs seconds. Not all requests are to
   wait for that. */
static int
connect_any(void)
{
	u32 port, flags;
	u64 before;
	int r;

	if (db != NULL)
		return E_OK;
	if (pause_until != 0 && clock_left(pause_until) > 0) {
		log_err("authmysql: no server answered a moment ago");
		return E_TEMP;
	}
	pause_until = 0;
	if (mysql_setting_number(rc, "MYSQL_PORT", &port) != E_OK ||
	    mysql_setting_number(rc, "MYSQL_OPT", &flags) != E_OK)
		return E_TEMP;
	before = clock_msec();
	if (mysql_setting(rc, "MYSQL_SERVER", NULL) == NULL) {
		r = connect_one(NULL, port, flags);
	} else {
		r = try_list(0, port, flags);
		if (r != E_OK)
			r = try_list(1, port, flags);
	}
	if (r != E_OK && clock_msec() - before > SLOW_MS)
		pause_until = clock_deadline(PAUSE_SECS);
	return r;
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

/* E_OK; E_EOF: the connection is lost; E_CHARSET; E_TEMP. */
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

/*
 * Runs a query; NULL result for an UPDATE. A connection that was lost since
 * the last query is made anew, once. E_CHARSET, E_TEMP (logged).
 */
static int
run(const char *text, MYSQL_RES **out)
{
	int r;

	r = query(text);
	if (r == E_EOF) {
		disconnect();
		if (connect_any() != E_OK)
			return E_TEMP;
		r = query(text);
		if (r == E_EOF)
			log_debug("mysql_query failed second time, giving "
			    "up: %s", mysql_error(db));
	}
	if (r == E_OK) {
		*out = mysql_store_result(db);
		if (*out == NULL && mysql_field_count(db) != 0)
			r = E_EOF;
	}
	if (r != E_OK && r != E_CHARSET)
		log_err("authmysql: %s", mysql_error(db));
	if (r == E_EOF)
		disconnect();
	return r == E_EOF ? E_TEMP : r;
}

/*
 * The same on behalf of a user. One whose name is no text of the connection's
 * character set is in no table, so this is a definite no; with a plain name
 * the settings are wrong.
 */
static int
run_for(const char *userid, const char *text, MYSQL_RES **out)
{
	int r;

	r = run(text, out);
	if (r != E_CHARSET)
		return r;
	for (; *userid != '\0'; userid++)
		if ((unsigned char)*userid >= 0x80)
			return E_PERM;
	log_err("authmysql: %s", mysql_error(db));
	return E_TEMP;
}

/* ---- rows --------------------------------------------------------------- */

/* A uid or gid: a decimal number, not 0. */
static int
id_column(const char *name, const char *text, u32 *out)
{
	if (text != NULL && num_parse_u32(text, out) == E_OK && *out != 0)
		return E_OK;
	log_err("authmysql: invalid value for %s: '%s'", name,
	    text != NULL ? text : "<null>");
	return E_TEMP;
}

/*
 * Before Courier 0.47 the clear password came behind the ids. Such a row has a
 * number for a clear password, and the clear password, or nothing, for a gid.
 */
static int
is_old_order(char *const *text)
{
	u32 n;

	return mysql_setting(rc, "MYSQL_SELECT_CLAUSE", NULL) != NULL &&
	    text[C_CLEAR] != NULL && text[C_UID] != NULL &&
	    num_parse_u32(text[C_CLEAR], &n) == E_OK &&
	    num_parse_u32(text[C_UID], &n) == E_OK;
}

static int
from_row(MYSQL_ROW row, unsigned long *len, unsigned int n,
    struct authinfo *out)
{
	char *text[C_COUNT];
	u32 uid, gid;
	unsigned int i;

	if (n < COLUMNS_MIN) {
		log_err("authmysql: incomplete row, only %u fields returned",
		    n);
		return E_TEMP;
	}
	for (i = 0; i < C_COUNT; i++)
		text[i] = i < n && row[i] != NULL && len[i] > 0 ? row[i] :
		    NULL;
	if (id_column("uid", text[C_UID], &uid) != E_OK ||
	    id_column("gid", text[C_GID], &gid) != E_OK) {
		if (is_old_order(text))
			log_err("authmysql: MYSQL_SELECT_CLAUSE seems to "
			    "have the columns of old releases (username, "
			    "cryptpw, uid, gid, clearpw, home, maildir, "
			    "quota, fullname); they are now: username, "
			    "cryptpw, clearpw, uid, gid, home, maildir, "
			    "quota, fullname, options");
		return E_TEMP;
	}
	if (text[C_HOME] == NULL) {
		log_err("authmysql: required value for 'home' (column 6) is "
		    "missing");
		return E_TEMP;
	}
	out->has_uid = TRUE;
	out->uid = (uid_t)uid;
	out->gid = (gid_t)gid;
	out->homedir = mem_strdup(text[C_HOME]);
	if (text[C_ID] != NULL)
		out->address = mem_strdup(text[C_ID]);
	if (text[C_CRYPT] != NULL)
		out->passwd = mem_strdup(text[C_CRYPT]);
	if (text[C_CLEAR] != NULL)
		out->clearpasswd = mem_strdup(text[C_CLEAR]);
	if (text[C_MAILDIR] != NULL)
		out->maildir = mem_strdup(text[C_MAILDIR]);
	if (text[C_QUOTA] != NULL)
		out->quota = mem_strdup(text[C_QUOTA]);
	if (text[C_NAME] != NULL)
		out->fullname = mem_strdup(text[C_NAME]);
	if (text[C_OPTIONS] != NULL)
		out->options = mem_strdup(text[C_OPTIONS]);
	return E_OK;
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
look_up(const struct auth_query *q, struct authinfo *out)
{
	struct str id, text;
	MYSQL_RES *res = NULL;
	MYSQL_ROW row;
	int r;

	if (settings() != E_OK || connect_any() != E_OK)
		return E_TEMP;
	str_init(&id, 0);
	str_init(&text, 0);
	mysql_full_id(rc, q->userid, &id);
	r = mysql_query_select(rc, escape, str_c(&id), q->service, &text);
	if (r == E_OK) {
		log_debug("SQL query: %s", str_c(&text));
		r = run_for(q->userid, str_c(&text), &res);
	} else if (r != E_PERM) {
		log_err("authmysql: the query cannot be made: %s",
		    err_text(r));
		r = E_TEMP;
	}
	if (r == E_OK && res == NULL)
		r = E_TEMP;
	if (r == E_OK) {
		row = mysql_fetch_row(res);
		if (row == NULL)
			log_debug("zero rows returned");
		r = row == NULL ? E_PERM : from_row(row,
		    mysql_fetch_lengths(res), mysql_num_fields(res), out);
	}
	if (res != NULL)
		wipe_result(res);
	str_free(&id);
	str_free(&text);
	return r;
}

static int
my_pre(const struct auth_query *q, struct authinfo *out)
{
	return look_up(q, out);
}

static int
my_login(const struct auth_query *q, struct authinfo *out)
{
	int r;

	r = look_up(q, out);
	if (r == E_OK)
		r = auth_check_pair(q->password, out->passwd,
		    out->clearpasswd, q->userid);
	if (r == E_OK) {
		mem_free_secret(&out->clearpasswd);
		out->clearpasswd = mem_strdup(q->password);
		auth_dump("authmysql: ", FALSE, out);
	}
	return r;
}

static int
my_cram(const struct auth_query *q, const struct cram *c,
    struct authinfo *out)
{
	int r;

	r = look_up(q, out);
	return r != E_OK ? r : cram_check_clear(c, out->clearpasswd);
}

static int
my_passwd(const struct auth_query *q, const char *newpass)
{
	struct authinfo old;
	struct str id, text, crypted;
	MYSQL_RES *res = NULL;
	int r;

	authinfo_init(&old);
	r = my_login(q, &old);
	str_init(&id, 0);
	str_init(&text, 0);
	str_init(&crypted, 0);
	if (r == E_OK)
		r = pw_make(newpass, old.passwd, &crypted);
	if (r == E_OK) {
		mysql_full_id(rc, q->userid, &id);
		r = mysql_query_chpass(rc, escape, str_c(&id), q->service,
		    newpass, str_c(&crypted), &text);
	}
	if (r == E_OK) {
		if (auth_debug_level() >= 2)
			log_debug("setpass SQL: %s", str_c(&text));
		r = run(str_c(&text), &res);
		if (r == E_CHARSET)
			r = E_TEMP;
	}
	if (res != NULL)
		mysql_free_result(res);
	authinfo_free(&old);
	str_free(&id);
	str_wipe_free(&text);
	str_wipe_free(&crypted);
	return r;
}

static int
my_enumerate(auth_entry_fn *fn, void *ctx)
{
	struct str text;
	MYSQL_RES *res = NULL;
	MYSQL_ROW row;
	u32 uid, gid;
	int r;

	if (settings() != E_OK || connect_any() != E_OK)
		return E_TEMP;
	str_init(&text, 0);
	r = mysql_query_enumerate(rc, &text);
	if (r == E_OK) {
		log_debug("authmysql: enumerate query: %s", str_c(&text));
		r = run(str_c(&text), &res);
	}
	str_free(&text);
	if (r != E_OK || res == NULL)
		return E_TEMP;
	while (r == E_OK && (row = mysql_fetch_row(res)) != NULL) {
		if (mysql_num_fields(res) < 4 || row[0] == NULL ||
		    *row[0] == '\0' ||
		    id_column("uid", row[1], &uid) != E_OK ||
		    id_column("gid", row[2], &gid) != E_OK)
			continue;
		r = fn(ctx, row[0], (uid_t)uid, (gid_t)gid,
		    row[3] != NULL ? row[3] : "",
		    mysql_num_fields(res) > 4 ? row[4] : NULL,
		    mysql_num_fields(res) > 5 ? row[5] : NULL);
	}
	mysql_free_result(res);
	return r;
}
