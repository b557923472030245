/* Rows of SQL modules (authdaemon.md 4.0, "column order").
   SPDX-License-Identifier: ISC */

#include "base/base.h"

#include "base/log.h"
#include "base/mem.h"
#include "base/num.h"
#include "authdaemon/mod_sql.h"

#define COLUMNS_MIN	6
#define ENTRY_MIN	4

static int id_column(const char *, const char *, u32 *);
static int is_other_order(const struct rcfile *, char *const *,
    unsigned int);
static int ids(char *const *, unsigned int, u32 *, u32 *);
static char *copy(int, const char *);

/* A uid or gid: a decimal number, not 0. */
static int
id_column(const char *name, const char *text, u32 *out)
{
	if (text != NULL && num_parse_u32(text, out) == E_OK && *out != 0)
		return E_OK;
	log_err("%s: invalid value for %s: '%s'", sql_kind.name, name,
	    text != NULL ? text : "<null>");
	return E_TEMP;
}

/*
 * Before Courier 0.47 the clear password came behind the ids. Such a row has a
 * number for a clear password, and the clear password, or nothing, for a gid.
 * With "SELECT *" the columns stand as in the table.
 */
static int
is_other_order(const struct rcfile *rc, char *const *text, unsigned int n)
{
	const char *clause;
	u32 id;

	clause = sql_key(rc, KEY_SELECT, NULL);
	if (clause == NULL)
		return FALSE;
	if (strchr(clause, '*') != NULL)
		return TRUE;
	return n >= COLUMNS_MIN && text[SQL_CLEAR] != NULL &&
	    text[SQL_UID] != NULL &&
	    num_parse_u32(text[SQL_CLEAR], &id) == E_OK &&
	    num_parse_u32(text[SQL_UID], &id) == E_OK;
}

/* The ids of a row that has all it needs. E_TEMP, logged. */
static int
ids(char *const *text, unsigned int n, u32 *uid, u32 *gid)
{
	if (n < COLUMNS_MIN) {
		log_err("%s: incomplete row, only %u fields returned",
		    sql_kind.name, n);
		return E_TEMP;
	}
	if (id_column("uid", text[SQL_UID], uid) != E_OK ||
	    id_column("gid", text[SQL_GID], gid) != E_OK)
		return E_TEMP;
	if (text[SQL_HOME] != NULL)
		return E_OK;
	log_err("%s: required value for 'home' (column %d) is missing",
	    sql_kind.name, SQL_HOME + 1);
	return E_TEMP;
}

/* What is empty is not supplied, but for what this database always had. */
static char *
copy(int column, const char *value)
{
	if (value == NULL && (sql_kind.empty_ones & (u32)1 << column) != 0)
		value = "";
	return value == NULL ? NULL : mem_strdup(value);
}

int
sql_row_account(const struct rcfile *rc, char *const *row, unsigned int n,
    struct authinfo *out)
{
	char *text[SQL_COLUMNS];
	unsigned int i;
	u32 uid, gid;

	for (i = 0; i < SQL_COLUMNS; i++)
		text[i] = i < n ? row[i] : NULL;
	if (ids(text, n, &uid, &gid) != E_OK) {
		if (is_other_order(rc, text, n))
			log_err("%s: %s seems to have the columns of a "
			    "table, or of old releases (username, cryptpw, "
			    "uid, gid, clearpw, home, maildir, quota, "
			    "fullname); they are now: username, cryptpw, "
			    "clearpw, uid, gid, home, maildir, quota, "
			    "fullname, options", sql_kind.name,
			    sql_kind.keys[KEY_SELECT]);
		return E_TEMP;
	}
	out->has_uid = TRUE;
	out->uid = (uid_t)uid;
	out->gid = (gid_t)gid;
	out->address = copy(SQL_ID, text[SQL_ID]);
	out->passwd = copy(SQL_CRYPT, text[SQL_CRYPT]);
	out->clearpasswd = copy(SQL_CLEAR, text[SQL_CLEAR]);
	out->homedir = copy(SQL_HOME, text[SQL_HOME]);
	out->maildir = copy(SQL_MAILDIR, text[SQL_MAILDIR]);
	out->quota = copy(SQL_QUOTA, text[SQL_QUOTA]);
	out->fullname = copy(SQL_NAME, text[SQL_NAME]);
	out->options = copy(SQL_OPTIONS, text[SQL_OPTIONS]);
	return E_OK;
}

int
sql_row_entry(char *const *text, unsigned int n, auth_entry_fn *fn,
    void *ctx)
{
	u32 uid, gid;

	if (n < ENTRY_MIN || text[0] == NULL ||
	    id_column("uid", text[1], &uid) != E_OK ||
	    id_column("gid", text[2], &gid) != E_OK)
		return E_OK;
	return fn(ctx, text[0], (uid_t)uid, (gid_t)gid,
	    text[3] != NULL ? text[3] : "", n > 4 ? text[4] : NULL,
	    n > 5 ? text[5] : NULL);
}
