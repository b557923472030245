/* Flags and keywords.  SPDX-License-Identifier: ISC */

#include "base/base.h"

#include "base/ascii.h"
#include "base/io.h"
#include "base/pool.h"

#include "session/sess.h"
#include "session/view.h"

#include "smap/smap.h"

/* In the order of answers. */
static const struct {
	u32		bit;
	const char	*name;
} names[] = {
	{ VF_DRAFT, "DRAFT" },
	{ VF_FLAGGED, "MARKED" },
	{ VF_ANSWERED, "REPLIED" },
	{ VF_SEEN, "SEEN" },
	{ VF_DELETED, "DELETED" }
};

u32
smap_flags(const char *s)
{
	size_t i, n;
	u32 sys;

	for (sys = 0; *s != '\0'; s += n + (s[n] == ',')) {
		n = strcspn(s, ",");
		for (i = 0; i < NITEMS(names); i++)
			if (strlen(names[i].name) == n &&
			    ascii_memcasecmp(s, names[i].name, n) == 0)
				sys |= names[i].bit;
	}
	return sys;
}

int
smap_keywords(struct smap *sm, struct pool *pool, const char *s,
    const char *const **out, size_t *out_n)
{
	const char **v;
	size_t n, len;

	if (sm->sess->keywords == 0)
		return E_INVAL;
	v = pool_array(pool, SMAP_KEYWORDS_MAX, sizeof(*v));
	for (n = 0; *s != '\0'; s += len + (s[len] == ',')) {
		len = strcspn(s, ",");
		if (len == 0)
			continue;
		if (n == SMAP_KEYWORDS_MAX)
			return E_TOOBIG;
		v[n++] = pool_strndup(pool, s, len);
	}
	*out = v;
	*out_n = n;
	return E_OK;
}

void
smap_put_fetch(struct smap *sm, u32 seq)
{
	smap_out(sm);
	io_puts(sm->io, "* FETCH ");
	io_put_u32(sm->io, seq);
}

void
smap_put_flags(struct smap *sm, const struct vflags *f)
{
	const char *comma;
	size_t i;

	io_puts(sm->io, " FLAGS=");
	for (comma = "", i = 0; i < NITEMS(names); i++)
		if ((f->sys & names[i].bit) != 0) {
			io_puts(sm->io, comma);
			io_puts(sm->io, names[i].name);
			comma = ",";
		}
}

void
smap_put_keywords(struct smap *sm, const struct vflags *f)
{
	struct str list;
	size_t i;

	str_init(&list, 0);
	for (i = 0; i < f->nkw; i++) {
		if (i > 0)
			str_catc(&list, ',');
		str_cats(&list, f->kw[i]);
	}
	io_putc(sm->io, ' ');
	smapout_pair(sm->io, "KEYWORDS", str_c(&list));
	str_free(&list);
}
