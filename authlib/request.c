/* One request, one reply (authdaemon.md 2).  SPDX-License-Identifier: ISC */

#include "base/base.h"

#include "base/clock.h"
#include "base/mem.h"
#include "authlib/lib.h"

#define REPLY_MAX	8192	/* and its NUL */
#define OLD_MS		1000	/* see authdaemondo_meta */
#define PROBE		"PRE - - -\n"
#define A_LINE		"CLIENT=libcourierauth"	/* see with_meta */

/* The names of a reply, and where their values go. */
static const struct attribute {
	const char	*name;
	size_t		offset;
} attributes[] = {
	{ "USERNAME", offsetof(struct authinfo, sysusername) },
	{ "HOME", offsetof(struct authinfo, homedir) },
	{ "ADDRESS", offsetof(struct authinfo, address) },
	{ "NAME", offsetof(struct authinfo, fullname) },
	{ "MAILDIR", offsetof(struct authinfo, maildir) },
	{ "QUOTA", offsetof(struct authinfo, quota) },
	{ "PASSWD", offsetof(struct authinfo, passwd) },
	{ "PASSWD2", offsetof(struct authinfo, clearpasswd) },
	{ "OPTIONS", offsetof(struct authinfo, options) }
};

static int is_complete(const char *, size_t);
static long read_reply(int, char *);
static void take_line(char *, struct authinfo *, uid_t *);
static int take_reply(char *, struct authinfo *, uid_t *);
static int ask(int, int, const char *, size_t, auth_callback_fn *, void *,
    int *);
static char *with_meta(const struct auth_meta *, const char *, size_t *);
static int is_old(const char *, size_t);

static int
is_complete(const char *buf, size_t n)
{
	return (n >= 3 && memcmp(buf + n - 3, "\n.\n", 3) == 0) ||
	    (n == 5 && memcmp(buf, "FAIL\n", 5) == 0);
}

/* The number of bytes, of which at most REPLY_MAX - 1 are kept; -1, errno. */
static long
read_reply(int fd, char *buf)
{
	u64 deadline = clock_deadline(lib_secs("TIMEOUT_READ", 30));
	size_t n = 0;
	long r;

	while (n < REPLY_MAX - 1 && !is_complete(buf, n)) {
		r = lib_read(fd, buf + n, REPLY_MAX - 1 - n, deadline);
		if (r < 0)
			return -1;
		if (r == 0)
			break;
		n += (size_t)r;
	}
	buf[n] = '\0';
	return (long)n;
}

/* A line without its LF. */
static void
take_line(char *line, struct authinfo *a, uid_t *uid)
{
	char *value = strchr(line, '=');
	size_t i;

	if (value == NULL)
		return;
	*value++ = '\0';
	if (strcmp(line, "UID") == 0) {
		*uid = (uid_t)strtol(value, NULL, 10);
		a->sysuserid = uid;
	} else if (strcmp(line, "GID") == 0) {
		a->sysgroupid = (gid_t)strtol(value, NULL, 10);
	}
	for (i = 0; i < NITEMS(attributes); i++)
		if (strcmp(attributes[i].name, line) == 0)
			memcpy((char *)a + attributes[i].offset, &value,
			    sizeof(value));
}

/* E_OK, E_PERM, or E_TEMP without an end. */
static int
take_reply(char *buf, struct authinfo *a, uid_t *uid)
{
	char *line, *next;

	memset(a, 0, sizeof(*a));
	a->homedir = "";
	for (line = buf; *line != '\0'; line = next) {
		next = line + strcspn(line, "\n");
		if (*next != '\0')
			*next++ = '\0';
		if (strcmp(line, ".") == 0)
			return E_OK;
		if (strcmp(line, "FAIL") == 0)
			return E_PERM;
		take_line(line, a, uid);
	}
	return E_TEMP;
}

