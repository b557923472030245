/* Client of authdaemond.  SPDX-License-Identifier: ISC */
/*
 * It trusts whoever owns the socket's folder, and nothing else: a reply is
 * bounded in size and in time.
 */

#include "base/base.h"
#include "base/base64.h"
#include "base/clock.h"
#include "base/file.h"
#include "base/io.h"
#include "base/log.h"
#include "base/mem.h"
#include "base/num.h"
#include "base/sig.h"
#include "base/str.h"

#include "authcl/authcl.h"
#include "authcl/authcl_int.h"
#include "authcl/authproto.h"

#include <sys/socket.h>
#include <sys/un.h>
#include <poll.h>

static int	connect_to(const struct authcl *);
static int	finish_connect(int, u32);
static int	send_request(const struct authcl *, const struct authreq *,
		    int *);
static int	read_reply(const struct authcl *, int, u64, struct str *);
static int	ask_once(const struct authcl *, const struct authreq *,
		    struct authinfo *);
static int	is_old(const struct authcl *, const struct authreq *);
static int	ask(const struct authcl *, struct authreq *,
		    struct authinfo *);
static int	rewrite_response(const struct authcl *, const char *,
		    struct str *);
static int	read_entry(char *, authcl_entry_fn *, void *);

void
authcl_init(struct authcl *cl, const char *path)
{
	memset(cl, 0, sizeof(*cl));
	cl->path = path == NULL ? PATH_AUTHVARDIR "/socket" : path;
	cl->remote_ip = cl->default_domain = cl->domain_sep = NULL;
	cl->connect_secs = cl->write_secs = 10;
	cl->read_secs = 30;
}

int
authcl_has_control(const char *s)
{
	for (; *s != '\0'; s++)
		if ((unsigned char)*s < ' ')
			return TRUE;
	return FALSE;
}

/* A full backlog of a Unix socket shows as EAGAIN: try until the deadline. */
static int
finish_connect(int fd, u32 secs)
{
	struct pollfd pfd;
	int err = 0;
	socklen_t len = sizeof(err);

	pfd.fd = fd;
	pfd.events = POLLOUT;
	pfd.revents = 0;
	if (poll(&pfd, 1, (int)secs * 1000) <= 0)
		return ETIMEDOUT;
	if (getsockopt(fd, SOL_SOCKET, SO_ERROR, &err, &len) < 0)
		return errno;
	return err;
}

static int
connect_to(const struct authcl *cl)
{
	struct sockaddr_un sun;
	u64 deadline = clock_deadline(cl->connect_secs);
	int fd, err;

	memset(&sun, 0, sizeof(sun));
	sun.sun_family = AF_UNIX;
	if (strlen(cl->path) >= sizeof(sun.sun_path))
		return E_TEMP;
	memcpy(sun.sun_path, cl->path, strlen(cl->path) + 1);
	fd = socket(AF_UNIX, SOCK_STREAM, 0);
	if (fd < 0) {
		log_err("authdaemon: socket() failed: %s", strerror(errno));
		return E_TEMP;
	}
	file_cloexec(fd, TRUE);
	file_nonblock(fd, TRUE);
	for (;;) {
		err = 0;
		if (connect(fd, (struct sockaddr *)&sun, sizeof(sun)) == 0)
			break;
		err = errno;
		if (err == EINPROGRESS)
			err = finish_connect(fd, cl->connect_secs);
		if (err == 0 || (err != EAGAIN && err != EINTR) ||
		    clock_left(deadline) == 0)
			break;
		clock_sleep_ms(50);
	}
	if (err == 0)
		return fd;
	log_err("authdaemon: s_connect() failed: %s", strerror(err));
	if (err == ECONNREFUSED || err == ETIMEDOUT)
		log_err("[Hint: perhaps authdaemond is not running?]");
	close(fd);
	errno = err;
	return E_TEMP;
}

