/* authcl: the account record, the socket's language, a client and daemons of
   all kinds.  SPDX-License-Identifier: ISC */

#include "base/base.h"

#include <sys/socket.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <signal.h>

#include "base/clock.h"
#include "base/mem.h"
#include "base/str.h"

#include "authcl/authcl.h"
#include "authcl/authproto.h"

#include "t.h"

static void accounts(void);
static void asks(void);
static void bad_requests(void);
static void ended(pid_t);
static int get(const char *, struct authreq *);
static void note(void *, const char *, uid_t, gid_t, const char *,
	    const char *, const char *);
static void options(void);
static void requests(void);
static void serve(int, const char *, size_t, unsigned);
static pid_t served(const char *, size_t, unsigned);
static int socket_here(void);

static struct str path, got;

/* ---- options ------------------------------------------------------------ */

static void
options(void)
{
	static const struct {
		const char	*options, *name, *value;
		long		number;
	} t[] = {
		{ "disableimap=1,group=staff", "group", "staff", 0 },
		{ "disableimap=1,group=staff", "disableimap", "1", 1 },
		{ "disableimap", "disableimap", "", 1 },
		{ "disableimap=", "disableimap", "", 1 },
		{ "disableimap=0", "disableimap", "0", 0 },
		{ "disableimap=yes", "disableimap", "yes", 1 },
		{ "disableimap=no", "disableimap", "no", 0 },
		{ "disableimap=-7", "disableimap", "-7", -7 },
		{ "disableimap=99999999999", "disableimap", "99999999999", 0 },
		{ "xdisableimap=1", "disableimap", NULL, 0 },
		{ ",,disableimap=1,", "disableimap", "1", 1 },
		{ "a=1,a=2", "a", "1", 1 },
		{ "", "a", NULL, 0 },
		{ NULL, "a", NULL, 0 }
	};
	static const struct {
		const char	*account, *defaults, *merged;
	} m[] = {
		{ NULL, NULL, "" },
		{ "", "a=1", "a=1" },
		{ "a=2", "a=1,b=3", "a=2,b=3" },
		{ "a=2", NULL, "a=2" },
		{ "ab=2", "a=1", "ab=2,a=1" },
		{ "a", ",a=1,,c", "a,c" }
	};
	struct str s;
	size_t i;

	str_init(&s, 0);
	for (i = 0; i < NITEMS(t); i++) {
		str_reset(&s);
		T_INT(authinfo_option(t[i].options, t[i].name, &s),
		    t[i].value == NULL ? E_NOENT : E_OK);
		T_STR(str_c(&s), t[i].value == NULL ? "" : t[i].value);
		T_INT(authinfo_option_int(t[i].options, t[i].name),
		    t[i].number);
	}
	for (i = 0; i < NITEMS(m); i++) {
		str_reset(&s);
		authinfo_merge_options(m[i].account, m[i].defaults, &s);
		T_STR(str_c(&s), m[i].merged);
	}
	str_free(&s);
}

/* ---- the language ------------------------------------------------------- */

static int
get(const char *text, struct authreq *r)
{
	authreq_init(r);
	return authproto_get_request(text, strlen(text), r);
}

