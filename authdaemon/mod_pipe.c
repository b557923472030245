/* authpipe: a program of the site's own says who has which account
   (authdaemon.md 4.8).  SPDX-License-Identifier: ISC */

/*
 * Each worker has one, started at the first request. It gets the bytes of a
 * request on its standard input and answers on its standard output, as
 * authdaemond itself would.
 */

#include "base/base.h"

#include <sys/wait.h>
#include <signal.h>

#include "base/clock.h"
#include "base/file.h"
#include "base/io.h"
#include "base/log.h"
#include "base/mem.h"
#include "base/num.h"
#include "base/proc.h"
#include "base/sig.h"
#include "base/str.h"
#include "conf/env.h"
#include "authcl/authproto.h"
#include "authdaemon/module.h"

#define PROGRAM		"authProg"
#define READ_SECS	30	/* TIMEOUT_READ: for the whole reply */
#define WRITE_SECS	10	/* TIMEOUT_WRITE */
#define ENTRY_SECS	60	/* for a line of a list */
#define GRACE_MS	2000	/* to end by itself, and again after TERM */
#define POLL_MS		20
#define REPLY_MAX	(4 * AUTHPROTO_REPLY_MAX)
#define FIELDS		6	/* of a line of a list */

static u32 limit(const char *, u32);
static int pipe_init(void);
static void pipe_done(void);
static void run_program(int, int) NORETURN;
static int start(void);
static int ended_within(u32);
static void stop(void);
static int is_ready(void);
static int send_request(const struct authreq *);
static int read_account(struct authinfo *);
static int account(struct authreq *, struct authinfo *);
static int pipe_pre(const struct auth_query *, struct authinfo *);
static int pipe_auth(const struct auth_query *, struct authinfo *);
static int pipe_passwd(const struct auth_query *, const char *);
static int put_entry(char *, auth_entry_fn *, void *);
static int list(auth_entry_fn *, void *);
static int pipe_enumerate(auth_entry_fn *, void *);

extern const struct auth_module AUTH_MODULE(mod_pipe);
const struct auth_module AUTH_MODULE(mod_pipe) = {
	AUTH_MODULE_ABI,	/* abi */
	"authpipe",		/* name */
	pipe_init,		/* init */
	pipe_pre,		/* pre */
	NULL,			/* login: see auth */
	NULL,			/* cram */
	pipe_passwd,		/* passwd */
	pipe_enumerate,		/* enumerate */
	stop,			/* idle */
	pipe_done,		/* done */
	pipe_auth,		/* auth */
	auth_always_root,	/* needs_root */
	NULL,			/* files */
	NULL,			/* settings */
	NULL,			/* forget */
	NULL			/* ahead */
};

static struct str path;
static int usable;		/* the program could be run at the start */
static pid_t pid;		/* 0: not running */
static struct io *io;
static int to_fd, from_fd;

static u32
limit(const char *name, u32 other)
{
	u32 secs;

	secs = env_u32(name, other);
	return secs > 0 ? secs : other;
}

/* A site without the program has no accounts here; that is no trouble. */
static int
pipe_init(void)
{
	str_init(&path, 0);
	auth_path(PROGRAM, &path);
	usable = access(str_c(&path), X_OK) == 0;
	if (!usable)
		log_debug("authpipe: disabled: failed to stat pipe program "
		    "%s: %s", str_c(&path), strerror(errno));
	return E_OK;
}

/* ---- the program -------------------------------------------------------- */

static void
run_program(int in, int out)
{
	char *argv[2];

	dup2(in, STDIN_FILENO);
	dup2(out, STDOUT_FILENO);
	proc_close_from(STDERR_FILENO + 1);
	sig_default(SIGPIPE);
	argv[0] = path.data;
	argv[1] = NULL;
	execv(argv[0], argv);
	log_syserr("authpipe: %s", argv[0]);
	_exit(1);
}

