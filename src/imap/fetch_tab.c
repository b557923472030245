/* Items of FETCH.  SPDX-License-Identifier: ISC */

#include "base/base.h"

#include "base/ascii.h"

#include "imap/fetch.h"

/*
 *   fetch-att = "ENVELOPE" / "FLAGS" / "INTERNALDATE" /
 *               "RFC822" [".HEADER" / ".SIZE" / ".TEXT"] /
 *               "BODY" ["STRUCTURE"] / "UID" / ...
 */
static const struct fetch_row rows[] = {
	{ "FLAGS", 0, fetch_flags, MIME_ALL },
	{ "UID", 0, fetch_uid, MIME_ALL },
	{ "INTERNALDATE", 0, fetch_date, MIME_ALL },
	{ "RFC822.SIZE", FETCH_FILE | FETCH_SIZE, fetch_size, MIME_ALL },
	{ "ENVELOPE", FETCH_FILE | FETCH_HEAD, fetch_envelope, MIME_ALL },
	{ "BODYSTRUCTURE", FETCH_FILE | FETCH_TREE, fetch_bodystructure,
	    MIME_ALL },
	{ "BODY", FETCH_FILE | FETCH_TREE, fetch_body, MIME_ALL },
	{ "BODY.PEEK", FETCH_FILE | FETCH_TREE, fetch_body, MIME_ALL },
	{ "RFC822", FETCH_FILE | FETCH_SECT | FETCH_SETS_SEEN, fetch_section,
	    MIME_ALL },
	{ "RFC822.HEADER", FETCH_FILE | FETCH_SECT, fetch_section,
	    MIME_HEADER },
	{ "RFC822.TEXT", FETCH_FILE | FETCH_SECT | FETCH_SETS_SEEN,
	    fetch_section, MIME_TEXT }
};

/*  "BODY" section ["<" number "." nz-number ">"] / "BODY.PEEK" section ... */
const struct fetch_row fetch_row_section = {
	"BODY", FETCH_FILE | FETCH_SECT | FETCH_SETS_SEEN, fetch_section,
	MIME_ALL
};
const struct fetch_row fetch_row_peek = {
	"BODY.PEEK", FETCH_FILE | FETCH_SECT, fetch_section, MIME_ALL
};

/* fetch = "FETCH" SP sequence-set SP ("ALL" / "FULL" / "FAST" / ... */
static const char *const macro_all[] = {
	"FLAGS", "INTERNALDATE", "RFC822.SIZE", "ENVELOPE", NULL
};
static const char *const macro_fast[] = {
	"FLAGS", "INTERNALDATE", "RFC822.SIZE", NULL
};
static const char *const macro_full[] = {
	"FLAGS", "INTERNALDATE", "RFC822.SIZE", "ENVELOPE", "BODY", NULL
};
static const struct {
	const char	*name;
	const char *const *items;
} macros[] = {
	{ "ALL", macro_all },
	{ "FAST", macro_fast },
	{ "FULL", macro_full }
};

const struct fetch_row *
fetch_find(const char *name)
{
	size_t i;

	for (i = 0; i < NITEMS(rows); i++)
		if (ascii_casecmp(name, rows[i].name) == 0)
			return &rows[i];
	return NULL;
}

const char *const *
fetch_macro(const char *name)
{
	size_t i;

	for (i = 0; i < NITEMS(macros); i++)
		if (ascii_casecmp(name, macros[i].name) == 0)
			return macros[i].items;
	return NULL;
}
