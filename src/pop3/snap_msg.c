/* The messages of a POP3 session: their files.  SPDX-License-Identifier: ISC */

#include "base/base.h"

#include <sys/stat.h>

#include "base/mem.h"
#include "base/str.h"

#include "maildir/drop.h"

#include "pop3/order.h"
#include "pop3/snapshot.h"

#define REMOVE_PASSES	3	/* while others rename what we remove */

static void cat_hex(struct str *, u64);
static void cat_name(struct str *, const char *);
static void cat_unsaved(struct inbox *, struct pop3_msg *, struct str *);
static void note_name(void *, const char *);
static int refind(struct inbox *);
static void rename_msg(struct inbox *, struct pop3_msg *, const char *);

/* ---- finding files again ------------------------------------------------ */

static void
rename_msg(struct inbox *s, struct pop3_msg *m, const char *name)
{
	if ((m->state & MSG_BARE) != 0 && m->name[drop_id(m->name)] == '\0' &&
	    name[drop_id(name)] != '\0')
		s->renamed = TRUE;
	mem_free(m->name);
	m->name = mem_strdup(name);
}

static void
note_name(void *ctx, const char *name)
{
	struct inbox *s = ctx;
	size_t i;

	i = order_find(s->v, s->n, name, MSG_FOUND);
	if (i == s->n)
		return;
	s->v[i].state |= MSG_FOUND;
	if (strcmp(s->v[i].name, name) != 0)
		rename_msg(s, s->v + i, name);
}

/* Learns the names that all messages have by now; FALSE if that was known.
   Of two files of one identity each keeps its own. */
static int
refind(struct inbox *s)
{
	size_t i;
	int r;

	if (!drop_changed(s->drop))
		return FALSE;
	for (i = 0; i < s->n; i++)
		s->v[i].state &= (u8)~MSG_FOUND;
	r = drop_names(s->drop, note_name, s);
	return r == E_OK;
}

int
inbox_open(struct inbox *s, struct pop3_msg *m, int *out_fd)
{
	int r;

	r = drop_open_msg(s->drop, m->name, out_fd);
	if (r == E_NOENT)
		r = drop_open_kept(s->drop, m->name, out_fd);
	if (r == E_NOENT && refind(s))
		r = drop_open_msg(s->drop, m->name, out_fd);
	return r == E_NOENT ? E_EXPUNGED : r;
}

void
inbox_seen(struct inbox *s, struct pop3_msg *m)
{
	struct str name;

	str_init(&name, 0);
	if (drop_seen_name(m->name, &name) &&
	    drop_rename(s->drop, m->name, str_c(&name)) == E_OK)
		rename_msg(s, m, str_c(&name));
	str_free(&name);
}

size_t
inbox_remove(struct inbox *s, inbox_gone_fn *fn, void *ctx)
{
	struct pop3_msg *m;
	size_t i, failed, absent;
	int r, pass;

	for (pass = 0; ; pass++) {
		for (i = failed = absent = 0; i < s->n; i++) {
			m = s->v + i;
			if ((m->state & MSG_GONE) == 0)
				continue;
			r = drop_remove(s->drop, m->name);
			if (r == E_OK) {
				fn(ctx, m->name);
				m->state &= (u8)~MSG_GONE;
			}
			absent += r == E_NOENT;
			failed += r != E_OK && r != E_NOENT;
		}
		/* What another session has removed is removed. */
		if (absent == 0 || pass == REMOVE_PASSES || !refind(s))
			return failed;
	}
}

/* ---- unique-ids --------------------------------------------------------- */

/* What is no printing character, and what quotes, as +HH. */
static void
cat_name(struct str *out, const char *name)
{
	static const char digits[] = "0123456789ABCDEF";
	size_t i, n;
	int c;

	n = drop_id(name);
	for (i = 0; i < n; i++) {
		c = (unsigned char)name[i];
		if (c > ' ' && c < 0x7f && c != '\'' && c != '"' && c != '+') {
			str_catc(out, c);
			continue;
		}
		str_catc(out, '+');
		str_catc(out, digits[c >> 4]);
		str_catc(out, digits[c & 15]);
	}
}

static void
cat_hex(struct str *out, u64 v)
{
	int shift;

	str_catc(out, '-');
	for (shift = 60; shift >= 0; shift -= 4)
		str_catc(out, "0123456789ABCDEF"[v >> shift & 15]);
}

static void
cat_unsaved(struct inbox *s, struct pop3_msg *m, struct str *out)
{
	struct stat st;
	int fd;

	memset(&st, 0, sizeof(st));
	if (inbox_open(s, m, &fd) == E_OK) {
		(void)fstat(fd, &st);
		close(fd);
	}
	str_cats(out, "ENOMEM");
	cat_hex(out, (u64)st.st_mtime);
	cat_hex(out, (u64)st.st_dev);
	cat_hex(out, (u64)st.st_ino);
}

void
inbox_uidl(struct inbox *s, struct pop3_msg *m, struct str *out)
{
	if (m->state & MSG_UNSAVED) {
		cat_unsaved(s, m, out);
		return;
	}
	if (m->n == 0) {
		cat_name(out, m->name);
		return;
	}
	str_cats(out, "UID");
	str_catu64(out, m->n);
	if (m->list == 0)
		return;
	str_catc(out, '-');
	str_catu64(out, m->list);
}