static int
start(void)
{
	int to[2], from[2];

	if (pipe(to) < 0) {
		log_syserr("authpipe: pipe");
		return E_TEMP;
	}
	if (pipe(from) < 0 || (pid = fork()) < 0) {
		log_syserr("authpipe: no process");
		close(to[0]);
		close(to[1]);
		pid = 0;
		return E_TEMP;
	}
	if (pid == 0)
		run_program(to[0], from[1]);
	close(to[0]);
	close(from[1]);
	to_fd = to[1];
	from_fd = from[0];
	file_cloexec(to_fd, TRUE);
	file_cloexec(from_fd, TRUE);
	file_nonblock(to_fd, TRUE);
	file_nonblock(from_fd, TRUE);
	io = io_fd_new(from_fd, to_fd);
	log_debug("authpipe: started %s, pid %ld", str_c(&path), (long)pid);
	return E_OK;
}

static int
ended_within(u32 ms)
{
	u64 until = clock_msec() + ms;

	while (waitpid(pid, NULL, WNOHANG) == 0) {
		if (clock_msec() >= until)
			return FALSE;
		clock_sleep_ms(POLL_MS);
	}
	return TRUE;
}

/* The end of its input tells a program to end; then TERM, then KILL. */
static void
stop(void)
{
	int status;

	if (pid == 0)
		return;
	io_free(&io);
	close(to_fd);
	close(from_fd);
	if (!ended_within(GRACE_MS)) {
		kill(pid, SIGTERM);
		if (!ended_within(GRACE_MS)) {
			kill(pid, SIGKILL);
			proc_wait(pid, &status);
		}
	}
	pid = 0;
}

static void
pipe_done(void)
{
	stop();
	str_free(&path);
}

/* One that has ended, or says what nobody asked for, is replaced. */
static int
is_ready(void)
{
	if (pid != 0 && io_wait(io, -1, 0) != E_TIMEOUT)
		stop();
	return pid != 0 ? E_OK : start();
}

/* ---- requests ----------------------------------------------------------- */

static int
send_request(const struct authreq *req)
{
	struct str text;
	int r;

	if (is_ready() != E_OK)
		return E_TEMP;
	str_init(&text, 0);
	r = authproto_put_request(req, &text);
	if (r != E_OK) {
		str_wipe_free(&text);
		return E_PERM;		/* nobody has such a name */
	}
	io_set_deadline(io, clock_deadline(limit("TIMEOUT_WRITE",
	    WRITE_SECS)));
	io_put(io, str_c(&text), text.len);
	r = io_flush(io);
	str_wipe_free(&text);
	return r == E_OK ? E_OK : E_TEMP;
}

static int
read_account(struct authinfo *out)
{
	struct str reply;
	char *to;
	long n;
	int r;

	str_init(&reply, REPLY_MAX);
	io_set_deadline(io, clock_deadline(limit("TIMEOUT_READ", READ_SECS)));
	do {
		to = str_ready(&reply, AUTHPROTO_REPLY_MAX / 4);
		n = to == NULL ? E_TOOBIG : io_read(io, to,
		    AUTHPROTO_REPLY_MAX / 4);
		if (n > 0)
			str_commit(&reply, (size_t)n);
		r = n > 0 || n == E_EOF ? authproto_get_account(str_c(&reply),
		    reply.len, n > 0, out) : (int)n;
	} while (r == E_BUSY);
	str_wipe_free(&reply);
	return r;
}

/* Sends it and reads the account. A program that fails is started anew for
   the next one. */
static int
account(struct authreq *req, struct authinfo *out)
{
	int r;

	if (!usable)
		return E_PERM;
	r = send_request(req);
	if (r == E_OK)
		r = read_account(out);
	if (r != E_OK && r != E_PERM) {
		log_err("authpipe: no answer: %s", err_text(r));
		stop();
		return E_TEMP;
	}
	if (r == E_OK && ((out->has_uid && out->uid == 0) || out->gid == 0)) {
		log_err("authpipe: uid or gid of %s is 0",
		    out->address != NULL ? out->address : "?");
		r = E_TEMP;
	}
	return r;
}

