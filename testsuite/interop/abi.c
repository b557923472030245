/* Calls libcourierauth and its kin, and prints what comes.
   SPDX-License-Identifier: ISC

   One program for Courier's libraries and ours: abi.t runs it with both. The
   headers are ours; what they do not have is declared here. */

#include <sys/types.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <errno.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <courierauth.h>
#include <courierauthdebug.h>
#include <courierauthsasl.h>
#include <courierauthsaslclient.h>
#include <courierauthstaticlist.h>

struct encoder {
	char	room[8288];
};
struct hash {
	const char	*name;
	size_t		block, len, context;
};

extern struct hash *hmac_list[];
void	libmail_encode_start(struct encoder *, const char *,
	    int (*)(const char *, size_t, void *), void *);
int	libmail_encode(struct encoder *, const char *, size_t);
int	libmail_encode_end(struct encoder *);
char	*libmail_str_size_t(size_t, char *);
char	*libmail_str_sizekb(unsigned long, char *);
char	*libmail_strh_time_t(time_t, char *);
uid_t	libmail_atouid_t(const char *);
const char *md5_hash_courier(const char *);
const char *md5_hash_raw(const char *);
const char *sha1_hash(const char *);
const char *sha256_hash(const char *);
const char *sha512_hash(const char *);
const char *ssha_hash(const char *, unsigned char *);
char	*md5_crypt_redhat(const char *, const char *);
void	hmac_hashkey(struct hash *, const char *, size_t, unsigned char *,
	    unsigned char *);
void	hmac_hashtext(struct hash *, const char *, size_t,
	    const unsigned char *, const unsigned char *, unsigned char *);
void	md5_context_init(void *);
void	md5_context_hashstream(void *, const void *, unsigned int);
void	md5_context_endstream(void *, unsigned long);
void	md5_context_digest(void *, unsigned char *);
void	sha512_context_init(void *);
void	sha512_context_hashstream(void *, const void *, unsigned int);
void	sha512_context_endstream(void *, unsigned long);
void	sha512_context_digest(void *, unsigned char *);
const char *random128(void);
int	authcheckpassword(const char *, const char *);
char	*authcryptpasswd(const char *, const char *);
char	*courier_auth_ldap_escape(const char *);

static unsigned long seed = 1;
static int answer;		/* what the callback says */

static unsigned long
dice(unsigned long n)
{
	seed = (seed * 1103515245UL + 12345) & 0x7fffffffUL;
	return (seed >> 8) % n;
}

static const char *
nul(const char *s)
{
	return s == NULL ? "<null>" : s;
}

static void
hex(const char *what, const unsigned char *p, size_t n)
{
	printf("%s ", what);
	while (n-- > 0)
		printf("%02x", *p++);
	printf("\n");
}

/* ---- structures ---- */

#define AT(type, member) \
	printf(" %s=%lu", #member, (unsigned long)offsetof(struct type, \
	    member))

static void
layout(void)
{
	printf("authinfo %lu:", (unsigned long)sizeof(struct authinfo));
	AT(authinfo, sysusername);
	AT(authinfo, sysuserid);
	AT(authinfo, sysgroupid);
	AT(authinfo, homedir);
	AT(authinfo, address);
	AT(authinfo, fullname);
	AT(authinfo, maildir);
	AT(authinfo, quota);
	AT(authinfo, passwd);
	AT(authinfo, clearpasswd);
	AT(authinfo, options);
	printf("\nauthsaslclientinfo %lu:",
	    (unsigned long)sizeof(struct authsaslclientinfo));
	AT(authsaslclientinfo, userid);
	AT(authsaslclientinfo, password);
	AT(authsaslclientinfo, sasl_funcs);
	AT(authsaslclientinfo, start_conv_func);
	AT(authsaslclientinfo, conv_func);
	AT(authsaslclientinfo, final_conv_func);
	AT(authsaslclientinfo, plain_conv_func);
	AT(authsaslclientinfo, conv_func_arg);
	printf("\nauthstaticinfo %lu:",
	    (unsigned long)sizeof(struct authstaticinfo));
	AT(authstaticinfo, auth_name);
	AT(authstaticinfo, auth_func);
	AT(authstaticinfo, auth_prefunc);
	AT(authstaticinfo, auth_cleanupfunc);
	AT(authstaticinfo, auth_changepwd);
	AT(authstaticinfo, auth_idle);
	AT(authstaticinfo, auth_enumerate);
	printf("\nauth_meta %lu authsasl_info %lu\n",
	    (unsigned long)sizeof(struct auth_meta),
	    (unsigned long)sizeof(struct authsasl_info));
}

/* ---- requests ---- */