/* What one end writes the other reads, and not a byte too early. */
static void
requests(void)
{
	struct authreq a, b;
	struct str s;
	size_t n;

	str_init(&s, 0);
	authreq_init(&a);
	a.verb = AUTH_AUTH;
	a.remote_ip = mem_strdup("192.0.2.1");
	a.service = mem_strdup("imap");
	a.authtype = mem_strdup("login");
	a.authdata = mem_strdup("joe\nse cret\n");
	T_INT(authproto_put_request(&a, &s), E_OK);
	T_STR(str_c(&s), "TCPREMOTEIP=192.0.2.1\nAUTH 23\nimap\nlogin\n"
	    "joe\nse cret\n");
	for (n = 0; n < s.len; n++) {
		authreq_init(&b);
		if (authproto_get_request(s.data, n, &b) != E_BUSY)
			break;
		authreq_free(&b);
	}
	T_INT(n, s.len);
	T_INT(get(str_c(&s), &b), E_OK);
	T_INT(b.verb, AUTH_AUTH);
	T_STR(b.remote_ip, "192.0.2.1");
	T_STR(b.service, "imap");
	T_STR(b.authtype, "login");
	T_STR(b.authdata, "joe\nse cret\n");
	authreq_free(&a);
	authreq_free(&b);

	T_INT(get("PRE . imap joe and more\n", &b), E_OK);
	T_STR(b.module, ".");
	T_STR(b.service, "imap");
	T_STR(b.userid, "joe and more");
	authreq_free(&b);
	T_INT(get("PRE   authuserdb  pop3   joe\n", &b), E_OK);
	T_STR(b.module, "authuserdb");
	T_STR(b.userid, "joe");
	authreq_free(&b);
	T_INT(get("X=1\nOTHER=2\nPASSWD imap\tjoe\told pw\tnew\tmore\n", &b),
	    E_OK);
	T_STR(b.userid, "joe");
	T_STR(b.oldpass, "old pw");
	T_STR(b.newpass, "new");
	T_OK(b.remote_ip == NULL);
	authreq_free(&b);
	T_INT(get("ENUMERATE\n", &b), E_OK);
	T_INT(b.verb, AUTH_ENUMERATE);
	authreq_free(&b);
	str_free(&s);
}

static void
bad_requests(void)
{
	static const struct {
		const char	*text;
		int		result;
	} t[] = {
		{ "", E_BUSY },
		{ "PRE . imap joe", E_BUSY },
		{ "PRE . imap\n", E_SYNTAX },
		{ "PRE . imap \n", E_OK },
		{ "PRE\n", E_SYNTAX },
		{ "\n", E_SYNTAX },
		{ "HELLO joe\n", E_SYNTAX },
		{ "pre . imap joe\n", E_SYNTAX },
		{ "AUTH x\nimap\nlogin\n", E_SYNTAX },
		{ "AUTH 8192\nimap\n", E_TOOBIG },
		{ "AUTH 99999999999999999999\nimap\n", E_SYNTAX },
		{ "AUTH 4\nimap", E_SYNTAX },
		{ "AUTH 11\nimap\nlogin ", E_SYNTAX },
		{ "AUTH 12\nimap\nlogin ", E_BUSY },
		{ "PASSWD imap\tjoe\told\n", E_SYNTAX },
		{ "PASSWD imap\tjoe\told\tn\001w\n", E_PERM }
	};
	static const char control[] = "a\nb\tc d";
	struct authreq r;
	struct str s;
	size_t i;

	for (i = 0; i < NITEMS(t); i++) {
		T_INT(get(t[i].text, &r), t[i].result);
		authreq_free(&r);
	}
	str_init(&s, 0);
	for (i = 0; i <= AUTHPROTO_LINE_MAX; i++)
		str_catc(&s, 'x');
	authreq_init(&r);
	T_INT(authproto_get_request(s.data, s.len, &r), E_TOOBIG);
	authreq_free(&r);
	/* No field can end its line. */
	for (i = AUTH_PRE; i <= AUTH_PASSWD; i++) {
		authreq_init(&r);
		r.verb = (int)i;
		r.service = mem_strdup(control);
		r.userid = mem_strdup(control);
		r.authtype = mem_strdup("login");
		r.authdata = mem_strdup("x\n");
		r.oldpass = mem_strdup("x");
		r.newpass = mem_strdup("x");
		T_INT(authproto_put_request(&r, &s), E_INVAL);
		authreq_free(&r);
	}
	str_free(&s);
}

