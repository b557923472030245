/* A maildir and a recording front end for the session's tests.
   SPDX-License-Identifier: ISC */

#include "base/base.h"

#include <sys/stat.h>
#include <fcntl.h>
#include <stdio.h>

#include "base/file.h"
#include "base/str.h"
#include "session/rights.h"
#include "session/sess.h"
#include "session/view.h"

#include "session_t.h"
#include "t.h"

static struct str events, shown;
int st_pulses = -1;

static const char *
full(const char *path, struct str *s)
{
	str_reset(s);
	str_cats(s, t_tmpdir());
	if (*path != '\0')
		str_catc(s, '/');
	str_cats(s, path);
	return str_c(s);
}

void
st_mkdir(const char *dir)
{
	static const char *const subs[] = { "/cur", "/new", "/tmp" };
	struct str s;
	size_t i;

	str_init(&s, 0);
	(void)mkdir(full(dir, &s), 0700);
	for (i = 0; i < NITEMS(subs); i++) {
		(void)full(dir, &s);
		str_cats(&s, subs[i]);
		(void)mkdir(str_c(&s), 0700);
	}
	str_free(&s);
}

void
st_file(const char *path, const char *text)
{
	struct str s;
	int fd;

	str_init(&s, 0);
	fd = open(full(path, &s), O_WRONLY | O_CREAT | O_TRUNC, 0600);
	if (fd < 0 || file_write_all(fd, text, strlen(text)) != E_OK)
		t_ok(0, "test file written", __FILE__, __LINE__);
	close(fd);
	str_free(&s);
}

void
st_remove(const char *path)
{
	struct str s;

	str_init(&s, 0);
	(void)unlink(full(path, &s));
	str_free(&s);
}

void
st_rename(const char *from, const char *to)
{
	struct str a, b;

	str_init(&a, 0);
	str_init(&b, 0);
	(void)rename(full(from, &a), full(to, &b));
	str_free(&a);
	str_free(&b);
}

static void
on_gone(struct sess *sess, u32 seq, u32 uid)
{
	(void)sess;
	str_catf(&events, "gone %u/%u ", seq, uid);
}

static void
on_keywords(struct sess *sess, int grown)
{
	const char *const *kw;
	size_t i, n;

	n = view_keywords(sess->view, &kw);
	str_catf(&events, "keywords%c", grown ? '+' : '-');
	for (i = 0; i < n; i++)
		str_catf(&events, "%c%s", i == 0 ? '=' : ',', kw[i]);
	str_cats(&events, " ");
}

static void
on_exists(struct sess *sess, u32 n, u32 recent)
{
	(void)sess;
	str_catf(&events, "exists %u/%u ", n, recent);
}

static void
on_flags(struct sess *sess, u32 seq, u32 uid, const struct vflags *vf)
{
	(void)sess;
	(void)uid;
	str_catf(&events, "flags %u=%u ", seq, vf->sys);
}

static void
on_rights(struct sess *sess, u32 before)
{
	char buf[RIGHTS_BUF], now[RIGHTS_BUF];

	rights_letters(buf, before);
	rights_letters(now, view_rights(sess->view));
	str_catf(&events, "rights %s=%s ", buf, now);
}

static int
on_idle_wait(struct sess *sess)
{
	(void)sess;
	if (st_pulses == 0)
		return E_EOF;
	if (st_pulses > 0)
		st_pulses--;
	return E_OK;
}

static const struct front front = {
	on_gone,		/* gone */
	on_keywords,		/* keywords */
	on_exists,		/* exists */
	on_flags,		/* flags */
	on_idle_wait,		/* idle_wait */
	NULL,			/* bye */
	on_rights		/* rights */
};

struct sess *
st_session(void)
{
	struct sess *sess;

	str_init(&events, 0);
	str_init(&shown, 0);
	sess = sess_new(NULL, NULL, "joe", t_tmpdir());
	sess_set_front(sess, &front, NULL);
	return sess;
}

const char *
st_events(void)
{
	str_reset(&shown);
	str_catstr(&shown, &events);
	str_reset(&events);
	return str_c(&shown);
}

void
st_fresh(struct str *s)
{
	str_free(s);
	str_init(s, 0);
}
