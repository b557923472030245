/* Receiving a message: APPEND.  SPDX-License-Identifier: ISC */

#include "base/base.h"

#include "base/io.h"
#include "base/mem.h"
#include "base/pool.h"
#include "base/vec.h"
#include "maildir/folder.h"

#include "session/append.h"
#include "session/ns.h"
#include "session/outbox.h"
#include "session/rights.h"
#include "session/sess.h"
#include "session/view.h"
#include "session/view_int.h"

/* What is known of the message that runs in. */
struct incoming {
	struct upload	*up;
	int		last;		/* byte before, 0 at the start */
	int		in_body;
	int		has_8bit;
	int		error;
};

struct append {
	struct folder	*folder;
	int		borrowed;	/* the view's */
	u32		rights;
	struct vec	uploads;
	int		error;		/* of any message: nothing is added */
	int		has_8bit;
	const struct sess *sess;
	int		send;		/* it is the outbox */
	struct incoming	in;
};

static int	commit(struct append **, u32 *, u32 *, struct str *);
static void	drop(struct append **);
static int	send_all(struct append *, const struct outbox_mail *);
static void	store_piece(struct incoming *, const char *, size_t);
static void	look_at_header(struct incoming *, const char *, size_t);
static int	start_upload(struct append *, const struct append_opts *,
		    struct upload **);

int
append_open(struct sess *sess, const char *name, struct append **out)
{
	struct ns_place place;
	struct append *a;
	struct pool *pool;
	int e;

	a = mem_new(sizeof(*a));
	vec_init(&a->uploads);
	pool = pool_new();
	e = ns_find(sess, pool, name, &place);
	if (e == E_OK)
		e = rights_get(sess, name, &a->rights);
	if (e == E_OK)
		e = rights_check(a->rights, RIGHT_I);
	if (e == E_OK && sess->view != NULL &&
	    strcmp(view_name(sess->view), name) == 0) {
		if (view_readonly(sess->view))
			e = E_PERM;
		a->folder = view_folder(sess->view);
		a->borrowed = TRUE;
	} else if (e == E_OK)
		e = folder_open(place.tree->md, place.dir, FOLDER_ADD,
		    &a->folder);
	pool_free(&pool);
	if (e != E_OK) {
		drop(&a);
		return e;
	}
	a->sess = sess;
	a->send = outbox_is(sess, name);
	*out = a;
	return E_OK;
}

static void
drop(struct append **ap)
{
	struct append *a;

	a = *ap;
	if (!a->borrowed)
		folder_close(&a->folder);
	vec_free(&a->uploads);
	*ap = mem_free(a);
}

void
append_abort(struct append **ap)
{
	struct upload *up;

	if (*ap == NULL)
		return;
	upload_abort(&(*ap)->in.up);
	while ((*ap)->uploads.n > 0) {
		up = vec_pop(&(*ap)->uploads);
		upload_abort(&up);
	}
	drop(ap);
}

static int
start_upload(struct append *a, const struct append_opts *opts,
    struct upload **out)
{
	time_t date;
	size_t i;
	u32 sys;
	int e;

	for (i = 0; i < opts->nkw; i++)
		if (!folder_keyword_ok(opts->kw[i]))
			return E_INVAL;
	date = (time_t)opts->date;
	if (opts->has_date && (i64)date != opts->date)
		return E_INVAL;
	e = upload_begin(a->folder, out);
	if (e != E_OK)
		return e;
	sys = opts->sys & view_allowed_flags(a->rights);
	upload_set(*out, view_to_msg_flags(sys),
	    opts->has_date ? &date : NULL);
	if (a->rights & RIGHT_W)
		for (i = 0; i < opts->nkw; i++)
			upload_keyword(*out, opts->kw[i]);
	return E_OK;
}

/* Notes 8-bit bytes before the empty line. CRs are gone already. */
static void
look_at_header(struct incoming *in, const char *p, size_t n)
{
	size_t i;
	int last;

	last = in->last;
	for (i = 0; i < n && !in->in_body; i++) {
		if (p[i] == '\n' && (last == '\n' || last == 0))
			in->in_body = TRUE;
		else if ((unsigned char)p[i] >= 0x80)
			in->has_8bit = TRUE;
		last = (unsigned char)p[i];
	}
}

