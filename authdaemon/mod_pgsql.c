/* authpgsql: accounts in PostgreSQL (authdaemon.md 4.2).
   SPDX-License-Identifier: ISC */

#include "base/base.h"

#include <libpq-fe.h>
#include <poll.h>

#include "base/clock.h"
#include "base/log.h"
#include "base/mem.h"
#include "base/str.h"
#include "conf/rcfile.h"
#include "authdaemon/mod_sql.h"

#define CONNECT_SECS	"5"	/* unless PGSQL_CONNECTION says another */
#define QUERY_SECS	10
#define FIELD_MAX	65536	/* bytes of one value in a query */

static int check(const struct rcfile *);
static void notice(void *, const char *);
static int pg_connect(const struct rcfile *);
static void disconnect(void);
static int is_connected(void);
static int escape(const char *, size_t, struct str *);
static int wait_readable(u64);
static int verdict(PGresult *);
static int each_row(PGresult *, sql_row_fn *, void *);
static void wipe_result(PGresult *);
static int take_result(PGresult *, sql_row_fn *, void *);
static int run(const char *, sql_row_fn *, void *);
static const char *error(void);

static const char *const keys[KEY_COUNT] = {
	"PGSQL_USER_TABLE",
	"PGSQL_LOGIN_FIELD",
	"PGSQL_CRYPT_PWFIELD",
	"PGSQL_CLEAR_PWFIELD",
	"PGSQL_UID_FIELD",
	"PGSQL_GID_FIELD",
	"PGSQL_HOME_FIELD",
	"PGSQL_NAME_FIELD",
	"PGSQL_MAILDIR_FIELD",
	"PGSQL_DEFAULTDELIVERY",
	"PGSQL_QUOTA_FIELD",
	"PGSQL_AUXOPTIONS_FIELD",
	"PGSQL_WHERE_CLAUSE",
	"PGSQL_SELECT_CLAUSE",
	"PGSQL_ENUMERATE_CLAUSE",
	"PGSQL_CHPASS_CLAUSE"
};

static const struct sql_alias aliases[] = {
	{ NULL, NULL }
};

static const char *const no_files[] = { NULL };