/* *empty: not a byte came. */
static int
ask(int wr, int rd, const char *req, size_t n, auth_callback_fn *fn,
    void *arg, int *empty)
{
	char buf[REPLY_MAX];
	struct authinfo a;
	uid_t uid;
	long got;
	int r;

	*empty = FALSE;
	if (lib_send(wr, req, n) < 0)
		return 1;
	got = read_reply(rd, buf);
	if (got < 0)
		return 1;
	*empty = got == 0;
	r = take_reply(buf, &a, &uid);
	if (r == E_OK)
		r = fn(&a, arg);
	else {
		errno = r == E_PERM ? EPERM : EIO;
		r = r == E_PERM ? -1 : 1;
	}
	mem_wipe(buf, (size_t)got);
	return r;
}

int
_authdaemondo(int wrfd, int rdfd, const char *request, auth_callback_fn *fn,
    void *arg)
{
	int empty;

	return ask(wrfd, rdfd, request, strlen(request), fn, arg, &empty);
}

/*
 * The request with the lines in front, malloc-ed, and their length; NULL and
 * errno. An AUTH never goes without one: authdaemond tells whom it may answer
 * with silence by that (authdaemonrc, AUTHDAEMON_TEMPFAIL), and Courier's
 * takes every name.
 */
static char *
with_meta(const struct auth_meta *meta, const char *req, size_t *out_meta)
{
	static char line[] = A_LINE;
	static char *const always[] = { line, NULL };
	char *const *v = meta->envvars;
	char *s, *p;
	size_t n = 0, i;

	if ((v == NULL || *v == NULL) && strncmp(req, "AUTH ", 5) == 0)
		v = always;

	for (i = 0; v != NULL && v[i] != NULL; i++) {
		if (lib_has_control(v[i])) {
			errno = EINVAL;
			return NULL;
		}
		n += strlen(v[i]) + 1;
	}
	p = s = malloc(n + strlen(req) + 1);
	if (s == NULL)
		return NULL;
	for (i = 0; v != NULL && v[i] != NULL; i++) {
		n = strlen(v[i]);
		memcpy(p, v[i], n);
		p += n;
		*p++ = '\n';
	}
	memcpy(p, req, strlen(req) + 1);
	*out_meta = (size_t)(p - s);
	return s;
}

/* A daemon older than the metadata closes at once when it sees some; others
   say FAIL to a request for a module that nobody has. */
static int
is_old(const char *lines, size_t n)
{
	char buf[REPLY_MAX], *s;
	int fd, old = FALSE;

	s = malloc(n + sizeof(PROBE));
	if (s == NULL)
		return FALSE;
	memcpy(s, lines, n);
	memcpy(s + n, PROBE, sizeof(PROBE));
	fd = lib_connect();
	if (fd >= 0) {
		old = lib_send(fd, s, strlen(s)) >= 0 &&
		    read_reply(fd, buf) == 0;
		close(fd);
	}
	free(s);
	return old;
}

/* An old daemon is asked again without metadata: others would take that for
   another program's request. */
int
authdaemondo_meta(struct auth_meta *given, const char *request,
    auth_callback_fn *fn, void *arg)
{
	struct auth_meta *meta = given;
	u64 before = clock_msec();
	size_t skip = 0;
	char *s;
	int fd, again = FALSE, r = 1;

	if (meta == NULL)
		meta = auth_meta_init_default();
	s = meta == NULL ? NULL : with_meta(meta, request, &skip);
	fd = s == NULL ? -1 : lib_connect();
	if (fd >= 0) {
		r = ask(fd, fd, s, strlen(s), fn, arg, &again);
		close(fd);
	}
	if (again && skip > 0 && clock_msec() - before < OLD_MS &&
	    is_old(s, skip) && (fd = lib_connect()) >= 0) {
		r = ask(fd, fd, s + skip, strlen(s + skip), fn, arg, &again);
		close(fd);
	}
	if (s != NULL)
		mem_wipe(s, strlen(s));
	free(s);
	if (given == NULL)
		auth_meta_destroy_default(meta);
	return r;
}

void
auth_daemon_cleanup(void)
{
}