static int
show(struct authinfo *a, void *arg)
{
	printf("  %s: sysusername=%s sysuserid=", (char *)arg,
	    nul(a->sysusername));
	if (a->sysuserid == NULL)
		printf("<null>");
	else
		printf("%lu", (unsigned long)*a->sysuserid);
	printf(" sysgroupid=%lu homedir=%s address=%s fullname=%s maildir=%s "
	    "quota=%s passwd=%s clearpasswd=%s options=%s\n",
	    (unsigned long)a->sysgroupid, nul(a->homedir), nul(a->address),
	    nul(a->fullname), nul(a->maildir), nul(a->quota), nul(a->passwd),
	    nul(a->clearpasswd), nul(a->options));
	return answer;
}

/* errno counts for a result that no callback gave. */
static void
result(const char *what, int r)
{
	printf("%s: %d%s%s\n", what, r, r != 0 && r != answer ? " " : "",
	    r != 0 && r != answer ? strerror(errno) : "");
	fflush(stdout);
}

static void
account(const char *name, uid_t uid, gid_t gid, const char *home,
    const char *maildir, const char *options, void *arg)
{
	printf("  %s %s %lu %lu %s %s %s\n", (char *)arg, nul(name),
	    (unsigned long)uid, (unsigned long)gid, nul(home), nul(maildir),
	    nul(options));
}

/* ---- SASL, both sides in one process ---- */

struct client {
	struct authsaslclientinfo	info;
	char				challenge[1024];
	char				*first, *reply;
	int				steps;
};

static char *
copy(const char *s)
{
	return strcpy(malloc(strlen(s) + 1), s);
}

static const char *
start(const char *method, const char *response, void *arg)
{
	(void)method;
	(void)response;
	return ((struct client *)arg)->challenge;
}

static const char *
go_on(const char *response, void *arg)
{
	struct client *c = arg;

	c->first = copy(response);
	return c->challenge;
}

static int
last(const char *response, void *arg)
{
	((struct client *)arg)->reply = copy(response);
	return 0;
}

static int
at_once(const char *method, const char *response, void *arg)
{
	(void)method;
	return last(response, arg);
}

/* The server's question: the client answers it. */
static char *
converse(const char *challenge, void *arg)
{
	struct client *c = arg;
	char *s;

	if (c->steps++ == 0) {
		strcpy(c->challenge, challenge);
		if (auth_sasl_client(&c->info) != 0)
			return NULL;
		if (c->first != NULL) {
			s = c->first;
			c->first = NULL;
			return s;
		}
	}
	s = c->reply;
	c->reply = NULL;
	return s;
}

static void
sasl(const char *method, const char *user, const char *pass)
{
	struct client c;
	char *type = NULL, *data = NULL, *who;
	int r;

	memset(&c, 0, sizeof(c));
	c.info.userid = user;
	c.info.password = pass;
	c.info.sasl_funcs = method;
	c.info.start_conv_func = start;
	c.info.conv_func = go_on;
	c.info.final_conv_func = last;
	c.info.plain_conv_func = at_once;
	c.info.conv_func_arg = &c;
	r = auth_sasl_ex(method, NULL, user, converse, &c, &type, &data);
	printf("sasl %s: %d %s\n", method, r, nul(type));
	free(c.first);
	free(c.reply);
	if (r != 0)
		return;
	who = auth_sasl_extract_userid(type, data);
	printf("  from %s\n", nul(who));
	free(who);
	result(method, auth_generic("imap", type, data, show, "generic"));
	free(type);
	free(data);
}

static int
descriptors(void)
{
	int i, n = 0;

	for (i = 0; i < 256; i++)
		n += lseek(i, 0, SEEK_CUR) >= 0 || errno != EBADF;
	return n;
}

