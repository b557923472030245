/* Change of a password in the userdb (authdaemon.md 4.5).
   SPDX-License-Identifier: ISC */

#include "base/base.h"

#include "base/ascii.h"
#include "base/log.h"
#include "base/mem.h"
#include "base/str.h"
#include "authdaemon/cram.h"
#include "authdaemon/mod_userdb.h"
#include "authdaemon/module.h"
#include "authdaemon/pw_check.h"
#include "authdaemon/userdb.h"

#define CHANGES_MAX	8	/* a password, and two forms of three hashes */

/* New values of the fields that hold the old password. */
struct changes {
	const struct auth_query	*q;
	const char		*newpass;
	char			*secrets;	/* the record */
	size_t			n;
	struct str		field[CHANGES_MAX];
	struct str		value[CHANGES_MAX];
};

static int find_systempw(struct changes *);
static int find_hmac(struct changes *, const char *, const char *);
static int find_all(struct changes *);
static int source_of(const char *, struct str *);
static int store(const struct changes *);
static int rebuild(void);

/* The service's own password, else the general one. */
static int
find_systempw(struct changes *c)
{
	struct str *field = c->field + c->n;
	char *old;
	int r;

	log_debug("Trying to change system password for %s", c->q->service);
	str_catf(field, "%spw", c->q->service);
	log_debug("Checking for password called \"%s\"", str_c(field));
	old = userdb_field(c->secrets, str_c(field));
	if (old == NULL) {
		log_debug("Not found, checking for \"systempw\"");
		str_reset(field);
		str_cats(field, "systempw");
		old = userdb_field(c->secrets, "systempw");
	}
	r = E_OK;
	if (old == NULL)
		log_debug("Password not found.");
	else if (auth_check_pair(c->q->password, old, NULL, NULL) == E_OK)
		r = pw_make(c->newpass, old, c->value + c->n++);
	else
		log_debug("Password didn't match.");
	mem_free_secret(&old);
	return r;
}

/* The field [SERVICE-]hmac-HASHpw. */
static int
find_hmac(struct changes *c, const char *hash, const char *service)
{
	struct str *field = c->field + c->n, state;
	char *old;
	int r;

	str_reset(field);
	str_catf(field, "%s%shmac-%spw", service, *service != '\0' ? "-" : "",
	    hash);
	log_debug("Trying to change password for %s", hash);
	log_debug("Checking for password called \"%s\"", str_c(field));
	old = userdb_field(c->secrets, str_c(field));
	if (old == NULL) {
		log_debug("Password not found.");
		return E_OK;
	}
	ascii_lower(old);
	str_init(&state, 0);
	r = cram_make_state(hash, c->q->password, &state);
	if (r == E_OK && pw_equal(str_c(&state), old) == E_OK)
		r = cram_make_state(hash, c->newpass, c->value + c->n++);
	else
		log_debug("Password didn't match.");
	str_wipe_free(&state);
	mem_free_secret(&old);
	return r;
}

static int
find_all(struct changes *c)
{
	static const char *const hashes[] = { "md5", "sha1", "sha256" };
	size_t i;
	int r;

	r = find_systempw(c);
	for (i = 0; i < NITEMS(hashes) && r == E_OK; i++) {
		r = find_hmac(c, hashes[i], c->q->service);
		if (r == E_OK)
			r = find_hmac(c, hashes[i], "");
	}
	return r != E_OK ? r : c->n > 0 ? E_OK : E_PERM;
}

/* The text file that a record came from, by its "_" field. */
static int
source_of(const char *fields, struct str *out)
{
	char *location;
	size_t n;
	int r;

	location = userdb_field(fields, "_");
	str_catf(out, "%s/userdb", auth_confdir());
	r = E_OK;
	if (location != NULL && *location != '\0') {
		n = strlen(location);
		if (location[n - 1] == '/')
			location[n - 1] = '\0';
		if (*location == '/' || strstr(location, "..") != NULL)
			r = E_INVAL;
		str_catf(out, "/%s", location);
	}
	mem_free(location);
	return r;
}

static int
rebuild(void)
{
	struct str root, why;
	int r;

	str_init(&root, 0);
	str_init(&why, 0);
	str_catf(&root, "%s/userdb", auth_confdir());
	r = userdb_make(str_c(&root), &why);
	if (r != E_OK)
		log_err("userdb: the password of the text is new, that of "
		    "the database is old: %s", str_c(&why));
	str_free(&root);
	str_free(&why);
	return r == E_OK ? E_OK : E_TEMP;
}

static int
store(const struct changes *c)
{
	struct userdb_change list[CHANGES_MAX];
	struct str fields, file;
	size_t i;
	int r;

	for (i = 0; i < c->n; i++) {
		list[i].field = str_c(c->field + i);
		list[i].value = str_c(c->value + i);
		log_debug("%s: new value of %s", c->q->userid, list[i].field);
	}
	str_init(&fields, 0);
	str_init(&file, 0);
	r = userdb_fetch(c->q->userid, &fields);
	if (r == E_OK)
		r = source_of(str_c(&fields), &file);
	if (r == E_OK)
		r = userdb_edit(str_c(&file), c->q->userid, list, c->n, FALSE);
	if (r != E_OK)
		log_err("userdb: %s: password of %s not changed: %s",
		    str_c(&file), c->q->userid, err_text(r));
	str_free(&fields);
	str_free(&file);
	return r == E_OK ? rebuild() : E_TEMP;
}

int
userdb_passwd(const struct auth_query *q, const char *newpass)
{
	struct changes c;
	struct str record;
	size_t i;
	int r;

	str_init(&record, 0);
	r = userdb_fetch_secrets(q->userid, &record);
	if (r != E_OK) {
		str_wipe_free(&record);
		return r == E_NOENT ? E_PERM : r;
	}
	memset(&c, 0, sizeof(c));
	c.q = q;
	c.newpass = newpass;
	c.secrets = str_take(&record);
	for (i = 0; i < CHANGES_MAX; i++) {
		str_init(c.field + i, 0);
		str_init(c.value + i, 0);
	}
	r = find_all(&c);
	if (r == E_OK)
		r = store(&c);
	log_debug("authuserdb: return code %d", r == E_OK ? 0 :
	    r == E_PERM ? -1 : 1);
	for (i = 0; i < CHANGES_MAX; i++) {
		str_free(c.field + i);
		str_wipe_free(c.value + i);
	}
	mem_free_secret(&c.secrets);
	return r;
}
