/* The messages of a POP3 session: taking the list.
   SPDX-License-Identifier: ISC */

/*
 * What courierpop3dsizelist knows keeps size and unique-id; what it does not
 * know is read once and gets the next number. So a login reads cur/ and the
 * list, sorts, and opens only what is new.
 *
 * A number that could not be written down is not shown, for it might be given
 * again: a full disk delays messages, and no client misses one.
 */

#include "base/base.h"

#include "base/clock.h"
#include "base/file.h"
#include "base/log.h"
#include "base/mem.h"
#include "base/str.h"

#include "maildir/drop.h"

#include "pop3/match.h"
#include "pop3/order.h"
#include "pop3/sizelist.h"
#include "pop3/snapshot.h"

#define PASSES_MAX	10	/* over cur/ */

/* While it is taken. */
struct taking {
	struct inbox	*s;
	struct sizelist	list;
	size_t		sorted;	/* messages of the passes before this one */
	int		dirty;	/* the list on disk is not what it should be */
	const char	*user;
};

static void add(struct inbox *, const char *);
static void add_first(void *, const char *);
static void add_missed(void *, const char *);
static void count_new(struct taking *);
static void forget(struct inbox *, int (*)(struct inbox *, size_t));
static void forget_vanished(struct inbox *);
static int is_gone(struct inbox *, size_t);
static int is_unread(struct inbox *, size_t);
static int is_unsaved(struct inbox *, size_t);
static void learn(struct taking *, struct pop3_msg *);
static int take(struct taking *);
static int read_list(struct taking *);
static int save(struct inbox *);
static int scan(struct taking *);
static void without_list(struct taking *);

/* ---- names -------------------------------------------------------------- */

static void
add(struct inbox *s, const char *name)
{
	struct pop3_msg *m;

	if (s->n == s->size) {
		s->size += s->size / 2 + 64;
		s->v = mem_grow(s->v, s->size, sizeof(*s->v));
	}
	m = s->v + s->n++;
	memset(m, 0, sizeof(*m));
	m->name = mem_strdup(name);
	if (name[drop_id(name)] == '\0')
		m->state = MSG_BARE;
}

static void
add_first(void *ctx, const char *name)
{
	struct taking *t = ctx;

	add(t->s, name);
}

/* A file that was being renamed during an earlier pass. */
static void
add_missed(void *ctx, const char *name)
{
	struct taking *t = ctx;

	if (order_find(t->s->v, t->sorted, name, 0) == t->sorted &&
	    order_find(t->list.v, t->list.n, name, MSG_TAKEN) < t->list.n)
		add(t->s, name);
}

/* Leaves out those that the function finds. */
static void
forget(struct inbox *s, int (*is)(struct inbox *, size_t))
{
	size_t i, n;

	for (i = n = 0; i < s->n; i++)
		if (is(s, i))
			mem_free(s->v[i].name);
		else
			s->v[n++] = s->v[i];
	s->n = n;
}

static int
is_gone(struct inbox *s, size_t i)
{
	return (s->v[i].state & MSG_GONE) != 0;
}

/*
 * A directory that is read while a file in it is renamed may show both names:
 * of those that are one message, each must be there.
 */
static void
forget_vanished(struct inbox *s)
{
	struct pop3_msg *m;
	size_t i;

	for (i = 1; i < s->n; i++) {
		m = s->v + i;
		if (order_cmp(m[-1].name, m->name) != 0)
			continue;
		if (!drop_is(s->drop, m[-1].name))
			m[-1].state |= MSG_GONE;
		if (!drop_is(s->drop, m->name))
			m->state |= MSG_GONE;
	}
	forget(s, is_gone);
}

/* ---- the list ----------------------------------------------------------- */

/*
 * Other sessions rename files to change flags, and readdir may show a file
 * that is renamed meanwhile under neither name. So what seems to have gone is
 * looked for again, for as long as that finds something.
 */
static int
scan(struct taking *t)
{
	struct inbox *s = t->s;
	size_t before;
	int r, pass;

	r = drop_names(s->drop, add_first, t);
	for (pass = 0; r == E_OK; pass++) {
		order_sort(s->v, s->n);
		forget_vanished(s);
		t->dirty |= match_list(s->v, s->n, t->list.v, t->list.n);
		if (match_missing(t->list.v, t->list.n) == 0 || pass == PASSES_MAX ||
		    !drop_changed(s->drop))
			break;
		before = t->sorted = s->n;
		r = drop_names(s->drop, add_missed, t);
		if (s->n == before)
			break;
	}
	return r;
}

