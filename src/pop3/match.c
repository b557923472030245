/* Files and the lines of the list that are theirs.
   SPDX-License-Identifier: ISC */

#include "base/base.h"

#include "pop3/match.h"
#include "pop3/order.h"
#include "pop3/snapshot.h"

static size_t equals(const struct pop3_msg *, size_t, size_t);
static void pair(struct pop3_msg *, size_t, struct pop3_msg *, size_t);
static int pair_rest(struct pop3_msg *, size_t, struct pop3_msg *, size_t);
static void take(struct pop3_msg *, struct pop3_msg *);

static void
take(struct pop3_msg *m, struct pop3_msg *line)
{
	m->size = line->size;
	m->n = line->n;
	m->list = line->list;
	m->state = (u8)(m->state | MSG_TAKEN | (line->state & MSG_8BIT));
	line->state |= MSG_TAKEN;
}

/* How many from i on are one message by their names. */
static size_t
equals(const struct pop3_msg *v, size_t n, size_t i)
{
	size_t k;

	for (k = 1; i + k < n && order_cmp(v[i].name, v[i + k].name) == 0; k++)
		;
	return k;
}

/* Files and lines of one identity: whole names first. */
static void
pair(struct pop3_msg *v, size_t n, struct pop3_msg *lines, size_t nlines)
{
	size_t i, at;
	int any;

	for (any = FALSE; any <= TRUE; any++)
		for (i = 0; i < n; i++) {
			if (v[i].state & MSG_TAKEN)
				continue;
			at = order_find(lines, nlines, v[i].name, MSG_TAKEN);
			if (at < nlines && (any ||
			    strcmp(v[i].name, lines[at].name) == 0))
				take(v + i, lines + at);
		}
}

/* Those whose ':' came or went since the list was written; TRUE: there are
   some. */
static int
pair_rest(struct pop3_msg *v, size_t n, struct pop3_msg *lines,
    size_t nlines)
{
	size_t i, at;
	int some;

	for (i = 0, some = FALSE; i < n; i++) {
		if (v[i].state & MSG_TAKEN)
			continue;
		at = order_find(lines, nlines, v[i].name, MSG_TAKEN);
		if (at == nlines)
			continue;
		take(v + i, lines + at);
		some = TRUE;
	}
	return some;
}

/* One walk finds nearly all. */
int
match_list(struct pop3_msg *v, size_t n, struct pop3_msg *lines,
    size_t nlines)
{
	size_t i, j, m, k;
	int c;

	for (i = j = 0; i < n && j < nlines; ) {
		c = order_cmp(v[i].name, lines[j].name);
		if (c == 0) {
			m = equals(v, n, i);
			k = equals(lines, nlines, j);
			pair(v + i, m, lines + j, k);
			i += m;
			j += k;
		} else {
			i += c < 0;
			j += c > 0;
		}
	}
	return match_missing(lines, nlines) > 0 &&
	    pair_rest(v, n, lines, nlines);
}

size_t
match_missing(const struct pop3_msg *lines, size_t nlines)
{
	size_t i, n;

	for (i = n = 0; i < nlines; i++)
		n += (lines[i].state & MSG_TAKEN) == 0;
	return n;
}
