/* TLS settings: versions, names of protocols, files of certificates and of
   ticket keys (daemons.md 3.4, 3.5).  SPDX-License-Identifier: ISC */

#include "base/base.h"

#include <sys/stat.h>
#include <stdio.h>

#include "base/clock.h"
#include "base/file.h"
#include "base/log.h"
#include "base/str.h"
#include "tls/alpn.h"
#include "tls/certfile.h"
#include "tls/idn.h"
#include "tls/ticket.h"
#include "tls/version.h"

#include "t.h"

#define V12	(TLS_V12 | TLS_V13)
#define V11	(V12 | TLS_V11)
#define ALL	TLS_V_ALL

static void versions(void);
static const char *answer(const char *, const char *, size_t);
static void alpn(void);
static void put(const char *, const char *);
static const char *chosen(const char *, const char *, const char *);
static void certificates(void);
static void letters(void);
static void tickets(void);

static const struct {
	const char	*protocol, *priority;
	int		set;
	const char	*logged;
} cases[] = {
	{ NULL, NULL, V12, NULL },
	{ "", "", V12, NULL },
	{ "TLSv1", NULL, ALL, NULL },
	{ "TLS1", NULL, ALL, NULL },
	{ "SSL2", NULL, ALL, NULL },
	{ "SSL3", NULL, ALL, NULL },
	{ "SSL23", NULL, ALL, NULL },
	{ "SSLv23", NULL, ALL, NULL },
	{ "tlsV1+", NULL, ALL, NULL },
	{ "TLSv1.1", NULL, V11, NULL },
	{ "TLSv1.1+", NULL, V11, NULL },
	{ "TLSv1.1++", NULL, V11, NULL },
	{ "TLS1.1", NULL, V11, NULL },
	{ "TLSv1.2", NULL, V12, NULL },
	{ "TLSv1.2+", NULL, V12, NULL },
	{ "TLSv1.2++", NULL, V12, NULL },
	{ "TLSv1.3", NULL, TLS_V13, NULL },
	{ "TLSv1.3++", NULL, TLS_V13, NULL },
	{ "TLS1_1:TLS1:SSL3", NULL, ALL, "TLS_PROTOCOL: TLS1_1" },
	{ "TLSv1.2, TLSv1.1", NULL, V11, NULL },
	{ "TLSv1.2 TLSv1.3", NULL, V12, NULL },
	{ "TLSv2", NULL, V12, "TLS_PROTOCOL: TLSv2 is not known" },
	{ "TLSv1.1.1", NULL, V12, "TLSv1.1.1 is not known" },
	{ "+", NULL, V12, "TLS_PROTOCOL: +" },
	{ NULL, "NORMAL", V12, NULL },
	{ NULL, "NORMAL:-CTYPE-OPENPGP", V12, NULL },
	{ NULL, "NORMAL:-VERS-TLS1.0:+VERS-TLS1.3", V12, NULL },
	{ NULL, "SECURE:-VERS-SSL3.0", V12, NULL },
	{ NULL, "NORMAL:+VERS-TLS1.0", V12 | TLS_V10, NULL },
	{ NULL, "NORMAL:-VERS-TLS1.2", TLS_V13, NULL },
	{ NULL, "NORMAL:!VERS-TLS1.3", TLS_V12, NULL },
	{ NULL, "NORMAL:-VERS-ALL:+VERS-TLS1.2", TLS_V12, NULL },
	{ NULL, "NORMAL:-VERS-TLS-ALL:+VERS-TLS1.3", TLS_V13, NULL },
	{ NULL, "NORMAL:+VERS-ALL:-VERS-SSL3.0", ALL, NULL },
	{ NULL, "NONE:+VERS-TLS1.1:+AES-128-CBC", TLS_V11, NULL },
	{ NULL, "NONE:+AES-128-CBC", 0, NULL },
	{ NULL, "SECURE128:%SERVER_PRECEDENCE:+SIGN-ALL", V12, NULL },
	{ NULL, "NORMAL:-VERS-TLS9", V12, "TLS_PRIORITY: -VERS-TLS9" },
	{ "TLSv1", "NORMAL:-VERS-TLS1.0", V11, NULL },
	{ "TLSv1.3", "NORMAL:+VERS-TLS1.2", V12, NULL }
};

