/* SORT and UID SORT.  SPDX-License-Identifier: ISC */

#include "base/base.h"

#include "base/ascii.h"
#include "base/io.h"

#include "conf/conf.h"

#include "wire/imaparg.h"

#include "session/sess.h"
#include "session/sort.h"
#include "session/view.h"

#include "imap/cmd.h"
#include "imap/imap.h"
#include "imap/keys.h"
#include "imap/reply.h"

static int find(const char *, enum sort_by *);
static int parse(struct arg *, struct sort_key *, size_t *);
static void put_result(struct imap *, const u32 *, size_t, int);

/*
 *   sort-key = "ARRIVAL" / "CC" / "DATE" / "FROM" / "SIZE" / "SUBJECT" / "TO"
 *
 * To add one: a row here, and one in session/sort.c.
 */
static const struct {
	const char	*name;
	enum sort_by	by;
} names[] = {
	{ "ARRIVAL", SORT_ARRIVAL },
	{ "CC", SORT_CC },
	{ "DATE", SORT_DATE },
	{ "FROM", SORT_FROM },
	{ "SIZE", SORT_SIZE },
	{ "SUBJECT", SORT_SUBJECT },
	{ "TO", SORT_TO }
};

static int
find(const char *name, enum sort_by *out)
{
	size_t i;

	for (i = 0; i < NITEMS(names); i++)
		if (ascii_casecmp(name, names[i].name) == 0) {
			*out = names[i].by;
			return TRUE;
		}
	return FALSE;
}

/*
 *   sort-criteria = "(" sort-criterion *(SP sort-criterion) ")"
 *   sort-criterion = ["REVERSE" SP] sort-key
 *
 * As with Courier, two REVERSE are none, and keys may be quoted (imap-wire.md
 * 8.1).
 */
static int
parse(struct arg *a, struct sort_key *key, size_t *out_n)
{
	const char *name;
	size_t n = 0;
	int reverse = FALSE;

	while (a != NULL) {
		if (arg_astring(&a, &name, NULL) != E_OK)
			return E_SYNTAX;
		if (ascii_casecmp(name, "REVERSE") == 0) {
			reverse = !reverse;
			continue;
		}
		if (n == SORT_KEYS_MAX)
			return E_TOOBIG;
		if (!find(name, &key[n].by))
			return E_SYNTAX;
		key[n++].reverse = reverse;
		reverse = FALSE;
	}
	*out_n = n;
	return n > 0 && !reverse ? E_OK : E_SYNTAX;
}

/* sort-data = "SORT" *(SP nz-number) */
static void
put_result(struct imap *im, const u32 *seq, size_t n, int uids)
{
	size_t i;

	imap_out(im);
	io_puts(im->io, "* SORT");
	for (i = 0; i < n; i++) {
		imap_out(im);
		io_putc(im->io, ' ');
		io_put_u32(im->io, uids ? view_uid(im->sess->view, seq[i]) :
		    seq[i]);
	}
	io_puts(im->io, "\r\n");
}

/*
 *   sort = ["UID" SP] "SORT" SP sort-criteria SP search-criteria
 *   search-criteria = charset 1*(SP search-key)
 *   charset = atom / quoted
 */
void
cmd_sort(struct imap *im, struct imap_cmd *cmd, struct reply *r)
{
	struct sort_key key[SORT_KEYS_MAX];
	struct mset *found;
	struct arg *a;
	const char *charset;
	size_t nkeys, n;
	u32 *seq;
	int e;

	if (imap_thread_sort_off(im, r))
		return;
	a = cmd->args;
	e = a != NULL && a->type == ARG_LIST ? parse(a->list, key, &nkeys) :
	    E_SYNTAX;
	if (e == E_OK) {
		a = a->next;
		e = imap_sort_charset(im, &a, &charset);
	}
	if (e == E_OK)
		e = keys_search(im, cmd, a, charset, FALSE, &found);
	if (e == E_OK)
		e = sort_run(im->sess->view, cmd->pool, found, key, nkeys,
		    &seq, &n);
	if (e != E_OK) {
		imap_sort_failed(im, r, e);
		return;
	}
	put_result(im, seq, n, cmd->uid);
	reply_ok(r, "SORT done.");
}

int
imap_sort_charset(struct imap *im, struct arg **pos, const char **out)
{
	int e;

	e = arg_astring(pos, out, NULL);
	if (e == E_OK && im->sess->utf8 && ascii_casecmp(*out, "UTF-8") != 0)
		e = E_CHARSET;
	return e;
}

void
imap_sort_failed(struct imap *im, struct reply *r, int err)
{
	if (err == E_CHARSET && im->sess->utf8)
		reply_bad(r, "[BADCHARSET] Only UTF-8 charset is valid after "
		    "enabling RFC 6855 support");
	else
		reply_error(r, err);
}

int
imap_thread_sort_off(struct imap *im, struct reply *r)
{
	if (im->conf->imap_disablethreadsort == 0)
		return FALSE;
	reply_no(r, "This command is disabled by the system administrator.");
	return TRUE;
}
