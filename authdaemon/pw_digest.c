/* Password schemes of plain digests: {MD5}, {SHA}, {SSHA}, ...
   SPDX-License-Identifier: ISC */

#include "base/base.h"

#include "base/base64.h"
#include "base/hex.h"
#include "base/mem.h"
#include "base/rand.h"
#include "base/str.h"
#include "authdaemon/digest.h"
#include "authdaemon/pw_check.h"

/* Bytes of salt of a new password; Courier reads {SSHA} with 4 only. */
#define SALT_OLD	4
#define SALT_NEW	16

typedef int encode_fn(const void *, size_t, struct str *);

static int make(const struct pw_scheme *, const char *, encode_fn *,
    struct str *);

static int
make(const struct pw_scheme *s, const char *password, encode_fn *encode,
    struct str *out)
{
	unsigned char d[DIGEST_MAX];
	int r;

	r = digest_make(s->digest, password, strlen(password), "", 0, d);
	if (r == E_OK) {
		str_cats(out, s->prefix);
		encode(d, digest_size(s->digest), out);
	}
	return r;
}

int
pw_digest_make(const struct pw_scheme *s, const char *password,
    const char *hint, struct str *out)
{
	(void)hint;
	return make(s, password, base64_encode, out);
}

int
pw_hexdigest_make(const struct pw_scheme *s, const char *password,
    const char *hint, struct str *out)
{
	(void)hint;
	return make(s, password, hex_encode, out);
}

/* The same password makes the same form. */
int
pw_digest_check(const struct pw_scheme *s, const char *password,
    const char *rest)
{
	struct str want;
	size_t skip;
	int r;

	str_init(&want, 0);
	r = s->make(s, password, NULL, &want);
	skip = strlen(s->prefix);
	if (r != E_OK || strlen(rest) != want.len - skip ||
	    !mem_equal_consttime(str_c(&want) + skip, rest, want.len - skip))
		r = E_PERM;
	str_wipe_free(&want);
	return r;
}

/* base64( digest( password salt ) salt ), any salt of one byte or more. */
int
pw_salted_check(const struct pw_scheme *s, const char *password,
    const char *rest)
{
	unsigned char d[DIGEST_MAX];
	struct str bytes;
	size_t n;
	int r;

	n = digest_size(s->digest);
	str_init(&bytes, 0);
	r = base64_decode(rest, strlen(rest), &bytes);
	if (r != E_OK || bytes.len <= n || digest_make(s->digest, password,
	    strlen(password), bytes.data + n, bytes.len - n, d) != E_OK ||
	    !mem_equal_consttime(d, bytes.data, n))
		r = E_PERM;
	mem_wipe(d, sizeof(d));
	str_wipe_free(&bytes);
	return r;
}

int
pw_salted_make(const struct pw_scheme *s, const char *password,
    const char *hint, struct str *out)
{
	unsigned char d[DIGEST_MAX + SALT_NEW];
	size_t n, salt;

	(void)hint;
	n = digest_size(s->digest);
	salt = strcmp(s->prefix, "{SSHA}") == 0 ? SALT_OLD : SALT_NEW;
	if (rand_bytes(d + n, salt) != E_OK ||
	    digest_make(s->digest, password, strlen(password), d + n, salt,
	    d) != E_OK)
		return E_TEMP;
	str_cats(out, s->prefix);
	return base64_encode(d, n + salt, out);
}
