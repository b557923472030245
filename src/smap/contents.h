/* FETCH: contents of a message.  SPDX-License-Identifier: ISC */

#ifndef SMAP_CONTENTS_H
#define SMAP_CONTENTS_H

#include "session/msgread.h"

struct contents;
struct pool;
struct smap;
struct view;

#define CONTENTS_PATH_MAX	100	/* numbers of one MIME id */
#define CONTENTS_FIELDS_MAX 1000	/* names of one list */
#define CONTENTS_CHUNK	8192	/* octets of a body sent together */

/* Writes one entity of the message at hand. */
typedef int contents_fn(struct contents *);

struct contents {
	struct smap	*sm;
	struct view	*view;
	/* CONTENTS=entity[id](fields) */
	contents_fn	*put;
	const char	*label;		/* what the answer calls it */
	u32		*path;		/* behind the leading 1 */
	size_t		npath;
	struct msg_fields fields;
	const char	**names;	/* fields.names */
	/* The message at hand. */
	u32		seq;
	struct msg	*msg;
};

/* Reads what follows CONTENTS=. E_NOENT: no such entity; E_INVAL: no id. */
int	contents_parse(struct contents *, const char *);

/* The part that the id names; needs the tree. NULL: none. */
struct mime_part *contents_part(const struct contents *,
	    struct mime_part *root);

/* contents_hdr.c: fields of a header up to ".", unfolded or as they stand. */
int	contents_put_fields(struct contents *, const struct mime_span *,
	    int unfold);
contents_fn contents_headers, contents_rawheaders, contents_mime;

/* contents_body.c */
contents_fn contents_all, contents_body, contents_decoded;

#endif
