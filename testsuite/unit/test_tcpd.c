/* tcpd: DNS lists, ident, proxies, numbers of the access database
   (daemons.md 2.5 to 2.8).  SPDX-License-Identifier: ISC */

#include "base/base.h"

#include "base/str.h"
#include "conf/env.h"
#include "tcpd/access.h"
#include "tcpd/cidr.h"
#include "tcpd/dnslist.h"
#include "tcpd/haproxy.h"
#include "tcpd/ident.h"
#include "tcpd/peer.h"

#include "t.h"

static size_t resolve(const char *, char (*)[16]);
static void run(const char *const *, size_t, const char *);
static const char *var(const char *);
static void dns(void);
static void ident(void);
static void proxy_option(void);
static void proxy_header(void);
static void proxy_v2(void);
static void numbers(void);
static void networks(void);
static int keep(void *, const char *, size_t);

static struct str asked;

static const struct {
	const char	*name, *address;
} names[] = {
	{ "1.2.0.192.bl.test", "127.0.0.2" },
	{ "9.2.0.192.bl.test", "127.0.0.9" },
	{ "1.2.0.192.wl.test", "127.0.0.3" },
	{ "1.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0."
	    "8.b.d.0.1.0.0.2.bl.test", "127.0.0.6" }
};

static size_t
resolve(const char *name, char (*out)[16])
{
	size_t i;

	str_catf(&asked, "%s ", name);
	for (i = 0; i < NITEMS(names); i++)
		if (strcmp(names[i].name, name) == 0) {
			memcpy(out[0], names[i].address,
			    strlen(names[i].address) + 1);
			return 1;
		}
	return 0;
}

static const char *
var(const char *name)
{
	const char *v = env_get(name);

	return v != NULL ? v : "(unset)";
}

/* Options: 'b' or 'a' and the value. */
static void
run(const char *const *options, size_t n, const char *ip)
{
	static const char *const vars[] = { "BLOCK", "BLOCK_IP", "BLOCK_ZONE",
	    "ALLOW_0", "ALLOW_1", "X", "X_IP", "X_ZONE" };
	struct dnslist l[4];
	struct peer p;
	size_t i;

	for (i = 0; i < NITEMS(vars); i++)
		env_set(vars[i], NULL);
	str_reset(&asked);
	for (i = 0; i < n; i++)
		T_INT(dnslist_parse(options[i] + 1, options[i][0] == 'a',
		    &l[i]), E_OK);
	T_INT(peer_parse(ip, &p), E_OK);
	dnslist_run(l, n, &p);
	for (i = 0; i < n; i++)
		dnslist_free(&l[i]);
}

static void
dns(void)
{
	static const char *const plain[] = { "bbl.test" };
	static const char *const msg[] = {
	    "bbl.test=Shown,X/127.0.0.2,You (@) are bad, @" };
	static const char *const other[] = { "bbl.test,X/127.0.0.5" };
	static const char *const both[] = { "awl.test", "bbl.test" };
	struct dnslist l;

	str_init(&asked, 0);
	dnslist_set_resolver(resolve);
	run(plain, 1, "192.0.2.1");
	T_STR(str_c(&asked), "1.2.0.192.bl.test ");
	T_STR(var("BLOCK"), "Blacklisted by bl.test");
	T_STR(var("BLOCK_IP"), "127.0.0.2");
	T_STR(var("BLOCK_ZONE"), "bl.test");

	/* The mapped form is asked for too. */
	run(plain, 1, "192.0.2.2");
	T_STR(str_c(&asked), "2.2.0.192.bl.test 2.0.2.0.0.0.0.c.f.f.f.f."
	    "0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.bl.test ");
	T_STR(var("BLOCK"), "(unset)");
	run(plain, 1, "2001:db8::1");
	T_STR(var("BLOCK_IP"), "127.0.0.6");
	run(msg, 1, "192.0.2.1");
	T_STR(var("X"), "You (::ffff:192.0.2.1) are bad, @");
	T_STR(var("X_ZONE"), "Shown");
	run(msg, 1, "192.0.2.9");
	T_STR(var("X"), "(unset)");
	run(other, 1, "192.0.2.1");
	T_STR(var("X"), "(unset)");

	/* What an earlier list allows a later one does not block. */
	run(both, 2, "192.0.2.1");
	T_STR(str_c(&asked), "1.2.0.192.wl.test ");
	T_STR(var("BLOCK"), "");
	T_STR(var("ALLOW_0"), "BLOCK");
	run(both, 2, "192.0.2.9");
	T_STR(var("BLOCK"), "Blacklisted by bl.test");
	T_STR(var("ALLOW_0"), "(unset)");
	T_INT(dnslist_parse(",X", FALSE, &l), E_SYNTAX);
	dnslist_free(&l);
	str_free(&asked);
}