static int
send_request(const struct authcl *cl, const struct authreq *r, int *out_fd)
{
	struct io *io;
	struct str s;
	int fd, rc;

	str_init(&s, 0);
	rc = authproto_put_request(r, &s);
	if (rc != E_OK) {
		str_wipe_free(&s);
		return E_INVAL;
	}
	fd = connect_to(cl);
	if (fd < 0) {
		str_wipe_free(&s);
		return E_TEMP;
	}
	io = io_fd_new(fd, fd);
	io_set_deadline(io, clock_deadline(cl->write_secs));
	io_put(io, s.data, s.len);
	rc = io_flush(io);
	io_free(&io);
	str_wipe_free(&s);
	if (rc != E_OK) {
		close(fd);
		return E_TEMP;
	}
	*out_fd = fd;
	return E_OK;
}

/* One piece more of the reply. E_OK, E_EOF, E_TIMEOUT, E_TEMP, E_TOOBIG. */
static int
read_reply(const struct authcl *cl, int fd, u64 deadline, struct str *reply)
{
	struct pollfd pfd[2];
	char *p;
	ssize_t n;

	pfd[0].fd = fd;
	pfd[1].fd = cl->stop != NULL ? sig_fd() : -1;
	pfd[0].events = pfd[1].events = POLLIN;
	for (;;) {
		pfd[0].revents = pfd[1].revents = 0;
		n = poll(pfd, pfd[1].fd < 0 ? 1 : 2, clock_left(deadline));
		if (n == 0)
			return E_TIMEOUT;
		if (n < 0 && errno != EINTR)
			return E_TEMP;
		if (cl->stop != NULL && cl->stop()) {
			errno = EINTR;
			return E_TEMP;
		}
		if (n < 0 || pfd[0].revents == 0) {
			sig_drain();
			continue;
		}
		p = str_ready(reply, 2048);
		if (p == NULL)
			return E_TOOBIG;
		n = read(fd, p, 2048);
		if (n > 0) {
			str_commit(reply, (size_t)n);
			return E_OK;
		}
		if (n == 0)
			return E_EOF;
		if (errno != EINTR && errno != EAGAIN)
			return E_TEMP;
	}
}

/* Sends PRE or AUTH once and reads the account. E_EOF: not a byte came. */
static int
ask_once(const struct authcl *cl, const struct authreq *r,
    struct authinfo *out)
{
	struct str reply;
	u64 deadline;
	int fd, rc;

	rc = send_request(cl, r, &fd);
	if (rc != E_OK)
		return rc;
	deadline = clock_deadline(cl->read_secs);
	str_init(&reply, 4 * AUTHPROTO_REPLY_MAX);
	do {
		rc = read_reply(cl, fd, deadline, &reply);
		if (rc == E_OK)
			rc = authproto_get_account(str_c(&reply), reply.len,
			    TRUE, out);
		else if (rc == E_EOF && reply.len > 0)
			rc = authproto_get_account(str_c(&reply), reply.len,
			    FALSE, out);
	} while (rc == E_BUSY);
	close(fd);
	str_wipe_free(&reply);
	return rc;
}

/* A daemon older than the metadata lines closes at once when it sees one;
   others say FAIL to a request for a module that nobody has. */
static int
is_old(const struct authcl *cl, const struct authreq *r)
{
	struct authreq probe;
	struct authinfo none;
	int rc;

	authreq_init(&probe);
	authinfo_init(&none);
	probe.verb = AUTH_PRE;
	probe.module = mem_strdup("-");
	probe.service = mem_strdup(r->service);
	probe.userid = mem_strdup("-");
	probe.remote_ip = mem_strdup(r->remote_ip);
	rc = ask_once(cl, &probe, &none);
	authinfo_free(&none);
	authreq_free(&probe);
	return rc == E_EOF;
}

/* The request goes to an old daemon once more, without metadata: then what
   closes the connection is its own. */