static void
versions(void)
{
	size_t i;

	for (i = 0; i < NITEMS(cases); i++) {
		T_INT(version_set(cases[i].protocol, cases[i].priority),
		    cases[i].set);
		if (cases[i].logged != NULL)
			T_OK(t_logged(cases[i].logged));
		else
			T_OK(!t_logged("is not known"));
	}
}

/* "-": none, with the flags that count then. */
static const char *
answer(const char *list, const char *theirs, size_t n)
{
	static char out[64];
	struct alpn a;
	const u8 *name;
	size_t len;

	alpn_init(&a, list);
	if (alpn_choose(&a, (const u8 *)theirs, n, &name, &len) == E_OK) {
		memcpy(out, name, len);
		out[len] = '\0';
	} else {
		out[0] = '-';
		out[1] = a.optional ? 'o' : '\0';
		out[2] = '\0';
	}
	alpn_free(&a);
	return out;
}

#define ANSWER(list, theirs)	answer(list, theirs, sizeof(theirs) - 1)

static void
alpn(void)
{
	T_STR(ANSWER("imap", "\4imap"), "imap");
	T_STR(ANSWER("imap", "\2h2\4imap"), "imap");
	T_STR(ANSWER("imap", "\2h2\10http/1.1"), "-");
	T_STR(ANSWER("imap,@optional", "\2h2"), "-o");
	T_STR(ANSWER(" a , b ", "\1b\1a"), "b");
	T_STR(ANSWER("a b @server", "\1b\1a"), "a");
	T_STR(ANSWER("@s a,b", "\1b"), "b");
	T_STR(ANSWER("imap", "\5imaps\3ima"), "-");
	T_STR(ANSWER("imap", "\4ima"), "-");
	T_STR(ANSWER("imap", "\0\4imap"), "imap");
	T_STR(ANSWER("imap", ""), "-");
	T_STR(ANSWER("@x", "\1x"), "-");
	T_STR(ANSWER(NULL, "\1x"), "-");
}

static void
put(const char *name, const char *text)
{
	struct str path, all;

	str_init(&path, 0);
	str_init(&all, 0);
	str_catf(&path, "%s/%s", t_tmpdir(), name);
	str_catf(&all, "-----BEGIN CERTIFICATE-----\n%s\n", text);
	T_INT(file_replace(str_c(&path), "tmp.tls", all.data, all.len, 0600,
	    FALSE), E_OK);
	str_free(&path);
	str_free(&all);
}

/* The last words of the certificate and of the key. */
static const char *
chosen(const char *keys, const char *name, const char *ip)
{
	static char out[64];
	struct certfile f;
	struct str base, key;
	int r;

	str_init(&base, 0);
	str_init(&key, 0);
	str_catf(&base, "%s/c", t_tmpdir());
	str_catf(&key, "%s/%s", t_tmpdir(), keys != NULL ? keys : "");
	r = certfile_read(str_c(&base), keys != NULL ? str_c(&key) : NULL,
	    name, ip, &f);
	snprintf(out, sizeof(out), "%d %s%s%s", r, f.cert.len > 28 ?
	    f.cert.data + 28 : "", f.key.len > 28 ? f.key.data + 28 : "",
	    f.ocsp.len > 28 ? f.ocsp.data + 28 : "");
	certfile_free(&f);
	str_free(&base);
	str_free(&key);
	return out;
}

