/* Substring search in a stream of text.  SPDX-License-Identifier: ISC */

#include "base/base.h"

#include "base/ascii.h"
#include "base/mem.h"
#include "base/str.h"
#include "charset/match.h"
#include "charset/ucase.h"
#include "charset/utf8.h"

/* Knuth, Morris and Pratt over code points: no backing up in the stream. */
struct match {
	u32	*needle;
	size_t	*back;		/* longest border of each prefix */
	size_t	n;
	size_t	at;		/* code points matched so far */
	int	blank;		/* the last code point was white space */
	int	found;
	char	part[UTF8_MAX];	/* a code point cut by the end of a piece */
	size_t	npart;
};

static int is_blank(u32);
static void borders(struct match *);
static void step(struct match *, u32);
static void put(struct match *, u32);
static size_t wanted(int);
static void put_part(struct match *, const char **, size_t *);

static int
is_blank(u32 cp)
{
	return cp == 0xa0 || (cp < 0x80 && ascii_isspace((int)cp));
}

static void
borders(struct match *m)
{
	size_t i, k = 0;

	for (i = 1; i < m->n; i++) {
		while (k > 0 && m->needle[i] != m->needle[k])
			k = m->back[k - 1];
		if (m->needle[i] == m->needle[k])
			k++;
		m->back[i] = k;
	}
}

struct match *
match_new(const char *s, size_t n)
{
	struct match *m;
	size_t used;
	u32 cp;
	int blank = TRUE;

	m = mem_new(sizeof(*m));
	m->needle = mem_array(n + 1, sizeof(*m->needle));
	m->back = mem_array(n + 1, sizeof(*m->back));
	for (; n > 0; s += used, n -= used) {
		used = utf8_decode(s, n, &cp);
		if (used == 0) {
			cp = UTF8_REPLACEMENT;
			used = 1;
		}
		if (!is_blank(cp))
			m->needle[m->n++] = ucase_lower(cp);
		else if (!blank)
			m->needle[m->n++] = ' ';
		blank = is_blank(cp);
	}
	if (m->n > 0 && m->needle[m->n - 1] == ' ')
		m->n--;
	borders(m);
	return m;
}

void
match_free(struct match **mp)
{
	if (*mp == NULL)
		return;
	mem_free((*mp)->needle);
	mem_free((*mp)->back);
	*mp = mem_free(*mp);
}

void
match_begin(struct match *m)
{
	m->at = 0;
	m->npart = 0;
	m->blank = TRUE;
	if (m->n == 0)
		m->found = TRUE;
}

static void
step(struct match *m, u32 cp)
{
	while (m->at > 0 && m->needle[m->at] != cp)
		m->at = m->back[m->at - 1];
	if (m->needle[m->at] == cp)
		m->at++;
	if (m->at == m->n)
		m->found = TRUE;
}

static void
put(struct match *m, u32 cp)
{
	if (m->found)
		return;
	if (!is_blank(cp)) {
		step(m, ucase_lower(cp));
		m->blank = FALSE;
	} else if (!m->blank) {
		step(m, ' ');
		m->blank = TRUE;
	}
}

/* Length of the sequence that this lead byte announces. */
static size_t
wanted(int c)
{
	u8 b = (u8)c;

	return b < 0xc0 ? 1 : b < 0xe0 ? 2 : b < 0xf0 ? 3 : 4;
}

/* Completes a code point that the last piece had begun. */
static void
put_part(struct match *m, const char **s, size_t *n)
{
	u32 cp;

	while (m->npart > 0) {
		while (*n > 0 && m->npart < wanted(m->part[0]) &&
		    ((u8)**s & 0xc0) == 0x80) {
			m->part[m->npart++] = *(*s)++;
			--*n;
		}
		if (*n == 0 && m->npart < wanted(m->part[0]))
			return;
		if (utf8_decode(m->part, m->npart, &cp) != m->npart)
			cp = UTF8_REPLACEMENT;
		put(m, cp);
		m->npart = 0;
	}
}

int
match_feed(struct match *m, const char *s, size_t n)
{
	size_t used;
	u32 cp;

	put_part(m, &s, &n);
	for (; n > 0 && !m->found; s += used, n -= used) {
		used = utf8_decode(s, n, &cp);
		if (used == 0 && n < wanted(*s)) {
			m->part[0] = *s++;
			m->npart = 1;
			n--;
			put_part(m, &s, &n);
			used = 0;
			continue;
		}
		if (used == 0) {
			cp = UTF8_REPLACEMENT;
			used = 1;
		}
		put(m, cp);
	}
	return m->found;
}

int
match_found(const struct match *m)
{
	return m->found;
}

void
match_reset(struct match *m)
{
	m->found = FALSE;
	m->at = 0;
	m->npart = 0;
	m->blank = TRUE;
}

int
match_text(struct match *m, const char *s, size_t n)
{
	int before = m->found, now;

	m->found = FALSE;
	match_begin(m);
	now = match_feed(m, s, n);
	m->found = before || now;
	return now;
}
