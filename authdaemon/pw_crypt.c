/* Passwords of crypt(3).  SPDX-License-Identifier: ISC */

#include "base/base.h"

#ifdef HAVE_CRYPT_H
#include <crypt.h>
#endif

#include "base/mem.h"
#include "base/str.h"
#include "authdaemon/pw_check.h"

/* Characters of salts and settings. */
#define FORM_LEN	2	/* of "$6$...", tells the form */
#define MD5_SALT	8
#define SHA_SALT	16
#define ROUNDS_MAX	20
#define BCRYPT_LEN	60	/* "$2y$NN$", salt, hash */
#define BCRYPT_SETTING	7
#define BCRYPT_SALT	22
#define PARAMS_MAX	32
#define YESCRYPT_SALT	22

static int same_form(const struct pw_scheme *, const char *);
static int is_scheme(const char *, const char *);
static int put_setting(const char *, struct str *);
static int make_like(const char *, const char *, struct str *);

/* "$2a$" and "$2y$" are one form. */
static int
same_form(const struct pw_scheme *s, const char *rest)
{
	return s->digest == NULL ||
	    strncmp(rest, s->digest, FORM_LEN) == 0;
}

int
pw_crypt_check(const struct pw_scheme *s, const char *password,
    const char *rest)
{
#ifdef HAVE_CRYPT
	const char *made;
	size_t n;

	if (!same_form(s, rest))
		return E_PERM;
	made = crypt(password, rest);
	if (made == NULL || *made == '*')
		return E_PERM;
	n = strlen(rest);
	return strlen(made) == n && mem_equal_consttime(made, rest, n) ?
	    E_OK : E_PERM;
#else
	(void)s;
	(void)password;
	(void)rest;
	return E_PERM;
#endif
}

static int
is_scheme(const char *hint, const char *prefix)
{
	return strncmp(hint, prefix, strlen(prefix)) == 0;
}

/*
 * A setting for crypt(3) like that of the old form, with a salt of our own:
 * "$1$salt$", "$5$[rounds=N$]salt$", "$2y$NN$" and 22 characters of salt,
 * "$y$params$salt$". E_NOTSUP: none of these.
 */
static int
put_setting(const char *hint, struct str *out)
{
	const char *p;
	size_t n;

	if (is_scheme(hint, "$1$")) {
		str_cats(out, "$1$");
		return pw_salt(MD5_SALT, out);
	}
	if (is_scheme(hint, "$5$") || is_scheme(hint, "$6$")) {
		str_cat(out, hint, 3);
		p = hint + 3;
		n = strncmp(p, "rounds=", 7) == 0 ? strcspn(p, "$") + 1 : 0;
		if (n > ROUNDS_MAX)
			return E_NOTSUP;
		str_cat(out, p, n);
		return pw_salt(SHA_SALT, out);
	}
	n = strlen(hint);
	if (is_scheme(hint, "$2") && (n == BCRYPT_LEN || n == BCRYPT_SETTING)) {
		str_cat(out, hint, BCRYPT_SETTING);
		if (pw_salt(BCRYPT_SALT - 1, out) != E_OK)
			return E_TEMP;
		return str_catc(out, 'u');	/* holds two bits more */
	}
	if (is_scheme(hint, "$y$")) {
		n = 3 + strcspn(hint + 3, "$");
		if (hint[n] != '$' || n > PARAMS_MAX)
			return E_NOTSUP;
		str_cat(out, hint, n + 1);
		if (pw_salt(YESCRYPT_SALT - 1, out) != E_OK)
			return E_TEMP;
		return str_catc(out, '.');	/* holds two bits more */
	}
	return E_NOTSUP;
}

/* What was made must be good for a login. */
static int
make_like(const char *password, const char *hint, struct str *out)
{
	const char *made = NULL;
	struct str setting;
	int r;

	str_init(&setting, 0);
	r = put_setting(hint, &setting);
	if (r == E_OK) {
		str_catc(&setting, '$');
#ifdef HAVE_CRYPT
		made = crypt(password, str_c(&setting));
#else
		(void)password;
#endif
		if (made == NULL || *made == '*' ||
		    strncmp(made, hint, 3) != 0)
			r = E_NOTSUP;
		else
			r = str_cats(out, made);
	}
	str_free(&setting);
	return r;
}

int
pw_crypt_make(const struct pw_scheme *s, const char *password,
    const char *hint, struct str *out)
{
	size_t start = out->len, n = 0;
	int r;

	if (s->prefix[0] == '{') {
		n = strlen(s->prefix);
		str_cats(out, s->prefix);
	}
	hint += n;
	if (*hint == '\0' && s->digest != NULL)
		hint = s->digest;
	r = same_form(s, hint) ? make_like(password, hint, out) : E_NOTSUP;
	if (r != E_OK)
		str_trunc(out, start);
	return r;
}
