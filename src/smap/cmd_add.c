/* ADD and RSET.  SPDX-License-Identifier: ISC */

#include "base/base.h"

#include "base/io.h"
#include "base/mem.h"
#include "base/pool.h"

#include "mail/date822.h"

#include "session/append.h"
#include "session/outbox.h"
#include "session/sess.h"

#include "smap/cmd.h"
#include "smap/smap.h"

#define ADD_MEMORY_MAX	(1024UL * 1024)	/* bytes that ADDs may set */

/* What ADD commands have set for the next message. */
struct add {
	struct pool	*pool;
	const char	*name;		/* folder, or NULL */
	struct append_opts opts;
	struct outbox_mail mail;
	const char	**rcpt;		/* mail.rcpt */
};

/* An upload under way. */
struct upload_state {
	struct smap	*sm;
	struct append	*append;
	u64		since;		/* octets since the deadline was set */
};

typedef int add_fn(struct smap *, const char *);

static add_fn add_date, add_flags, add_from, add_keywords, add_notify,
	add_rcpt;
static int one_word(struct smap *, const char *);
static int receive(struct smap *, struct append *,
	    const struct smap_upload *);
static int set_folder(struct smap *);
static int store(struct smap *, struct append **);
static smapline_sink take;
static void upload(struct smap *, const struct smap_upload *);

/* NAME=value of an ADD command. To add one: a function and a row. */
static const struct {
	const char	*name;
	add_fn		*set;
	const char	*answer;
} items[] = {
	{ "FLAGS", add_flags, "FLAGS set" },
	{ "KEYWORDS", add_keywords, "KEYWORDS set" },
	{ "INTERNALDATE", add_date, "INTERNALDATE set" },
	{ "MAILFROM", add_from, "MAIL FROM set" },
	{ "RCPTTO", add_rcpt, "RCPT TO set" },
	{ "NOTIFY", add_notify, "NOTIFY set" }
};

void
smap_add_free(struct add **pp)
{
	struct add *a = *pp;

	if (a == NULL)
		return;
	pool_free(&a->pool);
	*pp = mem_free(a);
}

/* ---- what it sets ------------------------------------------------------- */

static int
add_flags(struct smap *sm, const char *value)
{
	sm->add->opts.sys = smap_flags(value);
	return E_OK;
}

static int
add_keywords(struct smap *sm, const char *value)
{
	return smap_keywords(sm, sm->add->pool, value, &sm->add->opts.kw,
	    &sm->add->opts.nkw);
}

static int
add_date(struct smap *sm, const char *value)
{
	struct date822 d;

	if (date822_parse(value, strlen(value), &d) != E_OK)
		return E_INVAL;
	sm->add->opts.has_date = TRUE;
	sm->add->opts.date = date822_epoch(&d);
	return E_OK;
}

/* The empty sender is one. */
static int
add_from(struct smap *sm, const char *value)
{
	if (*value != '\0' && !outbox_addr_ok(value))
		return E_INVAL;
	sm->add->mail.from = pool_strdup(sm->add->pool, value);
	return E_OK;
}

static int
add_rcpt(struct smap *sm, const char *value)
{
	struct outbox_mail *m = &sm->add->mail;

	if (!outbox_addr_ok(value))
		return E_INVAL;
	if (m->n == OUTBOX_RCPT_MAX)
		return E_TOOBIG;
	if (m->rcpt == NULL)
		m->rcpt = sm->add->rcpt = pool_array(sm->add->pool,
		    OUTBOX_RCPT_MAX, sizeof(*m->rcpt));
	sm->add->rcpt[m->n++] = pool_strdup(sm->add->pool, value);
	return E_OK;
}

static int
add_notify(struct smap *sm, const char *value)
{
	sm->add->mail.notify = *value == '\0' ? NULL :
	    pool_strdup(sm->add->pool, value);
	return E_OK;
}

/* "FOLDER" has been taken. */
static int
set_folder(struct smap *sm)
{
	char *name;
	int e;

	e = smap_folder(sm, &name);
	if (e != E_OK) {
		smap_error(sm, "Invalid folder: ", e);
		return e;
	}
	sm->add->name = pool_strdup(sm->add->pool, name);
	smap_ok(sm, "Will add to this folder");
	return E_OK;
}