static void
accounts(void)
{
	struct authinfo a, b, c;
	struct str s;
	size_t n;

	str_init(&s, 0);
	authinfo_init(&a);
	a.has_uid = TRUE;
	a.uid = 5000;
	a.gid = 5001;
	a.address = mem_strdup("joe@example.com");
	a.fullname = mem_strdup("Joe\nUID=0, room 5");
	a.maildir = mem_strdup("./Maildir");
	a.passwd = mem_strdup("");
	a.options = mem_strdup("a=1,b");
	authproto_put_account(&a, &s);
	T_STR(str_c(&s), "UID=5000\nGID=5001\nHOME=\nADDRESS=joe@example.com\n"
	    "NAME=Joe\nMAILDIR=./Maildir\nPASSWD=\nOPTIONS=a=1,b\n.\n");
	for (n = 0; n < s.len; n++) {
		authinfo_init(&b);
		if (authproto_get_account(s.data, n, TRUE, &b) != E_BUSY)
			break;
	}
	T_INT(n, s.len);
	authinfo_init(&b);
	T_INT(authproto_get_account(s.data, s.len, TRUE, &b), E_OK);
	authinfo_init(&c);
	authinfo_copy(&c, &b);
	authinfo_free(&b);
	T_INT(c.has_uid, TRUE);
	T_INT(c.uid, 5000);
	T_INT(c.gid, 5001);
	T_STR(c.homedir, "");
	T_STR(c.address, "joe@example.com");
	T_STR(c.fullname, "Joe");
	T_STR(c.maildir, "./Maildir");
	T_STR(c.passwd, "");
	T_STR(c.options, "a=1,b");
	T_OK(c.sysusername == NULL && c.quota == NULL && c.clearpasswd == NULL);
	authinfo_free(&c);
	T_OK(c.address == NULL);
	/* The end of the stream before the final dot. */
	authinfo_init(&b);
	T_INT(authproto_get_account(s.data, s.len - 3, FALSE, &b), E_TEMP);
	T_OK(b.address == NULL);
	T_INT(authproto_get_account("", 0, FALSE, &b), E_TEMP);
	T_INT(authproto_get_account("FAIL\n", 5, TRUE, &b), E_PERM);
	authinfo_free(&a);
	str_free(&s);
}

/* ---- the client --------------------------------------------------------- */

static int
socket_here(void)
{
	struct sockaddr_un sun;
	int fd;

	memset(&sun, 0, sizeof(sun));
	sun.sun_family = AF_UNIX;
	memcpy(sun.sun_path, str_c(&path), path.len + 1);
	(void)unlink(str_c(&path));
	fd = socket(AF_UNIX, SOCK_STREAM, 0);
	if (fd < 0 || bind(fd, (struct sockaddr *)&sun, sizeof(sun)) < 0 ||
	    listen(fd, 5) < 0)
		t_ok(FALSE, "listens", __FILE__, __LINE__);
	return fd;
}

/* For each of two connections: reads a little, says the text, waits, closes. */
static void
serve(int fd, const char *text, size_t n, unsigned seconds)
{
	char buf[4096];
	int c, i;

	for (i = 0; i < 2; i++) {
		c = accept(fd, NULL, NULL);
		if (c < 0 || read(c, buf, sizeof(buf)) < 0 ||
		    write(c, text, n) < 0)
			_exit(1);
		if (seconds > 0)
			sleep(seconds);
		close(c);
	}
	_exit(0);
}

static pid_t
served(const char *text, size_t n, unsigned seconds)
{
	pid_t pid;
	int fd;

	fd = socket_here();
	pid = fork();
	if (pid == 0)
		serve(fd, text, n, seconds);
	close(fd);
	return pid;
}

static void
ended(pid_t pid)
{
	(void)kill(pid, SIGKILL);
	(void)waitpid(pid, NULL, 0);
}

static void
note(void *ctx, const char *name, uid_t uid, gid_t gid, const char *home,
    const char *maildir, const char *opts)
{
	(void)ctx;
	str_catf(&got, "%s %lu %lu %s %s %s;", name, (unsigned long)uid,
	    (unsigned long)gid, home, maildir == NULL ? "-" : maildir,
	    opts == NULL ? "-" : opts);
}

