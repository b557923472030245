/* GETQUOTA, GETQUOTAROOT, SETQUOTA: RFC 2087, RFC 9208.
   SPDX-License-Identifier: ISC */

#include "base/base.h"

#include "base/io.h"

#include "wire/imaparg.h"
#include "wire/imapout.h"

#include "session/quota.h"

#include "imap/cmd.h"
#include "imap/imap.h"
#include "imap/reply.h"

static void put_quota(struct imap *, const char *);
static void put_resource(struct io *, int *, const char *, u64, u64);

/* quota-resource = resource-name SP resource-usage SP resource-limit */
static void
put_resource(struct io *io, int *n, const char *name, u64 used, u64 max)
{
	if (max == 0)
		return;
	io_putf(io, "%s%s ", (*n)++ > 0 ? " " : "", name);
	io_put_u64(io, used);
	io_putc(io, ' ');
	io_put_u64(io, max);
}

/*
 *   quota-response = "QUOTA" SP quota-root-name SP quota-list
 *   quota-list = "(" quota-resource *(SP quota-resource) ")"
 * "()" where there is no limit: RFC 2087 5.1 (imap-wire.md Q21).
 */
static void
put_quota(struct imap *im, const char *root)
{
	struct quota_state q;
	int n;

	quota_state(im->sess, root, &q);
	io_puts(im->io, "* QUOTA ");
	imapout_quoteds(im->io, root);
	io_puts(im->io, " (");
	n = 0;
	put_resource(im->io, &n, "STORAGE", q.kib, q.kib_max);
	put_resource(im->io, &n, "MESSAGE", q.messages, q.messages_max);
	io_puts(im->io, ")\r\n");
}

/* getquota = "GETQUOTA" SP quota-root-name; any name is taken (Q34). */
void
cmd_getquota(struct imap *im, struct imap_cmd *cmd, struct reply *r)
{
	struct arg *a;
	const char *root;
	size_t n;

	a = cmd->args;
	if (arg_mailbox(&a, &root, &n) != E_OK || a != NULL) {
		reply_syntax(r);
		return;
	}
	put_quota(im, root);
	reply_ok(r, "GETQUOTA Ok.");
}

/*
 *   getquotaroot = "GETQUOTAROOT" SP mailbox
 *   quotaroot-response = "QUOTAROOT" SP mailbox *(SP quota-root-name)
 * The mailbox need not exist (Q34).
 */
void
cmd_getquotaroot(struct imap *im, struct imap_cmd *cmd, struct reply *r)
{
	struct arg *a;
	const char *shown, *root;
	char *name;
	int e;

	a = cmd->args;
	e = imap_existing_arg(im, cmd, r, &a, "Invalid mailbox name.", &name,
	    &shown);
	if (e != E_OK && e != E_NOENT)
		return;
	if (a != NULL) {
		reply_syntax(r);
		return;
	}
	root = quota_root(name);
	io_puts(im->io, "* QUOTAROOT ");
	imapout_quoteds(im->io, shown);
	io_putc(im->io, ' ');
	imapout_quoteds(im->io, root);
	io_puts(im->io, "\r\n");
	put_quota(im, root);
	reply_ok(r, "GETQUOTAROOT Ok.");
}

/* setquota = "SETQUOTA" SP quota-root-name SP setquota-list; quotas are set
   where the accounts are. */
void
cmd_setquota(struct imap *im, struct imap_cmd *cmd, struct reply *r)
{
	(void)im;
	(void)cmd;
	reply_no(r, "SETQUOTA No permission.");
}
