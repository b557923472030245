/* ACL STORE, SET and DELETE: ACL2.  SPDX-License-Identifier: ISC */

#include "base/base.h"

#include "base/ascii.h"
#include "base/io.h"
#include "base/pool.h"

#include "wire/imaparg.h"
#include "wire/imapout.h"

#include "session/acl.h"
#include "session/ns.h"
#include "session/rights.h"
#include "session/sess.h"
#include "session/view.h"

#include "imap/acl.h"
#include "imap/cmd.h"
#include "imap/imap.h"
#include "imap/list.h"
#include "imap/reply.h"

/* One mailbox of the list. */
struct target {
	char		*name;		/* NULL: cannot be decoded */
	const char	*shown;
};

struct action {
	const char	*name;
	int		pairs;		/* identifiers come with rights */
	int		anew;		/* nothing of the old list stays */
	int		tells;		/* failed, it shows what there is */
};

static int below(void *, const struct ns_entry *);
static int change(struct acl *, const struct action *, struct arg *);
static int check_args(const struct action *, const struct arg *);
static int cmp_target(const void *, const void *);
static void failed(struct imap *, const struct target *, const char *);
static void one(struct imap *, struct imap_cmd *, const struct action *,
	    const struct target *, struct arg *);
static void report(struct imap *, const struct action *,
	    const struct target *, int, const char *);
static int take_targets(struct imap *, struct imap_cmd *, struct arg **,
	    struct target **, size_t *);
static int take_target(struct imap *, struct pool *, struct arg **,
	    struct target *);

/*
 *   acl2 = "ACL" SP ("STORE" / "SET") SP mailboxes 1*(SP identifier SP rights)
 *   acl2 =/ "ACL" SP "DELETE" SP mailboxes 1*(SP identifier)
 *   mailboxes = astring / "(" *(astring) ")"
 * as Courier has it (imap-wire.md 11); identifiers are those of the file.
 */
static const struct action actions[] = {
	{ "STORE", TRUE, FALSE, TRUE },
	{ "SET", TRUE, TRUE, FALSE },
	{ "DELETE", FALSE, FALSE, FALSE }
};

/* ---- arguments ---------------------------------------------------------- */

static int
take_target(struct imap *im, struct pool *pool, struct arg **pos,
    struct target *out)
{
	size_t n;
	int e;

	if (arg_astring(pos, &out->shown, &n) != E_OK)
		return E_SYNTAX;
	e = ns_from_wire(im->sess, pool, out->shown, n, &out->name);
	if (e == E_SYNTAX || n == 0)
		out->name = NULL;
	return E_OK;
}

static int
cmp_target(const void *a, const void *b)
{
	const struct target *x = a, *y = b;

	return strcmp(x->shown, y->shown);
}

/* Sorted, each once. */
static int
take_targets(struct imap *im, struct imap_cmd *cmd, struct arg **pos,
    struct target **out, size_t *out_n)
{
	struct target *v;
	struct arg *a;
	size_t i, n;

	for (n = 1, a = *pos != NULL ? (*pos)->list : NULL; a != NULL;
	    a = a->next)
		n++;
	v = pool_array(cmd->pool, n, sizeof(*v));
	*out = v;
	n = 0;
	if (*pos == NULL || (*pos)->type != ARG_LIST) {
		*out_n = 1;
		return take_target(im, cmd->pool, pos, v);
	}
	for (a = (*pos)->list; a != NULL; )
		if (take_target(im, cmd->pool, &a, &v[n++]) != E_OK)
			return E_SYNTAX;
	*pos = (*pos)->next;
	if (n > 1)
		qsort(v, n, sizeof(*v), cmp_target);
	for (i = *out_n = 0; i < n; i++)
		if (i == 0 || cmp_target(&v[i], &v[i - 1]) != 0)
			v[(*out_n)++] = v[i];
	return E_OK;
}

static int
check_args(const struct action *act, const struct arg *a)
{
	size_t n;

	for (n = 0; a != NULL; a = a->next, n++)
		if (a->type == ARG_LIST || a->type == ARG_STREAM)
			return E_SYNTAX;
	return (n == 0 && !act->anew) || (act->pairs && n % 2 != 0) ? E_SYNTAX : E_OK;
}

/* ---- one mailbox -------------------------------------------------------- */