static void
ident(void)
{
	static const struct {
		const char	*line;
		int		r;
		const char	*want;
	} t[] = {
		{ "6193,23:USERID:UNIX:joe", E_OK, "joe" },
		{ " 6193 , 23 : USERID : OTHER , US-ASCII : joe: x ", E_OK,
		    "joe: x " },
		{ "6193,23:USERID:UNIX:a\tb\033", E_OK, "a?b?" },
		{ "6193,23:ERROR:NO-USER", E_SYNTAX, "" },
		{ "6194,23:USERID:UNIX:joe", E_SYNTAX, "" },
		{ "6193,24:USERID:UNIX:joe", E_SYNTAX, "" },
		{ "6193,23:USERID:UNIX", E_SYNTAX, "" },
		{ "6193 23", E_SYNTAX, "" },
		{ "", E_SYNTAX, "" }
	};
	struct str s;
	size_t i;

	str_init(&s, 0);
	for (i = 0; i < NITEMS(t); i++) {
		str_reset(&s);
		T_INT(ident_parse(t[i].line, 6193, 23, &s), t[i].r);
		T_STR(str_c(&s), t[i].want);
	}
	str_free(&s);
}

static void
proxy_option(void)
{
	struct peer p;

	T_INT(peer_parse("192.0.2.7", &p), E_OK);
	p.port = 143;
	T_INT(haproxy_wants("", &p), HAPROXY_SECS);
	T_INT(haproxy_wants("5", &p), 5);
	T_INT(haproxy_wants("/port=143", &p), HAPROXY_SECS);
	T_INT(haproxy_wants("/port=144", &p), 0);
	T_INT(haproxy_wants("3/port=144,4/port=192.0.2.7.143", &p), 4);
	T_INT(haproxy_wants("4/port=192.0.2.8.143", &p), 0);
	T_INT(haproxy_wants("4/port=0.143", &p), 4);
	T_INT(haproxy_check("3/port=144,4/port=192.0.2.7.143"), E_OK);
	t_catch_log();
	T_INT(haproxy_check("4/port=x.y.143"), E_SYNTAX);
	T_OK(t_logged("Invalid -haproxy option: 4/port=x.y.143"));
	T_INT(haproxy_check("4/prt=143"), E_SYNTAX);
}

static void
proxy_header(void)
{
	static const struct {
		const char	*line, *why, *remote;
	} t[] = {
		{ "PROXY TCP4 192.0.2.1 192.0.2.2 1000 143\r\n", NULL,
		    "::ffff:192.0.2.1" },
		{ "PROXY TCP6 2001:db8::1 2001:db8::2 1000 143\r\n", NULL,
		    "2001:db8::1" },
		{ "PROXY UNKNOWN\r\n", NULL, "::ffff:10.0.0.1" },
		{ "PROXY UNKNOWN ff ff 1 2\r\n", NULL, "::ffff:10.0.0.1" },
		{ "a LOGIN x y\r\n", "haproxy: missing PROXY statement",
		    NULL },
		{ "PROXY\r\n", "haproxy: malformed PROXY statement", NULL },
		{ "PROXY TCP5 1 2 3 4\r\n", "haproxy: unknown protocol: TCP5",
		    NULL },
		{ "PROXY STREAM-OF-UNIX /a /b 3 4\r\n",
		    "haproxy: unknown protocol: STREAM-OF-UNIX", NULL },
		{ "PROXY TCP4 2001:db8::1 192.0.2.2 1000 143\r\n",
		    "haproxy: cannot parse TCP4 address", NULL },
		{ "PROXY TCP6 192.0.2.1 2001:db8::1 1000 143\r\n",
		    "haproxy: cannot parse TCP6 address", NULL },
		{ "PROXY TCP4 192.0.2.1 192.0.2.2 1000\r\n",
		    "haproxy: malformed PROXY statement", NULL },
		{ "PROXY TCP4 192.0.2.1 192.0.2.2 70000 143\r\n",
		    "haproxy: malformed PROXY statement", NULL }
	};
	struct peer remote, local;
	char text[PEER_TEXT];
	struct str why;
	size_t i;
	int r;

	str_init(&why, 0);
	for (i = 0; i < NITEMS(t); i++) {
		peer_parse("10.0.0.1", &remote);
		peer_parse("10.0.0.2", &local);
		r = haproxy_v1(t[i].line, &remote, &local, &why);
		T_INT(r, t[i].why == NULL ? E_OK : E_SYNTAX);
		if (t[i].why != NULL) {
			T_STR(str_c(&why), t[i].why);
			continue;
		}
		peer_text(&remote, text);
		T_STR(text, t[i].remote);
	}
	T_INT(haproxy_v1(t[0].line, &remote, &local, &why), E_OK);
	T_INT(remote.port, 1000);
	T_INT(local.port, 143);
	str_free(&why);
}