static int
pipe_pre(const struct auth_query *q, struct authinfo *out)
{
	struct authreq req;
	int r;

	authreq_init(&req);
	req.verb = AUTH_PRE;
	req.service = mem_strdup(q->service);
	req.userid = mem_strdup(q->userid);
	r = account(&req, out);
	authreq_free(&req);
	return r;
}

static int
pipe_auth(const struct auth_query *q, struct authinfo *out)
{
	struct authreq req;
	int r;

	authreq_init(&req);
	req.verb = AUTH_AUTH;
	req.service = mem_strdup(q->service);
	req.authtype = mem_strdup(q->authtype);
	req.authdata = mem_strdup(q->authdata);
	r = account(&req, out);
	authreq_free(&req);
	return r;
}

static int
pipe_passwd(const struct auth_query *q, const char *newpass)
{
	struct authreq req;
	struct str line;
	int r;

	if (!usable)
		return E_PERM;
	authreq_init(&req);
	req.verb = AUTH_PASSWD;
	req.service = mem_strdup(q->service);
	req.userid = mem_strdup(q->userid);
	req.oldpass = mem_strdup(q->password);
	req.newpass = mem_strdup(newpass);
	str_init(&line, 0);
	r = send_request(&req);
	if (r == E_OK) {
		io_set_deadline(io, clock_deadline(limit("TIMEOUT_READ",
		    READ_SECS)));
		r = io_get_line(io, AUTHPROTO_LINE_MAX, &line);
		if (r != E_OK)
			stop();
		else if (strcmp(str_c(&line), "OK") != 0)
			r = E_PERM;
	}
	authreq_free(&req);
	str_free(&line);
	return r == E_OK || r == E_PERM ? r : E_TEMP;
}

/* ---- lists -------------------------------------------------------------- */

/* name TAB uid TAB gid TAB home [ TAB maildir [ TAB options ]]; others, and
   ids of 0, are no entry. */
static int
put_entry(char *line, auth_entry_fn *fn, void *ctx)
{
	char *f[FIELDS], *p = line;
	u32 uid, gid;
	int n;

	line[strcspn(line, "#")] = '\0';
	for (n = 0; n < FIELDS; n++) {
		f[n] = p;
		if (p != NULL && (p = strchr(p, '\t')) != NULL)
			*p++ = '\0';
	}
	if (f[3] == NULL || num_parse_u32(f[1], &uid) != E_OK ||
	    num_parse_u32(f[2], &gid) != E_OK || uid == 0 || gid == 0)
		return E_OK;
	return fn(ctx, f[0], (uid_t)uid, (gid_t)gid, f[3], f[4], f[5]);
}

static int
list(auth_entry_fn *fn, void *ctx)
{
	struct str line;
	int r;

	str_init(&line, 0);
	do {
		str_reset(&line);
		io_set_deadline(io, clock_deadline(ENTRY_SECS));
		r = io_get_line(io, AUTHPROTO_LINE_MAX, &line);
		if (r == E_OK && strcmp(str_c(&line), ".") == 0)
			break;
		if (r == E_OK && line.len > 0)
			r = put_entry(line.data, fn, ctx);
	} while (r == E_OK);
	str_free(&line);
	return r;
}

static int
pipe_enumerate(auth_entry_fn *fn, void *ctx)
{
	struct authreq req;
	int r;

	if (!usable)
		return E_OK;
	authreq_init(&req);
	req.verb = AUTH_ENUMERATE;
	r = send_request(&req);
	if (r == E_OK)
		r = list(fn, ctx);
	if (r != E_OK)
		stop();			/* what it still says is of no use */
	return r == E_OK ? E_OK : E_TEMP;
}
