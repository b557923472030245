/* libcourierauthsasl: SASL for servers.  SPDX-License-Identifier: ISC */

#include "base/base.h"

#include <stdio.h>

#include "base/ascii.h"
#include "base/mem.h"
#include "conf/env.h"
#include "authlib/authcommon.h"
#include "authlib/courierauthsasl.h"
#include "authlib/helpers.h"
#include "authlib/text.h"

#define HOST_MAX	256

/* One login; the results are set when it succeeds. */
struct talk {
	const char		*init;
	authsasl_conv_fn	*conv;
	void			*arg;
	char			**type, **data;
};

static int method_cram(struct talk *, const char *);
static int method_plain(struct talk *, const char *);
static int method_login(struct talk *, const char *);

static const struct method {
	const char	*name;
	const char	*type;		/* what the daemon calls it */
	int		(*run)(struct talk *, const char *type);
} methods[] = {
	{ "CRAM-SHA256", AUTHTYPE_CRAMSHA256, method_cram },
	{ "CRAM-SHA1", AUTHTYPE_CRAMSHA1, method_cram },
	{ "CRAM-MD5", AUTHTYPE_CRAMMD5, method_cram },
	{ "PLAIN", AUTHTYPE_LOGIN, method_plain },
	{ "LOGIN", AUTHTYPE_LOGIN, method_login }
};

static void drop(char *);
static int converse(struct talk *, const char *, char **);
static int decoded(struct talk *, const char *, char **, int *);
static int is_field(const char *, size_t);
static int give(struct talk *, const char *, char *);
static int challenge(char **);
static char *widened(const char *);
static int external(struct talk *, const char *);

static void
drop(char *s)
{
	if (s != NULL)
		mem_wipe(s, strlen(s));
	free(s);
}

/* What the client says to a challenge. */
static int
converse(struct talk *t, const char *say, char **out)
{
	*out = t->conv == NULL ? NULL : t->conv(say, t->arg);
	if (*out == NULL)
		return AUTHSASL_ERROR;
	if (**out == '*') {
		drop(*out);
		return AUTHSASL_ABORTED;
	}
	return AUTHSASL_OK;
}

/* The same, or the initial response, without its base64. */
static int
decoded(struct talk *t, const char *say, char **out, int *n)
{
	int r = AUTHSASL_OK;

	if (t->init != NULL) {
		*out = text_dup(t->init);
		if (*out == NULL)
			return AUTHSASL_ERROR;
		t->init = NULL;
	} else {
		r = converse(t, say, out);
	}
	if (r != AUTHSASL_OK)
		return r;
	*n = authlib_unbase64(*out);
	if (*n >= 0)
		return AUTHSASL_OK;
	drop(*out);
	return AUTHSASL_ABORTED;
}

/* A line of the request must hold it. */
static int
is_field(const char *s, size_t n)
{
	return memchr(s, '\0', n) == NULL && memchr(s, '\n', n) == NULL;
}

/* data is taken; NULL: no memory. */
static int
give(struct talk *t, const char *type, char *data)
{
	char *s = data == NULL ? NULL : text_dup(type);

	if (s == NULL) {
		drop(data);
		return AUTHSASL_ERROR;
	}
	*t->type = s;
	*t->data = data;
	return AUTHSASL_OK;
}

/* authzid NUL userid NUL password */
static int
method_plain(struct talk *t, const char *type)
{
	char *s, *user, *pass;
	int n, r;

	r = decoded(t, "", &s, &n);
	if (r != AUTHSASL_OK)
		return r;
	user = memchr(s, '\0', (size_t)n);
	pass = user == NULL ? NULL : memchr(user + 1, '\0',
	    (size_t)(s + n - user - 1));
	if (pass == NULL || !is_field(user + 1, (size_t)(pass - user - 1)) ||
	    !is_field(pass + 1, (size_t)(s + n - pass - 1)))
		r = AUTHSASL_ABORTED;
	else
		r = give(t, type, strdupdefdomain(user + 1, "\n", pass + 1,
		    "\n"));
	mem_wipe(s, (size_t)n);
	free(s);
	return r;
}

static int
method_login(struct talk *t, const char *type)
{
	char *user, *pass;
	int n, m, r;

	r = decoded(t, "VXNlcm5hbWU6", &user, &n);	/* Username: */
	if (r != AUTHSASL_OK)
		return r;
	r = decoded(t, "UGFzc3dvcmQ6", &pass, &m);	/* Password: */
	if (r == AUTHSASL_OK) {
		if (is_field(user, (size_t)n) && is_field(pass, (size_t)m))
			r = give(t, type, strdupdefdomain(user, "\n", pass,
			    "\n"));
		else
			r = AUTHSASL_ABORTED;
		mem_wipe(pass, (size_t)m);
		free(pass);
	}
	free(user);
	return r;
}