const struct sql_kind sql_kind = {
	"authpgsql",		/* name */
	"authpgsqlrc",		/* file */
	keys,
	aliases,
	no_files,
	1 << SQL_NAME,		/* empty_ones */
	FALSE,			/* one_row */
	check,
	pg_connect,		/* connect */
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
	"authpgsql",		/* name */
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

static PGconn *db;
static struct str failure;	/* of the last statement */

static int
check(const struct rcfile *rc)
{
	PQconninfoOption *o;
	char *what = NULL;

	if (sql_missing(rc, "PGSQL_CONNECTION"))
		return E_SYNTAX;
	o = PQconninfoParse(rcfile_get(rc, "PGSQL_CONNECTION"), &what);
	if (o == NULL)
		log_err("%s: line %u: PGSQL_CONNECTION: %s", rcfile_name(rc),
		    (unsigned int)rcfile_line(rc, "PGSQL_CONNECTION"),
		    what != NULL ? what : "cannot be read");
	PQfreemem(what);
	PQconninfoFree(o);
	return o != NULL ? E_OK : E_SYNTAX;
}

/* What a server has to say beside the results. */
static void
notice(void *ctx, const char *text)
{
	(void)ctx;
	log_debug("authpgsql: %s", text);
}

static int
pg_connect(const struct rcfile *rc)
{
	static const char *const names[] = { "connect_timeout", "dbname",
	    "fallback_application_name", NULL };
	const char *values[NITEMS(names)], *charset;

	if (db != NULL)
		return E_OK;
	values[0] = CONNECT_SECS;
	values[1] = sql_setting(rc, "PGSQL_CONNECTION", "");
	values[2] = "authdaemond";
	values[3] = NULL;
	str_init(&failure, 0);
	db = PQconnectdbParams(names, values, TRUE);
	if (db == NULL || PQstatus(db) != CONNECTION_OK) {
		log_err("PGSQL_CONNECTION could not be established");
		log_err("%s", db != NULL ? PQerrorMessage(db) : "no memory");
		disconnect();
		return E_TEMP;
	}
	PQsetNoticeProcessor(db, notice, NULL);
	charset = sql_setting(rc, "PGSQL_CHARACTER_SET", NULL);
	if (charset != NULL && PQsetClientEncoding(db, charset) != 0)
		log_err("Cannot set character set to \"%s\", using \"%s\".",
		    charset, pg_encoding_to_char(PQclientEncoding(db)));
	log_debug("authpgsql: connected. Versions: client %d, server %d",
	    PQlibVersion(), PQserverVersion(db));
	return E_OK;
}

static void
disconnect(void)
{
	if (db != NULL)
		PQfinish(db);
	db = NULL;
	str_free(&failure);
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
	int bad = 0;
	size_t len;

	if (n > FIELD_MAX)
		return E_TOOBIG;
	to = str_ready(out, 2 * n + 1);
	if (to == NULL)
		return E_TOOBIG;
	len = PQescapeStringConn(db, to, s, n, &bad);
	if (bad != 0)
		return E_CHARSET;
	str_commit(out, len);
	return E_OK;
}

/* ---- statements --------------------------------------------------------- */

/* Until the server has said all of a result. E_EOF: it did not in time, or
   the connection is lost. */
static int
wait_readable(u64 deadline)
{
	struct pollfd p;
	int n;

	while (PQisBusy(db)) {
		p.fd = PQsocket(db);
		p.events = POLLIN;
		p.revents = 0;
		n = poll(&p, 1, clock_left(deadline));
		if (n == 0) {
			log_err("authpgsql: no answer within %d seconds",
			    QUERY_SECS);
			return E_TIMEOUT;
		}
		if (n > 0 && !PQconsumeInput(db))
			return E_EOF;
		if (n < 0 && errno != EINTR)
			return E_EOF;
	}
	return E_OK;
}

/* SQLSTATE: 08... connection, 57P0... the server goes down, 22021 and 22P05
   bytes that are no text of a character set. */
static int
verdict(PGresult *res)
{
	const char *state;

	str_reset(&failure);
	str_cats(&failure, PQresultErrorMessage(res));
	state = PQresultErrorField(res, PG_DIAG_SQLSTATE);
	if (PQstatus(db) != CONNECTION_OK || (state != NULL &&
	    (strncmp(state, "08", 2) == 0 || strncmp(state, "57P0", 4) == 0)))
		return E_EOF;
	return state != NULL && (strcmp(state, "22021") == 0 ||
	    strcmp(state, "22P05") == 0) ? E_CHARSET : E_TEMP;
}

static int
each_row(PGresult *res, sql_row_fn *fn, void *ctx)
{
	char *text[SQL_COLUMNS];
	int i, k, n, r = E_OK;

	n = PQnfields(res);
	if (n > SQL_COLUMNS)
		n = SQL_COLUMNS;
	for (k = 0; r == E_OK && k < PQntuples(res); k++) {
		for (i = 0; i < n; i++)
			text[i] = PQgetlength(res, k, i) > 0 ?
			    PQgetvalue(res, k, i) : NULL;
		r = fn(ctx, text, (unsigned int)n);
	}
	return r;
}

/* The library frees rows, with their passwords, as they are. */
static void
wipe_result(PGresult *res)
{
	int i, k;

	for (k = 0; k < PQntuples(res); k++)
		for (i = 0; i < PQnfields(res); i++)
			mem_wipe(PQgetvalue(res, k, i),
			    (size_t)PQgetlength(res, k, i));
	PQclear(res);
}

/* (a COPY would wait for us for ever) */
static int
take_result(PGresult *res, sql_row_fn *fn, void *ctx)
{
	ExecStatusType status;

	status = PQresultStatus(res);
	if (status == PGRES_TUPLES_OK)
		return fn != NULL ? each_row(res, fn, ctx) : E_OK;
	if (status == PGRES_COMMAND_OK && fn == NULL)
		return E_OK;
	if (status == PGRES_COPY_IN || status == PGRES_COPY_OUT)
		return E_EOF;
	return verdict(res);
}

/* One text may be several statements: the first failure counts. */
static int
run(const char *text, sql_row_fn *fn, void *ctx)
{
	u64 deadline = clock_deadline(QUERY_SECS);
	PGresult *res;
	int r, result = E_OK;

	str_reset(&failure);
	if (!PQsendQuery(db, text))
		return E_EOF;
	while (result != E_EOF) {
		r = wait_readable(deadline);
		if (r == E_TIMEOUT) {
			disconnect();
			return E_TIMEOUT;
		}
		if (r != E_OK)
			return r;
		res = PQgetResult(db);
		if (res == NULL)
			break;
		r = take_result(res, fn, ctx);
		if (result == E_OK || r == E_EOF)
			result = r;
		wipe_result(res);
	}
	return result;
}

static const char *
error(void)
{
	return failure.len > 0 ? str_c(&failure) : db != NULL ?
	    PQerrorMessage(db) : "no connection";
}
