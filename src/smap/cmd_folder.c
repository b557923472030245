/* Folders without opening them: LIST, STATUS, CREATE, DELETE, RENAME.
   SPDX-License-Identifier: ISC */

#include "base/base.h"

#include "base/io.h"

#include "session/ns.h"
#include "session/rights.h"
#include "session/sess.h"
#include "session/view.h"

#include "smap/cmd.h"
#include "smap/smap.h"

struct listing {
	struct smap	*sm;
	const char	*parent;
};

static int may_rename(struct smap *, const char *, const char *);
static int parent_allows(struct smap *, const char *);
static int put_entry(void *, const struct ns_entry *);
static void rename_failed(struct smap *, int);

/* ---- looking ------------------------------------------------------------ */

/* Children only: a word may hold what is a wildcard in a pattern. */
static int
put_entry(void *ctx, const struct ns_entry *e)
{
	struct listing *l = ctx;
	struct io *io = l->sm->io;
	size_t n = strlen(l->parent);
	const char *word;

	if (strncmp(e->name, l->parent, n) != 0 || e->name[n] != NS_SEP ||
	    strchr(e->name + n + 1, NS_SEP) != NULL)
		return E_OK;
	smap_out(l->sm);
	word = ns_word(l->sm->pool, e->name);
	io_puts(io, "* LIST ");
	smapout_quoted(io, word);
	io_putc(io, ' ');
	smapout_quoted(io, word);
	if ((e->attrs & NS_NOSELECT) == 0)
		io_puts(io, " FOLDER");
	if ((e->attrs & NS_CHILDREN) != 0)
		io_puts(io, " DIRECTORY");
	io_putc(io, '\n');
	return io_error(io);
}

/* list = "LIST" [WSP folder]; what is not there has no children. */
void
smap_cmd_list(struct smap *sm)
{
	struct listing l;
	struct str pattern;
	char *name;
	int e;

	smap_ok(sm, "LIST completed");
	if (smapline_peek(&sm->line) == NULL) {
		io_puts(sm->io, "* LIST \"INBOX\" \"New Mail\" FOLDER\n"
		    "* LIST \"INBOX\" \"Folders\" DIRECTORY\n"
		    "* LIST \"public\" \"Public Folders\" DIRECTORY\n");
		return;
	}
	(void)smap_folder(sm, &name);
	if (name == NULL)
		return;
	l.sm = sm;
	l.parent = name;
	str_init(&pattern, 0);
	str_cats(&pattern, name);
	str_cats(&pattern, ".%");
	e = ns_list(sm->sess, str_c(&pattern), put_entry, &l);
	str_free(&pattern);
	if (e != E_OK)
		smap_error(sm, "Cannot list folders: ", e);
}

/* status = "STATUS" WSP word WSP folder; the word says how much, always all */
void
smap_cmd_status(struct smap *sm)
{
	struct view_status st;
	char *name;
	int e;

	(void)smapline_next(&sm->line);
	e = smap_folder(sm, &name);
	if (e == E_OK)
		e = view_status(sm->sess, name, &st);
	if (e == E_PERM) {
		smap_denied(sm, "r");
	} else if (e != E_OK) {
		smap_error(sm, "Cannot read folder status: ", e);
	} else {
		io_putf(sm->io, "* STATUS EXISTS=%lu UNSEEN=%lu\n",
		    (unsigned long)st.messages, (unsigned long)st.unseen);
		smap_ok(sm, "Folder status retrieved");
	}
}

/* ---- making and removing ------------------------------------------------ */

/* Right c on the folder above; says so if not. */
static int
parent_allows(struct smap *sm, const char *name)
{
	const char *parent;

	parent = ns_parent(sm->pool, name);
	if (parent != NULL && rights_need(sm->sess, parent, RIGHT_C) == E_OK)
		return TRUE;
	smap_denied(sm, "c");
	return FALSE;
}

/* create = "CREATE" WSP folder */
void
smap_cmd_create(struct smap *sm)
{
	char *name;
	int e;

	e = smap_folder(sm, &name);
	if (e == E_OK && ns_is_inbox(name))
		e = E_INVAL;
	if (e == E_OK && !parent_allows(sm, name))
		return;
	if (e == E_OK)
		e = ns_create(sm->sess, name);
	if (e == E_OK)
		smap_ok(sm, "Folder created");
	else
		smap_error(sm, "Cannot create folder: ", e);
}

/* A directory is there as soon as something is in it. */
void
smap_cmd_mkdir(struct smap *sm)
{
	char *name;
	int e;

	e = smap_folder(sm, &name);
	if (e == E_OK && ns_is_inbox(name))
		e = E_INVAL;
	if (e == E_OK)
		smap_ok(sm, "Folder created");
	else
		smap_error(sm, "Cannot create folder: ", e);
}

void
smap_cmd_rmdir(struct smap *sm)
{
	smap_cmd_mkdir(sm);
	if (sm->ok)
		smap_ok(sm, "Folder deleted");
}

/* delete = "DELETE" WSP folder; what is not there is deleted already */
void
smap_cmd_delete(struct smap *sm)
{
	char *name;
	int e;

	e = smap_folder(sm, &name);
	if (e == E_OK && ns_is_inbox(name)) {
		smap_err(sm, "INBOX may not be deleted");
		return;
	}
	if (e == E_OK && rights_need(sm->sess, name, RIGHT_X) != E_OK) {
		smap_denied(sm, "x");
		return;
	}
	if (e == E_OK)
		e = ns_delete(sm->sess, name);
	if (e == E_OK || e == E_NOENT)
		smap_ok(sm, "Folder deleted");
	else if (e == E_BUSY)
		smap_err(sm, "Cannot DELETE currently open folder.");
	else
		smap_error(sm, "Unable to delete folder: ", e);
}

/* ---- renaming ----------------------------------------------------------- */

static int
may_rename(struct smap *sm, const char *from, const char *to)
{
	if (ns_is_inbox(from))
		smap_err(sm, "INBOX rename not implemented.");
	else if (ns_is_trash(sm->sess, from) || ns_is_trash(sm->sess, to))
		smap_err(sm, "Reserved folder name - cannot rename.");
	else if (rights_need(sm->sess, from, RIGHT_X) != E_OK)
		smap_denied(sm, "x");
	else
		return parent_allows(sm, to);
	return FALSE;
}

static void
rename_failed(struct smap *sm, int e)
{
	if (e == E_BUSY)
		smap_err(sm, "Can't RENAME the currently-open folder");
	else
		smap_error(sm, "RENAME failed: ", e);
}

/* rename = "RENAME" WSP folder WSP DQUOTE DQUOTE WSP folder */
void
smap_cmd_rename(struct smap *sm)
{
	char *from, *to;
	int e;

	if (smap_folder(sm, &from) != E_OK || smap_folder(sm, &to) != E_OK) {
		smap_err(sm, "Invalid argument");
		return;
	}
	if (!may_rename(sm, from, to))
		return;
	e = ns_rename(sm->sess, from, to);
	if (e == E_OK)
		smap_ok(sm, "Folder renamed.");
	else
		rename_failed(sm, e);
}
