/* The ID command.  SPDX-License-Identifier: ISC */

#include "base/base.h"

#include <sys/utsname.h>

#include "base/io.h"
#include "base/num.h"
#include "base/str.h"

#include "wire/imaparg.h"
#include "wire/imapid.h"
#include "wire/imapout.h"

#define ID_PAIRS_MAX	30		/* RFC 2971 3.3 */

enum { ID_VERSION = 1, ID_OS = 2, ID_OS_VERSION = 4 };

static void put_pair(struct io *, const char *, const char *);

int
imapid_parse(struct arg *a, struct str *out)
{
	const char *name, *value;
	int n;

	if (a == NULL || a->next != NULL ||
	    (a->type != ARG_NIL && a->type != ARG_LIST))
		return E_SYNTAX;
	for (n = 0, a = a->list; a != NULL; n++) {
		if (n == ID_PAIRS_MAX ||
		    arg_string(&a, &name, NULL) != E_OK ||
		    arg_nstring(&a, &value, NULL) != E_OK)
			return E_SYNTAX;
		str_cats(out, ", ");
		str_cats(out, name);
		str_catc(out, '=');
		str_cats(out, value == NULL ? "(nil)" : value);
	}
	return E_OK;
}

static void
put_pair(struct io *io, const char *name, const char *value)
{
	io_putc(io, ' ');
	imapout_quoteds(io, name);
	io_putc(io, ' ');
	imapout_quoteds(io, value);
}

/* id_response = "ID" SPACE id_params_list */
void
imapid_put(struct io *io, const char *fields)
{
	struct utsname u;
	u32 bits;

	bits = 0;
	if (fields != NULL)
		(void)num_scan_u32(fields, strlen(fields), &bits);
	io_puts(io, "* ID (\"name\" \"Chapar\"");
	if ((bits & ID_VERSION) != 0)
		put_pair(io, "version", PACKAGE_VERSION);
	if (uname(&u) >= 0) {
		if ((bits & ID_OS) != 0)
			put_pair(io, "os", u.sysname);
		if ((bits & ID_OS_VERSION) != 0)
			put_pair(io, "os-version", u.release);
	}
	put_pair(io, "vendor", "The Chapar project");
	io_puts(io, ")\r\n");
}