static int
ask(const struct authcl *cl, struct authreq *r, struct authinfo *out)
{
	u64 before = clock_msec();
	int rc;

	rc = ask_once(cl, r, out);
	if (rc == E_EOF && r->remote_ip != NULL &&
	    clock_msec() - before < 1000 && is_old(cl, r)) {
		r->remote_ip = mem_free(r->remote_ip);
		rc = ask_once(cl, r, out);
	}
	if (rc == E_OK || rc == E_PERM || rc == E_INVAL)
		return rc;
	if (rc == E_TIMEOUT)
		errno = ETIMEDOUT;
	else if (rc != E_TEMP)
		errno = EIO;
	if (rc != E_TEMP)
		log_err("authdaemon: no answer: %s", rc == E_EOF ?
		    "it closed the connection" : err_text(rc));
	return E_TEMP;
}

void
authcl_add_domain(const struct authcl *cl, const char *userid, size_t n,
    struct str *out)
{
	const char *seps = cl->domain_sep, *dom = cl->default_domain;
	size_t i;

	str_cat(out, userid, n);
	if (dom == NULL || *dom == '\0')
		return;
	for (i = 0; i < n; i++)
		if (seps != NULL ? strchr(seps, userid[i]) != NULL :
		    userid[i] == *dom)
			return;
	str_cats(out, dom);
}

int
authcl_auth(const struct authcl *cl, const char *service, const char *type,
    struct str *data, struct authinfo *out)
{
	struct authreq r;
	int rc;

	authreq_init(&r);
	r.verb = AUTH_AUTH;
	r.service = mem_strdup(service);
	r.authtype = mem_strdup(type);
	r.authdata = mem_strdup(str_c(data));
	if (cl->remote_ip != NULL && !authcl_has_control(cl->remote_ip))
		r.remote_ip = mem_strdup(cl->remote_ip);
	rc = data->toobig ? E_INVAL : ask(cl, &r, out);
	authreq_free(&r);
	str_wipe_free(data);
	return rc;
}

int
authcl_login(const struct authcl *cl, const char *service,
    const char *userid, const char *password, struct authinfo *out)
{
	struct str data;

	if (authcl_has_control(userid) || authcl_has_control(password))
		return E_INVAL;
	str_init(&data, 2 * AUTHPROTO_DATA_MAX);
	authcl_add_domain(cl, userid, strlen(userid), &data);
	str_catc(&data, '\n');
	str_cats(&data, password);
	str_catc(&data, '\n');
	return authcl_auth(cl, service, "login", &data, out);
}

/* response = base64( userid SP digest ): the default domain goes behind the
   userid, which ends at the first blank. */
static int
rewrite_response(const struct authcl *cl, const char *response,
    struct str *out)
{
	struct str plain, wide;
	const char *sp;
	int rc;

	str_init(&plain, AUTHPROTO_DATA_MAX);
	str_init(&wide, AUTHPROTO_DATA_MAX);
	rc = base64_decode(response, strlen(response), &plain);
	sp = rc == E_OK ? memchr(str_c(&plain), ' ', plain.len) : NULL;
	if (sp != NULL) {
		authcl_add_domain(cl, plain.data, (size_t)(sp - plain.data), &wide);
		str_cat(&wide, sp, plain.len - (size_t)(sp - plain.data));
		rc = base64_encode(str_c(&wide), wide.len, out);
	} else
		rc = str_cats(out, response);
	str_wipe_free(&plain);
	str_wipe_free(&wide);
	return rc;
}

int
authcl_cram(const struct authcl *cl, const char *service,
    const char *mech, const char *challenge, const char *response,
    struct authinfo *out)
{
	struct str type, data;
	int rc;

	if (authcl_has_control(challenge) || authcl_has_control(response))
		return E_INVAL;
	str_init(&type, 64);
	str_init(&data, AUTHPROTO_DATA_MAX);
	str_catf(&type, "cram-%s", mech);
	str_cats(&data, challenge);
	str_catc(&data, '\n');
	if (cl->default_domain != NULL)
		rewrite_response(cl, response, &data);
	else
		str_cats(&data, response);
	str_catc(&data, '\n');
	rc = authcl_auth(cl, service, str_c(&type), &data, out);
	str_free(&type);
	return rc;
}

