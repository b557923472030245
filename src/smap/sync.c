/* Lines about changes.  SPDX-License-Identifier: ISC */

#include "base/base.h"

#include "base/io.h"

#include "session/sess.h"
#include "session/view.h"

#include "smap/smap.h"

static void end_gone(struct smap *);
static void on_bye(struct sess *, const char *);
static void on_exists(struct sess *, u32, u32);
static void on_flags(struct sess *, u32, u32, const struct vflags *);
static void on_gone(struct sess *, u32, u32);

const struct front smap_front = {
	on_gone,		/* gone */
	NULL,			/* keywords */
	on_exists,		/* exists */
	on_flags,		/* flags */
	NULL,			/* idle_wait */
	on_bye,			/* bye */
	NULL			/* rights */
};

static void
end_gone(struct smap *sm)
{
	if (sm->gone_n == 0)
		return;
	smapout_set_end(&sm->gone);
	io_putc(sm->io, '\n');
	sm->gone.n = 0;
	sm->gone_n = 0;
}

/* The numbers of one line are those before it. */
static void
on_gone(struct sess *s, u32 seq, u32 uid)
{
	struct smap *sm = s->front_ctx;
	u32 n;

	(void)uid;
	n = seq + sm->gone_n;
	if (sm->gone.n >= SMAPOUT_RANGES - 1 && n != sm->gone.hi + 1) {
		end_gone(sm);
		n = seq;
	}
	if (sm->gone_n == 0) {
		smap_out(sm);
		io_puts(sm->io, "* EXPUNGE");
	}
	smapout_set_add(&sm->gone, n);
	sm->gone_n++;
	sm->count--;
	sm->told++;
}

static void
on_exists(struct sess *s, u32 n, u32 recent)
{
	struct smap *sm = s->front_ctx;

	(void)recent;
	end_gone(sm);
	if (n == sm->count)
		return;
	io_putf(sm->io, "* EXISTS %lu\n", (unsigned long)n);
	sm->count = n;
	sm->told++;
}

static void
on_flags(struct sess *s, u32 seq, u32 uid, const struct vflags *f)
{
	struct smap *sm = s->front_ctx;

	(void)uid;
	smap_put_fetch(sm, seq);
	smap_put_flags(sm, f);
	if (sm->sess->keywords != 0)
		smap_put_keywords(sm, f);
	io_putc(sm->io, '\n');
	sm->told++;
}

static void
on_bye(struct sess *s, const char *text)
{
	smap_bye(s->front_ctx, CLIENT_FATAL, text);
}

void
smap_opened(struct smap *sm)
{
	sm->count = sm->sess->view != NULL ? view_count(sm->sess->view) : 0;
}

void
smap_sync(struct smap *sm)
{
	if (sm->sess->view == NULL)
		return;
	smap_out(sm);
	if (view_sync(sm->sess->view, TRUE, TRUE) == E_INVAL)
		smap_bye(sm, CLIENT_FATAL,
		    "The mailbox was replaced by another one.");
}
