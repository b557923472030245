/* Stored passwords: which scheme, and the checks that need none.
   SPDX-License-Identifier: ISC */

#include "base/base.h"

#include "base/ascii.h"
#include "base/mem.h"
#include "base/rand.h"
#include "base/str.h"
#include "authdaemon/pw_check.h"

/*
 * To add a scheme: a row, functions if no present ones serve, a line in
 * testsuite/unit/test_pw.c. The last row takes everything else.
 */
static const struct pw_scheme schemes[] = {
	{ "{MD5RAW}", "md5", pw_digest_check, pw_hexdigest_make },
	{ "{MD5}", "md5", pw_digest_check, pw_digest_make },
	{ "{SHA}", "sha1", pw_digest_check, pw_digest_make },
	{ "{SHA256}", "sha256", pw_digest_check, pw_digest_make },
	{ "{SHA512}", "sha512", pw_digest_check, pw_digest_make },
	{ "{SSHA}", "sha1", pw_salted_check, pw_salted_make },
	{ "{SSHA256}", "sha256", pw_salted_check, pw_salted_make },
	{ "{SSHA512}", "sha512", pw_salted_check, pw_salted_make },
	{ "{SCRAM-SHA-1}", "sha1", pw_scram_check, pw_scram_make },
	{ "{SCRAM-SHA-256}", "sha256", pw_scram_check, pw_scram_make },
	{ "SCRAM-SHA-1$", "sha1", pw_scram_check, pw_scram_make },
	{ "SCRAM-SHA-256$", "sha256", pw_scram_check, pw_scram_make },
	{ "{CRYPT}", NULL, pw_crypt_check, pw_crypt_make },
	{ "{BLF-CRYPT}", "$2y$10$", pw_crypt_check, pw_crypt_make },
	{ "{SHA256-CRYPT}", "$5$", pw_crypt_check, pw_crypt_make },
	{ "{SHA512-CRYPT}", "$6$", pw_crypt_check, pw_crypt_make },
	{ "$", NULL, pw_crypt_check, pw_crypt_make },
	{ "", NULL, pw_crypt_check, NULL }
};

static const struct pw_scheme *find(const char *);

static const struct pw_scheme *
find(const char *stored)
{
	size_t i;

	for (i = 0; !ascii_casebegins(stored, schemes[i].prefix); i++)
		;
	return schemes + i;
}

int
pw_check(const char *password, const char *stored)
{
	const struct pw_scheme *s;

	if (stored == NULL || *stored == '\0')
		return E_PERM;
	s = find(stored);
	return s->check(s, password, s->prefix[0] == '{' ?
	    stored + strlen(s->prefix) : stored);
}

int
pw_equal(const char *password, const char *clear)
{
	size_t n;

	if (clear == NULL || *clear == '\0')
		return E_PERM;
	n = strlen(clear);
	return strlen(password) == n &&
	    mem_equal_consttime(password, clear, n) ? E_OK : E_PERM;
}

int
pw_make(const char *password, const char *hint, struct str *out)
{
	const struct pw_scheme *s;
	int r;

	s = find(hint == NULL ? "" : hint);
	r = s->make == NULL ? E_NOTSUP : s->make(s, password, hint, out);
	if (r == E_NOTSUP) {
		s = find("{SSHA}");
		r = s->make(s, password, hint, out);
	}
	return r;
}

int
pw_salt(size_t n, struct str *out)
{
	u8 byte;

	while (n-- > 0) {
		if (rand_bytes(&byte, 1) != E_OK)
			return E_TEMP;
		str_catc(out, "./0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"
		    "abcdefghijklmnopqrstuvwxyz"[byte & 63]);
	}
	return E_OK;
}