/* "<random@host>" in base64. */
static int
challenge(char **out)
{
	char host[HOST_MAX], *text;
	const char *number = random128();

	*out = NULL;
	if (gethostname(host, sizeof(host)) < 0)
		text_copy(host, sizeof(host), "cram");
	host[sizeof(host) - 1] = '\0';
	text = text_join("<", number, "@", host, ">", (char *)NULL);
	if (text != NULL && *number != '\0')
		*out = authlib_base64(text, strlen(text));
	free(text);
	return *out == NULL ? AUTHSASL_ERROR : AUTHSASL_OK;
}

/* base64( userid SP digest ) with the default domain behind the userid, in
   memory of its own; NULL: none, or no memory. */
static char *
widened(const char *response)
{
	char *s = text_dup(response), *sp, *wide = NULL;
	int n;

	if (s == NULL)
		return NULL;
	n = authlib_unbase64(s);
	sp = n < 0 ? NULL : strchr(s, ' ');
	if (sp != NULL) {
		*sp = '\0';
		sp = strdupdefdomain(s, " ", sp + 1, "");
		wide = sp == NULL ? NULL : authlib_base64(sp, strlen(sp));
		free(sp);
	}
	free(s);
	return wide;
}

static int
method_cram(struct talk *t, const char *type)
{
	const char *domain = env_get("DEFDOMAIN");
	char *say, *got, *wide = NULL, *data;
	int r;

	if (t->init != NULL && *t->init != '\0') {
		fprintf(stderr, "authsasl_cram: invalid request.\n");
		return AUTHSASL_ERROR;
	}
	r = challenge(&say);
	if (r != AUTHSASL_OK)
		return r;
	r = converse(t, say, &got);
	if (r != AUTHSASL_OK) {
		free(say);
		return r;
	}
	if (domain != NULL && *domain != '\0')
		wide = widened(got);
	if (wide == NULL && domain != NULL && *domain != '\0')
		r = AUTHSASL_ERROR;
	data = text_join(say, "\n", wide != NULL ? wide : got, "\n",
	    (char *)NULL);
	if (r == AUTHSASL_OK)
		r = give(t, type, data);
	else
		free(data);
	free(wide);
	free(got);
	free(say);
	return r;
}

/* The userid that the client gives, if any, must be the one proved. */
static int
external(struct talk *t, const char *userid)
{
	char *s;
	int n, r, given = t->init != NULL && *t->init != '\0';

	if (!given)
		t->init = NULL;
	r = decoded(t, "", &s, &n);
	if (r != AUTHSASL_OK)
		return r;
	if (given && (strcmp(s, userid) != 0 || (size_t)n != strlen(userid)))
		r = AUTHSASL_ERROR;
	else if (!given && n != 0)
		r = AUTHSASL_ABORTED;
	free(s);
	if (r != AUTHSASL_OK)
		return r;
	return give(t, "EXTERNAL", text_dup(userid));
}

int
auth_sasl_ex(const char *method, const char *initresponse,
    const char *externalauth, authsasl_conv_fn *conv, void *arg,
    char **authtype, char **authdata)
{
	struct talk t;
	size_t i;

	t.init = initresponse;
	t.conv = conv;
	t.arg = arg;
	t.type = authtype;
	t.data = authdata;
	if (strcmp(method, "EXTERNAL") == 0)
		return externalauth == NULL || *externalauth == '\0' ?
		    AUTHSASL_ERROR : external(&t, externalauth);
	for (i = 0; i < NITEMS(methods); i++)
		if (ascii_casecmp(methods[i].name, method) == 0)
			return methods[i].run(&t, methods[i].type);
	errno = ENOENT;
	return AUTHSASL_ERROR;
}

int
auth_sasl(const char *method, const char *initresponse,
    authsasl_conv_fn *conv, void *arg, char **authtype, char **authdata)
{
	return auth_sasl_ex(method, initresponse, NULL, conv, arg, authtype,
	    authdata);
}

char *
auth_sasl_extract_userid(const char *authtype, const char *authdata)
{
	struct cram_callback_info info;
	char *s, *user;

	s = text_dup(authdata);
	if (s == NULL)
		return NULL;
	if (strcmp(authtype, AUTHTYPE_LOGIN) == 0) {
		s[strcspn(s, "\n")] = '\0';
		return s;
	}
	user = NULL;
	if (auth_get_cram_silent(authtype, s, &info) == 0)
		user = text_dup(info.user);
	drop(s);
	return user;
}