static void
requests(void)
{
	static const char *const users[] = { "one@a.test", "two@a.test",
	    "bare@a.test", "nobody@a.test", "", "a b" };
	static const char *const methods[] = { "PLAIN", "LOGIN", "CRAM-MD5",
	    "CRAM-SHA1", "CRAM-SHA256", "EXTERNAL", "GSSAPI" };
	struct auth_meta *meta = auth_meta_init_default();
	int before = descriptors();
	size_t i;

	for (i = 0; i < sizeof(users) / sizeof(users[0]); i++) {
		printf("user %s\n", users[i]);
		result("right", auth_login("imap", users[i], "secret", show,
		    "login"));
		result("wrong", auth_login("imap", users[i], "Secret", show,
		    "login"));
		result("meta", auth_login_meta(meta, "pop3", users[i],
		    "secret", show, "login"));
		if (*users[i] != '\0')
			result("look", auth_getuserinfo("imap", users[i],
			    show, "info"));
		result("default", auth_getuserinfo_meta(NULL, "courier",
		    "one@a.test", show, "info"));
	}
	auth_meta_destroy_default(meta);
	result("control", auth_login("imap", "one\n", "x", show, "login"));
	result("control", auth_login("imap", "one", "x\001", show, "login"));
	for (answer = -3; answer < 9; answer += 5)
		result("answer", auth_getuserinfo("imap", "one@a.test", show,
		    "info"));
	answer = 0;
	for (i = 0; i < sizeof(methods) / sizeof(methods[0]); i++) {
		sasl(methods[i], "cram@a.test", "secret");
		sasl(methods[i], "cram@a.test", "wrong");
	}
	result("passwd", auth_passwd("imap", "one@a.test", "wrong", "new"));
	result("passwd", auth_passwd("imap", "one@a.test", "a\tb", "new"));
	result("passwd", auth_passwd("imap", NULL, "a", "new"));
	auth_enumerate(account, "account");
	printf("descriptors: %d\n", descriptors() - before);
}

static void
change(const char *from, const char *to)
{
	result("change", auth_passwd("imap", "change@a.test", from, to));
	result("new", auth_login("imap", "change@a.test", to, show, "login"));
	result("old", auth_login("imap", "change@a.test", from, show,
	    "login"));
}

/* ---- what needs no daemon ---- */

static int
collect(const char *s, size_t n, void *arg)
{
	(void)arg;
	return fwrite(s, 1, n, stdout) == n ? 0 : 1;
}

/* Pieces of all sizes. Courier's quoted-printable loses a blank at the very end
   and has lines that are too long if there are blanks at column 74. */
static void
encodings(void)
{
	static const char *const kinds[] = { "base64", "quoted-printable",
	    "8bit" };
	char text[400];
	struct encoder e;
	int round, kind, i, n, k;

	for (round = 0; round < 600; round++) {
		kind = round % 3;
		n = 1 + (int)dice(sizeof(text));
		for (i = 0; i < n; i++)
			text[i] = (char)(dice(4) ? "ab =\n\r\t.\377"[dice(9)] :
			    (int)dice(256));
		for (i = 0; i < n && kind == 1 && n > 24; i++)
			if (text[i] == ' ')
				text[i] = '_';
		text[n - 1] = 'x';
		libmail_encode_start(&e, kinds[kind], collect, NULL);
		for (i = 0; i < n; i += k) {
			k = 1 + (int)dice((unsigned long)(n - i));
			if (libmail_encode(&e, text + i, (size_t)k) != 0)
				printf("failed\n");
		}
		printf("|%d\n", libmail_encode_end(&e));
	}
}

static void
digests(void)
{
	char key[200], ctx[512];
	unsigned char a[64], b[64], c[64], salt[4];
	int round, i, n;

	for (round = 0; round < 120; round++) {
		n = round;
		for (i = 0; i < n; i++)
			key[i] = (char)(1 + dice(255));
		key[n] = '\0';
		memcpy(salt, "abcd", 4);
		printf("%s %s %s ", md5_hash_courier(key), md5_hash_raw(key),
		    sha1_hash(key));
		printf("%s %s %s\n", sha256_hash(key), sha512_hash(key),
		    ssha_hash(key, salt));
		printf("%s\n", md5_crypt_redhat(key, "saltsalt"));
		for (i = 0; hmac_list[i] != NULL; i++) {
			hmac_hashkey(hmac_list[i], key, (size_t)n, a, b);
			hmac_hashtext(hmac_list[i], key, (size_t)n, a, b, c);
			hex(hmac_list[i]->name, c, hmac_list[i]->len);
		}
		md5_context_init(ctx);
		md5_context_hashstream(ctx, key, (unsigned int)(n / 3));
		md5_context_hashstream(ctx, key + n / 3,
		    (unsigned int)(n - n / 3));
		md5_context_endstream(ctx, (unsigned long)n);
		md5_context_digest(ctx, a);
		hex("md5", a, 16);
		sha512_context_init(ctx);
		sha512_context_hashstream(ctx, key, (unsigned int)(n / 2));
		sha512_context_hashstream(ctx, key + n / 2,
		    (unsigned int)(n - n / 2));
		sha512_context_endstream(ctx, (unsigned long)n);
		sha512_context_digest(ctx, a);
		hex("sha512", a, 64);
	}
	for (i = 0; hmac_list[i] != NULL; i++)
		printf("%s %lu %lu %lu\n", hmac_list[i]->name,
		    (unsigned long)hmac_list[i]->block,
		    (unsigned long)hmac_list[i]->len,
		    (unsigned long)hmac_list[i]->context);
}