static int
one_word(struct smap *sm, const char *word)
{
	const char *value;
	size_t i;
	int e;

	for (i = 0; i < NITEMS(items); i++) {
		value = smapline_value(word, items[i].name);
		if (value == NULL)
			continue;
		e = items[i].set(sm, value);
		if (e == E_OK)
			smap_ok(sm, items[i].answer);
		else
			smap_error(sm, "Cannot add: ", e);
		return e;
	}
	return E_OK;
}

/* ---- the message -------------------------------------------------------- */

/* A client that sends slower than CLIENT_RATE has gone. */
static void
take(void *ctx, const char *p, size_t n)
{
	struct upload_state *u = ctx;

	append_data(u->append, p, n);
	u->since += n;
	if (u->since >= (u64)CLIENT_RATE * CLIENT_STALL_MAX) {
		u->since = 0;
		smap_out(u->sm);
	}
}

/*
 *   dotted = *(line LF) "." LF
 *   chunks = octets *(size LF octets) end LF      ; a line that is no number
 * Errors are those of the stream.
 */
static int
receive(struct smap *sm, struct append *a, const struct smap_upload *up)
{
	struct upload_state u;
	u64 n;
	int e;

	memset(&u, 0, sizeof(u));
	u.sm = sm;
	u.append = a;
	smap_out(sm);
	if (up->dotted)
		return smapline_dots(sm->io, take, &u);
	e = E_OK;
	for (n = up->n; e == E_OK; ) {
		e = smapline_octets(sm->io, n, take, &u);
		if (e == E_OK)
			e = smapline_chunk(sm->io, &n);
		if (n == 0)
			break;
	}
	return e;
}

/* Sends and stores what came. */
static int
store(struct smap *sm, struct append **a)
{
	struct str name;
	int e;

	e = append_end(*a);
	if (e == E_OK && sm->add->mail.n > 0)
		e = append_send(*a, &sm->add->mail);
	if (e != E_OK || sm->add->name == NULL) {
		append_abort(a);
		return e;
	}
	str_init(&name, 0);
	e = append_commit_name(a, &name);
	smap_out(sm);
	if (e == E_OK) {
		io_puts(sm->io, "* ADD ");
		smapout_pair(sm->io, "UID", str_c(&name));
		io_putc(sm->io, '\n');
	}
	str_free(&name);
	return e;
}

static void
upload(struct smap *sm, const struct smap_upload *up)
{
	struct append *a;
	const char *name = sm->add->name;
	int e;

	if (name == NULL && sm->add->mail.n == 0) {
		smap_err(sm, "There is no folder and no recipient.");
		return;
	}
	/* What is only sent has its draft in INBOX. */
	e = append_open(sm->sess, name != NULL ? name : "INBOX", &a);
	if (e == E_PERM)
		smap_denied(sm, "i");
	else if (e != E_OK)
		smap_error(sm, "", e);
	if (e != E_OK)
		return;
	append_begin(a, &sm->add->opts);
	io_puts(sm->io, "> Go ahead\n");
	e = io_flush(sm->io);
	if (e == E_OK)
		e = receive(sm, a, up);
	if (e != E_OK) {
		append_abort(&a);
		smap_stream_gone(sm, e);
		return;
	}
	e = store(sm, &a);
	if (e == E_OK)
		smap_ok(sm, "Message saved");
	else if (e == E_NOTSUP)
		smap_err(sm, "Message send FAILED.");
	else
		smap_error(sm, "Cannot add message: ", e);
}

/*
 * add = "ADD" *(WSP ("FOLDER" WSP folder / item / upload))
 * Other words are passed over. What is set lasts until a message has come.
 */
void
smap_cmd_add(struct smap *sm)
{
	struct smap_upload up;
	const char *word;
	int e;

	if (sm->add == NULL) {
		sm->add = mem_new(sizeof(*sm->add));
		sm->add->pool = pool_new();
	}
	smap_ok(sm, "So far, so good...");
	for (e = E_OK; e == E_OK && sm->line.pos < sm->line.n; ) {
		if (smapline_take(&sm->line, "FOLDER")) {
			e = set_folder(sm);
			continue;
		}
		word = smapline_next(&sm->line);
		if (smapline_upload(word, &up)) {
			upload(sm, &up);
			smap_add_free(&sm->add);
			return;
		}
		e = one_word(sm, word);
	}
	if (pool_used(sm->add->pool) > ADD_MEMORY_MAX) {
		smap_add_free(&sm->add);
		smap_err(sm, "Too much is set, all of it is forgotten.");
	}
}

void
smap_cmd_rset(struct smap *sm)
{
	smap_add_free(&sm->add);
	smap_ok(sm, "Reset");
}
