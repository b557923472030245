/* What all modules share.  SPDX-License-Identifier: ISC */

#include "base/base.h"

#include "base/log.h"
#include "base/mem.h"
#include "base/str.h"
#include "conf/env.h"
#include "conf/rcfile.h"
#include "authdaemon/chain.h"
#include "authdaemon/module.h"
#include "authdaemon/pw_check.h"

static const char *text(const char *);

/* From modules that were unloaded, until they are there again. */
static struct {
	char		*module;
	struct rcfile	*rc;
} kept[CHAIN_MAX];
static size_t nkept;

const char *
auth_confdir(void)
{
	return env_or("CHAPAR_AUTHCONFDIR", PATH_AUTHCONFDIR);
}

const char *
auth_vardir(void)
{
	return env_or("CHAPAR_AUTHVARDIR", PATH_AUTHVARDIR);
}

const char *
auth_libexecdir(void)
{
	return env_or("CHAPAR_AUTHLIBEXECDIR", PATH_AUTHLIBEXECDIR);
}

void
auth_path(const char *file, struct str *out)
{
	str_catf(out, "%s/%s", auth_confdir(), file);
}

int
auth_debug_level(void)
{
	return (int)env_u32("DEBUG_LOGIN", 0);
}

void
auth_keep(const char *module, struct rcfile **rc)
{
	if (*rc == NULL)
		return;
	if (nkept == CHAIN_MAX) {
		rcfile_free(rc);
		return;
	}
	kept[nkept].module = mem_strdup(module);
	kept[nkept++].rc = *rc;
	*rc = NULL;
}

struct rcfile *
auth_kept(const char *module)
{
	struct rcfile *rc = NULL;
	size_t i;

	for (i = 0; i < nkept; i++)
		if (strcmp(kept[i].module, module) == 0) {
			rc = kept[i].rc;
			kept[i].rc = NULL;
		}
	return rc;
}

void
auth_kept_drop(void)
{
	while (nkept > 0) {
		nkept--;
		rcfile_free(&kept[nkept].rc);
		mem_free(kept[nkept].module);
	}
}

int
auth_always_root(int verb)
{
	(void)verb;
	return TRUE;
}

/* With the effective ids, as open has it: workers have no others. */
int
auth_is_locked(const char *file, int writing)
{
	struct str path;
	char *slash;
	int locked;

	str_init(&path, 0);
	if (*file == '/')
		str_cats(&path, file);
	else
		auth_path(file, &path);
	locked = access(str_c(&path), writing ? R_OK | W_OK : R_OK) < 0 &&
	    (errno == EACCES || errno == EPERM);
	slash = strrchr(path.data, '/');
	if (writing && !locked && slash != NULL) {
		*slash = '\0';
		locked = access(str_c(&path), W_OK) < 0;
	}
	str_free(&path);
	return locked;
}

static const char *
text(const char *value)
{
	return value != NULL ? value : "<null>";
}

/* The record is one line of any length; the log cuts it. */
void
auth_dump(const char *prefix, int as_info, const struct authinfo *a)
{
	struct str line;
	int level;

	level = auth_debug_level();
	if (level < 1)
		return;
	str_init(&line, 0);
	str_catf(&line, "%ssysusername=%s, sysuserid=", prefix,
	    text(a->sysusername));
	if (a->has_uid)
		str_catf(&line, "%lu", (unsigned long)a->uid);
	else
		str_cats(&line, "<null>");
	str_catf(&line, ", sysgroupid=%lu, homedir=%s, address=%s, "
	    "fullname=%s, maildir=%s, quota=%s, options=%s",
	    (unsigned long)a->gid, text(a->homedir), text(a->address),
	    text(a->fullname), text(a->maildir), text(a->quota),
	    text(a->options));
	if (as_info)
		log_info("%s", str_c(&line));
	else
		log_debug("%s", str_c(&line));
	str_reset(&line);
	str_catf(&line, "%sclearpasswd=%s, passwd=%s", prefix,
	    text(a->clearpasswd), text(a->passwd));
	if (level >= 2 && as_info)
		log_info("%s", str_c(&line));
	else if (level >= 2)
		log_debug("%s", str_c(&line));
	str_wipe_free(&line);
}

int
auth_check_pair(const char *password, const char *crypted,
    const char *clear, const char *userid)
{
	const char *stored, *kind;
	int r;

	if (crypted != NULL && *crypted != '\0') {
		stored = crypted;
		kind = "encrypted password";
		r = pw_check(password, crypted);
	} else if (clear != NULL && *clear != '\0') {
		stored = clear;
		kind = "clearpasswd";
		r = pw_equal(password, clear);
	} else {
		if (userid != NULL)
			log_debug("no password available to compare for '%s'",
			    userid);
		else
			log_debug("no password available to compare.");
		return E_PERM;
	}
	if (r == E_OK && stored == crypted)
		log_debug("password matches successfully");
	else if (r == E_OK)
		;			/* Courier says nothing here */
	else if (auth_debug_level() >= 2)
		log_debug("supplied password '%s' does not match %s '%s'",
		    password, kind, stored);
	else
		log_debug("supplied password does not match %s", kind);
	return r;
}
