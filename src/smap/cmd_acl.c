/* ACL and GETACL.  SPDX-License-Identifier: ISC */

#include "base/base.h"

#include "base/io.h"

#include "session/rights.h"
#include "session/sess.h"

#include "smap/cmd.h"
#include "smap/smap.h"

static int get(struct smap *, char *);

/* The letters of one's own rights on the folder that is named. */
static int
get(struct smap *sm, char *letters)
{
	char *name;
	u32 rights;
	int e;

	e = smap_folder(sm, &name);
	if (e == E_OK)
		e = rights_get(sm->sess, name, &rights);
	if (e != E_OK) {
		smap_error(sm, "Invalid folder: ", e);
		return e;
	}
	rights_letters(letters, rights);
	smap_ok(sm, "ACLs retrieved");
	return E_OK;
}

void
smap_cmd_acl(struct smap *sm)
{
	char letters[RIGHTS_BUF];

	if (get(sm, letters) == E_OK)
		io_putf(sm->io, "* ACL \"%s\"\n", letters);
}

/* Of one's own folders, whose lists are Courier's default. */
void
smap_cmd_getacl(struct smap *sm)
{
	char letters[RIGHTS_BUF];

	if (get(sm, letters) == E_OK)
		io_putf(sm->io, "* GETACL \"owner\" \"%s\" \"administrators\" "
		    "\"%s\"\n", letters, letters);
}