/* Stores what stands between CRs. */
static void
store_piece(struct incoming *in, const char *p, size_t n)
{
	const char *cr;
	size_t len;
	int e;

	for (; n > 0; p += len, n -= len) {
		cr = memchr(p, '\r', n);
		len = cr != NULL ? (size_t)(cr - p) : n;
		if (len > 0) {
			if (!in->in_body)
				look_at_header(in, p, len);
			in->last = (unsigned char)p[len - 1];
			e = in->error == E_OK ?
			    upload_write(in->up, p, len) : in->error;
			if (e != E_OK)
				in->error = e;
		}
		if (cr != NULL)
			len++;
	}
}

void
append_begin(struct append *a, const struct append_opts *opts)
{
	memset(&a->in, 0, sizeof(a->in));
	a->in.error = start_upload(a, opts, &a->in.up);
}

void
append_data(struct append *a, const char *p, size_t n)
{
	store_piece(&a->in, p, n);
}

int
append_end(struct append *a)
{
	struct incoming *in = &a->in;

	if (in->error == E_OK && in->last != '\n')
		in->error = upload_write(in->up, "\n", 1);
	if (in->error == E_OK)
		in->error = upload_end(a->folder, in->up);
	a->has_8bit = in->has_8bit;
	if (in->error != E_OK) {
		upload_abort(&in->up);
		a->error = in->error;
		return in->error;
	}
	vec_push(&a->uploads, in->up);
	in->up = NULL;
	return E_OK;
}

int
append_literal(struct append *a, struct io *io, u64 size,
    const struct append_opts *opts)
{
	const char *p;
	size_t n;
	int e;

	append_begin(a, opts);
	while (size > 0) {
		e = io_fill(io);
		if (e != E_OK) {
			a->error = e;
			return e;
		}
		p = io_peek_buf(io, &n);
		if (n > size)
			n = (size_t)size;
		append_data(a, p, n);
		io_take(io, n);
		size -= n;
	}
	return append_end(a);
}

int
append_has_8bit(const struct append *a)
{
	return a->has_8bit;
}

static int
send_all(struct append *a, const struct outbox_mail *mail)
{
	size_t i;
	int e;

	for (i = 0, e = E_OK; i < a->uploads.n && e == E_OK; i++)
		e = outbox_send(a->sess, a->folder, a->uploads.v[i], mail);
	return e;
}

int
append_send(struct append *a, const struct outbox_mail *mail)
{
	a->send = FALSE;
	return send_all(a, mail);
}

int
append_commit(struct append **ap, u32 *out_uidvalidity, u32 *out_uid)
{
	return commit(ap, out_uidvalidity, out_uid, NULL);
}

int
append_commit_name(struct append **ap, struct str *out)
{
	u32 uidvalidity, uid;

	return commit(ap, &uidvalidity, &uid, out);
}

static int
commit(struct append **ap, u32 *out_uidvalidity, u32 *out_uid,
    struct str *out_name)
{
	struct append *a;
	struct upload **ups;
	size_t i, n;
	u32 *uids;
	int e;

	a = *ap;
	*out_uid = 0;
	*out_uidvalidity = folder_uidvalidity(a->folder);
	if (a->send && a->error == E_OK)
		a->error = send_all(a, NULL);
	if (a->error != E_OK || a->uploads.n == 0) {
		e = a->error != E_OK ? a->error : E_INVAL;
		append_abort(ap);
		return e;
	}
	n = a->uploads.n;
	ups = mem_array(n, sizeof(*ups));
	for (i = 0; i < n; i++)
		ups[i] = a->uploads.v[i];
	vec_reset(&a->uploads);
	uids = mem_array(n, sizeof(*uids));
	e = folder_add(a->folder, ups, n, uids);
	if (e == E_OK) {
		if (a->rights & RIGHT_R)
			*out_uid = uids[0];
		*out_uidvalidity = folder_uidvalidity(a->folder);
		if (out_name != NULL)
			folder_identity(a->folder, folder_find(a->folder,
			    uids[0]), out_name);
	}
	mem_free(ups);
	mem_free(uids);
	drop(ap);
	return e;
}
