/* FETCH: which contents.  SPDX-License-Identifier: ISC */

#include "base/base.h"

#include "base/ascii.h"
#include "base/num.h"
#include "base/pool.h"

#include "smap/contents.h"
#include "smap/smap.h"

static int add_field(struct contents *, const char *, size_t);
static int find_entity(struct contents *, const char *, size_t);
static int parse_fields(struct contents *, const char *, size_t);
static int parse_id(struct contents *, const char *, size_t);

/* To add an entity: a function and a row. */
static const struct {
	const char	*name;
	contents_fn	*put;
	const char	*label;
} entities[] = {
	{ "MIME", contents_mime, NULL },
	{ "HEADERS", contents_headers, "HEADERS" },
	{ "RAWHEADERS", contents_rawheaders, "RAWHEADERS" },
	{ "BODY", contents_body, "CONTENTS" },
	{ "ALL", contents_all, "CONTENTS" },
	{ "BODY.DECODED", contents_decoded, "CONTENTS" }
};

static const char *const envelope[] = {
	"From", "To", "Cc", "Bcc", "Reply-To", "Sender", "Subject", "Date",
	"Message-ID", "In-Reply-To", "References"
};

static int
find_entity(struct contents *f, const char *s, size_t n)
{
	size_t i;

	for (i = 0; i < NITEMS(entities); i++)
		if (strlen(entities[i].name) == n &&
		    ascii_memcasecmp(entities[i].name, s, n) == 0) {
			f->put = entities[i].put;
			f->label = entities[i].label;
			return E_OK;
		}
	return E_NOENT;
}

/* field = name / ":ENVELOPE" / ":MIME"         ; the latter has the former */
static int
add_field(struct contents *f, const char *s, size_t n)
{
	size_t i;

	if (f->fields.n + NITEMS(envelope) > CONTENTS_FIELDS_MAX)
		return E_TOOBIG;
	if (n == 5 && ascii_memcasecmp(s, ":MIME", n) == 0)
		f->fields.mime = TRUE;
	else if (n != 9 || ascii_memcasecmp(s, ":ENVELOPE", n) != 0) {
		f->names[f->fields.n++] = pool_strndup(f->sm->pool, s, n);
		return E_OK;
	}
	for (i = 0; i < NITEMS(envelope); i++)
		f->names[f->fields.n++] = envelope[i];
	return E_OK;
}

/* fields = [field *("," field)]; an empty list is all of them */
static int
parse_fields(struct contents *f, const char *s, size_t n)
{
	const char *comma;
	size_t len;
	int e;

	if (n == 0)
		return E_OK;
	f->fields.not = FALSE;
	f->fields.names = f->names = pool_array(f->sm->pool,
	    CONTENTS_FIELDS_MAX, sizeof(*f->names));
	for (; n > 0; s += len, n -= len) {
		comma = memchr(s, ',', n);
		len = comma != NULL ? (size_t)(comma - s) : n;
		e = add_field(f, s, len);
		if (e != E_OK)
			return e;
		len += comma != NULL;
	}
	return E_OK;
}

/* id = ["1" *("." number)]; 0 is the message in a message/rfc822 */
static int
parse_id(struct contents *f, const char *s, size_t n)
{
	size_t used;
	u32 v;

	if (n == 0)
		return E_OK;
	if (*s != '1')
		return E_INVAL;
	f->path = pool_array(f->sm->pool, CONTENTS_PATH_MAX,
	    sizeof(*f->path));
	for (s++, n--; n > 0; s += used, n -= used) {
		if (*s++ != '.' || f->npath == CONTENTS_PATH_MAX)
			return E_INVAL;
		used = num_scan_u32(s, --n, &v);
		if (used == 0)
			return E_INVAL;
		f->path[f->npath++] = v;
	}
	return E_OK;
}

/* contents = entity *("[" id "]" / "(" fields ")")
   Courier reads them in this order, its papers name the other. */
int
contents_parse(struct contents *f, const char *s)
{
	const char *end;
	size_t n;
	int e, id;

	f->fields.not = TRUE;
	n = strcspn(s, "[(");
	e = find_entity(f, s, n);
	for (s += n; e == E_OK && *s != '\0'; s = end) {
		id = *s == '[';
		if (!id && *s != '(')
			return E_INVAL;
		end = strchr(++s, id ? ']' : ')');
		if (end == NULL)
			return E_INVAL;
		n = (size_t)(end++ - s);
		e = id ? parse_id(f, s, n) : parse_fields(f, s, n);
	}
	return e;
}

struct mime_part *
contents_part(const struct contents *f, struct mime_part *root)
{
	struct mime_part *p;
	size_t i;
	u32 n;

	for (p = root, i = 0; p != NULL && i < f->npath; i++) {
		n = f->path[i];
		if ((p->kind == MIME_MESSAGE) != (n == 0))
			return NULL;
		for (p = p->child; p != NULL && n > 1; n--)
			p = p->next;
	}
	return p;
}