/* One that this user may not read is as good as none. */
static int
read_list(struct taking *t)
{
	struct str text;
	size_t n;
	int r;

	str_init(&text, SIZELIST_MAX);
	r = drop_read(t->s->drop, SIZELIST_NAME, SIZELIST_MAX - 1, &text);
	if (r != E_OK && r != E_NOENT && r != E_PERM) {
		str_free(&text);
		return r;
	}
	n = text.len;
	str_catc(&text, '\0');
	sizelist_parse(&t->list, str_take(&text), n, (u64)clock_now());
	t->s->next = t->list.next;
	t->s->list = t->list.list;
	t->dirty = t->list.stale;
	return E_OK;
}

/* ---- new messages ------------------------------------------------------- */

static void
learn(struct taking *t, struct pop3_msg *m)
{
	int fd, r, high;

	r = inbox_open(t->s, m, &fd);
	if (r == E_OK) {
		r = inbox_measure(fd, &m->size, &high);
		close(fd);
	}
	if (r == E_OK) {
		m->n = t->s->next++;
		m->list = t->s->list;
		m->state = (u8)(m->state | MSG_TAKEN | MSG_UNSAVED |
		    (high ? MSG_8BIT : 0));
		t->dirty = TRUE;
	} else if (r != E_EXPUNGED) {
		log_err("I/O error while reading message file cur/%s: %s",
		    m->name, strerror(errno));
	}
}

static int
is_unread(struct inbox *s, size_t i)
{
	return (s->v[i].state & MSG_TAKEN) == 0;
}

static int
is_unsaved(struct inbox *s, size_t i)
{
	return (s->v[i].state & MSG_UNSAVED) != 0;
}

static void
count_new(struct taking *t)
{
	size_t i;

	for (i = 0; i < t->s->n; i++)
		if ((t->s->v[i].state & MSG_TAKEN) == 0)
			learn(t, t->s->v + i);
	forget(t->s, is_unread);
	if (match_missing(t->list.v, t->list.n) > 0)
		t->dirty = TRUE;
}

static int
save(struct inbox *s)
{
	struct str text;
	int r;

	str_init(&text, SIZELIST_MAX);
	sizelist_print(s, &text);
	r = text.toobig ? E_TOOBIG : drop_write(s->drop, SIZELIST_NAME, "pop3",
	    str_c(&text), text.len);
	str_free(&text);
	return r;
}

/* Only what has a number on disk; if nothing has, one message, so that it can
   be deleted and make room. */
static void
without_list(struct taking *t)
{
	struct inbox *s = t->s;
	struct pop3_msg first;

	log_err("Error while saving courierpop3dsizelist, user=%s", t->user);
	if (s->n == 0)
		return;
	first = s->v[0];
	first.name = mem_strdup(first.name);
	forget(s, is_unsaved);
	if (s->n == 0)
		s->v[s->n++] = first;
	else
		mem_free(first.name);
}

/* No other session gives numbers meanwhile. */
static int
take(struct taking *t)
{
	struct inbox *s = t->s;
	size_t i;
	int r;

	r = read_list(t);
	if (r == E_OK)
		r = scan(t);
	if (r == E_OK) {
		count_new(t);
		/* Without messages it is left as it is, as Courier does. */
		if (t->dirty && s->n > 0 && save(s) != E_OK)
			without_list(t);
		else
			for (i = 0; i < s->n; i++)
				s->v[i].state &= (u8)~MSG_UNSAVED;
	}
	sizelist_free(&t->list);
	return r;
}

int
inbox_take(struct inbox *s, struct maildir *md, const char *user)
{
	struct taking t;
	int r;

	memset(s, 0, sizeof(*s));
	memset(&t, 0, sizeof(t));
	t.s = s;
	t.user = user;
	s->md = md;
	r = drop_open(md, &s->drop);
	if (r != E_OK)
		return r;
	drop_lock(s->drop);
	r = take(&t);
	drop_unlock(s->drop);
	if (r != E_OK)
		inbox_free(s, user);
	return r;
}

void
inbox_free(struct inbox *s, const char *user)
{
	struct inbox again;
	size_t i;

	/* Others may have written the list since: it is read again. */
	if (s->renamed && inbox_take(&again, s->md, user) == E_OK) {
		again.renamed = FALSE;
		inbox_free(&again, user);
	}
	for (i = 0; i < s->n; i++)
		mem_free(s->v[i].name);
	mem_free(s->v);
	drop_close(&s->drop);
	memset(s, 0, sizeof(*s));
}
