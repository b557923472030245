/* What the modules of SQL databases do (authdaemon.md 4.1 to 4.3).
   SPDX-License-Identifier: ISC */

#include "base/base.h"

#include "base/log.h"
#include "base/mem.h"
#include "base/str.h"
#include "authcl/authproto.h"
#include "authdaemon/backend.h"
#include "authdaemon/cram.h"
#include "authdaemon/mod_sql.h"
#include "authdaemon/pw_check.h"

/* A look-up on its way. */
struct found {
	struct authinfo	*out;
	u32		rows;
};

/* A list on its way. */
struct listed {
	auth_entry_fn	*fn;
	void		*ctx;
};

static void set_up(void);
static int run_for(const char *, const char *, sql_row_fn *, void *);
static int take_row(void *, char *const *, unsigned int);
static int list_row(void *, char *const *, unsigned int);
static int change(const struct auth_query *, const char *, const char *);

static struct auth_backend back;

static void
set_up(void)
{
	back.name = sql_kind.name;
	back.file = sql_kind.file;
	back.check = sql_settings_check;
	back.connect = sql_kind.connect;
	back.disconnect = sql_kind.disconnect;
	back.connected = sql_kind.connected;
}

int
sql_reach(const struct rcfile **out_rc)
{
	int r;

	set_up();
	r = auth_backend_reach(&back);
	*out_rc = back.rc;
	return r;
}

void
sql_settings(void)
{
	set_up();
	auth_backend_settings(&back);
}

void
sql_forget(void)
{
	auth_backend_forget(&back);
}

/* The settings, and the files that they name. Who is root may have settings
   from before. */
int
sql_needs_root(int verb)
{
	const char *const *name;
	const char *path;

	set_up();
	if (auth_is_locked(back.file, FALSE) ||
	    auth_backend_settings(&back) != E_OK)
		return TRUE;
	for (name = sql_kind.files; *name != NULL; name++) {
		path = sql_setting(back.rc, *name, NULL);
		if (path != NULL && auth_is_locked(path, verb == AUTH_PASSWD))
			return TRUE;
	}
	return FALSE;
}

void
sql_idle(void)
{
	sql_kind.disconnect();
}

void
sql_done(void)
{
	set_up();
	auth_backend_done(&back);
	sql_query_done();
}

/* ---- statements --------------------------------------------------------- */

int
sql_run(const char *text, sql_row_fn *fn, void *ctx)
{
	const struct rcfile *rc;
	int r;

	r = sql_kind.run(text, fn, ctx);
	if (r == E_EOF) {
		log_debug("%s: the connection is lost: %s", sql_kind.name,
		    sql_kind.error());
		sql_kind.disconnect();
		if (sql_reach(&rc) != E_OK)
			return E_TEMP;
		r = sql_kind.run(text, fn, ctx);
	}
	if (r == E_EOF || r == E_TEMP)
		log_err("%s: %s", sql_kind.name, sql_kind.error());
	if (r == E_EOF)
		sql_kind.disconnect();
	if (r == E_EOF || r == E_TIMEOUT)
		auth_backend_failed(&back);
	return r == E_EOF || r == E_TIMEOUT ? E_TEMP : r;
}

/*
 * The same on behalf of a user. One whose name is no text of the connection's
 * character set is in no table, so this is a definite no; with a plain name
 * the settings are wrong.
 */
static int
run_for(const char *userid, const char *text, sql_row_fn *fn, void *ctx)
{
	int r;

	r = sql_run(text, fn, ctx);
	if (r != E_CHARSET)
		return r;
	for (; *userid != '\0'; userid++)
		if ((unsigned char)*userid >= 0x80)
			return E_PERM;
	log_err("%s: %s", sql_kind.name, sql_kind.error());
	return E_TEMP;
}

/* The first row counts; elsewhere a second one is an error. E_INVAL: logged. */
static int
take_row(void *ctx, char *const *text, unsigned int n)
{
	struct found *f = ctx;

	if (f->rows++ > 0) {
		if (!sql_kind.one_row)
			return E_OK;
		log_err("Multiple rows returned");
		return E_INVAL;
	}
	return sql_row_account(back.rc, text, n, f->out) == E_OK ? E_OK : E_INVAL;
}

