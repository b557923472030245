/* Finding parts of a message.  SPDX-License-Identifier: ISC */

#include "base/base.h"

#include "mail/mime.h"

static struct mime_part *step(struct mime_part *, u32);

/* Part `number` of what p holds; a message that is not multipart holds just
   its own body. */
static struct mime_part *
step(struct mime_part *p, u32 number)
{
	if (p->kind != MIME_MULTIPART)
		return p->is_root && number == 1 ? p : NULL;
	for (p = p->child; p != NULL && p->number != number; p = p->next)
		;
	return p;
}

struct mime_part *
mime_find(struct mime_part *root, const u32 *path, size_t n)
{
	struct mime_part *p = root;
	size_t i;

	for (i = 0; i < n && p != NULL; i++) {
		/* The first number is the message's, the others look inside. */
		if (i > 0 && p->kind == MIME_MESSAGE)
			p = p->child;
		p = step(p, path[i]);
	}
	return p;
}

int
mime_section(struct mime_part *root, const u32 *path, size_t n,
    enum mime_what what, struct mime_span *out)
{
	struct mime_part *p;

	p = mime_find(root, path, n);
	if (p == NULL || (n == 0 && what == MIME_MIME))
		return E_NOENT;
	if (n > 0 && p->kind == MIME_MESSAGE &&
	    (what == MIME_HEADER || what == MIME_TEXT))
		p = p->child;
	if (n == 0 && what == MIME_ALL)
		mime_whole(p, out);
	else if (what == MIME_HEADER || what == MIME_MIME)
		*out = p->header;
	else
		*out = p->body;
	return E_OK;
}

struct mime_part *
mime_walk(struct mime_part *p)
{
	if (p->child != NULL)
		return p->child;
	while (p != NULL && p->next == NULL)
		p = p->parent;
	return p == NULL ? NULL : p->next;
}
