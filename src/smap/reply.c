/* The last line of an answer.  SPDX-License-Identifier: ISC */

#include "base/base.h"

#include "base/io.h"

#include "smap/smap.h"

static void set(struct smap *, int, const char *);

/* In the words of the system, as Courier's. */
static const struct {
	int		err;
	const char	*text;
} texts[] = {
	{ E_PERM, "Permission denied" },
	{ E_NOENT, "No such file or directory" },
	{ E_EXIST, "File exists" },
	{ E_QUOTA, "Disk quota exceeded" },
	{ E_TOOBIG, "File name too long" },
	{ E_SYNTAX, "Invalid argument" },
	{ E_INVAL, "Invalid argument" },
	{ E_NOSPACE, "No space left on device" },
	{ E_EXPUNGED, "The message was expunged" },
	{ E_NOTSUP, "Operation not supported" },
	{ E_BUSY, "Device or resource busy" }
};

static void
set(struct smap *sm, int ok, const char *text)
{
	sm->ok = ok;
	str_reset(&sm->text);
	str_cats(&sm->text, text);
}

void
smap_ok(struct smap *sm, const char *text)
{
	set(sm, TRUE, text);
}

void
smap_err(struct smap *sm, const char *text)
{
	set(sm, FALSE, text);
}

void
smap_syntax(struct smap *sm)
{
	set(sm, FALSE, "Syntax error.");
}

void
smap_error(struct smap *sm, const char *what, int err)
{
	size_t i;

	set(sm, FALSE, what);
	for (i = 0; i < NITEMS(texts); i++)
		if (texts[i].err == err) {
			str_cats(&sm->text, texts[i].text);
			return;
		}
	str_cats(&sm->text, "Temporary problem, please try again later");
}

void
smap_denied(struct smap *sm, const char *right)
{
	set(sm, FALSE, "Access denied: ACL \"");
	str_cats(&sm->text, right);
	str_cats(&sm->text, "\" is required");
}

/* reply = ("+OK" / "-ERR") SP text LF */
void
smap_reply(struct smap *sm)
{
	smap_out(sm);
	io_puts(sm->io, sm->ok ? "+OK " : "-ERR ");
	io_put(sm->io, str_c(&sm->text), sm->text.len);
	io_putc(sm->io, '\n');
}
