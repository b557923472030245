/* One statement for several look-ups.  SPDX-License-Identifier: ISC */

/*
 * Most of what a look-up costs is the way to the server and back. When clients
 * queue, those that are taken together share one: the usual query of each, with
 * its number as first column, joined by UNION ALL. The answers are for these
 * requests only, which were all there before the server was asked. If the
 * statement fails, each one is asked for alone and gets its own verdict.
 */

#include "base/base.h"

#include "base/clock.h"
#include "base/log.h"
#include "base/mem.h"
#include "base/num.h"
#include "base/str.h"
#include "authdaemon/mod_sql.h"

#define TOGETHER_MAX	16
#define PAUSE_SECS	3600	/* after a statement that failed */

struct answer {
	char		*service;	/* NULL: it was taken */
	char		*userid;
	int		r;
	struct authinfo	info;
};

static void forget(void);
static int is_usual(void);
static void put_one(const struct auth_query *, struct str *);
static int take_row(void *, char *const *, unsigned int);

static struct answer answers[TOGETHER_MAX];
static size_t nanswers;
static const struct rcfile *rc;
static u64 pause_end;

static void
forget(void)
{
	while (nanswers > 0) {
		nanswers--;
		mem_free(answers[nanswers].service);
		mem_free(answers[nanswers].userid);
		authinfo_free(&answers[nanswers].info);
	}
}

/* A query of the site's own may be anything. */
static int
is_usual(void)
{
	return sql_key(rc, KEY_SELECT, NULL) == NULL;
}

static void
put_one(const struct auth_query *q, struct str *text)
{
	struct answer *a = answers + nanswers;
	struct str id;
	size_t before;

	before = text->len;
	str_init(&id, 0);
	sql_full_id(rc, q->userid, &id);
	if (before > 0)
		str_cats(text, " UNION ALL ");
	if (sql_query_numbered(rc, (u32)nanswers, str_c(&id), q->service,
	    text) == E_OK) {
		a->service = mem_strdup(q->service);
		a->userid = mem_strdup(q->userid);
		a->r = E_PERM;
		authinfo_init(&a->info);
		nanswers++;
	} else {
		str_trunc(text, before);
	}
	str_free(&id);
}

/* The first row of each counts. */
static int
take_row(void *ctx, char *const *text, unsigned int n)
{
	struct answer *a;
	u32 i;

	(void)ctx;
	if (n == 0 || text[0] == NULL || num_parse_u32(text[0], &i) != E_OK ||
	    i >= nanswers)
		return E_INVAL;
	a = answers + i;
	if (a->r == E_PERM)
		a->r = sql_row_account(rc, text + 1, n - 1, &a->info);
	return E_OK;
}

/* Columns differ by the service, so one is for all. */
void
sql_ahead(const struct auth_query *q, size_t n)
{
	struct str text;
	size_t i;
	int r;

	forget();
	if (n < 2 || (pause_end != 0 &&
	    clock_left(pause_end) > 0) || sql_reach(&rc) != E_OK ||
	    !is_usual())
		return;
	str_init(&text, 0);
	for (i = 0; i < n && nanswers < TOGETHER_MAX; i++)
		if (strcmp(q[i].service, q[0].service) == 0)
			put_one(q + i, &text);
	r = text.toobig || nanswers < 2 ? E_TOOBIG : E_OK;
	if (r == E_OK) {
		log_debug("SQL query: %s", str_c(&text));
		r = sql_run(str_c(&text), take_row, NULL);
		if (r != E_OK && r != E_CHARSET && sql_kind.connected()) {
			log_warn("%s: look-ups are not joined for an hour",
			    sql_kind.name);
			pause_end = clock_deadline(PAUSE_SECS);
		}
	}
	if (r != E_OK)
		forget();
	str_free(&text);
}

int
sql_ahead_take(const struct auth_query *q, struct authinfo *out)
{
	struct answer *a;

	for (a = answers; a < answers + nanswers; a++)
		if (a->service != NULL && strcmp(a->userid, q->userid) == 0 &&
		    strcmp(a->service, q->service) == 0) {
			a->service = mem_free(a->service);
			*out = a->info;
			authinfo_init(&a->info);
			return a->r;
		}
	return E_BUSY;
}