static void
proxy_v2(void)
{
	static const u8 head[] = { 13, 10, 13, 10, 0, 13, 10, 'Q', 'U', 'I',
	    'T', 10, 0x21, 0x11, 0, 12, 192, 0, 2, 1, 192, 0, 2, 2, 3, 232, 0,
	    143 };
	u8 h[sizeof(head)];
	struct peer remote, local;
	char text[PEER_TEXT];
	struct str why;

	str_init(&why, 0);
	peer_parse("10.0.0.1", &remote);
	peer_parse("10.0.0.2", &local);
	memcpy(h, head, sizeof(h));
	h[12] = 0x20;	/* LOCAL */
	T_INT(haproxy_v2(h, sizeof(h), &remote, &local, &why), E_OK);
	peer_text(&remote, text);
	T_STR(text, "::ffff:10.0.0.1");
	T_INT(haproxy_v2(head, sizeof(head), &remote, &local, &why), E_OK);
	peer_text(&remote, text);
	T_STR(text, "::ffff:192.0.2.1");
	T_INT(remote.port, 1000);
	T_INT(local.port, 143);
	T_INT(haproxy_v2(head, sizeof(head) - 1, &remote, &local, &why),
	    E_SYNTAX);
	h[12] = 0x31;
	T_INT(haproxy_v2(h, sizeof(h), &remote, &local, &why), E_SYNTAX);
	T_STR(str_c(&why), "haproxy: malformed PROXY statement");
	str_free(&why);
}

static void
numbers(void)
{
	env_set("MAXCPERIP", NULL);
	T_INT(access_u32("allow,MAXCPERIP=7", "MAXCPERIP", 4), 7);
	T_INT(access_u32("X=1, MAXCPERIP = 7", "MAXCPERIP", 4), 4);
	T_INT(access_u32("X=1, MAXCPERIP=\"8\" ", "MAXCPERIP", 4), 8);
	T_INT(access_u32("MAXCPERIP=0", "MAXCPERIP", 4), 4);
	T_INT(access_u32("MAXCPERIPS=9", "MAXCPERIP", 4), 4);
	T_INT(access_u32("deny,MAXCPERIP=7", "MAXCPERIP", 4), 4);
	T_OK(env_get("MAXCPERIP") == NULL);
	T_OK(access_denies("deny"));
	T_OK(!access_denies("allow,X=deny"));
}

static int
keep(void *ctx, const char *key, size_t n)
{
	struct str *s = ctx;

	str_cat(s, key, n);
	return str_catc(s, ' ');
}

static void
networks(void)
{
	static const struct {
		const char	*text, *keys;
		int		r;
	} t[] = {
		{ "10.0.0.0/8", "10 ", E_OK },
		{ "10.1.2.3/16", "10.1 ", E_OK },
		{ "10.1.2.252/30", "10.1.2.252 10.1.2.253 10.1.2.254 "
		    "10.1.2.255 ", E_OK },
		{ "10.1.2.3/32", "10.1.2.3 ", E_OK },
		{ "10.254.0.0/15", "10.254 10.255 ", E_OK },
		{ "10.1.255.255-10.3.0.0", "10.1.255.255 10.2 10.3.0.0 ",
		    E_OK },
		{ "1.2.3.4-1.2.3.4", "1.2.3.4 ", E_OK },
		{ "2001:db8::/32", ":2001:0db8 ", E_OK },
		{ ":2001:DB8::/31", ":2001:0db8 :2001:0db9 ", E_OK },
		{ "::1/128", ":0000:0000:0000:0000:0000:0000:0000:0001 ",
		    E_OK },
		{ "2001:db8::ffff:ffff:ffff:ffff-2001:db8:0:1::",
		    ":2001:0db8:0000:0000:ffff:ffff:ffff:ffff "
		    ":2001:0db8:0000:0001:0000:0000:0000:0000 ", E_OK },
		{ "10.0.0.0", "", E_NOENT },
		{ "*", "", E_NOENT },
		{ "10.0.0.0/33", "", E_SYNTAX },
		{ "10.0.0.0/x", "", E_SYNTAX },
		{ "10.0.0/8", "", E_SYNTAX },
		{ "10.0.0.2-10.0.0.1", "", E_SYNTAX },
		{ "10.0.0.2-::1", "", E_SYNTAX }
	};
	struct str s;
	size_t i;

	str_init(&s, 0);
	for (i = 0; i < NITEMS(t); i++) {
		str_reset(&s);
		T_INT(cidr_expand(t[i].text, strlen(t[i].text), keep, &s),
		    t[i].r);
		T_STR(str_c(&s), t[i].keys);
	}
	str_free(&s);
}

int
main(void)
{
	networks();
	dns();
	ident();
	proxy_option();
	proxy_header();
	proxy_v2();
	numbers();
	return t_done();
}