static const char good[] = "UID=7\nGID=7\nADDRESS=joe\nHOME=/h\n.\n";
static const char list[] = "joe\t7\t8\t/h\troot\t0\t0\n"
    "joe\t7\t8\t/h\nann\t9\t9\t/a\t/m\topt=1\nroot\t0\t0\t/root\n"
    "bad line\n# none\n.\n";

static void
asks(void)
{
	static const struct {
		const char	*says;
		int		result;
	} t[] = {
		{ good, E_OK },
		{ "FAIL\n", E_PERM },
		{ "", E_TEMP },
		{ "ADDRESS=joe\n", E_TEMP },
		{ "garbage", E_TEMP }
	};
	struct authcl cl;
	struct authinfo a;
	u64 start;
	size_t i;
	pid_t pid;

	authcl_init(&cl, str_c(&path));
	T_INT(cl.connect_secs, 10);
	T_INT(cl.read_secs, 30);
	for (i = 0; i < NITEMS(t); i++) {
		pid = served(t[i].says, strlen(t[i].says), 0);
		authinfo_init(&a);
		t_catch_log();
		T_INT(authcl_login(&cl, "imap", "joe", "pw", &a), t[i].result);
		T_OK(t_logged("authdaemon: no answer") ==
		    (*t[i].says == '\0'));
		T_OK((a.address != NULL) == (t[i].result == E_OK));
		authinfo_free(&a);
		T_INT(authcl_pre(&cl, "imap", "joe", &a), t[i].result);
		authinfo_free(&a);
		(void)t_logged("");
		ended(pid);
	}
	authinfo_init(&a);
	T_INT(authcl_login(&cl, "imap", "joe\nPRE", "pw", &a), E_INVAL);
	T_INT(authcl_login(&cl, "imap", "joe", "p\001w", &a), E_INVAL);
	T_INT(authcl_pre(&cl, "imap", "", &a), E_PERM);
	/* The daemon is gone; it hangs. */
	t_catch_log();
	T_INT(authcl_login(&cl, "imap", "joe", "pw", &a), E_TEMP);
	T_OK(t_logged("s_connect() failed: Connection refused"));
	pid = served("ADDRESS=joe\n", 12, 20);
	cl.read_secs = 1;
	start = clock_msec();
	t_catch_log();
	T_INT(authcl_login(&cl, "imap", "joe", "pw", &a), E_TEMP);
	T_OK(clock_msec() - start < 10000);
	T_OK(t_logged("no answer"));
	ended(pid);

	pid = served(list, sizeof(list) - 1, 0);
	T_INT(authcl_enumerate(&cl, note, NULL), E_OK);
	T_STR(str_c(&got), "joe 7 8 /h root 0;joe 7 8 /h - -;"
	    "ann 9 9 /a /m opt=1;");
	/* Incomplete. */
	ended(pid);
	pid = served(list, sizeof(list) - 3, 0);
	T_INT(authcl_enumerate(&cl, note, NULL), E_TEMP);
	ended(pid);
	pid = served("OK\n", 3, 0);
	T_INT(authcl_passwd(&cl, "imap", "joe", "old", "new"), E_OK);
	T_INT(authcl_passwd(&cl, "imap", "joe", "old", "n\tew"), E_INVAL);
	ended(pid);
	pid = served("FAIL\n", 5, 0);
	T_INT(authcl_passwd(&cl, "imap", "joe", "old", "new"), E_PERM);
	ended(pid);
}

int
main(void)
{
	(void)signal(SIGPIPE, SIG_IGN);
	str_init(&path, 0);
	str_init(&got, 0);
	str_catf(&path, "%s/socket", t_tmpdir());
	options();
	requests();
	bad_requests();
	accounts();
	asks();
	str_free(&path);
	str_free(&got);
	return t_done();
}
