/* The monitor: answers what the child asks.  SPDX-License-Identifier: ISC */

/*
 * What comes through the wall was made by a process that reads what strangers
 * send. It can name an account and show a proof for it; it can never say who
 * has proved to be whom.
 */

#include "base/base.h"

#include "base/ascii.h"
#include "base/base64.h"
#include "base/clock.h"
#include "base/io.h"
#include "base/log.h"
#include "base/mem.h"
#include "base/pack.h"
#include "base/sig.h"
#include "base/str.h"
#include "conf/env.h"
#include "wire/imapparse.h"
#include "login/answer.h"
#include "login/login.h"
#include "login/mech.h"
#include "login/penalty.h"

/* An answer that is being made; text and descriptor may be left alone. */
struct reply {
	int		no;		/* errno */
	int		fd;
	struct str	text;
};

static int req_password(struct login *, const struct wall_msg *,
	    struct reply *);
static int req_cram(struct login *, const struct wall_msg *, struct reply *);
static int req_scram_first(struct login *, const struct wall_msg *,
	    struct reply *);
static int req_scram_final(struct login *, const struct wall_msg *,
	    struct reply *);
static int req_external(struct login *, const struct wall_msg *,
	    struct reply *);
static int req_token(struct login *, const struct wall_msg *, struct reply *);
static int req_failed(struct login *, const struct wall_msg *,
	    struct reply *);
static int req_penalty(struct login *, const struct wall_msg *,
	    struct reply *);
static void no_tls(const struct login *, const char *);
static int req_tls(struct login *, const struct wall_msg *, struct reply *);
static int req_enter(struct login *, const struct wall_msg *, struct reply *);
static int tag_ok(const char *);
static int put(struct login *, int, struct reply *);

/* To add one: its ASK_ word, a function and a row. */
static const struct request {
	int	type;
	size_t	fields;		/* all but the last are strings */
	int	proves;		/* E_OK: the account has been shown to be the
				   client's */
	int	(*run)(struct login *, const struct wall_msg *,
		    struct reply *);
} requests[] = {
	{ ASK_PASSWORD, 2, TRUE, req_password },
	{ ASK_CRAM, 3, TRUE, req_cram },
	{ ASK_SCRAM_FIRST, 4, FALSE, req_scram_first },
	{ ASK_SCRAM_FINAL, 3, TRUE, req_scram_final },
	{ ASK_EXTERNAL, 1, TRUE, req_external },
	{ ASK_TOKEN, 4, TRUE, req_token },
	{ ASK_FAILED, 0, FALSE, req_failed },
	{ ASK_PENALTY, 0, FALSE, req_penalty },
	{ ASK_TLS, 0, FALSE, req_tls },
	{ ASK_ENTER, 4, FALSE, req_enter }
};

static int
req_password(struct login *l, const struct wall_msg *m, struct reply *a)
{
	(void)a;
	return answer_password(l, m->field[0], m->field[1], &l->account);
}

static int
req_cram(struct login *l, const struct wall_msg *m, struct reply *a)
{
	(void)a;
	return answer_cram(l, m->field[0], m->field[1], m->field[2],
	    &l->account);
}

static int
req_scram_first(struct login *l, const struct wall_msg *m, struct reply *a)
{
	struct scram_start s;

	s.hash = m->field[0];
	s.userid = m->field[1];
	s.bare = m->field[2];
	s.nonce = m->field[3];
	return answer_scram_first(l, &s, &a->text);
}

static int
req_scram_final(struct login *l, const struct wall_msg *m, struct reply *a)
{
	return answer_scram_final(l, m->field[0], m->field[1], m->field[2],
	    &l->account, &a->text);
}

static int
req_external(struct login *l, const struct wall_msg *m, struct reply *a)
{
	(void)a;
	return answer_external(l, m->field[0], &l->account);
}

static int
req_token(struct login *l, const struct wall_msg *m, struct reply *a)
{
	(void)a;
	return answer_token(l, m->field[0], m->field[1], m->field[2],
	    m->field[3], &l->account);
}

static int
req_failed(struct login *l, const struct wall_msg *m, struct reply *a)
{
	(void)l;
	(void)m;
	(void)a;
	penalty_report(FALSE);
	return E_OK;
}