static void
certificates(void)
{
	char host[300];

	T_STR(chosen(NULL, NULL, NULL), "-3 ");
	T_OK(t_logged("/c: No such file"));
	put("c", "default");
	put("c.example.com", "example");
	put("c.a.example.com", "a");
	put("c.192.0.2.1", "address");
	put("c.org", "org -----BEGIN PRIVATE KEY-----");
	T_STR(chosen(NULL, NULL, NULL), "0 default\n");
	T_STR(chosen(NULL, "", NULL), "0 default\n");
	T_STR(chosen(NULL, "example.com", NULL), "0 example\n");
	T_STR(chosen(NULL, "EXAMPLE.Com.", NULL), "0 example\n");
	T_STR(chosen(NULL, "a.example.com", NULL), "0 a\n");
	T_STR(chosen(NULL, "b.a.example.com", NULL), "0 a\n");
	T_STR(chosen(NULL, "b.example.com", NULL), "0 example\n");
	T_STR(chosen(NULL, "b/example.com", NULL), "0 example\n");
	T_STR(chosen(NULL, "other.com", NULL), "0 default\n");
	T_STR(chosen(NULL, "../c.example.com", NULL), "0 default\n");
	T_STR(chosen(NULL, "a..example.com", NULL), "0 default\n");
	T_STR(chosen(NULL, "a b.example.com", NULL), "0 default\n");
	T_STR(chosen(NULL, "*.example.com", NULL), "0 default\n");
	T_STR(chosen(NULL, NULL, "192.0.2.1"), "0 address\n");
	T_STR(chosen(NULL, NULL, "::ffff:192.0.2.1"), "0 address\n");
	T_STR(chosen(NULL, NULL, "2001:db8::1"), "0 default\n");
	T_STR(chosen(NULL, "b.example.com", "192.0.2.1"), "0 example\n");
	T_STR(chosen(NULL, "other.com", "192.0.2.1"), "0 address\n");
	memset(host, 'a', sizeof(host) - 1);
	host[sizeof(host) - 1] = '\0';
	T_STR(chosen(NULL, host, NULL), "0 default\n");
	T_OK(!t_logged(": "));
	put("k", "key");
	put("k.example.com", "example's key");
	T_STR(chosen("k", NULL, NULL), "0 default\nkey\n");
	T_STR(chosen("k", "x.example.com", NULL),
	    "0 example\nexample's key\n");
	T_STR(chosen("k", "a.example.com", NULL), "0 a\nexample's key\n");
	T_STR(chosen("k", "x.org", NULL),
	    "0 org -----BEGIN PRIVATE KEY-----\n");
	T_STR(chosen("k", NULL, "192.0.2.1"), "0 address\nkey\n");
	T_STR(chosen("none", NULL, NULL), "0 default\n");
	T_OK(t_logged("/none: No such file"));
	put("c.ocsp", "response");
	T_STR(chosen(NULL, NULL, NULL), "0 default\nresponse\n");
	T_STR(chosen(NULL, "a.example.com", NULL), "0 a\n");
}

