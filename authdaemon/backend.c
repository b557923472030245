/* The settings file and the connection of a module.
   SPDX-License-Identifier: ISC */

#include "base/base.h"

#include "base/clock.h"
#include "base/log.h"
#include "base/str.h"
#include "conf/rcfile.h"
#include "authdaemon/backend.h"
#include "authdaemon/module.h"

#define SLOW_MS		1000	/* a failure that took longer ... */
#define PAUSE_SECS	5	/* ... is followed by as long a pause */

static int load(struct auth_backend *, struct rcfile **);
static int settings(struct auth_backend *);

static int
load(struct auth_backend *b, struct rcfile **out)
{
	struct str path;
	int r;

	str_init(&path, 0);
	auth_path(b->file, &path);
	r = rcfile_load(str_c(&path), RCFILE_KEYWORD, out);
	str_free(&path);
	if (b->refused != NULL)
		rcfile_free(&b->refused);
	if (r == E_OK && b->check(*out) != E_OK) {
		b->refused = *out;
		r = E_SYNTAX;
	}
	return r;
}

static int
settings(struct auth_backend *b)
{
	struct rcfile *fresh;

	if (b->rc != NULL && !rcfile_changed(b->rc))
		return E_OK;
	if (b->refused != NULL && !rcfile_changed(b->refused))
		return b->rc != NULL ? E_OK : E_TEMP;
	if (load(b, &fresh) != E_OK) {
		if (b->rc != NULL)
			log_err("%s: the settings from before stay in use",
			    b->name);
		return b->rc != NULL ? E_OK : E_TEMP;
	}
	b->disconnect();
	b->pause_until = 0;
	if (b->rc != NULL) {
		log_debug("%s: reloaded %s", b->name, rcfile_name(fresh));
		rcfile_free(&b->rc);
	}
	b->rc = fresh;
	return E_OK;
}

int
auth_backend_reach(struct auth_backend *b)
{
	u64 before;
	int r;

	if (settings(b) != E_OK)
		return E_TEMP;
	if (b->pause_until != 0 && clock_left(b->pause_until) > 0) {
		log_err("%s: no server answered a moment ago", b->name);
		return E_TEMP;
	}
	b->pause_until = 0;
	before = clock_msec();
	r = b->connect(b->rc);
	if (r != E_OK && clock_msec() - before > SLOW_MS)
		b->pause_until = clock_deadline(PAUSE_SECS);
	return r;
}

void
auth_backend_done(struct auth_backend *b)
{
	b->disconnect();
	if (b->rc != NULL)
		rcfile_free(&b->rc);
	if (b->refused != NULL)
		rcfile_free(&b->refused);
}

int
auth_setting_u32(const char *module, const struct rcfile *rc,
    const char *name, u32 *out)
{
	int r;

	r = rcfile_u32(rc, name, out);
	if (r == E_OK || r == E_NOENT)
		return E_OK;
	log_err("%s: cannot parse the %s setting", module, name);
	log_err("%s: line %u: %s: \"%s\" is no number", rcfile_name(rc),
	    (unsigned int)rcfile_line(rc, name), name, rcfile_get(rc, name));
	return E_SYNTAX;
}