int
sql_pre(const struct auth_query *q, struct authinfo *out)
{
	const struct rcfile *rc;
	struct found f;
	struct str id, text;
	int r;

	r = sql_ahead_take(q, out);
	if (r != E_BUSY) {
		if (r == E_PERM)
			log_debug("zero rows returned");
		return r;
	}
	if (sql_reach(&rc) != E_OK)
		return E_TEMP;
	f.out = out;
	f.rows = 0;
	str_init(&id, 0);
	str_init(&text, 0);
	sql_full_id(rc, q->userid, &id);
	r = sql_query_select(rc, str_c(&id), q->service, &text);
	if (r == E_OK) {
		log_debug("SQL query: %s", str_c(&text));
		r = run_for(q->userid, str_c(&text), take_row, &f);
		if (r == E_OK && f.rows == 0)
			log_debug("zero rows returned");
		r = r == E_OK && f.rows == 0 ? E_PERM : r;
	} else if (r == E_CHARSET) {
		r = E_PERM;
	} else if (r != E_PERM) {
		log_err("%s: the query cannot be made: %s", sql_kind.name,
		    err_text(r));
	}
	str_free(&id);
	str_free(&text);
	return r == E_OK || r == E_PERM ? r : E_TEMP;
}

int
sql_login(const struct auth_query *q, struct authinfo *out)
{
	struct str prefix;
	int r;

	r = sql_pre(q, out);
	if (r == E_OK)
		r = auth_check_pair(q->password, out->passwd,
		    out->clearpasswd, q->userid);
	if (r == E_OK) {
		mem_free_secret(&out->clearpasswd);
		out->clearpasswd = mem_strdup(q->password);
		str_init(&prefix, 0);
		str_catf(&prefix, "%s: ", sql_kind.name);
		auth_dump(str_c(&prefix), FALSE, out);
		str_free(&prefix);
	}
	return r;
}

int
sql_cram(const struct auth_query *q, const struct cram *c,
    struct authinfo *out)
{
	int r;

	r = sql_pre(q, out);
	return r != E_OK ? r : cram_check_clear(c, out->clearpasswd);
}

static int
change(const struct auth_query *q, const char *newpass, const char *crypted)
{
	struct str id, text;
	int r;

	str_init(&id, 0);
	str_init(&text, 0);
	sql_full_id(back.rc, q->userid, &id);
	r = sql_query_chpass(back.rc, str_c(&id), q->service, newpass, crypted,
	    &text);
	if (r == E_OK) {
		if (auth_debug_level() >= 2)
			log_debug("setpass SQL: %s", str_c(&text));
		r = sql_run(str_c(&text), NULL, NULL);
	}
	if (r == E_OK && sql_kind.changed != NULL &&
	    sql_kind.changed() == 0) {
		log_debug("%s: password not updated", sql_kind.name);
		r = E_PERM;
	}
	str_free(&id);
	str_wipe_free(&text);
	return r == E_CHARSET ? E_TEMP : r;
}

int
sql_passwd(const struct auth_query *q, const char *newpass)
{
	struct authinfo old;
	struct str crypted;
	int r;

	authinfo_init(&old);
	str_init(&crypted, 0);
	r = sql_login(q, &old);
	if (r == E_OK)
		r = pw_make(newpass, old.passwd, &crypted);
	if (r == E_OK)
		r = change(q, newpass, str_c(&crypted));
	authinfo_free(&old);
	str_wipe_free(&crypted);
	return r;
}

static int
list_row(void *ctx, char *const *text, unsigned int n)
{
	struct listed *l = ctx;

	return sql_row_entry(text, n, l->fn, l->ctx) == E_OK ? E_OK :
	    E_INVAL;
}

int
sql_enumerate(auth_entry_fn *fn, void *ctx)
{
	const struct rcfile *rc;
	struct listed l;
	struct str text;
	int r;

	if (sql_reach(&rc) != E_OK)
		return E_TEMP;
	l.fn = fn;
	l.ctx = ctx;
	str_init(&text, 0);
	r = sql_query_enumerate(rc, &text);
	if (r == E_OK) {
		log_debug("%s: enumerate query: %s", sql_kind.name,
		    str_c(&text));
		r = sql_run(str_c(&text), list_row, &l);
	}
	str_free(&text);
	return r == E_OK ? E_OK : E_TEMP;
}
