/* mail/ctype and mail/param.  SPDX-License-Identifier: ISC */

#include "base/base.h"

#include "base/pool.h"
#include "base/str.h"
#include "mail/ctype.h"
#include "mail/param.h"

#include "t.h"

static struct pool *pool;
static struct ctype ct;

static void parse(const char *, int, int);
static void decoded(const char *, const char *, const char *);
static void fields(void);
static void odd_fields(void);
static void extended(const char *, const char *);

static void
parse(const char *h, int digest, int need)
{
	ctype_parse(pool, h, strlen(h), digest, need, &ct);
}

static void
decoded(const char *h, const char *name, const char *want)
{
	struct str s;

	parse(h, FALSE, FALSE);
	str_init(&s, 0);
	T_INT(param_decoded(ct.params, name, &s), want == NULL ? E_NOENT :
	    E_OK);
	T_STR(str_c(&s), want == NULL ? "" : want);
	str_free(&s);
}

static void
fields(void)
{
	parse("Content-Type: TEXT/HTML; Charset=ISO-8859-1;\r\n"
	    " format=\"flo\\\"wed\" ; x = y (c)\r\n"
	    "Content-Id: part2@x\r\nContent-Description: A \"quoted\"\r\n"
	    "\tdesc\r\nContent-Transfer-Encoding: BASE64\r\n"
	    "Content-MD5: Q2hlY2s+/g==\r\n"
	    "Content-Disposition: Attachment; FILENAME=\"x y\"\r\n"
	    "Content-Language: en, de-AT\r\n"
	    "Content-Location: http://a/\r\n b\r\n", FALSE, FALSE);
	T_STR(ct.type, "text");
	T_STR(ct.subtype, "html");
	T_STR(ctype_charset(pool, &ct), "iso-8859-1");
	T_STR(ct.params->name, "charset");
	T_STR(ct.params->next->value, "flo\"wed");
	T_STR(param_get(ct.params, "x"), "y");
	T_STR(ct.id, "<part2@x>");
	T_STR(ct.description, "A \"quoted\"\tdesc");
	T_STR(ct.encoding, "base64");
	T_STR(ct.md5, "Q2hlY2s+/g==");
	T_STR(ct.disposition, "attachment");
	T_STR(param_get(ct.disp_params, "filename"), "x y");
	T_STR(ct.lang->tag, "en");
	T_STR(ct.lang->next->tag, "de-AT");
	T_OK(ct.lang->next->next == NULL);
	T_STR(ct.location, "http://a/b");
}

/* As the original has it: the last of several fields, versions, brackets. */
static void
odd_fields(void)
{
	parse("Content-Type: text/html\nContent-Type: image/png\n"
	    "Content-Type:\n", FALSE, FALSE);
	T_OK(ctype_is(&ct, "image", "png"));
	parse("Content-Type: text/html\nMIME-Version: 2.7\n", FALSE, TRUE);
	T_OK(ctype_is(&ct, "text", "plain"));
	parse("Content-Type: text/html\nMIME-Version:\n", FALSE, TRUE);
	T_OK(ctype_is(&ct, "text", "plain"));
	parse("Content-Type: text/html\nMIME-Version: (x) 1.0 (y)\n", FALSE,
	    TRUE);
	T_OK(ctype_is(&ct, "text", "html"));
	parse("Content-Transfer-Encoding: \"Base64\";\n", FALSE, FALSE);
	T_STR(ct.encoding, "base64");
	parse("Content-Transfer-Encoding: x/y z\n", FALSE, FALSE);
	T_STR(ct.encoding, "x/y");
	parse("Content-ID: <a> <b>\n", FALSE, FALSE);
	T_STR(ct.id, "<a>");
	parse("Content-ID: <a\n", FALSE, FALSE);
	T_STR(ct.id, "<a>");
	parse("Content-Type: text/plain; NAME=ABC; Charset*=us-ascii''K%4f%49"
	    "8-R\n", FALSE, FALSE);
	T_STR(param_get(ct.params, "name"), "ABC");
	T_STR(ctype_charset(pool, &ct), "KOI8-R");
	parse("Content-Type: text/plain; charset*1=-8; charset*0=utf\n", FALSE,
	    FALSE);
	T_STR(ctype_charset(pool, &ct), "utf-8");
}

static void
extended(const char *value, const char *want)
{
	struct str s;

	str_init(&s, 0);
	param_extended(value, strlen(value), &s);
	T_STR(str_c(&s), want);
	str_free(&s);
}

int
main(void)
{
	pool = pool_new();
	fields();
	odd_fields();
	extended("", "");
	extended("a/b; name=x; *=y; *0=z", "");
	extended("attachment; x=1; filename*=utf-8''a%20b", "; filename=a b");
	extended("a/b; n*1*=%E9; n*0*=iso-8859-1''x; m*0=y; m*1=z",
	    "; n=x\303\251; m=yz");
	parse("", FALSE, FALSE);
	T_OK(ctype_is(&ct, "text", "plain") && ct.params == NULL);
	T_STR(ct.encoding, "7bit");
	T_STR(ctype_charset(pool, &ct), "us-ascii");
	T_OK(ct.disposition == NULL && ct.id == NULL && ct.lang == NULL);
	parse("", TRUE, FALSE);
	T_OK(ctype_is(&ct, "message", "rfc822"));
	parse("Content-Type: text/html; a=b\n", FALSE, TRUE);
	T_OK(ctype_is(&ct, "text", "plain") && ct.params == NULL);
	parse("Content-Type: text/html\nMime-Version: 1.0\n", FALSE, TRUE);
	T_OK(ctype_is(&ct, "text", "html"));
	parse("Content-Type: garbage\n", FALSE, FALSE);
	T_OK(ctype_is(&ct, "garbage", ""));
	parse("Content-Disposition: ; foo=bar\n", FALSE, FALSE);
	T_STR(ct.disposition, "");
	T_STR(param_get(ct.disp_params, "foo"), "bar");
	parse("Content-Type: multipart/mixed; boundary=----=_a/b,c\n", FALSE,
	    FALSE);
	T_STR(param_get(ct.params, "boundary"), "----=_a/b,c");
	parse("Content-Type: a/b; name=my file.txt; x=1\n", FALSE, FALSE);
	T_STR(param_get(ct.params, "name"), "my file.txt");
	T_STR(param_get(ct.params, "x"), "1");

	decoded("Content-Type: a/b; n*=utf-8''a%20b%C3%A9\n", "n",
	    "a b\303\251");
	decoded("Content-Type: a/b; n*=iso-8859-1'en'%E9\n", "n",
	    "\303\251");
	decoded("Content-Type: a/b; n*1=b; n*0=a; n*2*=%63\n", "n", "abc");
	decoded("Content-Type: a/b; n*0*=iso-8859-1''%E9; n*1=\"x%\"\n", "n",
	    "\303\251x%");
	decoded("Content-Type: a/b; n=\"=?utf-8?Q?=C3=A9?=\"\n", "n",
	    "\303\251");
	decoded("Content-Type: a/b; nn=1\n", "n", NULL);
	parse("Content-Type: a/b; filename*=utf-8''a%20b.bin\n", FALSE,
	    FALSE);
	T_STR(ct.params->name, "filename*");
	T_STR(ct.params->value, "utf-8''a%20b.bin");
	pool_free(&pool);
	return t_done();
}