int
authcl_pre(const struct authcl *cl, const char *service,
    const char *userid, struct authinfo *out)
{
	struct authreq r;
	int rc;

	if (authcl_has_control(userid))
		return E_INVAL;
	if (*userid == '\0')
		return E_PERM;
	authreq_init(&r);
	r.verb = AUTH_PRE;
	r.service = mem_strdup(service);
	r.userid = mem_strdup(userid);
	if (cl->remote_ip != NULL && !authcl_has_control(cl->remote_ip))
		r.remote_ip = mem_strdup(cl->remote_ip);
	rc = ask(cl, &r, out);
	authreq_free(&r);
	return rc;
}

int
authcl_passwd(const struct authcl *cl, const char *service,
    const char *userid, const char *oldpass, const char *newpass)
{
	struct authreq r;
	struct str reply;
	u64 deadline;
	int fd, rc;

	if (authcl_has_control(userid) || authcl_has_control(oldpass) ||
	    authcl_has_control(newpass) || authcl_has_control(service))
		return E_INVAL;
	authreq_init(&r);
	r.verb = AUTH_PASSWD;
	r.service = mem_strdup(service);
	r.userid = mem_strdup(userid);
	r.oldpass = mem_strdup(oldpass);
	r.newpass = mem_strdup(newpass);
	rc = send_request(cl, &r, &fd);
	authreq_free(&r);
	if (rc != E_OK)
		return rc;
	str_init(&reply, AUTHPROTO_REPLY_MAX);
	deadline = clock_deadline(cl->read_secs);
	while ((rc = read_reply(cl, fd, deadline, &reply)) == E_OK)
		;
	close(fd);
	rc = strcmp(str_c(&reply), "OK\n") == 0 ? E_OK : E_PERM;
	str_free(&reply);
	return rc;
}

/* One line: name TAB uid TAB gid TAB home [ TAB maildir [ TAB options ]].
   Returns TRUE at the end of the list. */
static int
read_entry(char *line, authcl_entry_fn *fn, void *ctx)
{
	char *f[7], *p = line;
	int n = 0;
	u32 uid, gid;

	if (strcmp(line, ".") == 0)
		return TRUE;
	line[strcspn(line, "#")] = '\0';
	while (n < 7 && p != NULL) {
		f[n++] = p;
		p = strchr(p, '\t');
		if (p != NULL)
			*p++ = '\0';
	}
	if (n < 4 || num_scan_u32(f[1], strlen(f[1]), &uid) == 0 ||
	    num_scan_u32(f[2], strlen(f[2]), &gid) == 0 ||
	    uid == 0 || gid == 0)
		return FALSE;
	fn(ctx, f[0], (uid_t)uid, (gid_t)gid, f[3], n > 4 ? f[4] : NULL,
	    n > 5 ? f[5] : NULL);
	return FALSE;
}

int
authcl_enumerate(const struct authcl *cl, authcl_entry_fn *fn, void *ctx)
{
	struct authreq r;
	struct str line;
	struct io *io;
	int fd, rc, done = FALSE;

	authreq_init(&r);
	r.verb = AUTH_ENUMERATE;
	rc = send_request(cl, &r, &fd);
	authreq_free(&r);
	if (rc != E_OK)
		return rc;
	io = io_fd_new(fd, fd);
	str_init(&line, 0);
	while (!done) {
		str_reset(&line);
		io_set_deadline(io, clock_deadline(2 * cl->read_secs));
		rc = io_get_line(io, AUTHPROTO_LINE_MAX, &line);
		if (rc == E_TOOBIG)
			io_skip_line(io);
		if (rc != E_OK && rc != E_TOOBIG)
			break;
		if (rc == E_OK && line.len > 0)
			done = read_entry(line.data, fn, ctx);
	}
	io_free(&io);
	close(fd);
	str_free(&line);
	return done ? E_OK : E_TEMP;
}
