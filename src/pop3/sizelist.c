/* The file courierpop3dsizelist.  SPDX-License-Identifier: ISC */

/*
 * Versions: 0 had no first line, 1 none of the unique-ids that we know, 2 no
 * last field, and 3 is written. Of 1 and of those to come only the first line
 * is understood, as Courier does.
 */

#include "base/base.h"

#include "base/mem.h"
#include "base/num.h"
#include "base/str.h"

#include "pop3/order.h"
#include "pop3/sizelist.h"
#include "pop3/snapshot.h"

static int read_head(struct sizelist *, char *, u64 *);
static int read_id(char *, struct pop3_msg *, int *);
static int read_line(const struct sizelist *, char *, int, struct pop3_msg *);
static void read_lines(struct sizelist *, char *, char *);
static char *last_blank(char *);

/* head = "/" version SP next [SP list]; FALSE: this is none. */
static int
read_head(struct sizelist *l, char *s, u64 *out_version)
{
	size_t used;

	if (*s++ != '/')
		return FALSE;
	used = num_scan_u64(s, strlen(s), out_version);
	if (used == 0 || s[used] != ' ')
		return FALSE;
	s += used + 1;
	used = num_scan_u64(s, strlen(s), &l->next);
	if (used == 0)
		return FALSE;
	s += used;
	if (*s == ' ' && num_parse_u64(s + 1, &l->list) != E_OK)
		(void)num_scan_u64(s + 1, strlen(s + 1), &l->list);
	return TRUE;
}

/* id = n ":" list [":" 8bit] */
static int
read_id(char *s, struct pop3_msg *m, int *out_whole)
{
	size_t used;
	u64 v;

	*out_whole = FALSE;
	used = num_scan_u64(s, strlen(s), &m->n);
	if (used == 0 || s[used] != ':')
		return FALSE;
	s += used + 1;
	used = num_scan_u64(s, strlen(s), &m->list);
	if (used == 0)
		return FALSE;
	s += used;
	if (*s == ':') {
		*out_whole = num_parse_u64(s + 1, &v) == E_OK;
		if (*out_whole && v != 0)
			m->state |= MSG_8BIT;
		return *out_whole;
	}
	return *s == '\0';
}

/* Cuts s there. */
static char *
last_blank(char *s)
{
	char *p;

	p = strrchr(s, ' ');
	if (p == NULL)
		return NULL;
	*p = '\0';
	return p + 1;
}

/* line = name SP size SP id. If its end is missing, part of the id may be
   missing, too. */
static int
read_line(const struct sizelist *l, char *s, int ended, struct pop3_msg *m)
{
	char *id, *size;
	int whole;

	memset(m, 0, sizeof(*m));
	id = last_blank(s);
	size = id == NULL ? NULL : last_blank(s);
	m->name = s;
	if (size == NULL || *s == '\0' ||
	    num_parse_u64(size, &m->size) != E_OK ||
	    !read_id(id, m, &whole))
		return FALSE;
	return ended || whole || m->list == l->list;
}

static void
read_lines(struct sizelist *l, char *s, char *end)
{
	struct pop3_msg *m;
	size_t size;
	char *lf;

	for (size = 0; s < end; s = lf + 1) {
		lf = memchr(s, '\n', (size_t)(end - s));
		l->stale |= lf == NULL;
		if (lf == NULL)
			lf = end;
		if (memchr(s, '\0', (size_t)(lf - s)) != NULL)
			continue;
		*lf = '\0';
		if (lf > s && lf[-1] == '\r')
			lf[-1] = '\0';
		if (l->n == size) {
			size = size * 2 + 64;
			l->v = mem_grow(l->v, size, sizeof(*l->v));
		}
		m = l->v + l->n;
		if (!read_line(l, s, lf < end, m))
			continue;
		l->n++;
		/* A number that was given is never given again. */
		if (m->list == l->list && m->n >= l->next && m->n < U64_MAX)
			l->next = m->n + 1;
	}
}

void
sizelist_parse(struct sizelist *l, char *text, size_t n, u64 now)
{
	char *lf;
	u64 version;

	memset(l, 0, sizeof(*l));
	l->text = text;
	l->list = now;
	lf = memchr(text, '\n', n);
	if (lf == NULL)
		lf = text + n;
	*lf = '\0';
	version = 0;
	if (read_head(l, text, &version) && lf < text + n &&
	    (version == 2 || version == 3))
		read_lines(l, lf + 1, text + n);
	l->stale |= version == 2;
	if (l->next == 0 || l->next == U64_MAX) {
		l->list = l->next == 0 ? l->list : now;
		l->next = 1;
	}
	order_sort(l->v, l->n);
}

void
sizelist_free(struct sizelist *l)
{
	mem_free(l->text);
	mem_free(l->v);
	memset(l, 0, sizeof(*l));
}

void
sizelist_print(const struct inbox *s, struct str *out)
{
	const struct pop3_msg *m;
	size_t i;

	str_cats(out, "/3 ");
	str_catu64(out, s->next);
	str_catc(out, ' ');
	str_catu64(out, s->list);
	str_catc(out, '\n');
	for (i = 0; i < s->n; i++) {
		m = s->v + i;
		str_cats(out, m->name);
		str_catc(out, ' ');
		str_catu64(out, m->size);
		str_catc(out, ' ');
		str_catu64(out, m->n);
		str_catc(out, ':');
		str_catu64(out, m->list);
		str_cats(out, m->state & MSG_8BIT ? ":1\n" : ":0\n");
	}
}
