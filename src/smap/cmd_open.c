/* OPEN, SOPEN, CLOSE, NOOP.  SPDX-License-Identifier: ISC */

#include "base/base.h"

#include "base/io.h"

#include "session/sess.h"
#include "session/snapshot.h"
#include "session/view.h"

#include "smap/cmd.h"
#include "smap/smap.h"

static int open_folder(struct smap *);
static void put_snapshot(struct smap *, const char *);

/* Leaves the folder that was open, whatever happens. */
static int
open_folder(struct smap *sm)
{
	char *name;
	int e;

	snapshot_free(&sm->snap);
	view_close(sm->sess);
	e = smap_folder(sm, &name);
	if (e != E_OK) {
		smap_error(sm, "Invalid folder: ", e);
		return e;
	}
	e = view_open(sm->sess, name, FALSE);
	if (e == E_PERM)
		smap_denied(sm, "r");
	else if (e != E_OK)
		smap_error(sm, "Cannot open the folder: ", e);
	smap_opened(sm);
	return e;
}

/* open = "OPEN" WSP folder */
void
smap_cmd_open(struct smap *sm)
{
	if (open_folder(sm) != E_OK)
		return;
	io_putf(sm->io, "* EXISTS %lu\n", (unsigned long)sm->count);
	smap_ok(sm, "Folder opened");
}

static void
put_snapshot(struct smap *sm, const char *what)
{
	io_putf(sm->io, "* %s ", what);
	smapout_quoted(sm->io, snapshot_id(sm->snap));
	io_putc(sm->io, '\n');
}

/* sopen = "SOPEN" WSP word WSP folder; the word names a snapshot, or none */
void
smap_cmd_sopen(struct smap *sm)
{
	const char *id;

	id = smapline_next(&sm->line);
	if (open_folder(sm) != E_OK)
		return;
	sm->snap = snapshot_new(sm->sess->view);
	if (id == NULL || snapshot_load(sm->snap, id) != E_OK) {
		io_putf(sm->io, "* EXISTS %lu\n", (unsigned long)sm->count);
		smap_ok(sm, "Folder opened");
		return;
	}
	put_snapshot(sm, "SNAPSHOTEXISTS");
	sm->count = snapshot_count(sm->snap);
	snapshot_tell(sm->snap);
	smap_opened(sm);
	smap_ok(sm, "Folder updated");
}

/* Nothing is removed. */
void
smap_cmd_close(struct smap *sm)
{
	snapshot_free(&sm->snap);
	view_close(sm->sess);
	smap_opened(sm);
	smap_ok(sm, "Folder closed");
}

/* What the client knows now can be kept, once it has been told all. */
void
smap_cmd_noop(struct smap *sm)
{
	u64 told = sm->told;

	smap_sync(sm);
	if (sm->end == CLIENT_RUNNING && sm->snap != NULL &&
	    told == sm->told && snapshot_save(sm->snap) == E_OK)
		put_snapshot(sm, "SNAPSHOT");
	smap_ok(sm, "Folder updated");
}
