/* ACL, GETACL, SETACL, DELETEACL.  SPDX-License-Identifier: ISC

   Identifiers are those of the list itself, user=name and the like. */

#include "base/base.h"

#include "base/io.h"

#include "session/acl.h"
#include "session/rights.h"
#include "session/sess.h"

#include "smap/cmd.h"
#include "smap/smap.h"

#define PAIRS_MAX	6		/* of one line */

static int administered(struct smap *, char **, struct acl **);
static void change(struct smap *, int);
static void put_list(struct smap *, const struct acl *);
static void put_minimum(struct smap *, const char *);
static int take_changes(struct smap *, struct acl *, int);

/* acl = "ACL" WSP folder; one's own rights */
void
smap_cmd_acl(struct smap *sm)
{
	char letters[RIGHTS_BUF];
	char *name;
	u32 rights;
	int e;

	e = smap_folder(sm, &name);
	if (e == E_OK)
		e = rights_get(sm->sess, name, &rights);
	if (e == E_OK && rights == 0)
		e = E_NOENT;
	if (e != E_OK) {
		smap_error(sm, "Invalid folder: ", e);
		return;
	}
	rights_letters(letters, rights);
	io_putf(sm->io, "* ACL \"%s\"\n", letters);
	smap_ok(sm, "ACLs retrieved");
}

/* The list of the folder that is named, for who may administer it. */
static int
administered(struct smap *sm, char **out_name, struct acl **out)
{
	int e;

	e = smap_folder(sm, out_name);
	if (e == E_OK)
		e = rights_need(sm->sess, *out_name, RIGHT_A);
	if (e == E_PERM) {
		smap_denied(sm, "a");
		return e;
	}
	if (e == E_OK)
		e = acl_look(sm->sess, sm->pool, *out_name, out);
	if (e != E_OK)
		smap_error(sm, "Invalid folder: ", e);
	return e;
}

/* Some pairs in each line. */
static void
put_list(struct smap *sm, const struct acl *acl)
{
	size_t i;

	for (i = 0; i < acl_count(acl); i++) {
		smap_out(sm);
		if (i % PAIRS_MAX == 0)
			io_puts(sm->io, i == 0 ? "* GETACL" : "\n* GETACL");
		io_putc(sm->io, ' ');
		smapout_quoted(sm->io, acl_id(acl, i));
		io_putc(sm->io, ' ');
		smapout_quoted(sm->io, acl_rights(acl, i));
	}
	if (i > 0)
		io_putc(sm->io, '\n');
}

/* getacl = "GETACL" WSP folder */
void
smap_cmd_getacl(struct smap *sm)
{
	struct acl *acl;
	char *name;

	if (administered(sm, &name, &acl) != E_OK)
		return;
	put_list(sm, acl);
	smap_ok(sm, "ACLs retrieved");
}

/* What an owner has always, and may have besides. */
static void
put_minimum(struct smap *sm, const char *id)
{
	const char *others = ACL_OTHERS;

	io_putf(sm->io, "* ACLMINIMUM %s %s", id, ACL_ALWAYS);
	for (; *others != '\0'; others++) {
		io_putc(sm->io, ' ');
		io_putc(sm->io, *others);
	}
	io_putc(sm->io, '\n');
}

/* Pairs of identifier and rights; without rights the entry goes. */
static int
take_changes(struct smap *sm, struct acl *acl, int delete)
{
	const char *id, *rights;
	int e;

	for (e = E_OK; e == E_OK && (id = smapline_next(&sm->line)) != NULL; ) {
		rights = delete ? NULL : smapline_next(&sm->line);
		if (rights == NULL)
			acl_delete(acl, id);
		else
			e = acl_modify(acl, id, rights);
	}
	return e;
}

static void
change(struct smap *sm, int delete)
{
	struct acl *acl;
	const char *id;
	char *name;
	int e;

	if (administered(sm, &name, &acl) != E_OK)
		return;
	id = NULL;
	e = take_changes(sm, acl, delete);
	if (e == E_OK)
		e = acl_write(sm->sess, name, acl, &id);
	if (e == E_OK)
		e = acl_look(sm->sess, sm->pool, name, &acl);
	if (e == E_OK) {
		put_list(sm, acl);
		smap_ok(sm, "Updated ACLs");
	} else if (id != NULL) {
		put_minimum(sm, id);
		smap_err(sm, "ACL update failed");
	} else
		smap_error(sm, "ACL update failed: ", e);
}

/* setacl = "SETACL" WSP folder WSP DQUOTE DQUOTE *(WSP id WSP rights) */
void
smap_cmd_setacl(struct smap *sm)
{
	change(sm, FALSE);
}

/* deleteacl = "DELETEACL" WSP folder WSP DQUOTE DQUOTE *(WSP id) */
void
smap_cmd_deleteacl(struct smap *sm)
{
	change(sm, TRUE);
}
