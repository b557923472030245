/* The settings file and the connection of a module.
   SPDX-License-Identifier: ISC */

#include "base/base.h"

#include "base/clock.h"
#include "base/file.h"
#include "base/log.h"
#include "base/str.h"
#include "conf/rcfile.h"
#include "authdaemon/backend.h"
#include "authdaemon/board.h"
#include "authdaemon/chain.h"
#include "authdaemon/module.h"

#define PAUSE_MS	1000	/* after an attempt that failed ... */
#define SLOW_MS		1000	/* ... and if it took longer ... */
#define SLOW_PAUSE_MS	5000	/* ... this long */

static void look(const struct auth_backend *, struct stat *);
static int is_known(const struct auth_backend *);
static int load(struct auth_backend *, struct rcfile **);
static void take_kept(struct auth_backend *);
static u32 circuit(const struct auth_backend *);

static void
look(const struct auth_backend *b, struct stat *out)
{
	struct str path;

	str_init(&path, 0);
	auth_path(b->file, &path);
	if (stat(str_c(&path), out) < 0)
		memset(out, 0, sizeof(*out));
	str_free(&path);
}

/* TRUE if the file is the one that was bad. */
static int
is_known(const struct auth_backend *b)
{
	struct stat now;

	look(b, &now);
	return b->is_bad && file_is_same(&now, &b->bad);
}

static int
load(struct auth_backend *b, struct rcfile **out)
{
	struct str path;
	int r;

	look(b, &b->bad);
	str_init(&path, 0);
	auth_path(b->file, &path);
	r = rcfile_load(str_c(&path), RCFILE_KEYWORD, out);
	str_free(&path);
	if (r == E_OK && b->check(*out) != E_OK) {
		rcfile_free(out);
		r = E_SYNTAX;
	}
	b->is_bad = r != E_OK && r != E_TEMP;
	return r;
}

/* Those of the module before the reload, if it takes them. */
static void
take_kept(struct auth_backend *b)
{
	b->rc = auth_kept(b->name);
	if (b->rc != NULL && b->check(b->rc) != E_OK)
		rcfile_free(&b->rc);
}

static u32
circuit(const struct auth_backend *b)
{
	return (u32)chain_place(b->name);
}

int
auth_backend_settings(struct auth_backend *b)
{
	struct rcfile *fresh;

	if (b->rc != NULL && !rcfile_changed(b->rc))
		return E_OK;
	if (is_known(b))
		return b->rc != NULL ? E_OK : E_TEMP;
	if (load(b, &fresh) != E_OK) {
		if (b->rc == NULL)
			take_kept(b);
		if (b->rc != NULL)
			log_err("%s: the settings from before stay in use",
			    b->name);
		return b->rc != NULL ? E_OK : E_TEMP;
	}
	b->disconnect();
	if (b->rc != NULL) {
		board_circuit_works(circuit(b));
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

	if (auth_backend_settings(b) != E_OK) {
		log_err("%s: there are no settings that can be used",
		    b->name);
		return E_TEMP;
	}
	if (b->connected())
		return b->connect(b->rc);
	if (board_circuit(circuit(b)) == CIRCUIT_OPEN) {
		log_err("%s: no server answered a moment ago", b->name);
		return E_TEMP;
	}
	before = clock_msec();
	r = b->connect(b->rc);
	if (r == E_OK)
		board_circuit_works(circuit(b));
	else
		board_circuit_fails(circuit(b), clock_msec() - before >
		    SLOW_MS ? SLOW_PAUSE_MS : PAUSE_MS);
	return r;
}

void
auth_backend_failed(struct auth_backend *b)
{
	board_circuit_fails(circuit(b), SLOW_PAUSE_MS);
}

void
auth_backend_forget(struct auth_backend *b)
{
	rcfile_free(&b->rc);
}

void
auth_backend_done(struct auth_backend *b)
{
	b->disconnect();
	auth_keep(b->name, &b->rc);
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
