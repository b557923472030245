/* Waiting for changes of a folder: the kernel tells, or nobody.
   SPDX-License-Identifier: ISC */

#include "base/base.h"

#include <fcntl.h>
#ifdef HAVE_SYS_INOTIFY_H
#include <sys/inotify.h>
#endif
#if !defined(HAVE_SYS_INOTIFY_H) && defined(HAVE_SYS_EVENT_H)
#include <sys/event.h>
#include <sys/time.h>
#endif

#include "base/file.h"
#include "base/mem.h"
#include "maildir/folder_int.h"

#define WATCH_MAX	5	/* new, cur; those of the real folder; keywords */

struct md_watch {
	int		fd;		/* kernel's descriptor, or -1 */
	size_t		n;
	int		dirs[WATCH_MAX];	/* kqueue: the open directories */
	struct str	path[WATCH_MAX];	/* keywords last */
};

static int start(struct md_watch *);
static void add(struct md_watch *, const char *, const char *);

#if defined(HAVE_SYS_INOTIFY_H)

static int
start(struct md_watch *w)
{
	size_t i;
	int fd;

	fd = inotify_init();
	if (fd < 0)
		return -1;
	file_cloexec(fd, TRUE);
	file_nonblock(fd, TRUE);
	for (i = 0; i < w->n; i++)
		if (inotify_add_watch(fd, str_c(w->path + i), IN_CREATE |
		    IN_DELETE | IN_MOVED_FROM | IN_MOVED_TO) < 0 &&
		    i + 1 < w->n) {
			close(fd);
			return -1;
		}
	return fd;
}

#elif defined(HAVE_SYS_EVENT_H)

static int
start(struct md_watch *w)
{
	struct kevent ev;
	size_t i;
	int fd;

	fd = kqueue();
	if (fd < 0)
		return -1;
	for (i = 0; i < w->n; i++) {
		w->dirs[i] = open(str_c(w->path + i), O_RDONLY);
		if (w->dirs[i] < 0 && i + 1 == w->n)
			break;		/* no keywords here */
		file_cloexec(w->dirs[i], TRUE);
		EV_SET(&ev, w->dirs[i], EVFILT_VNODE, EV_ADD | EV_CLEAR,
		    NOTE_WRITE | NOTE_DELETE, 0, 0);
		if (w->dirs[i] < 0 || kevent(fd, &ev, 1, NULL, 0, NULL) < 0) {
			close(fd);
			return -1;
		}
	}
	return fd;
}

#else

static int
start(struct md_watch *w)
{
	(void)w;
	return -1;
}

#endif

static void
add(struct md_watch *w, const char *dir, const char *sub)
{
	w->dirs[w->n] = -1;
	str_init(w->path + w->n, 0);
	md_path(w->path + w->n++, dir, sub, NULL);
}

struct md_watch *
watch_new(struct folder *f)
{
	struct md_watch *w;

	w = mem_new(sizeof(*w));
	add(w, f->dir, "new");
	add(w, f->dir, "cur");
	if (f->real != NULL) {
		add(w, f->real, "new");
		add(w, f->real, "cur");
	}
	add(w, f->dir, KW_DIR);
	w->fd = start(w);
	return w;
}

int
watch_fd(const struct md_watch *w)
{
	return w->fd;
}

int
watch_changed(struct md_watch *w)
{
	int changed;
#if defined(HAVE_SYS_INOTIFY_H)
	char buf[4096];
#elif defined(HAVE_SYS_EVENT_H)
	struct kevent ev[4];
	struct timespec zero = { 0, 0 };
#endif

	changed = FALSE;
	if (w->fd < 0)
		return FALSE;
#if defined(HAVE_SYS_INOTIFY_H)
	while (read(w->fd, buf, sizeof(buf)) > 0)
		changed = TRUE;
#elif defined(HAVE_SYS_EVENT_H)
	changed = kevent(w->fd, NULL, 0, ev, 4, &zero) > 0;
#endif
	return changed;
}

void
watch_free(struct md_watch **pw)
{
	struct md_watch *w = *pw;
	size_t i;

	if (w == NULL)
		return;
	for (i = 0; i < w->n; i++)
		if (w->dirs[i] >= 0)
			close(w->dirs[i]);
	if (w->fd >= 0)
		close(w->fd);
	for (i = 0; i < w->n; i++)
		str_free(w->path + i);
	*pw = mem_free(w);
}