static int
req_penalty(struct login *l, const struct wall_msg *m, struct reply *a)
{
	(void)l;
	(void)m;
	a->no = (int)penalty_seconds();
	return E_OK;
}

/* As couriertls logs it for a connection in TLS from the start. */
static void
no_tls(const struct login *l, const char *why)
{
	if (ascii_begins(why, "ip=["))
		log_info("%s", why);
	else
		log_info("ip=[%s], %s", l->ip, why);
}

static int
req_tls(struct login *l, const struct wall_msg *m, struct reply *a)
{
	struct str why;
	int r;

	(void)m;
	if (!l->starttls)
		return ASK_BAD;
	l->starttls = FALSE;
	str_init(&why, 0);
	r = login_tls_start(l, &a->text, &why);
	if (r == E_OK) {
		a->fd = 0;
		login_tls_apply(l, str_c(&a->text));
	} else {
		if (r != E_EOF)
			no_tls(l, str_c(&why));
		str_reset(&a->text);
		str_catstr(&a->text, &why);
	}
	str_free(&why);
	return r;
}

/* What goes into the environment, and from there to the client. */
static int
tag_ok(const char *tag)
{
	for (; *tag != '\0'; tag++)
		if ((unsigned char)*tag <= ' ' || *tag == 0x7f)
			return FALSE;
	return TRUE;
}

static int
req_enter(struct login *l, const struct wall_msg *m, struct reply *a)
{
	struct str text;
	int r;

	if (!l->proved || m->len[0] > IMAPPARSE_TAG_MAX ||
	    !tag_ok(m->field[0]) || m->len[3] > IO_BUF_SIZE)
		return ASK_BAD;
	penalty_report(TRUE);
	mem_free(l->tag);
	l->tag = mem_strdup(m->field[0]);
	l->variant = m->len[1] > 0;
	mem_free(l->what);
	l->what = mem_strdup(m->field[2]);
	errno = 0;
	r = login_elsewhere(l, m->field[3], m->len[3]);
	if (r == E_NOENT)
		r = login_home(l);
	a->no = errno;
	if (r != E_OK)
		return r;
	env_set("CHAPAR_INPUT", NULL);
	if (m->len[3] > 0) {
		str_init(&text, 0);
		base64_encode(m->field[3], m->len[3], &text);
		env_set("CHAPAR_INPUT", str_c(&text));
		str_free(&text);
	}
	l->entered = TRUE;
	return E_OK;
}

static int
put(struct login *l, int result, struct reply *a)
{
	struct wall_msg m;
	u8 code[4], no[4];

	pack_u32(code, (u32)-result);
	pack_u32(no, (u32)a->no);
	wall_begin(&m, 0);
	wall_add(&m, code, sizeof(code));
	wall_add(&m, no, sizeof(no));
	wall_add(&m, str_c(&a->text), a->text.len);
	m.fd = a->fd;
	return wall_send(&l->wall, &m, 0);
}

int
login_answer(struct login *l, const struct wall_msg *m)
{
	const struct request *row;
	struct reply a;
	size_t i;
	int r, sent;

	row = NULL;
	for (i = 0; i < NITEMS(requests); i++)
		if (requests[i].type == m->type)
			row = requests + i;
	if (row == NULL || !wall_strings(m, row->fields) || m->fd >= 0)
		return ASK_BAD;
	/* (a child that is what it should be waits as long itself) */
	if (row->proves && l->again != 0 && clock_left(l->again) > 0)
		return ASK_BAD;
	if (row->proves) {
		authinfo_free(&l->account);
		l->proved = FALSE;
	}
	a.no = 0;
	a.fd = -1;
	str_init(&a.text, WALL_MAX / 2);
	errno = 0;
	r = row->run(l, m, &a);
	if (row->proves) {
		a.no = errno;
		l->proved = r == E_OK;
		if (r == E_PERM || r == E_INVAL) {
			l->again = clock_deadline(LOGIN_DELAY);
			penalty_report(FALSE);
		}
	}
	/* No answer: the child is to hear of the signal, not of trouble. */
	if (sig_stop_pending()) {
		l->entered = FALSE;
		sent = E_EOF;
	} else {
		sent = r == ASK_BAD ? ASK_BAD : put(l, r, &a);
	}
	str_wipe_free(&a.text);
	return sent;
}
