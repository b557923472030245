/* libcourierauthsaslclient: SASL for clients.  SPDX-License-Identifier: ISC */

#include "base/base.h"

#include "base/ascii.h"
#include "base/mem.h"
#include "authlib/courierauthsasl.h"
#include "authlib/courierauthsaslclient.h"
#include "authlib/helpers.h"
#include "authlib/text.h"

#define BLANKS	" \t\r\n"

typedef const struct authsaslclientinfo info;

static int one_step(info *, const char *, struct hmac_hashinfo *);
static int run_login(info *, const char *, struct hmac_hashinfo *);
static int run_cram(info *, const char *, struct hmac_hashinfo *);

/* In the order in which they are liked. */
static const struct client {
	const char		*name;
	struct hmac_hashinfo	*hash;
	int			(*run)(info *, const char *,
				    struct hmac_hashinfo *);
} methods[] = {
	{ "EXTERNAL", NULL, one_step },
	{ "CRAM-SHA256", &hmac_sha256, run_cram },
	{ "CRAM-SHA1", &hmac_sha1, run_cram },
	{ "CRAM-MD5", &hmac_md5, run_cram },
	{ "PLAIN", NULL, one_step },
	{ "LOGIN", NULL, run_login }
};

static const char *or_empty(const char *);
static int is_listed(const char *, const char *);
static int finish(info *, const char *, size_t);
static char *answer(info *, char *, int, struct hmac_hashinfo *, size_t *);

static const char *
or_empty(const char *s)
{
	return s == NULL ? "" : s;
}

static int
is_listed(const char *list, const char *name)
{
	size_t n;

	for (list = or_empty(list); *list != '\0'; list += n) {
		list += strspn(list, BLANKS);
		n = strcspn(list, BLANKS);
		if (n == strlen(name) && ascii_ncasecmp(list, name, n) == 0)
			return TRUE;
	}
	return FALSE;
}

/* EXTERNAL says nothing; PLAIN NUL userid NUL password. */
static int
one_step(info *i, const char *name, struct hmac_hashinfo *hash)
{
	const char *user = or_empty(i->userid), *pass = or_empty(i->password);
	size_t n = strlen(user), m = strlen(pass);
	char *s, *b;
	int r;

	(void)hash;
	if (*name == 'E')
		return i->plain_conv_func(name, "", i->conv_func_arg);
	s = calloc(1, n + m + 3);
	if (s == NULL)
		return AUTHSASL_ERROR;
	memcpy(s + 1, user, n);
	memcpy(s + n + 2, pass, m);
	b = authlib_base64(s, n + m + 2);
	mem_wipe(s, n + m + 2);
	free(s);
	if (b == NULL)
		return AUTHSASL_ERROR;
	r = i->plain_conv_func(name, b, i->conv_func_arg);
	mem_wipe(b, strlen(b));
	free(b);
	return r;
}

static int
finish(info *i, const char *s, size_t n)
{
	char *b = authlib_base64(s, n);
	int r;

	if (b == NULL)
		return AUTHSASL_ERROR;
	r = i->final_conv_func(b, i->conv_func_arg);
	mem_wipe(b, strlen(b));
	free(b);
	return r;
}

static int
run_login(info *i, const char *name, struct hmac_hashinfo *hash)
{
	const char *user = or_empty(i->userid), *got;
	char *b;

	(void)hash;
	if (i->start_conv_func(name, NULL, i->conv_func_arg) == NULL)
		return AUTHSASL_CANCELLED;
	b = authlib_base64(user, strlen(user));
	if (b == NULL)
		return AUTHSASL_ERROR;
	got = i->conv_func(b, i->conv_func_arg);
	free(b);
	if (got == NULL)
		return AUTHSASL_CANCELLED;
	return finish(i, or_empty(i->password), strlen(or_empty(i->password)));
}

/* userid SP hexadecimal HMAC of the challenge, malloc-ed. */
static char *
answer(info *i, char *text, int n, struct hmac_hashinfo *h, size_t *out_len)
{
	const char *user = or_empty(i->userid), *pass = or_empty(i->password);
	unsigned char outer[32], inner[32], mac[32];
	char *s, *p;
	size_t k;

	s = malloc(strlen(user) + 2 + 2 * h->hh_L);
	if (s == NULL)
		return NULL;
	hmac_hashkey(h, pass, strlen(pass), outer, inner);
	hmac_hashtext(h, text, (size_t)n, outer, inner, mac);
	mem_wipe(outer, sizeof(outer));
	mem_wipe(inner, sizeof(inner));
	k = strlen(user);
	memcpy(s, user, k);
	p = s + k;
	*p++ = ' ';
	for (k = 0; k < h->hh_L; k++) {
		*p++ = "0123456789abcdef"[mac[k] >> 4];
		*p++ = "0123456789abcdef"[mac[k] & 15];
	}
	*out_len = (size_t)(p - s);
	return s;
}

static int
run_cram(info *i, const char *name, struct hmac_hashinfo *hash)
{
	const char *got;
	char *text, *s = NULL;
	size_t len;
	int n, r = AUTHSASL_ERROR;

	got = i->start_conv_func(name, NULL, i->conv_func_arg);
	if (got == NULL)
		return AUTHSASL_CANCELLED;
	text = text_dup(got);
	if (text == NULL)
		return AUTHSASL_ERROR;
	n = authlib_unbase64(text);
	if (n >= 0)
		s = answer(i, text, n, hash, &len);
	if (s != NULL)
		r = finish(i, s, len);
	free(s);
	free(text);
	return r;
}

int
auth_sasl_client(const struct authsaslclientinfo *i)
{
	size_t k;

	for (k = 0; k < NITEMS(methods); k++)
		if (is_listed(i->sasl_funcs, methods[k].name))
			return methods[k].run(i, methods[k].name,
			    methods[k].hash);
	return AUTHSASL_NOMETHODS;
}