/* Names of RFC 3492 7.1 and others; NULL: none. */
static void
letters(void)
{
	static const struct {
		const char	*name, *letters;
		int		r;
	} t[] = {
		{ "example.com", NULL, E_NOENT },
		{ "", NULL, E_NOENT },
		{ "xn--bcher-kva.test", "b\303\274cher.test", E_OK },
		{ "a.XN--BCHER-KVA.", "a.B\303\274CHER.", E_OK },
		{ "xn--9ca.xn----zfa.com", "\303\251.\303\244-.com", E_OK },
		{ "xn--egbpdaj6bu4bxfgehfvwxn", "\331\204\331\212\331\207"
		    "\331\205\330\247\330\250\330\252\331\203\331\204\331"
		    "\205\331\210\330\264\330\271\330\261\330\250\331\212"
		    "\330\237", E_OK },
		{ "xn--ihqwcrb4cv8a8dqg056pqjye", "\344\273\226\344\273\254"
		    "\344\270\272\344\273\200\344\271\210\344\270\215"
		    "\350\257\264\344\270\255\346\226\207", E_OK },
		{ "xn--proprostnemluvesky-uyb24dma41a", "pro\304\215prost"
		    "\304\233nemluv\303\255\304\215esky", E_OK },
		{ "xn--a-dy9q", "\360\235\222\263a", E_OK },
		{ "xn--mail-", "mail", E_OK },
		{ "xn--", NULL, E_INVAL },
		{ "xn---", NULL, E_INVAL },
		{ "xn--a-k", NULL, E_INVAL },
		{ "xn--a_", NULL, E_INVAL },
		{ "xn--99999999", NULL, E_INVAL },
		{ "xn--999999b", NULL, E_INVAL },
		{ "xn--bcher-kva\303\251", NULL, E_INVAL },
		{ "a.xn--bcher-kva.xn--999", NULL, E_INVAL }
	};
	struct str out;
	char label[70];
	size_t i;

	for (i = 0; i < NITEMS(t); i++) {
		str_init(&out, 0);
		T_INT(idn_decode(t[i].name, &out), t[i].r);
		if (t[i].r == E_OK)
			T_STR(str_c(&out), t[i].letters);
		str_free(&out);
	}
	memset(label, 'a', sizeof(label));
	memcpy(label, "xn--9ca", 7);
	label[63] = label[64] = '\0';
	str_init(&out, 0);
	T_INT(idn_decode(label, &out), E_OK);
	label[63] = 'a';
	T_INT(idn_decode(label, &out), E_INVAL);
	str_free(&out);
	put("c.m\303\274nchen.test", "letters");
	T_STR(chosen(NULL, "xn--mnchen-3ya.test", NULL), "0 letters\n");
	T_STR(chosen(NULL, "a.XN--Mnchen-3ya.test.", NULL), "0 letters\n");
	T_STR(chosen(NULL, "m\303\274nchen.test", NULL),
	    "0 default\nresponse\n");
	T_STR(chosen(NULL, "xn--mnchen-3ya.test\303\251", NULL),
	    "0 default\nresponse\n");
	put("k.m\303\274nchen.test", "letters' key");
	T_STR(chosen("k", "xn--mnchen-3ya.test", NULL),
	    "0 letters\nletters' key\n");
	put("c.xn--mnchen-3ya.test", "ASCII");
	T_STR(chosen(NULL, "xn--mnchen-3ya.test", NULL), "0 ASCII\n");
}

static void
tickets(void)
{
	struct ticket_keys a, b;
	struct str path;
	struct stat st;
	int old;

	str_init(&path, 0);
	str_catf(&path, "%s/cache", t_tmpdir());
	T_INT(ticket_load(str_c(&path), 60, &a), E_OK);
	T_INT(ticket_load(str_c(&path), 60, &b), E_OK);
	T_MEM(a.k, sizeof(a.k[0]), b.k, sizeof(b.k[0]));
	T_INT(stat(str_c(&path), &st), 0);
	T_INT(st.st_mode & 0777, 0600);
	T_OK(ticket_find(&a, a.k[0].name, &old) == a.k && !old);
	/* No life at all: it is old at once, and too old to be kept. */
	T_INT(ticket_load(str_c(&path), 0, &b), E_OK);
	T_OK(ticket_find(&b, a.k[0].name, &old) == NULL);
	put("cache", "what Courier left");
	T_INT(ticket_load(str_c(&path), 60, &a), E_OK);
	T_OK(ticket_find(&a, b.k[0].name, &old) == NULL);
	T_INT(ticket_load(str_c(&path), 60, &b), E_OK);
	T_MEM(a.k, sizeof(a.k[0]), b.k, sizeof(b.k[0]));
	T_INT(a.k[1].made, 0);
	T_INT(chmod(str_c(&path), 0400), 0);
	T_INT(link(str_c(&path), "other.link"), 0);
	T_INT(ticket_load(str_c(&path), 60, &a), E_TEMP);
	T_OK(t_logged("/cache: "));
	unlink("other.link");
	T_INT(ticket_load("/nonexistent/cache", 60, &a), E_TEMP);
	T_OK(t_logged("couriertls: /nonexistent/cache: No such file"));
	str_free(&path);
}

int
main(void)
{
	t_catch_log();
	versions();
	alpn();
	certificates();
	letters();
	tickets();
	return t_done();
}
