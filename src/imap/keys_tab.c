/* Names of search keys.  SPDX-License-Identifier: ISC */

#include "base/base.h"

#include "base/ascii.h"

#include "session/view.h"

#include "imap/keys.h"

/*
 *   search-key = "ALL" / "ANSWERED" / "BCC" SP astring / "BEFORE" SP date /
 *       "BODY" SP astring / "CC" SP astring / "DELETED" / "FLAGGED" /
 *       "FROM" SP astring / "KEYWORD" SP flag-keyword / "NEW" / "OLD" /
 *       "ON" SP date / "RECENT" / "SEEN" / "SINCE" SP date /
 *       "SUBJECT" SP astring / "TEXT" SP astring / "TO" SP astring /
 *       "UNANSWERED" / "UNDELETED" / "UNFLAGGED" /
 *       "UNKEYWORD" SP flag-keyword / "UNSEEN" / "DRAFT" /
 *       "HEADER" SP header-fld-name SP astring / "LARGER" SP number /
 *       "NOT" SP search-key / "OR" SP search-key SP search-key /
 *       "SENTBEFORE" SP date / "SENTON" SP date / "SENTSINCE" SP date /
 *       "SMALLER" SP number / "UID" SP sequence-set / "UNDRAFT" /
 *       sequence-set / "(" search-key *(SP search-key) ")"
 */
static const struct key_row rows[] = {
	{ "ALL", KEY_PLAIN, SK_ALL, 0 },
	{ "ANSWERED", KEY_PLAIN, SK_FLAG, VF_ANSWERED },
	{ "BCC", KEY_FIELD, SK_HEADER, 0 },
	{ "BEFORE", KEY_DATE, SK_BEFORE, 0 },
	{ "BODY", KEY_STRING, SK_BODY, 0 },
	{ "CC", KEY_FIELD, SK_HEADER, 0 },
	{ "DELETED", KEY_PLAIN, SK_FLAG, VF_DELETED },
	{ "DRAFT", KEY_PLAIN, SK_FLAG, VF_DRAFT },
	{ "FLAGGED", KEY_PLAIN, SK_FLAG, VF_FLAGGED },
	{ "FROM", KEY_FIELD, SK_HEADER, 0 },
	{ "HEADER", KEY_HEADER, SK_HEADER, 0 },
	{ "KEYWORD", KEY_KEYWORD, SK_KEYWORD, 0 },
	{ "LARGER", KEY_NUMBER, SK_LARGER, 0 },
	{ "NEW", KEY_NEW, SK_AND, 0 },
	{ "NOT", KEY_NOT, SK_NOT, 0 },
	{ "OLD", KEY_UNFLAG, SK_FLAG, VF_RECENT },
	{ "ON", KEY_DATE, SK_ON, 0 },
	{ "OR", KEY_OR, SK_OR, 0 },
	{ "RECENT", KEY_PLAIN, SK_FLAG, VF_RECENT },
	{ "SEEN", KEY_PLAIN, SK_FLAG, VF_SEEN },
	{ "SENTBEFORE", KEY_DATE, SK_SENTBEFORE, 0 },
	{ "SENTON", KEY_DATE, SK_SENTON, 0 },
	{ "SENTSINCE", KEY_DATE, SK_SENTSINCE, 0 },
	{ "SINCE", KEY_DATE, SK_SINCE, 0 },
	{ "SMALLER", KEY_NUMBER, SK_SMALLER, 0 },
	{ "SUBJECT", KEY_FIELD, SK_HEADER, 0 },
	{ "TEXT", KEY_STRING, SK_TEXT, 0 },
	{ "TO", KEY_FIELD, SK_HEADER, 0 },
	{ "UID", KEY_UIDS, SK_UID, 0 },
	{ "UNANSWERED", KEY_UNFLAG, SK_FLAG, VF_ANSWERED },
	{ "UNDELETED", KEY_UNFLAG, SK_FLAG, VF_DELETED },
	{ "UNDRAFT", KEY_UNFLAG, SK_FLAG, VF_DRAFT },
	{ "UNFLAGGED", KEY_UNFLAG, SK_FLAG, VF_FLAGGED },
	{ "UNKEYWORD", KEY_UNKEYWORD, SK_KEYWORD, 0 },
	{ "UNSEEN", KEY_UNFLAG, SK_FLAG, VF_SEEN }
};

const struct key_row *
keys_find(const char *name)
{
	size_t i;

	for (i = 0; i < NITEMS(rows); i++)
		if (ascii_casecmp(name, rows[i].name) == 0)
			return &rows[i];
	return NULL;
}