static void
texts(void)
{
	static const char *const lists[] = { "", "a", "a=", "a=1,b=2", "b,a",
	    "ab=1", "a=x=y", ",a=2", "a=no", "a=yes", "a=-1", "A=1" };
	char buf[60], *s;
	size_t i;
	unsigned long v;

	for (i = 0; i < sizeof(lists) / sizeof(lists[0]); i++) {
		setenv("OPTIONS", lists[i], 1);
		s = auth_getoptionenv("a");
		printf("%s: %s %d\n", lists[i], nul(s),
		    auth_getoptionenvint("a"));
		free(s);
	}
	printf("%s\n", nul(auth_getoption(NULL, "a")));
	setenv("DEFDOMAIN", "@d.test", 1);
	s = strdupdefdomain("u", "1", "2", "3");
	printf("%s", s);
	free(s);
	setenv("DOMAINSEP", "%", 1);
	s = strdupdefdomain("u@x", "", "-", "");
	printf(" %s\n", s);
	free(s);
	for (v = 1; v < 4000000000UL; v = v * 3 + 7)
		printf("%s %s %s\n", libmail_str_size_t(v, buf),
		    libmail_str_sizekb(v, buf + 30), libmail_strh_time_t(
		    (time_t)v, buf));
	printf("%lu\n", (unsigned long)libmail_atouid_t("17x"));
	printf("%lu %lu\n", (unsigned long)strlen(random128()),
	    (unsigned long)strspn(random128(), "0123456789ABCDEF"));
	s = courier_auth_ldap_escape("a*(b)\\c");
	printf("%s\n", s);
	free(s);
	printf("%d %d %d\n", authcheckpassword("secret",
	    "{SHA}5en6G6MezRroT3XKqkdPOmY/BfQ="),
	    authcheckpassword("secret", "secret") == 0,
	    authcheckpassword("secret", authcryptpasswd("secret", "{SSHA}")));
}

/* ---- becoming somebody ---- */

static int
become_it(struct authinfo *a, void *arg)
{
	(void)arg;
	return auth_callback_default_autocreate(a);
}

static void
become(const char *user)
{
	struct stat st;
	char cwd[1024];

	fflush(stdout);
	if (fork() != 0) {
		wait(NULL);
		return;
	}
	printf("become: %d", auth_getuserinfo("imap", user, become_it, NULL));
	printf(" uid %lu gid %lu groups %d in %s\n", (unsigned long)getuid(),
	    (unsigned long)getgid(), getgroups(0, NULL),
	    getcwd(cwd, sizeof(cwd)));
	if (stat(".", &st) == 0)
		printf("mode %o\n", (unsigned int)st.st_mode & 07777);
	exit(0);
}

static int
count(struct authinfo *a, void *arg)
{
	(void)a;
	++*(int *)arg;
	return 0;
}

/* After the first ones nothing is left behind. */
static void
soak(long n)
{
	int before = 0, bad = 0, calls = 0;
	char *top = NULL;
	long i;

	for (i = 0; i < n; i++) {
		if (i == 30) {
			before = descriptors();
			top = sbrk(0);
		}
		bad += auth_getuserinfo_meta(NULL, "imap", i % 3 == 0 ?
		    "nobody@a.test" : "one@a.test", count, &calls) > 0;
	}
	printf("soak: %d found, %d failed, %d descriptors and %ld bytes "
	    "more\n", calls, bad, descriptors() - before,
	    (long)((char *)sbrk(0) - top));
}

int
main(int argc, char **argv)
{
	const char *what = argc > 1 ? argv[1] : "";

	if (strcmp(what, "layout") == 0)
		layout();
	else if (strcmp(what, "requests") == 0)
		requests();
	else if (strcmp(what, "change") == 0)
		change(argv[2], argv[3]);
	else if (strcmp(what, "encodings") == 0)
		encodings();
	else if (strcmp(what, "digests") == 0)
		digests();
	else if (strcmp(what, "texts") == 0)
		texts();
	else if (strcmp(what, "become") == 0)
		become(argv[2]);
	else if (strcmp(what, "one") == 0)
		result("one", auth_getuserinfo("imap", argc > 2 ? argv[2] :
		    "one", show, "info"));
	else if (strcmp(what, "login") == 0)
		result("login", auth_login("imap", argv[2], "secret", show,
		    "login"));
	else if (strcmp(what, "default") == 0)
		result("default", auth_getuserinfo_meta(NULL, "imap", argv[2],
		    show, "info"));
	else if (strcmp(what, "soak") == 0)
		soak(atol(argv[2]));
	else
		return 2;
	return 0;
}
