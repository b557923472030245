/* maildiracl: access lists of a maildir's folders (maildir.md 10.2).
   SPDX-License-Identifier: ISC */

#include "base/base.h"

#include <sys/stat.h>
#include <stdio.h>

#include "base/i18n.h"
#include "base/pool.h"
#include "base/str.h"
#include "maildir/folder.h"

#define ROOT		"INBOX"
#define HOST_MAX	256

/* What the command line asks for. */
struct job {
	const char	*prog;
	const char	*path;		/* of the maildir */
	const char	*folder;	/* without its dot; "" is INBOX */
	struct maildir	*md;
	struct md_acl	acl;
	char		**args;		/* after the folder */
	size_t		n;
};

typedef int job_fn(struct job *);

static int	complain(const char *, int);
static int	usage(void);
static int	take_folder(struct job *, const char *);
static int	there(const struct job *);
static int	store(struct job *);
static job_fn	compute, delete_entry, list, reset, set_entry;

static const struct {
	const char	*option;
	job_fn		*run;
	int		args;		/* at least, with maildir and folder */
} actions[] = {
	{ "-reset", reset, 1 },
	{ "-list", list, 2 },
	{ "-set", set_entry, 4 },
	{ "-delete", delete_entry, 3 },
	{ "-compute", compute, 3 }
};

/* With the words of the system, as ever. */
static int
complain(const char *what, int e)
{
	static const struct {
		int	e, err;
	} codes[] = {
		{ E_INVAL, EINVAL },
		{ E_NOENT, ENOENT },
		{ E_PERM, EACCES },
		{ E_NOSPACE, ENOSPC },
		{ E_TOOBIG, EFBIG }
	};
	size_t i;

	for (i = 0; i < NITEMS(codes) && codes[i].e != e; i++)
		;
	fprintf(stderr, "%s: %s\n", what,
	    strerror(i < NITEMS(codes) ? codes[i].err : EIO));
	return 1;
}

static int
usage(void)
{
	fputs(_("Usage: maildiracl [ options ] maildir [INBOX[.folder] "
	    "[identifier rights]]\n"), stdout);
	return 1;
}

static int
take_folder(struct job *j, const char *name)
{
	size_t n;

	n = sizeof(ROOT) - 1;
	if (strncmp(name, ROOT, n) != 0 || (name[n] != '\0' && name[n] != '.'))
		return E_INVAL;
	j->folder = name + n + (name[n] == '.');
	return E_OK;
}

/* INBOX has a list in any case. */
static int
there(const struct job *j)
{
	struct stat st;

	return *j->folder == '\0' || stat(j->path, &st) == 0 ? E_OK :
	    err_from_errno(errno);
}

/* ---- actions ------------------------------------------------------------ */

static int
reset(struct job *j)
{
	int e;

	e = maildir_acl_reset(j->md);
	return e == E_OK ? 0 : complain(j->path, e);
}

static int
list(struct job *j)
{
	size_t i;

	for (i = 0; i < j->acl.n; i++)
		printf("%s\t%s\n", j->acl.v[i].id, j->acl.v[i].rights);
	return 0;
}

static int
compute(struct job *j)
{
	struct str s;

	str_init(&s, 0);
	md_acl_compute(&j->acl, (const char *const *)(void *const *)
	    (void *)j->args, j->n, &s);
	puts(str_c(&s));
	str_free(&s);
	return 0;
}

static int
store(struct job *j)
{
	const char *lacks;
	int e;

	lacks = md_acl_lacks(&j->acl, NULL);
	if (lacks != NULL && strcmp(lacks, "owner") == 0) {
		fputs(_("Trying to set invalid access rights for owner\n"),
		    stderr);
		return 1;
	}
	e = lacks != NULL ? E_INVAL :
	    maildir_acl_write(j->md, j->folder, &j->acl);
	return e == E_OK ? 0 : complain(j->path, e);
}

static int
set_entry(struct job *j)
{
	int e;

	e = md_acl_modify(&j->acl, j->args[0], j->args[1]);
	return e == E_OK ? store(j) : complain(j->prog, e);
}

static int
delete_entry(struct job *j)
{
	md_acl_delete(&j->acl, j->args[0]);
	return store(j);
}

/* maildiracl -option maildir [INBOX[.folder] [[-]identifier [rights]]] */
int
main(int argc, char **argv)
{
	struct md_opts opts;
	struct job j;
	char host[HOST_MAX];
	size_t i;
	int e, status;

	i18n_init();
	for (i = 0; i < NITEMS(actions); i++)
		if (argc > 1 && strcmp(argv[1], actions[i].option) == 0)
			break;
	if (i == NITEMS(actions) || argc < 2 + actions[i].args)
		return usage();
	memset(&j, 0, sizeof(j));
	memset(&opts, 0, sizeof(opts));
	if (gethostname(host, sizeof(host)) < 0)
		host[0] = '\0';
	host[sizeof(host) - 1] = '\0';
	opts.host = host;
	opts.sync = TRUE;
	j.prog = argv[0];
	j.path = argv[2];
	if (actions[i].args > 1 && take_folder(&j, argv[3]) != E_OK)
		return complain(argv[3], E_INVAL);
	j.args = argv + 4;
	j.n = argc > 4 ? (size_t)argc - 4 : 0;
	j.md = maildir_new(j.path, &opts);
	md_acl_init(&j.acl, pool_new());
	e = E_OK;
	if (actions[i].args > 1) {
		e = there(&j);
		if (e == E_OK)
			e = maildir_acl_read(j.md, j.folder, &j.acl);
	}
	status = e == E_OK ? actions[i].run(&j) : complain(j.path, e);
	pool_free(&j.acl.pool);
	maildir_free(&j.md);
	return status;
}