static void
failed(struct imap *im, const struct target *t, const char *text)
{
	io_puts(im->io, "* ACLFAILED ");
	imapout_quoteds(im->io, t->shown);
	io_putc(im->io, ' ');
	io_puts(im->io, text);
	io_puts(im->io, "\r\n");
}

static int
change(struct acl *acl, const struct action *act, struct arg *a)
{
	const char *id, *rights;
	int e;

	if (act->anew)
		acl_clear(acl);
	for (e = E_OK; e == E_OK && a != NULL; ) {
		(void)arg_astring(&a, &id, NULL);
		if (!act->pairs)
			acl_delete(acl, id);
		else if (arg_astring(&a, &rights, NULL) == E_OK)
			e = act->anew ? acl_put(acl, id, rights) :
			    acl_modify(acl, id, rights);
	}
	return e;
}

/* What came of it; `lacks` would have lost too much. */
static void
report(struct imap *im, const struct action *act, const struct target *t,
    int e, const char *lacks)
{
	const char *p;

	if (e != E_OK && e != E_INVAL)
		failed(im, t, "NO Cannot modify ACLs on this mailbox.");
	else if (lacks != NULL && !act->tells &&
	    strcmp(lacks, "administrators") != 0) {
		io_puts(im->io, "* RIGHTS-INFO ");
		imapout_quoteds(im->io, t->shown);
		io_puts(im->io, " \"owner\" " ACL_ALWAYS);
		for (p = ACL_OTHERS; *p != '\0'; p++) {
			io_putc(im->io, ' ');
			io_putc(im->io, *p);
		}
		io_puts(im->io, "\r\n");
	} else if (e != E_OK)
		failed(im, t, "Invalid argument");
	if (e == E_OK || act->tells)
		list_one(im, t->name, LIST_ACL);
}

static int
below(void *ctx, const struct ns_entry *entry)
{
	(void)ctx;
	(void)entry;
	return E_OK;
}

/* Of a mailbox that is not there, or that the user may not look up, nothing is
   said. What is below has its own list from now on: a look writes it. */
static void
one(struct imap *im, struct imap_cmd *cmd, const struct action *act,
    const struct target *t, struct arg *args)
{
	struct reply denied;
	struct acl *acl;
	struct str word;
	const char *lacks;
	int e;

	if (t->name == NULL) {
		failed(im, t, "Invalid argument");
		return;
	}
	if (ns_known(im->sess, cmd->pool, t->name) != E_OK)
		return;
	e = rights_need(im->sess, t->name, RIGHT_A);
	if (e == E_PERM) {
		str_init(&word, 0);
		str_catf(&word, "ACL %s", act->name);
		reply_init(&denied);
		imap_denied(&denied, str_c(&word), t->shown, "a");
		io_puts(im->io, "* ACLFAILED ");
		imapout_quoteds(im->io, t->shown);
		io_puts(im->io, " NO ");
		io_puts(im->io, str_c(&denied.text));
		io_puts(im->io, "\r\n");
		reply_free(&denied);
		str_free(&word);
	}
	if (e != E_OK)
		return;
	(void)ns_list(im->sess, t->name, below, NULL);
	lacks = NULL;
	e = acl_look(im->sess, cmd->pool, t->name, &acl);
	if (e == E_OK)
		e = change(acl, act, args);
	if (e == E_OK)
		e = acl_write(im->sess, t->name, acl, &lacks);
	if (im->sess->view != NULL)
		view_learn_rights(im->sess->view);
	report(im, act, t, e, lacks);
}

void
cmd_acl(struct imap *im, struct imap_cmd *cmd, struct reply *r)
{
	const struct action *act;
	struct target *v;
	struct arg *a;
	size_t i, n;

	a = cmd->args;
	for (i = 0; i < NITEMS(actions) && !arg_is(a, actions[i].name); i++)
		;
	act = i < NITEMS(actions) ? &actions[i] : NULL;
	if (act != NULL)
		a = a->next;
	/* imap-wire.md 16, Q14: with a status word. */
	if (act == NULL || take_targets(im, cmd, &a, &v, &n) != E_OK ||
	    check_args(act, a) != E_OK) {
		reply_no(r, "ACL FAILED: Invalid argument");
		return;
	}
	for (i = 0; i < n; i++) {
		imap_out(im);
		one(im, cmd, act, &v[i], a);
	}
	reply_ok(r, "");
	str_catf(&r->text, "ACL %s completed.", act->name);
}
